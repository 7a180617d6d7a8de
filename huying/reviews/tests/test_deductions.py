"""Deductions: proposed once with their grounds, confirmed by people, appealed against, decided by somebody else."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from huying.cases import jobs
from huying.cases.actions import Refused, perform, report
from huying.cases.calls import Call
from huying.cases.models import Case, Leg
from huying.cases.tests.test_lifecycle import told
from huying.cases.who import Actor
from huying.ledger.models import Event
from huying.reviews import queries
from huying.reviews.actions import answering, deductions
from huying.reviews.models import Deduction, Step, Task

MARCH = (date(2026, 3, 1), date(2026, 4, 1))


def test_each_event_is_proposed_once_with_its_grounds(staff: Any, refused: Any, read_on: Any) -> None:
    row = refused()
    organ = staff.memory.organ_by_code("chengguan")
    event = Event.objects.get(place_id=staff.place.pk, id=row.event_id)
    assert (event.kind, event.data["move"]) == ("case.moved", "return_refused")
    assert (row.organ_id, row.points, row.at) == (organ.id, Decimal("1"), event.at)
    for _ in range(2):
        read_on(staff.place.pk)
    assert Deduction.objects.count() == 1
    assert Event.objects.filter(kind="deduction.proposed").count() == 1
    [found] = queries.deductions(staff.place.pk, *MARCH)
    assert (found.state, found.points, found.counts) == ("proposed", 0, False)


def test_points_follow_from_the_move_itself_also_of_one_organs_part(
    staff: Any, refused: Any, read_on: Any
) -> None:
    """The flow says ``score passed_on`` at the move; the organ whose part it was answers for it, and may appeal."""
    place, case = staff.place.pk, told(staff)
    row = refused(case)
    flow = Event.objects.get(place_id=place, id=row.event_id).data["flow"]
    assert ["passed_on"] in [one["args"] for one in flow if one.get("do") == "score"]
    made = report(place, Call(body="小区门口的事说不清楚归谁"), Actor(channel="web"))
    other = Case.objects.get(place_id=place, id=made.case_id)
    organs = {"item": "E101", "organs": ["chengguan", "police"], "due": "2099-01-05T17:00"}
    perform(place, other.id, "gather", staff.desk, organs)
    leg = Leg.objects.get(case_id=other.id, organ_id=row.organ_id)
    officer = staff.officer()
    perform(
        place, other.id, "return", officer, {"return_reason": "not_ours", "reason": "不是我们"}, leg_id=leg.id
    )
    perform(place, other.id, "return_refused", staff.desk, {"reason": "请按清单办"}, leg_id=leg.id)
    read_on(place)
    of_part = Deduction.objects.get(case_id=other.id, rule="passed_on")
    assert of_part.organ_id == leg.organ_id == row.organ_id


def test_the_readers_return_after_a_failure_proposes_nothing_twice(
    staff: Any, refused: Any, read_on: Any, monkeypatch: Any
) -> None:
    from huying.ledger import jobs as ledger_jobs
    from huying.ledger import readers
    from huying.ledger.models import Reader
    from huying.reviews import reader

    place = staff.place.pk
    case = told(staff)
    kept, tries = reader._follow_tasks, []

    def once(place_id: int, cases: Any) -> None:
        tries.append(place_id)
        kept(place_id, cases)
        if len(tries) == 1:
            raise RuntimeError("killed")

    monkeypatch.setattr(reader, "_follow_tasks", once)
    perform(place, case.id, "return", staff.officer(), {"return_reason": "not_ours", "reason": "不归我们管"})
    perform(place, case.id, "return_refused", staff.desk, {"reason": "就在你们的清单里"})
    ledger_jobs.drain(place)
    readers.run(place)
    Reader.objects.filter(place_id=place, name="reviews").update(retry_at=None)
    read_on(place)
    assert len(tries) >= 2
    assert Deduction.objects.count() == 1


def test_lapsed_limits_are_charged_to_who_should_have_acted(clock: Any, staff: Any, read_on: Any) -> None:
    place, case = staff.place.pk, told(staff)
    for _ in range(9):
        clock.advance(timedelta(days=1))
        jobs.sweep(place)
    read_on(place)
    rules = sorted(Deduction.objects.filter(case_id=case.id).values_list("rule", "organ_id"))
    organ = staff.memory.organ_by_code("chengguan").id
    assert rules == [("late_in", organ), ("missing_in", organ)]


def test_a_whistle_that_proves_empty_is_charged_to_the_whistler_only(
    clock: Any, staff: Any, read_on: Any
) -> None:
    from huying.cases.actions import report
    from huying.cases.calls import Call
    from huying.cases.tests.test_lifecycle import STALL, a_point

    place = staff.place.pk
    clerk = staff.actor("clerk", "street", role="town_clerk", division="220523001")
    lon, lat = a_point(staff)
    for actor in (clerk, staff.resident):
        made = report(place, Call(body=STALL, lon=lon, lat=lat, item="E101"), actor)
        held = Case.objects.get(id=made.case_id)
        where = staff.memory.ancestor(held.division_id, "town")
        perform(place, held.id, "void", staff.desk, {"reason": "现场没有这回事"})
    read_on(place)
    [row] = Deduction.objects.filter(rule="frivolous")
    assert staff.memory.organ(row.organ_id).division_id == where.id


def test_only_what_was_confirmed_counts(staff: Any, refused: Any, head: Any) -> None:
    row, place = refused(), staff.place.pk
    with pytest.raises(Refused) as caught:
        deductions.confirm(place, row.id, staff.officer())
    assert caught.value.code == "not-allowed"
    step = deductions.confirm(place, row.id, head)
    assert step.until is not None
    assert queries.points_of(place, *MARCH) == {row.organ_id: Decimal("1")}
    with pytest.raises(Refused) as again:
        deductions.confirm(place, row.id, head)
    assert again.value.code == "decided"


def test_what_is_withdrawn_counts_no_more_and_stays_to_be_read(staff: Any, refused: Any, head: Any) -> None:
    row, place = refused(), staff.place.pk
    deductions.confirm(place, row.id, head)
    with pytest.raises(Refused):
        deductions.withdraw(place, row.id, " ", head)
    deductions.withdraw(place, row.id, "退单理由后来查实", head)
    assert queries.points_of(place, *MARCH) == {}
    taken, steps = queries.one(place, row.id)
    assert (taken.state, taken.asked, taken.points) == ("withdrawn", Decimal("1"), 0)
    assert [(step.kind, step.points, step.reason) for step in steps] == [
        ("confirmed", Decimal("1"), ""), ("withdrawn", Decimal("0"), "退单理由后来查实"),
    ]  # fmt: skip
    row.refresh_from_db()
    assert row.points == Decimal("1")


def test_the_unit_appeals_and_somebody_else_decides(
    staff: Any, refused: Any, head: Any, inspector: Any
) -> None:
    row, place = refused(), staff.place.pk
    deductions.confirm(place, row.id, head)
    with pytest.raises(Refused) as outside:
        deductions.appeal(place, row.id, "不是我们", staff.officer("water"))
    assert outside.value.code == "not-allowed"
    task = deductions.appeal(place, row.id, "当时还没有划归我们", staff.officer())
    held = Case.objects.get(id=task.id)
    assert (held.kind, held.step) == ("appeal", "study")
    assert held.due_at is not None
    assert queries.points_of(place, *MARCH) == {row.organ_id: Decimal("1")}  # it counts until it is decided
    with pytest.raises(Refused) as same:
        deductions.decide(place, task.id, None, "维持", head)
    assert same.value.code == "same-person"
    assert Case.objects.get(id=task.id).closed_at is None
    with pytest.raises(Refused):
        deductions.decide(place, task.id, Decimal("2"), "加一分", inspector)
    deductions.decide(place, task.id, Decimal("0.5"), "划转手续确实在办", inspector)
    assert queries.points_of(place, *MARCH) == {row.organ_id: Decimal("0.5")}
    assert Case.objects.get(id=task.id).result == "corrected"
    assert [step.kind for step in Step.objects.order_by("at", "id")] == ["confirmed", "appealed", "corrected"]
    with pytest.raises(Refused) as twice:
        deductions.appeal(place, row.id, "再申诉一次", staff.officer())
    assert twice.value.code == "decided"


def test_after_its_window_an_appeal_is_too_late(clock: Any, staff: Any, refused: Any, head: Any) -> None:
    row, place = refused(), staff.place.pk
    step = deductions.confirm(place, row.id, head)
    clock.set(step.until + timedelta(seconds=1))
    with pytest.raises(Refused) as caught:
        deductions.appeal(place, row.id, "不是我们", staff.officer())
    assert caught.value.code == "too-late"
    clock.set(step.until)
    assert deductions.appeal(place, row.id, "不是我们", staff.officer()).organ_id == row.organ_id


def test_a_bad_call_back_and_a_failed_check_are_proposed(
    clock: Any, staff: Any, closed: Any, read_on: Any, seat: Any, head: Any, everybody_drawn: Any
) -> None:
    place = staff.place.pk
    closed()
    read_on(place)
    call, check = (Task.objects.get(kind=kind) for kind in ("call_back", "check"))
    said = {
        "said_solved": "unsolved",
        "said_satisfaction": "unsatisfied",
        "said_reason": "slow",
        "wish": "leave",
    }
    answering.called(place, call.id, said, seat)
    answering.looked(place, check.id, False, {"finding": "没有清理"}, head)
    read_on(place)
    assert sorted(Deduction.objects.values_list("rule", flat=True)) == ["not_done", "unhappy"]
    assert set(Deduction.objects.values_list("organ_id", flat=True)) == {
        staff.memory.organ_by_code("chengguan").id
    }


def test_deductions_of_one_organ_and_month_take_two_statements(staff: Any, refused: Any, head: Any) -> None:
    from huying.testing.statements import assert_statements

    for _ in range(3):
        deductions.confirm(staff.place.pk, refused().id, head)
    organ = staff.memory.organ_by_code("chengguan").id
    with assert_statements(2):
        found = queries.deductions(staff.place.pk, *MARCH, organ)
    assert [one.counts for one in found] == [True, True, True]
    assert queries.deductions(staff.place.pk, date(2026, 2, 1), date(2026, 3, 1)) == []


def test_points_are_summed_however_many_deductions_there_are(
    staff: Any, refused: Any, head: Any, monkeypatch: Any
) -> None:
    place = staff.place.pk
    rows = [refused() for _ in range(3)]
    for row in rows:
        deductions.confirm(place, row.id, head)
    deductions.withdraw(place, rows[0].id, "退单理由后来查实", head)
    monkeypatch.setattr(queries, "MOST", 1)  # as many as a list shows
    assert queries.points_of(place, *MARCH) == {rows[0].organ_id: Decimal("2")}


def test_a_state_is_looked_for_beyond_the_first_page(staff: Any, refused: Any, head: Any) -> None:
    place = staff.place.pk
    first, second, third = (refused() for _ in range(3))
    deductions.confirm(place, first.id, head)
    found, after = queries.page(place, *MARCH, state="confirmed", size=1)
    assert ([one.id for one in found], after) == ([first.id], "")
    found, after = queries.page(place, *MARCH, state="proposed", size=1)
    assert [one.id for one in found] == [third.id]
    found, after = queries.page(place, *MARCH, state="proposed", after=after, size=1)
    assert ([one.id for one in found], after) == ([second.id], "")


def test_an_address_that_makes_no_sense_shows_this_month(clock: Any, staff: Any) -> None:
    from huying.cases.tests.desk_browser import browser

    client = browser(staff, "centre-head", role="centre_head", organ="centre")
    month = f"{staff.memory.calendar().local(clock()):%Y-%m}"
    for query in (
        {"month": "0001-01"}, {"month": "9999-12"}, {"month": "2026-13"}, {"organ": "²"}, {"organ": "9" * 30},
    ):  # fmt: skip
        found = client.get("/reviews/deductions/", query)
        assert (found.status_code, found.context["month"]) == (200, month), query


@pytest.mark.parametrize("after", ["x_y", "2026-03-01_" + "0" * 32, "2026-03-01T00:00:00+08:00_x"])
def test_a_cursor_that_is_none_is_not_found(clock: Any, staff: Any, after: str) -> None:
    from huying.cases.tests.desk_browser import browser

    client = browser(staff, "centre-head", role="centre_head", organ="centre")
    assert client.get("/reviews/deductions/", {"after": after}).status_code == 404


def test_the_unit_is_told_and_others_are_not(staff: Any, refused: Any, head: Any) -> None:
    from huying.notices.models import Notice
    from huying.reviews import telling

    row, place = refused(), staff.place.pk
    officer, other = staff.officer(), staff.officer("water")
    deductions.confirm(place, row.id, head)
    told_of = Notice.objects.filter(place_id=place, kind="deduction", case_id=row.id)
    assert list(told_of.values_list("person_id", flat=True)) == [officer.person_id]
    said = telling.about(officer.sight, [row.id])[row.id]
    assert said.number == row.case.number
    assert "推诿" in said.title
    assert telling.about(other.sight, [row.id]) == {}

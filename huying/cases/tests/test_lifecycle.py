"""The main job from end to end, through ``report`` and ``perform`` only."""

from __future__ import annotations

from typing import Any

import pytest

from huying.cases import tracks
from huying.cases.actions import Refused, Stale, perform, report
from huying.cases.calls import Call, Reporter
from huying.cases.models import Case
from huying.cases.who import Actor
from huying.ledger import queries as ledger

STALL = "东凤街道菜市场门口占道经营，流动摊贩把人行道全占了，走路都走不了"


def a_point(staff: Any) -> tuple[float, float]:
    """A point inside some grid of the place."""
    grid = staff.memory.grids["general"][0]
    ring = grid.outline["coordinates"][0]
    return (ring[0][0] + ring[2][0]) / 2, (ring[0][1] + ring[2][1]) / 2


def told(staff: Any, body: str = STALL, actor: Actor | None = None, **more: Any) -> Case:
    lon, lat = a_point(staff)
    person = staff.resident.person_id
    call = Call(body=body, lon=lon, lat=lat, reporter=Reporter(person, "示例·王一", "10000000001"), **more)
    made = report(staff.place.pk, call, actor or staff.resident)
    return Case.objects.get(place_id=staff.place.pk, id=made.case_id)


def test_a_clear_call_goes_straight_to_the_organ_and_through_to_its_rating(staff: Any) -> None:
    case = told(staff)
    organ = staff.memory.organ_by_code("chengguan")
    assert (case.step, case.owner_key, case.item) == ("arrive", f"organ:{organ.id}", "E101")
    assert case.grid_id is not None
    assert case.due_at is not None
    officer, place = staff.officer(), staff.place.pk
    perform(place, case.id, "sign_in", officer, {}, seen=1)
    perform(
        place, case.id, "done", officer,
        {
            "truth": "genuine", "completion": "substantive", "solved": "solved", "contact_how": "phone",
            "internal_account": "已劝离并安排巡查", "public_reply": "摊位已清理，我们会安排人员早晚巡查。",
        },
    )  # fmt: skip
    perform(
        place, case.id, "pass", staff.desk, {"solved": "solved", "public_reply": "摊位已清理，欢迎监督。"}
    )
    case.refresh_from_db()
    assert case.closed_at is not None
    assert case.step == "rate"
    done = perform(place, case.id, "rated", staff.resident, {"satisfaction": "satisfied", "comment": "很快"})
    assert (done.step, done.closed) == ("archive", True)
    story = [h.event.data.get("move") for h in ledger.history(place, case.id)]
    assert story == [None, "sign_in", "done", "pass", "rated"]


def test_the_caller_without_an_account_acts_through_the_track_code(staff: Any) -> None:
    visitor = Actor(channel="web")
    lon, lat = a_point(staff)
    made = report(staff.place.pk, Call(body=STALL, lon=lon, lat=lat, anonymous=True), visitor)
    case = Case.objects.get(
        track_hash=tracks.hash_of(tracks.cleaned(tracks.shown(made.track_code).lower()) or "")
    )
    assert case.id == made.case_id
    with pytest.raises(Case.DoesNotExist):
        perform(staff.place.pk, case.id, "supplement", visitor, {"message": "还在"})
    holder = Actor(channel="web", holds=frozenset({case.id}))
    assert perform(staff.place.pk, case.id, "supplement", holder, {"message": "今天还在"}).version == 2


def test_an_unclear_call_waits_at_the_centre_without_an_invented_place(staff: Any) -> None:
    made = report(staff.place.pk, Call(body="有个事想问问你们"), Actor(channel="web"))
    case = Case.objects.get(place_id=staff.place.pk, id=made.case_id)
    top = staff.memory.top
    assert (case.step, case.owner_key) == ("take", f"desk:{top.id}")
    assert (case.item, case.division_id, case.grid_id, case.path) == ("", None, None, top.path)


def test_a_stale_version_changes_nothing(staff: Any) -> None:
    case = told(staff)
    perform(staff.place.pk, case.id, "sign_in", staff.officer(), {}, seen=1)
    with pytest.raises(Stale) as caught:
        perform(staff.place.pk, case.id, "sign_in", staff.officer(), {}, seen=1)
    assert (caught.value.version, caught.value.step) == (2, "handle")


def test_only_the_owner_moves_it(staff: Any) -> None:
    case = told(staff)
    other = staff.officer("water")
    with pytest.raises(Case.DoesNotExist):
        perform(staff.place.pk, case.id, "sign_in", other, {})
    with pytest.raises(Refused) as caught:
        perform(staff.place.pk, case.id, "sign_in", staff.resident, {})
    assert caught.value.code == "not-allowed"


def test_the_same_key_gets_the_same_answer(staff: Any) -> None:
    from huying.cases.actions import KeyReused

    lon, lat = a_point(staff)
    call = Call(body=STALL, lon=lon, lat=lat, anonymous=True)
    visitor = Actor(channel="web")
    first = report(staff.place.pk, call, visitor, key="k-1")
    again = report(staff.place.pk, call, visitor, key="k-1")
    assert (again.case_id, again.number, again.track_code) == (first.case_id, first.number, first.track_code)
    assert again.again
    with pytest.raises(KeyReused):
        report(staff.place.pk, Call(body="另一件事情", anonymous=True), visitor, key="k-1")
    assert Case.objects.filter(place_id=staff.place.pk).count() == 1
    officer = staff.officer()
    one = perform(staff.place.pk, first.case_id, "sign_in", officer, {}, key="m-1", seen=1)
    two = perform(staff.place.pk, first.case_id, "sign_in", officer, {}, key="m-1", seen=1)
    assert (one.version, two.version, two.again) == (2, 2, True)


def test_several_organs_are_whistled_at_once_and_joined(staff: Any) -> None:
    from huying.cases.models import Leg

    made = report(staff.place.pk, Call(body="小区门口的事说不清楚归谁"), Actor(channel="web"))
    place, case_id = staff.place.pk, made.case_id
    perform(
        place, case_id, "gather", staff.desk,
        {"item": "E101", "organs": ["chengguan", "police"], "due": "2099-01-05T17:00", "desk_note": "请一起到场"},
    )  # fmt: skip
    legs = list(Leg.objects.filter(place_id=place, case_id=case_id))
    assert len(legs) == 2
    for leg in legs:
        code = staff.memory.organ(leg.organ_id).code
        officer = staff.officer(code)
        perform(place, case_id, "sign_in", officer, {}, leg_id=leg.id)
        done = perform(
            place, case_id, "finish", officer,
            {"solved": "solved", "internal_account": "已办", "public_reply": "已经处理完毕"}, leg_id=leg.id,
        )  # fmt: skip
    assert done.step == "verify"


def test_a_ruling_becomes_a_precedent_that_routing_cites(staff: Any) -> None:
    from huying.cases import figures
    from huying.cases.models import Precedent

    body = "桥头那片空地上的旧广告架子快倒了，城管说不归他们，住建也说不归他们"
    made = report(staff.place.pk, Call(body=body), Actor(channel="web"))
    place, case_id = staff.place.pk, made.case_id
    perform(
        place, case_id, "convene", staff.desk,
        {"organs": ["chengguan", "housing"], "question": "广告架归谁管", "due": "2099-01-05T17:00"},
    )  # fmt: skip
    perform(
        place,
        case_id,
        "ruled",
        staff.desk,
        {"item": "E101", "organ": "housing", "ruling": "按现场管理由住建承办"},
    )
    kept = Precedent.objects.get(place_id=place)
    assert kept.organ_id == staff.memory.organ_by_code("housing").id
    figures.forget()
    later = report(place, Call(body=body + "，今天又晃", item="E101"), staff.desk)
    case = Case.objects.get(place_id=place, id=later.case_id)
    assert case.suggestion["as_in"] == made.number


def test_reporting_takes_at_most_five_statements(staff: Any) -> None:
    from huying.testing.statements import statements

    told(staff)  # memories are warm
    lon, lat = a_point(staff)
    resident = staff.resident
    with statements() as seen:
        report(staff.place.pk, Call(body=STALL, lon=lon, lat=lat, anonymous=True), resident, key="a-key")
    assert len(seen) <= 5, seen


def test_a_move_takes_two_statements(staff: Any) -> None:
    from huying.testing.statements import assert_statements

    case, officer, place = told(staff), staff.officer(), staff.place.pk
    answers = {
        "truth": "genuine", "completion": "substantive", "solved": "solved", "contact_how": "phone",
        "internal_account": "已劝离并安排巡查", "public_reply": "摊位已清理，我们会安排人员早晚巡查。",
    }  # fmt: skip
    with assert_statements(
        2
    ):  # the case with its key under lock; the case, the record and the note of the key
        perform(place, case.id, "sign_in", officer, {}, seen=1, key="first")
    with assert_statements(2):
        perform(place, case.id, "done", officer, answers, seen=2, key="second")
    case.refresh_from_db()
    assert (case.version, case.reply) == (3, answers["public_reply"])
    told_now = ledger.history(place, case.id, private=True)[-1]
    assert told_now.private["internal_account"] == "已劝离并安排巡查"

"""From what happens to cases to who is told, through the ledger's pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from huying.cases import jobs as clockwork
from huying.cases.actions import perform, report
from huying.cases.calls import Call
from huying.cases.models import Case
from huying.cases.tests.test_lifecycle import told
from huying.cases.who import Actor
from huying.notices import jobs, writing
from huying.notices.models import Notice, Reminder
from huying.staff.models import Absence, Holding
from huying.testing.cast import LONG_AGO, hold
from huying.testing.statements import statements

DONE = {
    "truth": "genuine", "completion": "substantive", "solved": "solved", "contact_how": "phone",
    "internal_account": "已劝离并安排巡查", "public_reply": "摊位已清理，我们会安排人员早晚巡查。",
}  # fmt: skip


def test_new_work_is_told_to_those_behind_its_owner_and_to_nobody_else(
    staff: Any, read_on: Any, kinds: Any
) -> None:
    officer, desk = staff.officer().sight.person_id, staff.desk
    case = told(staff)
    read_on(staff.place.pk)
    assert kinds(staff.people["officer-chengguan"]) == ["work"]
    assert Notice.objects.filter(place_id=staff.place.pk).count() == 1
    notice = Notice.objects.get(place_id=staff.place.pk, person_id=officer)
    assert (notice.case_id, notice.data["step"], notice.data["owner"]) == (case.id, "arrive", case.owner_key)
    assert desk.person_id != officer


def test_once_also_when_the_reader_dies_in_between(
    staff: Any, read_on: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff.officer()
    told(staff)
    place = staff.place.pk
    real = writing.await_arrival

    def dies(*args: Any) -> None:
        assert Notice.objects.filter(place_id=place).count() == 1  # it had been written
        raise RuntimeError("the process died here")

    monkeypatch.setattr(writing, "await_arrival", dies)
    read_on(place)
    assert Notice.objects.filter(place_id=place).count() == 0
    monkeypatch.setattr(writing, "await_arrival", real)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_reader SET retry_at = NULL WHERE name = 'notices'")
    for _ in range(3):
        read_on(place)
    assert list(Notice.objects.filter(place_id=place).values_list("times", flat=True)) == [1]


def test_while_the_holder_is_away_the_stand_in_is_told(staff: Any, read_on: Any, kinds: Any) -> None:
    staff.officer()
    stand_in = staff.person("stand-in")
    organ = staff.memory.organ_by_code("chengguan")
    hold(stand_in, "officer", None, organ.id, slot="B")
    case = told(staff)
    read_on(staff.place.pk)
    holder = staff.people["officer-chengguan"]
    assert (kinds(holder), kinds(stand_in)) == (["work"], [])
    Absence.objects.create(place=staff.place, person=holder, since=LONG_AGO)
    perform(staff.place.pk, case.id, "urge", staff.desk, {"message": "请尽快到场"})
    read_on(staff.place.pk)
    assert (kinds(holder), kinds(stand_in)) == (["work"], ["urged"])
    Holding.objects.filter(person=stand_in).update(until=LONG_AGO + timedelta(days=1))


def test_what_was_told_is_over_once_the_case_moves_on(staff: Any, read_on: Any, kinds: Any) -> None:
    place, officer = staff.place.pk, staff.officer()
    person = staff.people["officer-chengguan"]
    case = told(staff)
    read_on(place)
    perform(place, case.id, "sign_in", officer, {})
    read_on(place)
    assert kinds(person) == []
    desk, resident = staff.desk, staff.people["resident"]
    perform(place, case.id, "done", officer, DONE)
    read_on(place)
    assert kinds(staff.people["desk"]) == ["work"]
    perform(place, case.id, "pass", desk, {"solved": "solved", "public_reply": "摊位已清理，欢迎监督。"})
    read_on(place)
    assert (kinds(staff.people["desk"]), kinds(resident)) == ([], ["rate"])
    perform(
        place, case.id, "reopen", staff.resident, {"satisfaction": "unsatisfied", "reason": "第二天又占上了"}
    )
    read_on(place)
    assert kinds(staff.people["desk"]) == ["reopened"]


def test_returned_instructed_and_messages_to_the_caller(staff: Any, read_on: Any, kinds: Any) -> None:
    place, officer, desk = staff.place.pk, staff.officer(), staff.desk
    person = staff.people["officer-chengguan"]
    case = told(staff)
    perform(place, case.id, "instruct", staff.leader, {"instruction": "请三天内办好"})
    perform(place, case.id, "message", officer, {"message": "我们正在路上"})
    read_on(place)
    assert kinds(person) == ["instruction", "work"]
    assert kinds(staff.people["resident"]) == ["message"]
    perform(place, case.id, "return", officer, {"return_reason": "not_ours", "reason": "不在我单位职责内"})
    read_on(place)
    assert (kinds(person), kinds(staff.people["desk"])) == ([], ["returned"])
    perform(place, case.id, "return_refused", desk, {"reason": "清单写明由你单位承办"})
    read_on(place)
    assert kinds(person) == ["work"]


def test_many_of_a_kind_about_one_case_are_one(staff: Any, read_on: Any) -> None:
    place = staff.place.pk
    staff.officer()
    case = told(staff)
    for turn in range(3):
        perform(place, case.id, "urge", staff.desk, {"message": f"请尽快，第{turn}次"})
        if turn:
            read_on(place)
    urged = Notice.objects.get(place_id=place, kind="urged")
    assert (urged.times, urged.urgency) == (3, 1)


def test_the_clock_asks_to_report_in_and_says_that_it_is_late(
    staff: Any, read_on: Any, kinds: Any, clock: Any
) -> None:
    place = staff.place.pk
    staff.officer()
    case = told(staff)
    half = case.reported_at + (case.due_at - case.reported_at) / 2
    for moment in (case.due_at - timedelta(minutes=1), case.due_at + timedelta(minutes=1)):
        clock.set(moment)
        clockwork.sweep(place, moment)
        read_on(place)
        jobs.remind(moment)
    assert half < case.due_at
    assert kinds(staff.people["officer-chengguan"]) == ["overdue", "sign", "work"]


def test_an_organ_called_in_is_asked_at_half_of_its_time_unless_it_reported_in(
    staff: Any, read_on: Any, kinds: Any, clock: Any
) -> None:
    from huying.cases.models import Leg

    place = staff.place.pk
    made = report(place, Call(body="小区门口的事说不清楚归谁"), Actor(channel="web"))
    perform(
        place, made.case_id, "gather", staff.desk,
        {"item": "E101", "organs": ["chengguan", "police"], "due": "2026-03-05T17:00", "desk_note": "请一起到场"},
    )  # fmt: skip
    quick, slow = staff.officer("chengguan"), staff.officer("police")
    read_on(place)
    assert kinds(staff.people["officer-police"]) == ["work"]
    assert Reminder.objects.filter(place_id=place).count() == 2
    leg = Leg.objects.get(place_id=place, owner_key__in=quick.sight.owner_keys)
    perform(place, made.case_id, "sign_in", quick, {}, leg_id=leg.id)
    read_on(place)
    first = Reminder.objects.get(place_id=place)
    assert jobs.remind(first.at - timedelta(minutes=1)) == 0
    assert (jobs.remind(first.at), jobs.remind(first.at)) == (1, 0)
    assert kinds(staff.people["officer-police"]) == ["sign", "work"]
    assert kinds(staff.people["officer-chengguan"]) == []
    perform(place, made.case_id, "urge", staff.desk, {"message": "请到场"})
    read_on(place)
    assert kinds(staff.people["officer-police"]) == ["sign", "urged", "work"]
    assert slow.sight.person_id != quick.sight.person_id


def test_who_is_the_subject_is_not_told(staff: Any, read_on: Any, kinds: Any) -> None:
    place, officer = staff.place.pk, staff.officer()
    case = told(staff)
    Case.objects.filter(place_id=place, id=case.id).update(subject_person_id=officer.person_id)
    read_on(place)
    assert kinds(staff.people["officer-chengguan"]) == []


def test_a_page_costs_the_same_for_one_case_and_for_many(staff: Any, read_on: Any) -> None:
    from huying.ledger import jobs as ledger
    from huying.ledger import readers

    place = staff.place.pk
    staff.officer()
    told(staff)
    read_on(place)
    costs = []
    for many in (1, 4):
        for n in range(many):
            told(staff, body=f"东凤街道菜市场门口占道经营，流动摊贩把人行道全占了，第{many}{n}处")
        ledger.drain(place)
        [reader] = [one for one in readers.registered() if one.name == "notices"]
        with statements() as seen:
            readers.run_alone(reader, place, 10)
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 16, costs

"""A meeting: its agenda comes from open bills, its decisions are moves on them, its minutes are on record."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huying.cases.actions import Refused, Stale, perform
from huying.cases.models import Case
from huying.cases.tests.zhenlai import VILLAGE
from huying.ledger.models import Event
from huying.meetings import actions
from huying.meetings.actions import MeetingRefused
from huying.meetings.models import Meeting, Point


def held(village, cycle="daily", actor=None):
    division = village.memory.by_code(VILLAGE)
    who = actor or village.secretary
    return actions.open_meeting(village.place.pk, "bill", cycle, division.id, who)


def on(meeting):
    return list(
        Point.objects.filter(meeting_id=meeting.id).order_by("position").values_list("case_id", flat=True)
    )


def to_study(village, made):
    perform(village.place.pk, made.case_id, "sorted", village.worker, {"item": "B02"})
    perform(village.place.pk, made.case_id, "genuine", village.secretary, {"site_note": "确有杂物"})


def test_the_agenda_is_what_the_rule_picks(village):
    fresh, studied = village.bill(), village.bill()
    to_study(village, studied)
    assert on(held(village, "daily")) == [fresh.case_id]
    assert on(held(village, "weekly")) == [studied.case_id]
    assert on(held(village, "tenday")) == []  # neither late nor grave


def test_the_guard_of_a_rule_is_asked(village, clock):
    hard = village.bill(item="B04")
    to_study(village, small := village.bill())
    perform(village.place.pk, hard.case_id, "sorted", village.worker, {"item": "B04"})
    perform(village.place.pk, hard.case_id, "genuine", village.secretary, {"site_note": "外墙松动"})
    assert on(held(village, "tenday")) == [hard.case_id]
    clock.advance(timedelta(days=12))  # the next ten days; the small one is late by now
    assert set(on(held(village, "tenday"))) == {hard.case_id, small.case_id}


def test_what_is_confidential_or_elsewhere_never_comes_up(village):
    village.bill(confidential=True)
    village.bill(call="report")
    other = village.memory.by_code("220821001002")
    from huying.cases.actions import report
    from huying.cases.calls import Call

    report(village.place.pk, Call(body="别的社区的事", division_id=other.id, item="B02"), village.resident)
    assert on(held(village)) == []


def test_one_meeting_in_a_period_and_a_new_one_in_the_next(village, clock):
    first = held(village)
    assert held(village).id == first.id
    clock.advance(timedelta(days=1))
    assert held(village).id != first.id


def test_only_the_leader_opens_decides_and_closes(village):
    made = village.bill()
    with pytest.raises(MeetingRefused, match="not-leader"):
        held(village, actor=village.worker)
    meeting = held(village)
    for call in (
        lambda: actions.decide(
            village.place.pk, meeting.id, made.case_id, "sorted", village.worker, {"item": "B02"}
        ),
        lambda: actions.close_meeting(village.place.pk, meeting.id, "", village.worker),
    ):
        with pytest.raises(MeetingRefused, match="not-leader"):
            call()
    assert Case.objects.get(id=made.case_id).step == "sort"


def test_a_decision_is_a_move_with_its_own_event(village):
    made = village.bill()
    meeting = held(village)
    done = actions.decide(
        village.place.pk, meeting.id, made.case_id, "sorted", village.secretary, {"item": "B02"}, key="k1"
    )
    assert (done.step, Case.objects.get(id=made.case_id).step) == ("check", "check")
    kinds = list(Event.objects.filter(case_id=made.case_id).order_by("id").values_list("kind", flat=True))
    assert kinds == ["case.reported", "case.moved", "meeting.decided"]
    again = actions.decide(
        village.place.pk, meeting.id, made.case_id, "sorted", village.secretary, {"item": "B02"}, key="k1"
    )
    assert again.again
    assert Event.objects.filter(kind="meeting.decided").count() == 1
    assert Point.objects.get(case_id=made.case_id).move == "sorted"


def test_a_decision_that_is_refused_changes_nothing(village):
    made, later = village.bill(), None
    meeting = held(village)
    later = village.bill()
    refusals = [
        (MeetingRefused, made.case_id, "settle", {"plan": "清理"}, None),  # not for this meeting
        (MeetingRefused, later.case_id, "sorted", {"item": "B02"}, None),  # not on the agenda
        (Refused, made.case_id, "sorted", {}, None),  # its form is not filled in
        (Stale, made.case_id, "sorted", {"item": "B02"}, 9),
    ]
    for error, case_id, move, data, seen in refusals:
        with pytest.raises(error):
            actions.decide(
                village.place.pk, meeting.id, case_id, move, village.secretary, data, seen=seen, key="k"
            )
    assert {row.step for row in Case.objects.all()} == {"sort"}
    assert not Event.objects.filter(kind="meeting.decided").exists()
    assert not Point.objects.exclude(move="").exists()


def test_the_minutes_are_sealed_and_the_meeting_is_over(village):
    made = village.bill()
    meeting = held(village)
    actions.decide(
        village.place.pk, meeting.id, made.case_id, "minute", village.secretary, {"note": "先看看"}
    )
    actions.close_meeting(village.place.pk, meeting.id, " 议了一件。 ", village.secretary, present=7)
    row = Meeting.objects.get(id=meeting.id)
    assert (row.minutes, row.present) == ("议了一件。", 7)
    told = Event.objects.get(kind="meeting.closed")
    assert told.data == {"decided": 1, "left": 0, "present": 7}
    with pytest.raises(MeetingRefused, match="over"):
        actions.decide(
            village.place.pk, meeting.id, made.case_id, "sorted", village.secretary, {"item": "B02"}
        )
    with pytest.raises(MeetingRefused, match="over"):
        actions.close_meeting(village.place.pk, meeting.id, "", village.secretary)


def test_what_cannot_be_minutes_is_refused(village):
    meeting = held(village)
    with pytest.raises(MeetingRefused, match="minutes-long"):
        actions.close_meeting(village.place.pk, meeting.id, "长" * 8001, village.secretary)
    with pytest.raises(MeetingRefused, match="present-wrong"):
        actions.close_meeting(village.place.pk, meeting.id, "", village.secretary, present=-1)
    assert Meeting.objects.get(id=meeting.id).closed_at is None


def test_an_erased_meeting_loses_its_words_and_keeps_its_decisions(village):
    from huying import clock
    from huying.ledger.erasure import erase

    meeting = held(village)
    actions.close_meeting(village.place.pk, meeting.id, "说到了某某家。", village.secretary)
    erase(
        village.place.pk,
        ("meeting", meeting.id),
        "request",
        "pipl-47",
        village.people["secretary"].pk,
        clock.now(),
    )
    row = Meeting.objects.get(id=meeting.id)
    assert (row.minutes, row.closed_at is not None) == ("", True)

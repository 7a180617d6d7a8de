"""A place that the code has never heard of: its own kinds, steps, fields and roles, from its folder alone."""

from __future__ import annotations

from typing import Any

import pytest

from huying.cases.actions import Refused, perform, report
from huying.cases.calls import Call
from huying.cases.models import Case, Leg
from huying.cases.tests.people import Staff
from huying.cases.who import Actor
from huying.presets.tests.mini import files


@pytest.fixture
def other(db: Any) -> Staff:
    from huying.places.actions import load_preset
    from huying.presets.actions import publish

    edition = publish("mini", files())
    place, _ = load_preset("mini", edition.files, edition_id=edition.pk)
    return Staff(place)


def test_its_flow_runs_from_report_to_rating(other: Staff) -> None:
    place = other.place.pk
    resident = other.actor("res", kind="resident")
    made = report(place, Call(body="村口的井盖丢了，晚上很危险", lon=100.05, lat=30.05), resident)
    case = Case.objects.get(place_id=place, id=made.case_id)
    assert made.number.startswith("M")
    desk = other.actor("clerk", role="desk_clerk", organ="centre")
    if case.step == "take":
        perform(place, case.id, "dispatch", desk, {"item": "A1"})
    case.refresh_from_db()
    assert (case.step, case.item) == ("work", "A1")
    officer = other.actor("works", role="officer", organ="works")
    assert case.owner_key in officer.sight.owner_keys
    done = perform(place, case.id, "done", officer, {"solved": "yes_all", "reply": "井盖已补上"})
    assert (done.step, done.closed) == ("rate", True)
    chief = other.actor("chief", role="chief", division="c1")
    with pytest.raises(Refused) as refused:
        perform(place, case.id, "rated", chief, {"happy": True})
    assert refused.value.code == "not-allowed"
    visitor = Actor(channel="web", holds=frozenset({case.id}))
    assert perform(place, case.id, "rated", visitor, {"happy": True}).step == "archive"


def test_several_organs_work_at_once_by_its_own_leg(other: Staff) -> None:
    place = other.place.pk
    desk = other.actor("clerk", role="desk_clerk", organ="centre")
    made = report(place, Call(body="说不清楚的一件事"), Actor(channel="web"))
    perform(place, made.case_id, "gather", desk, {"organs": ["works", "green"]})
    legs = list(Leg.objects.filter(place_id=place, case_id=made.case_id))
    assert len(legs) == 2
    for leg in legs:
        organ = other.memory.organ(leg.organ_id).code
        officer = other.actor(organ, role="officer", organ=organ)
        last = perform(place, made.case_id, "finish", officer, {"note": "已办"}, leg_id=leg.id)
    assert (last.step, last.closed) == ("rate", True)


def test_its_leader_instructs_without_owning_the_case(other: Staff) -> None:
    place = other.place.pk
    made = report(place, Call(body="村口的路灯不亮了", lon=100.05, lat=30.05), Actor(channel="web"))
    chief = other.actor("chief", role="chief", division="c1")
    assert perform(place, made.case_id, "instruct", chief, {"note": "请抓紧"}).version == 2

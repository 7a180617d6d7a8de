"""Pools: whoever may claim what lies there is told, once for the pool and not for each case; nobody else is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from huying import clock
from huying.cases.actions import perform, report
from huying.cases.calls import Call
from huying.cases.models import Case
from huying.cases.tests.loading import loaded
from huying.cases.tests.people import Staff
from huying.cases.who import Actor
from huying.notices import behind, outbox, pools
from huying.notices.models import Delivery, Notice
from huying.notices.tests.fixtures import Gateway
from huying.notices.tests.test_outbox import with_phone
from huying.staff.models import Absence
from huying.testing.access import sign_in
from huying.testing.cast import LONG_AGO
from huying.testing.statements import assert_statements, statements

VILLAGE, TOWN, FAR = "210882003001", "210882003", "210882104"
NINE = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)  # 09:00 in China
LATER = NINE + pools.APART


@pytest.fixture
def staff(db: Any) -> Any:
    """A place with pools, at nine in the morning, with two bureaus, the desk, a judge and a mediator far away."""
    with clock.frozen(NINE):
        made = Staff(loaded("dashiqiao"))
        made.actor("desk", role="centre_desk", organ="centre")
        made.actor("lights", role="officer", organ="chengguan")
        made.actor("market", role="officer", organ="market")
        made.actor("village", role="village_secretary", division=VILLAGE)
        made.actor("judge", role="judge", division=TOWN)
        made.actor("far", role="mediator", division=FAR)
        yield made


def call(staff: Staff, read_on: Any, **more: Any) -> Case:
    """A call that the desk takes into the pool of all organs."""
    place, at = staff.place.pk, staff.memory.by_code(VILLAGE).id
    made = report(place, Call(body="路灯不亮", division_id=at, anonymous=True, **more), Actor(channel="web"))
    perform(place, made.case_id, "take_in", staff.actor("desk"), {"item": "Q112"})
    read_on(place)
    return Case.objects.get(place_id=place, id=made.case_id)


def told(staff: Staff, name: str) -> list[int]:
    """How often each unread notice of a pool was told to them."""
    rows = Notice.objects.filter(place_id=staff.place.pk, person_id=staff.people[name].pk, kind=pools.KIND)
    return list(rows.filter(read_at=None).values_list("times", flat=True))


def test_those_who_may_claim_are_told_and_nobody_else(staff: Staff, read_on: Any) -> None:
    call(staff, read_on)
    assert pools.look(NINE) == 2
    assert (told(staff, "lights"), told(staff, "market")) == ([1], [1])
    assert told(staff, "desk") == told(staff, "village") == told(staff, "judge") == []
    client = Client()
    sign_in(client, staff.people["lights"])
    page = client.get("/notices/").content.decode()
    assert "有待认领的" in page
    assert "待认领：1 件" in page
    row = Notice.objects.get(person_id=staff.people["lights"].pk)
    there = client.get(f"/notices/{row.id}/")
    assert there["Location"] == "/inbox/?scope=mine&step=claim"
    assert client.get(there["Location"]).status_code == 200


def test_one_notice_for_a_quarter_of_an_hour_however_many_come(staff: Staff, read_on: Any) -> None:
    call(staff, read_on)
    pools.look(NINE)
    for _ in range(3):
        call(staff, read_on)
    assert pools.look(NINE) == 0
    assert pools.look(LATER - timedelta(seconds=1)) == 0
    assert pools.next_due() == LATER
    assert pools.look(LATER) == 2
    assert pools.look(LATER + timedelta(hours=5)) == 0  # nothing new: told once
    assert told(staff, "lights") == [2]  # still one, since nobody has read it
    Notice.objects.update(read_at=LATER)
    call(staff, read_on)
    assert pools.look(LATER + pools.APART) == 2
    assert told(staff, "lights") == [1]


def test_what_was_claimed_is_not_told_and_an_empty_pool_ends_its_notice(staff: Staff, read_on: Any) -> None:
    first = call(staff, read_on)
    pools.look(NINE)
    second = call(staff, read_on)
    perform(staff.place.pk, first.id, "claim", staff.actor("lights"), {})
    read_on(staff.place.pk)
    pools.look(NINE)  # something was taken: one still lies there, of which nobody was told yet
    assert pools.next_due() == LATER
    assert told(staff, "market") == [1]
    perform(staff.place.pk, second.id, "claim", staff.actor("market"), {})
    read_on(staff.place.pk)
    assert pools.look(NINE) == 0
    assert told(staff, "market") == told(staff, "lights") == []
    assert pools.look(LATER) == 0


def test_a_pool_of_a_town_is_for_those_who_serve_there(staff: Staff, read_on: Any) -> None:
    place = staff.place.pk
    made = report(
        place, Call(kind="dispute", title="院墙纠纷", body="两家争院墙", division_id=staff.memory.by_code(VILLAGE).id,
                    anonymous=True, fields={"people": 2, "dispute_type": "neighbours", "risk": "blue",
                                            "dispute_source": "found"}),
        staff.actor("village"),
    )  # fmt: skip
    perform(place, made.case_id, "want_mediator", staff.actor("village"), {})
    read_on(place)
    pools.look(NINE)
    assert told(staff, "judge") == [1]
    assert told(staff, "far") == told(staff, "lights") == told(staff, "village") == []


def test_the_people_of_a_pool_are_those_whose_sight_has_it(staff: Staff) -> None:
    staff.actor("town", role="officer", organ="t210882003")
    staff.actor("agent", role="agent", division=VILLAGE)
    staff.actor("mediator", role="mediator", division=TOWN)
    sights = {name: staff.actor(name).sight for name in staff.people}
    keys = {key for sight in sights.values() for key in sight.owner_keys if key.startswith("pool:")}
    assert len(keys) > 4
    for key in keys:
        expected = {staff.people[name].pk for name, sight in sights.items() if key in sight.owner_keys}
        with assert_statements(1):
            assert behind.in_pool(staff.memory, key) == expected, key
    Absence.objects.create(place=staff.place, person=staff.people["judge"], since=LONG_AGO)
    judged = next(key for key in keys if key in sights["judge"].owner_keys)
    assert staff.people["judge"].pk not in behind.in_pool(staff.memory, judged)


def test_whoever_a_case_is_about_is_not_told_of_it(staff: Staff, read_on: Any) -> None:
    case = call(staff, read_on)
    Case.objects.filter(id=case.id).update(subject_organ_id=staff.memory.organ_by_code("market").id)
    pools.look(NINE)
    assert told(staff, "lights") == [1]
    assert told(staff, "market") == []


def test_it_goes_out_by_telephone_as_others_do_and_not_at_night(
    staff: Staff,
    read_on: Any,
    gateway: Gateway,
) -> None:
    with_phone(staff.people["lights"])
    with clock.frozen(NINE + timedelta(hours=14)):  # 23:00
        call(staff, read_on)
        pools.look(NINE + timedelta(hours=14))
        row = Delivery.objects.get(template=pools.KIND)
        assert row.due_at == NINE + timedelta(hours=23)  # 08:00 the next morning
    Delivery.objects.update(state="queued")
    assert outbox.send(row.place_id, row.id)
    assert "认领" in gateway.got[0]["text"]
    assert "路灯" not in str(gateway.got)


def test_nothing_goes_out_of_what_was_claimed_in_the_meantime(
    staff: Staff,
    read_on: Any,
    gateway: Gateway,
) -> None:
    with_phone(staff.people["lights"])
    case = call(staff, read_on)
    pools.look(NINE)
    perform(staff.place.pk, case.id, "claim", staff.actor("market"), {})
    row = Delivery.objects.get(template=pools.KIND)
    Delivery.objects.update(state="queued")
    assert outbox.send(row.place_id, row.id)
    row.refresh_from_db()
    assert (row.state, gateway.got) == ("dropped", [])


def test_statements_do_not_grow_with_the_cases(staff: Staff, read_on: Any) -> None:
    call(staff, read_on)
    pools.look(NINE)
    client = Client()
    sign_in(client, staff.people["lights"])
    client.get("/notices/")
    with statements() as few:
        client.get("/notices/")
    for _ in range(3):
        call(staff, read_on)
    with statements() as many:
        client.get("/notices/")
    assert len(many) == len(few)
    with statements() as looked:
        pools.look(LATER)
    assert len(looked) <= 9, looked

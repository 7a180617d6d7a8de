"""Each pattern is found in a history that has it and not in a clean one; what was looked at starts afresh."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps

from huying.cases.models import Case
from huying.inspection import actions, patterns
from huying.inspection.models import Fact, Finding
from huying.inspection.tests.making import a_case, close, facts, inspector
from huying.ledger.ids import uuid7
from huying.ledger.models import Event
from huying.testing.statements import statements

NOW = datetime(2026, 3, 30, 1, 0, tzinfo=UTC)
AGO = NOW - timedelta(days=20)


def found(place: int, pattern: str) -> list[Finding]:
    return list(Finding.objects.filter(place_id=place, pattern=pattern, outcome="").order_by("id"))


@pytest.mark.parametrize(
    ("pattern", "what", "value"),
    [("returns", "returned", None), ("extensions", "asked", 1.5), ("voids", "voided", None)],
)
def test_a_unit_unlike_the_others_is_found_with_its_cases(
    staff: Any, clock: Any, pattern: str, what: str, value: float | None
) -> None:
    place = staff.place.pk
    telling = facts(place, "organ:1", what, 14, AGO, value)
    facts(place, "organ:1", "sent", 16, AGO)
    for other in range(2, 6):
        facts(place, f"organ:{other}", what, 1, AGO, value)
        facts(place, f"organ:{other}", "sent", 29, AGO)
    assert patterns.look_for(place, NOW) == 1
    [one] = found(place, pattern)
    assert (one.unit, set(one.case_ids)) == ("organ:1", set(telling))
    assert {k: one.numbers[k] for k in ("hits", "of", "others", "others_of")} == {
        "hits": 14, "of": 30, "others": 4, "others_of": 120,
    }  # fmt: skip
    assert one.since == AGO + timedelta(hours=1)
    [event] = Event.objects.filter(place_id=place, kind="inspection.found")
    assert event.data["unit"] == "organ:1"
    assert patterns.look_for(place, NOW + timedelta(hours=1)) == 0  # brought up to date, not found again
    assert found(place, pattern)[0].computed_at == NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    ("what", "value"), [("returned", None), ("asked", 1.5), ("voided", None), ("sent", None)]
)
def test_nothing_is_found_where_all_are_alike(staff: Any, clock: Any, what: str, value: float | None) -> None:
    for organ in range(1, 7):
        facts(staff.place.pk, f"organ:{organ}", what, 6, AGO, value)
        facts(staff.place.pk, f"organ:{organ}", "sent", 24, AGO)
    assert patterns.look_for(staff.place.pk, NOW) == 0


def test_extensions_asked_for_in_good_time_do_not_count(staff: Any, clock: Any) -> None:
    facts(staff.place.pk, "organ:1", "asked", 20, AGO, 30.0)
    facts(staff.place.pk, "organ:2", "sent", 60, AGO)
    assert patterns.look_for(staff.place.pk, NOW) == 0


def test_what_is_older_than_the_pattern_looks_back_does_not_count(staff: Any, clock: Any) -> None:
    facts(staff.place.pk, "organ:1", "returned", 30, NOW - timedelta(days=100))
    facts(staff.place.pk, "organ:2", "sent", 60, AGO)
    assert patterns.look_for(staff.place.pk, NOW) == 0
    facts(staff.place.pk, "organ:3", "returned", 1, NOW - timedelta(days=500))
    patterns.look_for(staff.place.pk, NOW)
    assert not Fact.objects.filter(unit="organ:3").exists()  # no pattern may look back that far


def test_closed_within_minutes_without_evidence(staff: Any, read_on: Any, clock: Any) -> None:
    place = staff.place.pk
    for n in range(5):
        case = a_case(staff, AGO + timedelta(hours=n % 2))
        close(
            staff,
            case,
            AGO + timedelta(hours=n % 2),
            timedelta(minutes=4),
            reply=f"第{n}件已按要求处理完毕。",
        )
    read_on(place)
    assert patterns.look_for(place, NOW) == 1
    [one] = found(place, "unchanged")
    assert {k: one.numbers[k] for k in ("hits", "quick", "copied")} == {"hits": 5, "quick": 5, "copied": 0}
    assert len(one.case_ids) == 5
    assert not Case.objects.filter(place_id=place, id__in=one.case_ids).exclude(result="solved").exists()


def test_one_reply_for_many(staff: Any, read_on: Any, clock: Any) -> None:
    place = staff.place.pk
    for _ in range(5):
        close(staff, a_case(staff, AGO), AGO, timedelta(hours=3))
    read_on(place)
    patterns.look_for(place, NOW)
    [one] = found(place, "unchanged")
    assert {k: one.numbers[k] for k in ("hits", "quick", "copied")} == {"hits": 5, "quick": 0, "copied": 5}


def test_work_that_took_its_time_with_replies_of_its_own_is_clean(
    staff: Any, read_on: Any, clock: Any
) -> None:
    for n in range(5):
        close(staff, a_case(staff, AGO), AGO, timedelta(hours=3), reply=f"第{n}件：已到现场劝离并清扫。")
    read_on(staff.place.pk)
    assert patterns.look_for(staff.place.pk, NOW) == 0


def test_evidence_clears_it(staff: Any, read_on: Any, clock: Any) -> None:
    for _ in range(5):
        close(staff, a_case(staff, AGO), AGO, timedelta(minutes=4))
    read_on(staff.place.pk)
    Fact.objects.filter(what="handled").update(bare=False)  # as where photos came along
    assert patterns.look_for(staff.place.pk, NOW) == 0


@pytest.mark.skipif(
    not apps.is_installed("huying.reviews"), reason="marks of devices are kept by another room"
)
def test_ratings_from_one_device(staff: Any, clock: Any) -> None:
    marks: Any = apps.get_model("reviews", "RatingMark")
    place = staff.place.pk

    def rate(case: Case, device: bytes, at: datetime) -> None:
        marks.objects.create(
            place_id=place, id=uuid7(), case_id=case.id, at=at, channel="web", device_hash=device,
            expires=at + timedelta(days=90),
        )  # fmt: skip

    cases = [a_case(staff, AGO) for _ in range(5)]
    for case in cases[:3]:
        rate(case, b"a" * 32, AGO)
    for case in cases[3:]:
        rate(case, b"b" * 32, AGO)
    rate(cases[0], b"b" * 32, NOW - timedelta(days=89))  # a second case counts once, however often
    rate(cases[3], b"b" * 32, AGO)
    Case.objects.filter(place_id=place, id=cases[4].id).update(confidential=True)
    assert patterns.look_for(place, NOW) == 1
    [one] = found(place, "device")
    assert set(one.case_ids) == {case.id for case in cases[:3]}
    assert not Event.objects.filter(kind="inspection.found", data__has_key="unit").exists()
    # Looked at, and 90 days later nobody knows any more which device it was.
    actions.conclude(inspector(staff), one.id, "nothing", "同一家庭的几位老人")
    patterns.look_for(place, NOW + timedelta(days=91))
    assert Finding.objects.get(place_id=place, id=one.id).unit == "device:"


def test_a_finding_that_nobody_looks_at_forgets_its_device_too(staff: Any, clock: Any) -> None:
    from huying.inspection.views.common import unit_name
    from huying.reviews.models import RatingMark

    place = staff.place.pk
    for device in (b"a" * 32, b"b" * 32):
        for _ in range(3):
            RatingMark.objects.create(
                place_id=place, id=uuid7(), case_id=a_case(staff, AGO).id, at=AGO, channel="web",
                device_hash=device, expires=AGO + timedelta(days=90),
            )  # fmt: skip
    assert patterns.look_for(place, NOW) == 2
    units = {one.unit for one in found(place, "device")}
    assert units == {f"device:{(sign * 8).hex()}" for sign in (b"a", b"b")}
    patterns.look_for(place, AGO + timedelta(days=90))
    assert {one.unit for one in found(place, "device")} == units
    patterns.look_for(place, AGO + timedelta(days=90, seconds=1))
    left = found(place, "device")
    assert [one.outcome for one in left] == ["", ""]
    assert not units & {one.unit for one in left}
    assert {str(unit_name(staff.memory, one.unit)) for one in left} == {"某设备（标识已过期）"}
    assert patterns.look_for(place, AGO + timedelta(days=91)) == 0


def test_after_a_look_only_what_happens_later_counts(staff: Any, clock: Any) -> None:
    place = staff.place.pk
    facts(place, "organ:1", "returned", 20, AGO)
    facts(place, "organ:2", "sent", 100, AGO)
    patterns.look_for(place, NOW)
    [one] = found(place, "returns")
    actions.conclude(inspector(staff), one.id, "asked", "已约谈，职责清单有误")
    assert patterns.look_for(place, NOW + timedelta(days=1)) == 0
    facts(place, "organ:1", "returned", 20, NOW + timedelta(days=2))
    assert patterns.look_for(place, NOW + timedelta(days=4)) == 1
    [again] = found(place, "returns")
    assert (again.numbers["hits"], again.since > NOW) == (20, True)


def test_it_flags_and_changes_no_case(staff: Any, read_on: Any, clock: Any) -> None:
    place = staff.place.pk
    for _ in range(5):
        close(staff, a_case(staff, AGO), AGO, timedelta(minutes=4))
    read_on(place)
    before = list(Case.objects.filter(place_id=place).order_by("id").values())
    patterns.look_for(place, NOW)
    assert list(Case.objects.filter(place_id=place).order_by("id").values()) == before


def test_the_cost_does_not_grow_with_the_facts(staff: Any, clock: Any) -> None:
    facts(staff.place.pk, "organ:1", "sent", 30, AGO)
    patterns.look_for(staff.place.pk, NOW)  # reads the place into memory
    with statements() as few:
        patterns.look_for(staff.place.pk, NOW)
    for organ in range(2, 20):
        facts(staff.place.pk, f"organ:{organ}", "sent", 60, AGO)
    with statements() as many:
        patterns.look_for(staff.place.pk, NOW)
    assert len(many) == len(few) <= 14

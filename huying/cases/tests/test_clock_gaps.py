"""The clock after it was kept from acting: in the order in which things fell due over all cases, past cases that fail,
with the reason on the case's story and the gap itself on the ledger; and when the server's time is put forward or back."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import translation

from huying import clock
from huying.cases import jobs, timeline
from huying.cases.actions import perform
from huying.cases.models import Case, Swept
from huying.cases.tests.test_clock import a_case
from huying.ledger import queries as ledger
from huying.ledger.models import Event
from huying.presets.queries import compiled

MONDAY = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)  # 08:30 in China
DAYS = timedelta(days=1)


@pytest.fixture
def at() -> Any:
    with clock.frozen(MONDAY) as held:
        yield held


def fired(place: int, *cases: Case) -> list[dict[str, Any]]:
    """What the clock did, in the order in which it did it."""
    rows = Event.objects.filter(place_id=place, kind="case.fired").order_by("id")
    return [event.data for event in rows if not cases or event.case_id in {one.id for one in cases}]


def noticed(place: int) -> list[tuple[str, int]]:
    rows = Event.objects.filter(place_id=place, kind__startswith="clock.").order_by("id")
    return [(event.kind, event.data["seconds"]) for event in rows]


def since(place: int, away: timedelta) -> None:
    """As if the machine had run for so much longer since the last sweep."""
    held = Swept.objects.get(place_id=place)
    Swept.objects.filter(place_id=place).update(ticks=held.ticks - away.total_seconds())


def test_the_order_is_that_of_falling_due_over_all_cases(staff: Any, at: Any) -> None:
    place, cases = staff.place.pk, []
    for _ in range(3):
        cases.append(a_case(staff))
        at.advance(timedelta(minutes=20))
    jobs.sweep(place, MONDAY + 2 * DAYS)
    told = fired(place)
    moments = [datetime.fromisoformat(one["fell_due"]) for one in told]
    assert moments == sorted(moments)
    # 50 % of the limit, then the limit: first all three warnings, not one case after the other.
    assert [one["timer"] for one in told][:6] == ["warn"] * 3 + ["due"] * 3
    assert {len(fired(place, case)) for case in cases} == {2}


def test_what_falls_due_next_in_a_case_takes_its_turn_before_a_later_case(staff: Any, at: Any) -> None:
    place = staff.place.pk
    first = a_case(staff)  # 08:30: warned of at 10:30, due at 14:00
    at.advance(timedelta(hours=2, minutes=30))
    second = a_case(staff)  # 11:00: warned of at 14:30
    jobs.sweep(place, MONDAY + 2 * DAYS)
    order = [
        (row.case_id, row.data["timer"]) for row in Event.objects.filter(kind="case.fired").order_by("id")
    ]
    assert order == [(first.id, "warn"), (first.id, "due"), (second.id, "warn"), (second.id, "due")]


def test_small_batches_keep_the_order(staff: Any, at: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(jobs, "BATCH", 2)
    place = staff.place.pk
    for _ in range(5):
        a_case(staff)
        at.advance(timedelta(minutes=7))
    jobs.sweep(place, MONDAY + 2 * DAYS)
    moments = [one["fell_due"] for one in fired(place)]
    assert moments == sorted(moments)
    assert len(moments) == 10


def test_cases_that_fail_do_not_hold_up_the_others(staff: Any, at: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(jobs, "BATCH", 2)
    place = staff.place.pk
    broken = [a_case(staff) for _ in range(4)]
    at.advance(timedelta(minutes=5))
    sound = [a_case(staff) for _ in range(2)]
    tokens = {one.id: one.token for one in broken}
    for one in broken:
        Case.objects.filter(place_id=place, id=one.id).update(token={**one.token, "step": "gone"})
    jobs.sweep(place, MONDAY + 2 * DAYS)
    assert fired(place, *broken) == []
    assert [len(fired(place, one)) for one in sound] == [2, 2]
    for ident, token in tokens.items():  # mended: nothing was lost
        Case.objects.filter(place_id=place, id=ident).update(token=token)
    jobs.sweep(place, MONDAY + 2 * DAYS)
    assert [len(fired(place, one)) for one in broken] == [2] * 4


def test_a_tick_sweeps_for_a_while_and_the_next_goes_on(staff: Any, at: Any, monkeypatch: Any) -> None:
    place = staff.place.pk
    for _ in range(3):
        a_case(staff)
    jobs.sweep_all()
    at.advance(2 * DAYS)
    since(place, 2 * DAYS)
    monkeypatch.setattr(jobs, "AT_ONCE", -1.0)
    rounds = 0
    while jobs.sweep_all():
        rounds += 1
        assert rounds <= 6
    assert rounds == 6
    assert {one["why"] for one in fired(place)} == {"down"}  # the last as well as the first
    assert [kind for kind, _ in noticed(place)] == ["clock.stood"]


def test_after_the_server_was_down_the_story_says_so(staff: Any, at: Any) -> None:
    case, place = a_case(staff), staff.place.pk
    jobs.sweep_all()
    at.advance(2 * DAYS)
    since(place, 2 * DAYS)
    assert jobs.sweep_all() == 2
    assert noticed(place) == [("clock.stood", 2 * 86400)]
    case.refresh_from_db()
    history = ledger.history(place, case.id)
    preset = compiled(case.edition_id)
    with translation.override("zh-hans"):
        lines = timeline.lines(case, history, [], staff.memory, preset, {}, inside=True)
    late = [line.late for line in lines if line.late]
    assert late[-1] == "应于 2026-03-02 14:00 到期，因时钟停运，2026-03-04 08:30 才处理"
    with translation.override("en"):
        lines = timeline.lines(case, history, [], staff.memory, preset, {}, inside=True)
    assert lines[-1].late == (
        "fell due at 2026-03-02 14:00, acted on at 2026-03-04 08:30 because the clock was down"
    )


def test_time_put_forward_is_logged_and_named(staff: Any, at: Any) -> None:
    a_case(staff)
    place = staff.place.pk
    jobs.sweep_all()
    at.advance(timedelta(hours=8))
    assert jobs.sweep_all() == 2
    assert {one["why"] for one in fired(place)} == {"jump"}
    [(kind, seconds)] = noticed(place)
    assert kind == "clock.jumped"
    assert 8 * 3600 - 60 <= seconds <= 8 * 3600
    assert jobs.sweep_all() == 0
    assert len(noticed(place)) == 1


def test_time_put_back_lets_nothing_go_off_twice_and_loses_nothing(staff: Any, at: Any) -> None:
    first, place = a_case(staff), staff.place.pk
    jobs.sweep_all()
    at.advance(timedelta(hours=3))  # past the warning
    assert fired(place) == []
    assert jobs.sweep_all() == 1
    at.advance(timedelta(hours=-3))
    assert jobs.sweep_all() == 0
    assert [(kind, seconds > 0) for kind, seconds in noticed(place)] == [
        ("clock.jumped", True),
        ("clock.jumped", False),
    ]
    second = a_case(staff)
    for _ in range(20):  # and on, as time does
        at.advance(timedelta(minutes=20))
        since(place, timedelta(minutes=20))
        jobs.sweep_all()
    assert [one["timer"] for one in fired(place, first)] == ["warn", "due"]
    assert [one["timer"] for one in fired(place, second)] == ["warn", "due"]
    # Twenty minutes between two sweeps is a clock that stood; what went off in time does not blame it.
    assert all("fell_due" in one or "why" not in one for one in fired(place))


def test_a_restarted_machine_is_known_by_its_own_mark(staff: Any, at: Any) -> None:
    place = staff.place.pk
    a_case(staff)
    jobs.sweep_all()
    Swept.objects.filter(place_id=place).update(boot="another", ticks=5.0)
    at.advance(timedelta(hours=8))
    assert jobs.sweep_all() == 2
    assert noticed(place) == [("clock.stood", 8 * 3600)]
    assert Swept.objects.get(place_id=place).boot != "another"


def test_all_is_well_costs_one_look_and_rarely_a_line(staff: Any, at: Any) -> None:
    place = staff.place.pk
    jobs.sweep_all()
    before = Swept.objects.get(place_id=place).ticks
    at.advance(timedelta(seconds=1))
    since(place, timedelta(seconds=1))
    jobs.sweep_all()
    assert Swept.objects.get(place_id=place).at == MONDAY  # not written every second
    at.advance(timedelta(seconds=12))
    jobs.sweep_all()
    held = Swept.objects.get(place_id=place)
    assert (held.at, held.ticks > before) == (MONDAY + timedelta(seconds=13), True)
    assert noticed(place) == []


def test_a_voided_case_is_not_fired_though_it_waited_in_the_batch(
    staff: Any, at: Any, monkeypatch: Any
) -> None:
    one, place = a_case(staff), staff.place.pk
    at.advance(timedelta(minutes=5))
    two = a_case(staff)
    real, voided = jobs.fire_next, []

    def fire_next(place_id: int, case_id: Any, **how: Any) -> Any:
        done = real(place_id, case_id, **how)
        if case_id == one.id and not voided:  # somebody else, while the sweep is under way
            voided.append(perform(place, two.id, "void", staff.desk, {"reason": "测试数据"}))
        return done

    monkeypatch.setattr(jobs, "fire_next", fire_next)
    jobs.sweep(place, MONDAY + 2 * DAYS)
    assert voided
    assert fired(place, two) == []
    assert len(fired(place, one)) == 2


def test_a_demonstrations_clock_moved_on_by_hand_is_no_jump(staff: Any, tmp_path: Any) -> None:
    place = staff.place.pk
    try:
        held = clock.install(tmp_path / "clock.json")
        held.set(MONDAY)
        a_case(staff)
        jobs.sweep_all()
        clock.advance(timedelta(hours=8))
        assert jobs.sweep_all() == 2
        assert noticed(place) == []
        # Written around the clock's own way, it is one.
        at = clock.now() + timedelta(hours=8)
        told = json.loads(held.path.read_text())
        held.path.unlink()
        held.path.write_text(json.dumps(told | {"at": at.isoformat(), "wall": time.time()}))
        held._next_look = 0.0
        jobs.sweep_all()
        assert [kind for kind, _ in noticed(place)] == ["clock.jumped"]
    finally:
        clock.uninstall()

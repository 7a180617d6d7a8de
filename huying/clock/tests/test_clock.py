"""The clock: system time by default, a shared file in a demonstration, a held moment in tests."""

from datetime import UTC, datetime, timedelta

import pytest

from huying import clock
from huying.clock.source import DemoClock, _system

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _system_clock_afterwards():
    yield
    clock.uninstall()


def test_without_a_demo_it_is_the_system_time():
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=1)
    assert clock.now().tzinfo is UTC


def test_a_real_deployment_refuses_to_move_its_clock():
    with pytest.raises(clock.ClockError, match="--clock"):
        clock.advance(timedelta(days=1))
    with pytest.raises(clock.ClockError, match="--clock"):
        clock.set_time(START)


def test_a_demo_starts_elsewhere_and_runs_on(tmp_path):
    held = DemoClock(tmp_path / "clock.json")
    held.set(START)
    clock.install(tmp_path / "clock.json")
    first = clock.now()
    assert START <= first < START + timedelta(seconds=2)
    assert clock.now() > first


def test_moving_it_is_seen_by_another_process_within_a_second(tmp_path):
    here, there = DemoClock(tmp_path / "clock.json"), DemoClock(tmp_path / "clock.json")
    here.set(START)
    assert there.now() < START + timedelta(hours=1)
    here.set(START + timedelta(days=3))
    there._next_look = 0.0  # as if half a second had passed
    assert there.now() >= START + timedelta(days=3)


def test_it_knows_how_far_it_was_moved_by_hand(tmp_path):
    assert clock.moved() == 0.0
    held = clock.install(tmp_path / "clock.json")
    held.set(START)
    assert clock.moved() == 0.0  # where it began is no move
    clock.advance(timedelta(hours=2))
    clock.advance(timedelta(hours=3))
    assert clock.moved() == pytest.approx(5 * 3600, abs=1)
    assert DemoClock(tmp_path / "clock.json").moved() == clock.moved()


def test_it_does_not_run_backwards(tmp_path):
    held = clock.install(tmp_path / "clock.json")
    held.set(START)
    with pytest.raises(clock.ClockError, match="backwards"):
        clock.set_time(START - timedelta(days=1))
    assert clock.advance(timedelta(days=3)) >= START + timedelta(days=3)


def test_a_broken_file_is_named(tmp_path):
    (tmp_path / "clock.json").write_text("{}")
    clock.install(tmp_path / "clock.json")
    with pytest.raises(clock.ClockError, match=r"clock\.json"):
        clock.now()


def test_a_held_moment_moves_only_by_hand():
    with clock.frozen(START) as held:
        assert clock.now() == START
        held.advance(timedelta(hours=2))
        assert clock.now() == START + timedelta(hours=2)
    assert clock.source._reader is _system

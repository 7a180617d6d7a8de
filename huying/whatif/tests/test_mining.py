"""What is read from the ways that cases went."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from huying.flow import picture
from huying.whatif.mining import START, explore, with_edge
from huying.whatif.setting import Setting
from huying.whatif.stays import Course, Stay, cut
from huying.worktime import Calendar

MONDAY = 1_772_411_400.0  # 2026-03-02 08:30 in China
HOUR = 3600.0
DESK, A, B = "desk:1", "organ:1", "organ:2"


def setting(flow: Any = None) -> Setting:
    calendar = Calendar()
    return Setting(
        {"f": flow}, {"k": "f"}, {}, lambda owner: calendar, lambda item, path: "", MONDAY - 1e6, MONDAY + 1e7
    )


def course(number: int, *way: tuple[str, str, float, float], sealed: bool = False, end: str = "") -> Course:
    """A case that went (step, owner, hours after Monday morning, hours there); unfinished without an *end*."""
    stays = []
    for n, (step, owner, begin, took) in enumerate(way):
        last = n == len(way) - 1
        left = None if last and not end else MONDAY + (begin + took) * HOUR
        to = end if last else way[n + 1][0]
        due = MONDAY + (begin + 2) * HOUR
        stays.append(
            Stay(0, "f", step, owner, MONDAY + begin * HOUR, left, due, f"{step}-{to}" if left else "", "actor" if left else "",
                 to if left else "", 2 * HOUR, True, "", "", 0.0)
        )  # fmt: skip
    closed = stays[-1].left
    return Course(str(number), MONDAY, closed, "k", "", "", "web", "help", 0, "", "", sealed, stays)


CASES = [
    course(1, ("take", DESK, 0, 1), ("work", A, 1, 2), end="end"),
    course(2, ("take", DESK, 0, 1), ("work", A, 1, 1), ("take", DESK, 2, 0.5), ("work", A, 2.5, 0.5), end="end"),
    course(3, ("take", DESK, 0, 1), ("work", A, 1, 1), ("take", DESK, 2, 0.5), ("work", B, 2.5, 0.5), ("take", DESK, 4.5, 1),
           ("work", A, 5.5, 1), end="end"),
    course(4, ("take", DESK, 0, 2.5), ("work", B, 4.5, 1)),
    course(5, ("take", DESK, 0, 1), ("work", A, 1, 1), ("take", DESK, 2, 1), ("work", A, 4.5, 1), end="end", sealed=True),
]  # fmt: skip


def test_the_graph_counts_every_way_and_its_times() -> None:
    found = explore(CASES, setting(), "f", MONDAY + 20 * HOUR)
    assert (found.cases, found.sealed, found.finished) == (5, 1, 4)
    ways = {(edge.source, edge.target): edge.count for edge in found.edges.values()}
    assert ways == {(START, "take"): 5, ("take", "work"): 9, ("work", "take"): 4, ("work", "end"): 4}
    take = found.nodes["take"]
    assert (take.entries, take.cases, take.open, take.late) == (9, 5, 0, 1)
    assert take.times is not None
    assert take.times.work == pytest.approx(1.0)
    work = found.nodes["work"]
    assert (work.open, work.late) == (1, 1)  # the open one is overdue by now


def test_variants_bounces_and_loops_leave_sealed_cases_out() -> None:
    found = explore(CASES, setting(), "f", MONDAY + 20 * HOUR)
    assert sum(one.count for one in found.variants) == 4
    assert {one.steps: one.count for one in found.variants}["take", "work", "take", "work", "end"] == 1
    bounces = {(one.owner, one.other): (one.count, one.examples) for one in found.bounces}
    assert bounces[DESK, A] == (2, ("2", "3"))
    assert bounces[A, DESK] == (1, ("2",))  # in case 3 it came back to another organ
    assert [(one.owner, one.other, one.count) for one in found.pingpong] == [(A, B, 1)]
    loops = {(one.step, one.source): one.count for one in found.loops}
    assert loops == {("take", "work"): 3, ("work", "take"): 3}
    assert found.again == 2
    assert all(
        "5" not in one.examples for rows in (found.variants, found.bounces, found.loops) for one in rows
    )


def test_waits_are_of_owners_in_office_hours() -> None:
    found = explore(CASES, setting(), "f", MONDAY + 20 * HOUR)
    waits = {(one.owner, one.other): (one.count, one.total) for one in found.waits}
    # 2 + 1 + 0.5 + 1 + 1 hours with A; what is still open is not reckoned
    assert waits[DESK, A][0] == 5
    assert waits[DESK, A][1] == pytest.approx(5.5)


def test_a_way_leads_to_its_cases_and_never_to_sealed_ones() -> None:
    assert sorted(with_edge(CASES, "f", "work", "take")) == ["2", "3"]
    assert sorted(with_edge(CASES, "f", START, "take")) == ["1", "2", "3", "4"]


def test_what_was_known_at_a_moment_holds_nothing_of_later() -> None:
    known = cut(CASES[2], MONDAY + 2.2 * HOUR)
    assert known is not None
    assert [stay.step for stay in known.stays] == ["take", "work", "take"]
    assert known.stays[-1].left is None
    assert known.stays[-1].to == ""
    assert known.closed is None
    assert cut(CASES[2], MONDAY - 1) is None


def test_ranks_of_the_flow_order_the_picture() -> None:
    """The drawing relies on the flow's own order of steps."""
    steps = {name: SimpleNamespace(id=name) for name in ("take", "work", "end")}
    moves = [
        SimpleNamespace(id=f"{a}-{b}", to=b, sources=(a,), auto=False, by_clock=False)
        for a, b in (("take", "work"), ("work", "take"), ("work", "end"))
    ]
    assert picture.ranks(SimpleNamespace(steps=steps, moves=moves)) == {"take": 0, "work": 1, "end": 2}

"""The way through a flow to a step or a move, so that a demonstration can show every one of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from huying.flow.definition import Flow, Move

STEP, MOVE = "step", "move"
Goal = tuple[str, str]  # ("step", id) to stop at, or ("move", id) to make
WAIT = ""  # the next edge is made by the flow or the clock


def goals(flow: Flow) -> list[Goal]:
    """Everything of a flow that can be shown: each step that somebody holds, each move that somebody makes."""
    found: list[Goal] = [
        (STEP, step.id)
        for step in flow.steps.values()
        if not step.auto and not step.end and step.owner is not None
    ]
    found += [
        (MOVE, move.id) for move in flow.moves if not move.auto and not move.by_clock and not move.after_limit
    ]
    return found


def next_edge(flow: Flow, here: str, goal: Goal) -> str | None:
    """The first move on the shortest way from step *here* to the goal; WAIT when it is not anybody's to make;
    None when there is no way (or it is reached)."""
    kind, wanted = goal
    ends = {wanted} if kind == STEP else set(flow.by_id[wanted].sources)
    if here in ends:
        return wanted if kind == MOVE else None
    seen = {here}
    queue: deque[tuple[str, str | None]] = deque([(here, None)])
    while queue:
        step, first = queue.popleft()
        for move in _out(flow, step):
            target = move.to
            if target is None or target in seen:
                continue
            edge = first if first is not None else (WAIT if _by_itself(move) else move.id)
            if target in ends:
                return edge
            seen.add(target)
            queue.append((target, edge))
    return None


def way(flow: Flow, goal: Goal) -> list[Move]:
    """The moves from the beginning to the goal."""
    found: list[Move] = []
    here = flow.first
    for _ in range(len(flow.steps) + 1):
        edge = next_edge(flow, here, goal)
        if edge is None:
            break
        move = next(
            (
                m
                for m in _out(flow, here)
                if m.to is not None and (m.id == edge or (edge == WAIT and _by_itself(m)))
            ),
            None,
        )
        if edge == goal[1] and goal[0] == MOVE:
            found.append(flow.by_id[edge])
            break
        if move is None or move.to is None:
            break
        found.append(move)
        here = move.to
    return found


def _by_itself(move: Move) -> bool:
    return move.auto or move.by_clock or move.after_limit


def _out(flow: Flow, step: str) -> Iterator[Move]:
    return (move for move in flow.moves if step in move.sources)

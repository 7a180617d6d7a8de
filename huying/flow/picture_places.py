"""Where the steps of a flow stand in its picture: bands by stage from top to bottom, in each band rows in the order in
which things happen, in each row at most three cards. The usual way runs straight down on the left; steps that are
only taken when needed stand to its right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .definition import PHASE_NAMES, PHASES, Flow, Move, Step
from .picture_words import Speech

COLUMNS = 3
MANY = 4  # a move from this many steps is told below the picture, not at each of them


@dataclass(slots=True)
class Card:
    """A step as it is drawn."""

    step: Step
    exits: list[Move] = field(default_factory=list)  # the moves that lead somewhere, told on the card
    row: int = 0
    column: int = 0
    number: int = 0
    x: float = 0
    y: float = 0
    width: float = 0
    height: float = 0


@dataclass(frozen=True, slots=True)
class Band:
    """A stage (or phase): its name, and how many rows it takes from which on."""

    name: str
    first: int
    rows: int


def told_below(flow: Flow) -> frozenset[str]:
    """The moves that are told once below the picture: those that stay in their step, and those from many steps,
    unless some step has no other way on by a person's hand: then they are what the flow is about."""
    many = {move.id for move in flow.moves if move.to is not None and len(move.sources) >= MANY}
    ways: dict[str, list[str]] = {}
    for move in flow.moves:
        if move.to is not None and not move.auto and not move.by_clock:
            for source in move.sources:
                if move.to != source:
                    ways.setdefault(source, []).append(move.id)
    shown = {move for here in ways.values() if many.issuperset(here) for move in here}
    return frozenset(many - shown) | {move.id for move in flow.moves if move.to is None}


def ranks(flow: Flow) -> dict[str, int]:
    """How far down each step stands: the longest way from the start, arrows that lead back left out."""
    return _ranked(flow, list(flow.steps))


def _ranked(flow: Flow, steps: Sequence[str]) -> dict[str, int]:
    """The same for some of the steps only: moves among them that lead down the file."""
    order = {key: i for i, key in enumerate(steps)}
    rank = dict.fromkeys(steps, 0)
    after: dict[str, set[str]] = {key: set() for key in steps}
    below = told_below(flow)
    for move in flow.moves:
        if move.to in order and move.id not in below:
            for source in move.sources:
                if source in order and order[move.to] > order[source]:
                    after[source].add(move.to)
    for key in steps:  # file order is a topological order of the arrows that lead down
        for to in after[key]:
            rank[to] = max(rank[to], rank[key] + 1)
    used = sorted(set(rank.values()))
    return {key: used.index(value) for key, value in rank.items()}


def place(flow: Flow, speech: Speech) -> tuple[dict[str, Card], list[Band]]:
    """The cards with their rows, columns and numbers, and the bands."""
    cards = {step.id: Card(step) for step in flow.steps.values()}
    below = told_below(flow)
    for move in flow.moves:
        if move.id not in below:
            for source in move.sources:
                cards[source].exits.append(move)
    lanes = _lanes(flow, speech)
    main = set(usual_way(flow, {key: i for i, (_, here) in enumerate(lanes) for key in here}))
    reach = {key: {move.to for move in card.exits} for key, card in cards.items()}
    bands: list[Band] = []
    row = 0
    before: set[str] = {flow.first}
    for name, here in lanes:
        first = row
        rank = _ranked(flow, here)
        before |= set(here)
        last = max(rank.values())
        for key in here:  # what is only reached from later steps stands last
            if key not in main and not any(key in reach[source] for source in before if source != key):
                rank[key] = last
        for level in sorted(set(rank.values())):
            together = [key for key in here if rank[key] == level]
            row = _columns(cards, together, main, row)
        bands.append(Band(name, first, row - first))
    _settle(cards, main)
    for n, card in enumerate(sorted(cards.values(), key=lambda one: (one.row, one.column)), 1):
        card.number = n
    return {card.step.id: card for card in sorted(cards.values(), key=lambda one: one.number)}, bands


def _lanes(flow: Flow, speech: Speech) -> list[tuple[str, list[str]]]:
    """The bands in order, each with its steps; what belongs to none comes last."""
    if flow.stages:
        names = flow.stages if speech.zh else {k: flow.stages_en.get(k) or k for k in flow.stages}
        known = {key: names[key] for key in flow.stages}
        lane_of = {step.id: step.stage for step in flow.steps.values()}
    else:  # phases are labels, not an order: they come as the steps of the file do
        lane_of = {step.id: step.phase for step in flow.steps.values()}
        came = [step.phase for step in flow.steps.values() if step.phase in PHASES and not step.end]
        known = {
            phase: PHASE_NAMES[phase] if speech.zh else phase for phase in dict.fromkeys((*came, *PHASES))
        }
    known[""] = speech.pick("归档", "archive")
    found: dict[str, list[str]] = {key: [] for key in known}
    for step, lane in lane_of.items():
        found[lane if lane in known else ""].append(step)
    return [(known[key], steps) for key, steps in found.items() if steps]


def usual_way(flow: Flow, band: Mapping[str, int]) -> list[str]:
    """The way of an ordinary case: from the start by the primary move that leads on, else by the nearest step."""
    order = {key: (band[key], i) for i, key in enumerate(flow.steps)}
    way, below = [flow.first], told_below(flow)
    while True:
        here = way[-1]
        ways = [
            (move.tone != "primary", order[move.to], move.to)
            for move in flow.moves
            if here in move.sources and move.to is not None and order[move.to] > order[here]
            and move.id not in below and (move.tone == "primary" or not flow.steps[move.to].end)
        ]  # fmt: skip
        ends = [key for key in flow.steps if flow.steps[key].end and order[key] > order[here]]
        if not ways:
            return way + ends[:1]
        way.append(min(ways)[2])


def _columns(cards: Mapping[str, Card], together: Sequence[str], main: set[str], row: int) -> int:
    """Rows for the steps of one level: the usual way in the first column, the others beside it; the next free row."""
    others = [key for key in together if key not in main]
    for i, key in enumerate(one for one in together if one in main):
        cards[key].row = row + i
    room = COLUMNS - 1
    for i, key in enumerate(others):
        cards[key].row, cards[key].column = row + i // room, 1 + i % room
    return max(cards[key].row for key in together) + 1


def _settle(cards: Mapping[str, Card], main: set[str]) -> None:
    """Move side steps to the column where their lines are shortest and run least through other cards."""
    lines = [
        (card.step.id, move.to)
        for card in cards.values() for move in card.exits
        if move.to is not None and cards[move.to].row > card.row
    ]  # fmt: skip

    def cost(touching: set[str]) -> int:
        taken = {(card.row, card.column) for card in cards.values()}
        total = 0
        for a, b in lines:
            if a in touching or b in touching:
                one, other = cards[a], cards[b]
                total += 2 * abs(one.column - other.column)
                total += sum((r, other.column) in taken for r in range(one.row + 1, other.row))
        return total

    rows: dict[int, list[Card]] = {}
    for card in cards.values():
        if card.step.id not in main:
            rows.setdefault(card.row, []).append(card)
    for _ in range(3):
        for side in rows.values():
            touching = {card.step.id for card in side}
            choices = [(1, 2), (2, 1)] if len(side) == 2 else [(1,), (2,)]
            tried = []
            for chosen in choices:
                _put(side, chosen)
                tried.append((cost(touching), chosen))
            _put(side, min(tried)[1])


def _put(side: Sequence[Card], columns: Sequence[int]) -> None:
    for card, column in zip(side, columns, strict=True):
        card.column = column

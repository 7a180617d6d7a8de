"""Which moves of a flow are drawn as lines, and where the lines run.

Lines lead down only, and no two lines to different steps may cross: every move is told on its card with the number
of the step to which it leads, so a line that would cross others (a shortcut, mostly) is left out rather than drawn.

A line leaves its card at the bottom, runs along the channel below that row, down one passage (between two columns, or
through a column where no card stands in its way), along the channel above its target and enters it from the top. All
lines to one step share their tracks. Everything here is counted in whole places, pixels come later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import permutations

from .picture_places import Card

GRID = 1000  # the width of a column in places
PORT = 20  # between two lines that leave a card


@dataclass(slots=True)
class Line:
    """The moves from one step to another, further down."""

    source: str
    target: str
    weight: float
    passage: int | None = None  # its place across; None: straight through one channel
    port: int = 0  # where it leaves its card


@dataclass(slots=True)
class Track:
    """What the lines to one step need of one channel."""

    low: int
    high: int
    ups: set[int] = field(default_factory=set)  # where lines come in from above
    downs: set[int] = field(default_factory=set)  # where they leave to below

    def add(self, from_above: int, to_below: int) -> None:
        """One more line."""
        self.ups.add(from_above)
        self.downs.add(to_below)
        self.low = min(self.low, from_above, to_below)
        self.high = max(self.high, from_above, to_below)

    def over(self, places: Iterable[int]) -> int:
        """How many of these places it runs over."""
        return sum(self.low <= place <= self.high for place in places)

    @property
    def straight(self) -> bool:
        """Nothing runs along the channel."""
        return self.low == self.high


Channels = list[dict[str, Track]]


def centre(card: Card) -> int:
    """Where lines enter a card."""
    return card.column * GRID + GRID // 2


def lay(cards: Mapping[str, Card]) -> list[Line]:
    """The lines that are drawn, each with its passage and port."""
    return _Routes(cards).settled()


def routed(cards: Mapping[str, Card], lines: list[Line]) -> Channels:
    """What those lines need of the channel above each row."""
    return _Routes(cards, lines).channels()[0]


class _Routes:
    def __init__(self, cards: Mapping[str, Card], lines: list[Line] | None = None) -> None:
        self.cards = cards
        self.rows = max(card.row for card in cards.values()) + 1
        self.columns = max(card.column for card in cards.values()) + 1
        self.taken = {(card.row, card.column) for card in cards.values()}
        self.lines = self.wanted() if lines is None else lines

    def wanted(self) -> list[Line]:
        """One line for each pair of steps with a move down; the heavier, the more it matters."""
        made: dict[tuple[str, str], Line] = {}
        arriving: dict[str, int] = {}
        for card in self.cards.values():
            for move in card.exits:
                to = move.to or ""
                span = self.cards[to].row - card.row
                if span <= 0:
                    continue
                weight = (4 if move.tone == "primary" else 1.5 if move.auto else 1) / (1 + 0.15 * span)
                known = made.get((card.step.id, to))
                if known is None:
                    made[card.step.id, to] = Line(card.step.id, to, weight)
                    arriving[to] = arriving.get(to, 0) + 1
                else:
                    known.weight = max(known.weight, weight)
        for line in made.values():
            if arriving[line.target] == 1:
                line.weight += 3  # the only way there
        return list(made.values())

    def settled(self) -> list[Line]:
        """Choose passages, leave out the lines that cost most crossings until none is left, and take back those that
        have room after all."""
        every = self.lines
        self.choose(self.lines)
        while (count := self.crossings()) > 0:
            now = self.lines
            scored: list[tuple[float, int]] = []
            for i, line in enumerate(now):
                self.lines = now[:i] + now[i + 1 :]
                saved = count - self.crossings()
                alone = sum(one.target == line.target for one in now) == 1  # the only line left to that step
                scored.append((saved / (line.weight + 2 * alone), i))
            worst = max(scored)[1]
            self.lines = now[:worst] + now[worst + 1 :]
            self.choose(self.lines)
        self.take_back([line for line in every if line not in self.lines])
        return self.lines

    def take_back(self, left_out: Sequence[Line]) -> None:
        """Draw what crosses nothing after all; first the lines to steps to which none leads yet."""
        reached = {line.target for line in self.lines}
        for line in sorted(left_out, key=lambda one: (one.target in reached, -one.weight)):
            before = self.lines
            passages = {id(one): one.passage for one in before}
            self.lines = [*before, line]
            self.choose([line])
            if self.crossings():
                self.choose(self.lines)
            if self.crossings():
                self.lines = before
                for one in before:
                    one.passage = passages[id(one)]

    def choose(self, lines: Sequence[Line]) -> None:
        """For each line the passage with which the whole has fewest crossings; the shortest of those."""
        for _ in range(2):
            changed = False
            for line in lines:
                options = self.passages(line)
                before = line.passage
                if len(options) > 1 or before not in options:
                    scored = []
                    for option in options:
                        line.passage = option
                        scored.append((self.crossings(), self.way(line), option or 0, option))
                    line.passage = min(scored, key=lambda one: one[:3])[3]
                    changed = changed or line.passage != before
            if not changed:
                break

    def passages(self, line: Line) -> list[int | None]:
        """Where the line may run down past the rows between."""
        a, b = self.cards[line.source], self.cards[line.target]
        between = range(a.row + 1, b.row)
        if not between:
            return [None]
        free = [c for c in range(self.columns) if not any((row, c) in self.taken for row in between)]
        if a.column == b.column and a.column in free:
            return [centre(a)]
        mine = b.number  # in a gap between two columns, lines to one step share their track
        gaps = [-mine, *(gap * GRID + side for gap in range(1, self.columns) for side in (mine, -mine))]
        return [*(column * GRID + GRID // 2 for column in free), *gaps, self.columns * GRID + mine]

    def way(self, line: Line) -> int:
        a, b = centre(self.cards[line.source]), centre(self.cards[line.target])
        return abs((line.passage or b) - a) + abs((line.passage or b) - b)

    def ports(self) -> None:
        """Spread the lines of each card along its bottom, in the order in which they go apart."""
        leaving: dict[str, list[Line]] = {}
        for line in self.lines:
            leaving.setdefault(line.source, []).append(line)
        for source, lines in leaving.items():
            middle = centre(self.cards[source])
            left: list[tuple[int, Line]] = []
            right: list[tuple[int, Line]] = []
            down: list[tuple[int, Line]] = []
            for line in lines:
                goal = line.passage if line.passage is not None else centre(self.cards[line.target])
                (down if goal == middle else left if goal < middle else right).append((goal, line))
            for i, (_, line) in enumerate(sorted(left, key=lambda one: (-one[0], one[1].target)), 1):
                line.port = middle - i * PORT
            for i, (_, line) in enumerate(sorted(right, key=lambda one: (one[0], one[1].target)), 1):
                line.port = middle + i * PORT
            for _, line in down:
                line.port = middle
            if not down and len(lines) == 1:
                lines[0].port = middle

    def channels(self) -> tuple[Channels, list[list[tuple[int, str]]]]:
        """For the channel above each row: the tracks by target, and what passes through to further below."""
        self.ports()
        tracks: Channels = [{} for _ in range(self.rows)]
        through: list[list[tuple[int, str]]] = [[] for _ in range(self.rows)]
        for line in self.lines:
            a, b = self.cards[line.source], self.cards[line.target]
            end = centre(b)
            if line.passage is None:
                _track(tracks[b.row], line.target, line.port, end)
                continue
            _track(tracks[a.row + 1], line.target, line.port, line.passage)
            _track(tracks[b.row], line.target, line.passage, end)
            for row in range(a.row + 2, b.row):
                if (line.passage, line.target) not in through[row]:
                    through[row].append((line.passage, line.target))
        return tracks, through

    def crossings(self) -> int:
        """How many times lines to different steps meet, with the tracks of each channel in their best order."""
        tracks, through = self.channels()
        total = 0
        for here, past in zip(tracks, through, strict=True):
            named = list(here.items())
            for i, (_, one) in enumerate(named):
                for _, other in named[i + 1 :]:
                    total += min(clash(one, other), clash(other, one))
            for place, target in past:
                total += sum(track.over((place,)) for to, track in named if to != target)
            places = [place for place, _ in past]
            total += 5 * (len(places) - len(set(places)))
        return total


def _track(tracks: dict[str, Track], target: str, from_above: int, to_below: int) -> None:
    tracks.setdefault(target, Track(from_above, from_above)).add(from_above, to_below)


def clash(upper: Track, lower: Track) -> int:
    """Crossings of two tracks when the first runs above the second."""
    return lower.over(upper.downs) + upper.over(lower.ups)


def ordered(tracks: Mapping[str, Track]) -> list[str]:
    """The targets of a channel's tracks from top to bottom, with fewest crossings; straight ones need no track."""
    names = [name for name, track in tracks.items() if not track.straight]

    def cost(order: Iterable[str]) -> int:
        order = list(order)
        return sum(clash(tracks[a], tracks[b]) for i, a in enumerate(order) for b in order[i + 1 :])

    if len(names) <= 5:
        return list(min(permutations(names), key=cost, default=()))
    made: list[str] = []
    for name in names:
        made = min(([*made[:i], name, *made[i:]] for i in range(len(made) + 1)), key=cost)
    return made

"""A flow as a picture that an official can read. From top to bottom, in the order in which things happen: a band for
each stage (or phase), in it a card for each step with its number, who holds it and how long, and below that every move
with the number and name of the step to which it leads. Lines show the ways down that do not cross (`picture_routes`).
Plain SVG without scripts, styles or outside references."""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import escape

from . import picture_marks as marks
from .definition import Flow, Move
from .picture_places import Card, place, ranks, told_below
from .picture_routes import GRID, Line, centre, lay, ordered, routed
from .picture_words import Speech, text_width, wrapped

__all__ = ["FONT", "draw", "ranks"]

FONT = "'Noto Sans CJK SC', 'Source Han Sans SC', 'Microsoft YaHei', 'PingFang SC', sans-serif"
COLOURS = (
    "#1d4f91", "#0f766e", "#8a4b08", "#6b3fa0", "#a02c5a", "#3f6212", "#0369a1", "#7c2d12",
    "#475569", "#b91c6b", "#15803d", "#4338ca", "#a16207", "#9f1239", "#0e7490", "#6d28d9",
)  # fmt: skip
SIZE, SMALL = 16, 13
NARROWEST, WIDEST, ALONE = 190, 272, 350  # widths of a card; the last where there is one column only
EDGE = 14  # inside a card
TRACK, ROW = 9, 20
STRIP = 104  # the names of the bands
LEAST = 640  # the notes need some room
INK, SOFT = "#0f172a", "#475569"


def draw(flow: Flow, language: str = "zh-Hans", names: Mapping[str, str] | None = None) -> str:
    """The flow as SVG text. `names` gives the words for codes of tiers, roles and organs."""
    return Picture(flow, Speech(language, names or {}, flow)).svg()


class Picture:
    """The picture measured: cards, lines and notes with their places in pixels."""

    def __init__(self, flow: Flow, speech: Speech) -> None:
        self.flow = flow
        self.say = speech
        self.cards, self.bands = place(flow, speech)
        self.lines = lay(self.cards)
        self.colour = {key: COLOURS[i % len(COLOURS)] for i, key in enumerate(self.cards)}
        self.measure()

    # -- where things stand
    def measure(self) -> None:
        say, cards = self.say, list(self.cards.values())
        wish = float(NARROWEST)
        for card in cards:
            words = [text_width(line, SMALL) for line in say.lines(card.step)]
            exits = [text_width(say.mark(move), SMALL) + self.chips(card) + 12 for move in card.exits]
            wish = max(wish, 30 + text_width(say.label(card.step), SIZE), *words, *exits)
        columns = max(card.column for card in cards) + 1
        self.card_width = min(wish + 2 * EDGE, WIDEST if columns > 1 else ALONE)
        for card in cards:
            card.width = self.card_width
            card.height = self.head(card) + sum(self.exit_height(card, move) for move in card.exits)
            card.height += 12 if card.exits else 2
        self.across(columns)
        self.down(max(card.row for card in cards) + 1)
        self.notes = self.note_lines()
        self.height = self.bottom + 24 + 20 * len(self.notes)

    def across(self, columns: int) -> None:
        """The left edge of each column, and of each track in the gaps between them."""
        self.track_x: dict[int, float] = {}
        self.column_x: list[float] = []
        used = {line.passage for line in self.lines if line.passage is not None}
        x = float(14 + STRIP)
        for gap in range(columns + 1):
            here = sorted(at for at in used if abs(at - gap * GRID) < GRID // 4)
            x += 14
            for at in here:
                self.track_x[at] = x
                x += TRACK
            x += 14
            if gap < columns:
                self.column_x.append(x)
                x += self.card_width
        self.width = max(x + 14, LEAST)

    def down(self, rows: int) -> None:
        """The top of each row, and the height of each track in the channel above it."""
        channels = routed(self.cards, self.lines)
        self.track_y: dict[tuple[int, str], float] = {}
        y, first = 58.0, {band.first for band in self.bands}
        self.band_y: list[float] = []
        for row in range(rows):
            if row in first:
                self.band_y.append(y)
                y += 6
            y += 14
            for name in ordered(channels[row]):
                self.track_y[row, name] = y
                y += TRACK
            y += 12
            here = [card for card in self.cards.values() if card.row == row]
            for card in here:
                card.x, card.y = self.column_x[card.column], y
            y += max(card.height for card in here)
            if row + 1 in first or row + 1 == rows:
                y += 10
        self.bottom = y
        self.band_y.append(y)

    def px(self, at: int) -> float:
        """The pixel of a place across."""
        if at in self.track_x:
            return self.track_x[at]
        column, rest = divmod(at, GRID)
        return self.column_x[column] + self.card_width / 2 + (rest - GRID // 2) * 0.7

    def points(self, line: Line) -> list[tuple[float, float]]:
        """The way of a line, from the bottom of its card to the arrow above its target."""
        a, b = self.cards[line.source], self.cards[line.target]
        end = centre(b)
        made = [(self.px(line.port), a.y + a.height)]
        legs = [(b.row, line.port, end)]
        if line.passage is not None:
            legs = [(a.row + 1, line.port, line.passage), (b.row, line.passage, end)]
        for row, start, stop in legs:
            if start != stop:
                y = self.track_y[row, line.target]
                made += [(self.px(start), y), (self.px(stop), y)]
        return [*made, (self.px(end), b.y - 8)]

    # -- what a card tells
    def head(self, card: Card) -> float:
        return 18 + 22 * len(self.title(card)) + 18 * len(self.told(card)) + 8

    def title(self, card: Card) -> list[str]:
        return wrapped(self.say.label(card.step), SIZE, self.card_width - 2 * EDGE - 28)

    def told(self, card: Card) -> list[str]:
        room = self.card_width - 2 * EDGE
        return [part for line in self.say.lines(card.step) for part in wrapped(line, SMALL, room)]

    def chip_width(self, move: Move) -> float:
        return 36 + text_width(self.aim(move), SMALL)

    def aim(self, move: Move) -> str:
        """The name of the step to which a move leads, as far as there is room; its number stands before it."""
        words, most = self.say.label(self.flow.steps[move.to or ""]), WIDEST - 2 * EDGE - 36
        while text_width(words, SMALL) > most:
            words = words[:-2] + "…"
        return words

    def chips(self, card: Card) -> float:
        """The width of what stands at the right: the widest target."""
        return max(self.chip_width(move) for move in card.exits)

    def breaks(self, card: Card, move: Move) -> bool:
        """Whether the target stands on a line of its own below the move's name."""
        room = self.card_width - 2 * EDGE
        return text_width(self.say.mark(move), SMALL) + 12 + self.chips(card) > room

    def named(self, move: Move) -> list[str]:
        return wrapped(self.say.mark(move), SMALL, self.card_width - 2 * EDGE)

    def exit_height(self, card: Card, move: Move) -> float:
        return ROW * (len(self.named(move)) + 1) if self.breaks(card, move) else ROW

    # -- drawing
    def svg(self) -> str:
        """The whole picture."""
        body = [*self.background(), *self.drawn_lines(), *self.drawn_cards(), *self.drawn_notes()]
        title = escape(self.say.label(self.flow) or self.flow.id)
        size = f'width="{self.width:.0f}" height="{self.height:.0f}" viewBox="0 0 {self.width:.0f} {self.height:.0f}"'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {size} font-family="{FONT}">\n<title>{title}</title>\n'
            + "\n".join(body)
            + "\n</svg>\n"
        )

    def background(self) -> list[str]:
        title = self.say.label(self.flow) or self.flow.id
        made = [
            f'<rect width="{self.width:.0f}" height="{self.height:.0f}" fill="#ffffff"/>',
            marks.text(14, 36, title, 20, INK, bold=True),
        ]
        for i, band in enumerate(self.bands):
            top, height = self.band_y[i], self.band_y[i + 1] - self.band_y[i]
            fill = "#f1f5f9" if i % 2 == 0 else "#f8fafc"
            made.append(
                f'<rect x="14" y="{top:.1f}" width="{self.width - 28:.1f}" height="{height:.1f}" fill="{fill}"/>'
            )
            for n, part in enumerate(wrapped(band.name, 15, STRIP - 20)):
                made.append(marks.text(24, top + 30 + 20 * n, part, 15, "#334155", bold=True))
        return made

    def drawn_lines(self) -> list[str]:
        made: list[str] = []
        for line in self.lines:
            moves = [move for move in self.cards[line.source].exits if move.to == line.target]
            colour, target = self.colour[line.target], self.cards[line.target]
            dash = ""
            if all(move.auto or move.by_clock for move in moves):
                dash = "6 3" if any(move.auto for move in moves) else "2 3"
            thick = 2.4 if any(move.tone == "primary" for move in moves) else 1.4
            made.append(marks.line(colour, self.points(line), thick, dash))
            x, y = self.px(centre(target)), target.y - 1
            made.append(f'<path d="M{x:.1f} {y:.1f} l-5 -9 h10 z" fill="{colour}"/>')
        return made

    def drawn_cards(self) -> list[str]:
        made: list[str] = []
        for key, card in self.cards.items():
            step, colour = card.step, self.colour[key]
            dash = ' stroke-dasharray="6 4"' if step.after_close else ""
            fill = "#e2e8f0" if step.end else "#eef2ff" if step.auto else "#ffffff"
            radius = 18 if step.end or step.auto else 6
            made.append(
                f'<rect x="{card.x:.1f}" y="{card.y:.1f}" width="{card.width:.1f}" height="{card.height:.1f}" rx="{radius}" '
                f'fill="{fill}" stroke="{colour}" stroke-width="1.6"{dash}/>'
            )
            made += marks.number(card.x + EDGE + 10, card.y + 22, card.number, 10, colour)
            title = self.title(card)
            for i, part in enumerate(title):
                made.append(marks.text(card.x + EDGE + 28, card.y + 28 + 22 * i, part, SIZE, INK, bold=True))
            y = card.y + 30 + 22 * len(title)
            for i, line in enumerate(self.told(card)):
                made.append(marks.text(card.x + EDGE, y + 18 * i, line, SMALL, SOFT))
            if card.exits:
                y = card.y + self.head(card)
                made.append(marks.line("#cbd5e1", [(card.x + 1, y), (card.x + card.width - 1, y)], 1))
                made += self.drawn_exits(card, y + 4)
        return made

    def drawn_exits(self, card: Card, y: float) -> list[str]:
        """Every move of the step, and at the right the step to which it leads."""
        made: list[str] = []
        left, right = card.x + EDGE, card.x + card.width - EDGE
        for move in card.exits:
            for part in self.named(move) if self.breaks(card, move) else [self.say.mark(move)]:
                made.append(marks.text(left, y + 15, part, SMALL, "#1e293b", bold=move.closes))
                y += ROW
            if not self.breaks(card, move):
                y -= ROW
            target, colour = self.cards[move.to or ""], self.colour[move.to or ""]
            x = right - self.chips(card)
            made.append(marks.arrow(x + 6, y + 10, _direction(card, target), colour))
            made += marks.number(x + 22, y + 10, target.number, 8, colour)
            made.append(marks.text(x + 36, y + 15, self.aim(move), SMALL, colour))
            y += ROW
        return made

    # -- what is told below
    def note_lines(self) -> list[tuple[str, bool]]:
        """The notes and whether each begins a part."""
        say, room = self.say, self.width - 40
        legend = say.pick(
            "框里写着这一步由谁办、限多久、能做什么，右边是去向的编号。粗线：通常的走法；虚线：系统自动；"
            "点线：由时钟执行；粗体：结案；虚框：结案之后。会与别的线相交的去向不画线，看编号。",
            "A box tells who holds the step, how long, and what can be done, with the number of the step to which that "
            "leads. Thick: the usual way; dashed: automatic; dotted: by the clock; bold: closes; dashed box: after "
            "closing. Ways that would cross others are not drawn: see their number.",
        )
        made = [(part, False) for part in wrapped(legend, SMALL, room)]
        below = told_below(self.flow)
        common = [move for move in self.flow.moves if move.id in below]
        working = {
            step.id for step in self.flow.steps.values() if step.owner is not None and not step.after_close
        }
        for leaving in (True, False):
            here = [move for move in common if (move.to is not None) == leaving]
            if here:
                made.append(
                    (
                        say.pick("好几步都可以做的", "From many steps")
                        if leaving
                        else say.pick("不换步骤的", "Without leaving the step"),
                        True,
                    )
                )
            for move in here:
                line = say.mark(move)
                if move.to is not None:
                    line += f" → {self.cards[move.to].number} {say.label(self.flow.steps[move.to])}"
                line += say.pick("：", ": ") + self.where(move, working)
                made += [(part, False) for part in wrapped(line, SMALL, room, say.pick("　", "  "))]
        return made

    def where(self, move: Move, working: set[str]) -> str:
        """From which steps a move can be made."""
        sources = sorted((self.cards[key] for key in move.sources), key=lambda card: card.number)
        rest = [card for card in sources if card.step.id not in working]
        every = self.say.pick("在办的每一步", "every step of an open case")
        told = sources
        words: list[str] = []
        if len(working) > 2 and working <= set(move.sources):
            words, told = [every], rest
        words += [f"{card.number} {self.say.label(card.step)}" for card in told]
        return self.say.pick("、", ", ").join(words)

    def drawn_notes(self) -> list[str]:
        return [
            marks.text(20, self.bottom + 28 + 20 * i, line, SMALL, INK if part else SOFT, bold=part)
            for i, (line, part) in enumerate(self.notes)
        ]


def _direction(card: Card, target: Card) -> str:
    if target is card:
        return "stay"
    if target.row == card.row:
        return "right" if target.column > card.column else "left"
    return "down" if target.row > card.row else "up"

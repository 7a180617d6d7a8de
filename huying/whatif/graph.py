"""The ways of cases as a picture: steps as boxes in the order of the flow, ways as lines, wide where many cases went and
dark where they had waited long. Plain SVG with links and without scripts or styles, as the flow's own picture.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from math import sqrt

from huying.flow.definition import Flow
from huying.flow.picture import FONT, ranks
from huying.whatif.mining import START, Edge, Picture

WIDTH, BOX, TALL, ROW = 900, 168, 50, 104
SHADES = ((2.0, "#7fa8d6"), (7.0, "#3b74b9"), (21.0, "#b7791f"), (float("inf"), "#a3211a"))  # office hours
MOST_EDGES = 45


@dataclass(frozen=True, slots=True)
class Words:
    """What the picture says, in the language of the page."""

    title: str
    start: str
    step: Callable[[str], str]
    count: Callable[[int], str]
    hours: Callable[[float], str]


def shade(hours: float) -> str:
    """The colour of a waiting time in office hours."""
    return next(colour for edge, colour in SHADES if hours <= edge)


def draw(picture: Picture, flow: Flow, words: Words, link: Callable[[Edge], str], least: int = 1) -> str:
    """The picture as SVG text; ways that fewer than *least* cases went are left to the table."""
    edges = sorted(picture.edges.values(), key=lambda one: -one.count)
    shown = [edge for edge in edges if edge.count >= least][:MOST_EDGES]
    names = {START} | {edge.source for edge in shown} | {edge.target for edge in shown}
    places = _layout(flow, picture, names)
    height = max(y for _, y in places.values()) + TALL + 36
    most = max((edge.count for edge in shown), default=1)
    body: list[str] = []
    labels: list[str] = []
    for n, edge in enumerate(sorted(shown, key=lambda one: one.count)):
        _edge(body, labels, edge, places, most, words, link(edge), n)
    boxes = [_box(step, places[step], picture, words) for step in sorted(names)]
    return (
        f'<svg class="hy-picture" xmlns="http://www.w3.org/2000/svg" role="group" aria-label="{escape(words.title)}" width="{WIDTH}" '
        f'height="{height}" viewBox="0 0 {WIDTH} {height}" font-family="{escape(FONT)}">'
        + "".join(body) + "".join(boxes) + "".join(labels) + "</svg>"
    )  # fmt: skip


def _layout(flow: Flow, picture: Picture, names: set[str]) -> dict[str, tuple[int, int]]:
    """Where each box stands (left, top): rows by the flow's order, the way that most cases went in the middle."""
    order = ranks(flow)
    used = sorted({order[step] for step in names if step in order})
    rows: dict[int, list[str]] = {0: [START]}
    for step in sorted(names - {START}, key=lambda one: (order.get(one, 99), one)):
        rows.setdefault(1 + (used.index(order[step]) if step in order else len(used)), []).append(step)
    spine = set(max(picture.variants, key=lambda one: one.count).steps) if picture.variants else set()
    places: dict[str, tuple[int, int]] = {}
    centre = (WIDTH - BOX) // 2
    side = 1
    for n, row in enumerate(sorted(rows)):
        y = 16 + n * ROW
        main = [step for step in rows[row] if step in spine or step == START]
        others = [step for step in rows[row] if step not in main]
        for i, step in enumerate(main):
            places[step] = (centre + i * (BOX + 30), y)
        for step in others:
            free = [
                x
                for x in (centre + side * 270, centre - side * 270, centre)
                if all(abs(x - p[0]) >= BOX for p in places.values() if p[1] == y)
            ]
            places[step] = ((free or [centre + side * 330])[0], y)
            side = -side
    return places


def _box(step: str, place: tuple[int, int], picture: Picture, words: Words) -> str:
    x, y = place
    node = picture.nodes.get(step)
    if step == START or node is None:
        name = words.start if step == START else words.step(step)
        count = (
            picture.cases
            if step == START
            else sum(e.count for e in picture.edges.values() if e.target == step)
        )
        return _rect(x, y, "#e2e8f0", "#64748b", 24) + _text(x + BOX / 2, y + 21, name, 15, bold=True) + _text(
            x + BOX / 2, y + 40, words.count(count), 12
        )  # fmt: skip
    waits = node.times.work if node.times is not None else 0.0
    told = words.count(node.entries) + (f" · {words.hours(waits)}" if node.times is not None else "")
    return _rect(x, y, "#ffffff", shade(waits), 6) + _text(x + BOX / 2, y + 21, words.step(step), 15, bold=True) + _text(
        x + BOX / 2, y + 40, told, 12
    )  # fmt: skip


def _rect(x: float, y: float, fill: str, line: str, radius: int) -> str:
    return (
        f'<rect x="{x:.0f}" y="{y:.0f}" width="{BOX}" height="{TALL}" rx="{radius}" fill="{fill}" stroke="{line}" '
        'stroke-width="2"/>'
    )


def _text(x: float, y: float, words: str, size: int, *, bold: bool = False, halo: bool = False) -> str:
    weight = ' font-weight="700"' if bold else ""
    around = ' stroke="#ffffff" stroke-width="4" paint-order="stroke" stroke-linejoin="round"' if halo else ""
    fill = "#17212e" if bold or halo else "#3a4a5f"
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size}" text-anchor="middle" fill="{fill}"{weight}{around}>'
        f"{escape(words)}</text>"
    )


def _edge(
    body: list[str], labels: list[str], edge: Edge, places: Mapping[str, tuple[int, int]], most: int, words: Words,
    url: str, n: int,
) -> None:  # fmt: skip
    waits = edge.times.work if edge.times is not None else 0.0
    colour = "#64748b" if edge.source == START or edge.times is None else shade(waits)
    width = 1.2 + 7 * sqrt(edge.count / most)
    path, (lx, ly) = _path(places[edge.source], places[edge.target], n, edge.source == edge.target)
    source = words.start if edge.source == START else words.step(edge.source)
    told = f"{source} → {words.step(edge.target)}, {words.count(edge.count)}"
    if edge.times is not None and edge.source != START:
        told += f", {words.hours(waits)}"
    head = 5 + width
    tx, ty, down = _tip(places[edge.source], places[edge.target], n)
    arrow = f"M{tx:.0f} {ty:.0f} l{-head / 2:.1f} {-head if down else head:.1f} h{head:.1f} z"
    body.append(
        f'<a href="{escape(url)}" aria-label="{escape(told)}"><title>{escape(told)}</title>'
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width:.1f}" stroke-opacity="0.75"/>'
        f'<path d="{path}" fill="none" stroke="#ffffff" stroke-opacity="0" stroke-width="16" pointer-events="stroke"/>'
        f'<path d="{arrow}" fill="{colour}"/></a>'
    )
    figure = _text(lx, ly, str(edge.count), 12, halo=True)
    labels.append(f'<a href="{escape(url)}" tabindex="-1" aria-hidden="true">{figure}</a>')


def _ports(a: tuple[int, int], b: tuple[int, int], n: int) -> tuple[float, float, float, float, bool]:
    """Where a line leaves and arrives, and whether it leads down; lines of one pair of boxes do not lie on another."""
    down = b[1] > a[1]
    spread = (n * 37 % 5 - 2) * 13
    if down:
        return a[0] + BOX / 2 + spread, a[1] + TALL, b[0] + BOX / 2 + spread, b[1], True
    return a[0] + BOX / 2 + spread, a[1], b[0] + BOX / 2 + spread, b[1] + TALL, False


def _tip(a: tuple[int, int], b: tuple[int, int], n: int) -> tuple[float, float, bool]:
    if a[1] >= b[1]:  # back up or beside: arrives at the side
        x, y, _ = _side(a, b, n)
        return x, y, False
    _, _, x, y, down = _ports(a, b, n)
    return x, y, down


def _side(a: tuple[int, int], b: tuple[int, int], n: int) -> tuple[float, float, bool]:
    right = n % 2 == 0
    return b[0] + (BOX - 22 if right else 22), b[1] + TALL, right


def _path(a: tuple[int, int], b: tuple[int, int], n: int, loop: bool) -> tuple[str, tuple[float, float]]:
    """The line and where its figure stands: on the line, not always half-way, so that figures do not lie on others."""
    if a[1] < b[1]:
        x1, y1, x2, y2, _ = _ports(a, b, n)
        bend = 0.0
        if (b[1] - a[1]) > ROW * 1.5 and abs(
            a[0] - b[0]
        ) < BOX:  # past the boxes between them, not behind them
            bend = 1.3 * (BOX * 0.62 + (n % 4) * 22) * (1 if n % 2 else -1)
        c = (y2 - y1) * 0.5
        points = ((x1, y1), (x1 + bend, y1 + c), (x2 + bend, y2 - c), (x2, y2))
    else:
        x2, y2, right = _side(a, b, n)
        x1, y1 = float(a[0] + BOX if right else a[0]), a[1] + TALL / 2
        out = 40 + (n % 5) * 20 + abs(a[1] - b[1]) * 0.12
        edge = max(a[0], b[0]) + BOX + out if right else min(a[0], b[0]) - out
        edge = min(max(edge, 14), WIDTH - 14)
        points = ((x1, y1), (edge, y1), (edge, y2 + (34 if loop or a[1] == b[1] else 40)), (x2, y2))
    (x1, y1), (cx, cy), (dx, dy), (x2, y2) = points
    path = f"M{x1:.0f} {y1:.0f} C{cx:.0f} {cy:.0f} {dx:.0f} {dy:.0f} {x2:.0f} {y2:.0f}"
    t = (0.5, 0.38, 0.62)[n % 3]
    share = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
    x = sum(k * point[0] for k, point in zip(share, points, strict=True))
    y = sum(k * point[1] for k, point in zip(share, points, strict=True))
    return path, (x, y + 4)

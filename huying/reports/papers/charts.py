"""Small charts drawn as lines and rectangles, so that they are as sharp on paper as the text."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from fpdf import FPDF
from fpdf.enums import Align

from huying.reports.papers.sheet import Block, number_text

BLUE = (29, 90, 166)
PALE = (214, 224, 236)
BAR = 6.6  # mm for one bar with its gap
LINE_HEIGHT = 52.0


def height(block: Block) -> float:
    """How high the chart will be, in mm."""
    return len(block["labels"]) * BAR + 2 if block["t"] == "bars" else LINE_HEIGHT


def draw(out: FPDF, block: Block, x: float, y: float, width: float, high: float) -> None:
    """Draw it into the rectangle; the current font is used."""
    if block["t"] == "bars":
        _bars(out, block, x, y, width)
    else:
        _line(out, block, x, y, width, high)
    out.set_draw_color(0)
    out.set_fill_color(255)
    out.set_line_width(0.2)
    out.set_xy(x, y)


def _bars(out: FPDF, block: Block, x: float, y: float, width: float) -> None:
    labels, values = block["labels"], block["values"]
    room = min(max(out.get_string_width(str(one)) for one in labels) + 3, width * 0.4)
    most = max([*(one or 0 for one in values), 1e-9])
    long = width - room - 26
    out.set_fill_color(*BLUE)
    for number, (label, value) in enumerate(zip(labels, values, strict=True)):
        top = y + number * BAR
        out.set_xy(x, top)
        out.cell(room, BAR, _fitting(out, str(label), room - 2), align=Align.R)
        wide = long * (value or 0) / most
        if wide > 0:
            out.rect(x + room + 1, top + 1.3, wide, BAR - 2.6, style="F")
        out.set_xy(x + room + 2 + wide, top)
        out.cell(24, BAR, number_text(value, block.get("unit", "")))


def _line(out: FPDF, block: Block, x: float, y: float, width: float, high: float) -> None:
    labels, values = block["labels"], block["values"]
    left, foot, top = x + 14, y + high - 8, y + 4
    there = [one for one in values if one is not None]
    low, most = scale(there, block.get("unit", ""))
    out.set_draw_color(*PALE)
    for step in range(5):
        at = foot - (foot - top) * step / 4
        out.line(left, at, x + width, at)
        out.set_xy(x, at - 3)
        out.cell(12, 6, number_text(low + (most - low) * step / 4, block.get("unit", "")), align=Align.R)
    wide = (x + width - left - 6) / max(len(labels) - 1, 1)
    every = max(1, -(-len(labels) // 8))
    points: list[tuple[float, float] | None] = []
    for number, (label, value) in enumerate(zip(labels, values, strict=True)):
        across = left + 3 + number * wide
        if number % every == 0:
            out.set_xy(across - 12, foot + 1)
            out.cell(24, 5, str(label), align=Align.C)
        points.append(None if value is None else (across, foot - (foot - top) * (value - low) / (most - low)))
    _strokes(out, points)


def _strokes(out: FPDF, points: list[Any]) -> None:
    out.set_draw_color(*BLUE)
    out.set_fill_color(*BLUE)
    out.set_line_width(0.5)
    for one, other in pairwise(points):
        # Where there is no figure there is a gap: a line drawn over it would be invented.
        if one is not None and other is not None:
            out.line(*one, *other)
    for one in points:
        if one is not None:
            out.ellipse(one[0] - 0.8, one[1] - 0.8, 1.6, 1.6, style="F")


def scale(values: list[float], unit: str = "") -> tuple[float, float]:
    """The ends of an axis: from nought, to a round number above the greatest value (100 for shares)."""
    if unit == "%":
        return 0.0, 100.0
    most, step = max([*values, 1]), 1
    while step * 40 < most:
        step *= 10
    for times in (4, 8, 12, 20, 40):
        if step * times >= most:
            return 0.0, float(step * times)
    return 0.0, float(most)


def _fitting(out: FPDF, text: str, room: float) -> str:
    while text and out.get_string_width(text) > room:
        text = text[:-2] + "…" if not text.endswith("…") else text[:-3] + "…"
    return text

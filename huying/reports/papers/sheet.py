"""What a report says, whatever it is drawn as: a head, a title and blocks in order.

Blocks are plain dictionaries, kept as JSON with the report, so that the page, the PDF and the Word document of a
report that was issued years ago can still be drawn from the same words and figures:

    {"t": "h", "text"}                                  a heading, numbered when it is put together
    {"t": "p", "text"}                                  a paragraph
    {"t": "note", "text"}                               a small remark, such as what a figure leaves out
    {"t": "table", "heads", "rows", "widths", "align"}  cells are text; widths in parts; align one letter a column
    {"t": "bars", "title", "labels", "values", "unit"}  lying bars
    {"t": "line", "title", "labels", "values", "unit"}  a line over time; a value may be null
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Block = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A report as it goes on paper. *draft*: it has no number and no date yet, and every page says so."""

    head: str
    number: str
    office: str
    date: str
    title: str
    blocks: Sequence[Block]
    data: str  # of when the figures are
    copies: str  # 抄送
    foot: str  # who printed it, and when
    corrects: str = ""
    draft: str = ""


_ORDER = "零一二三四五六七八九十"


def ordinal(n: int) -> str:
    """1 → 一, 11 → 十一, 20 → 二十."""
    if n <= 10:
        return _ORDER[n]
    tens, ones = divmod(n, 10)
    return ("" if tens == 1 else _ORDER[tens]) + "十" + (_ORDER[ones] if ones else "")


def number_text(value: float | None, unit: str = "") -> str:
    """A value of a chart as it is written beside its bar."""
    if value is None:
        return "—"
    text = f"{value:.1f}".removesuffix(".0")
    return f"{text}{unit}"

"""The file of a case as a PDF."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fpdf import FPDF
from fpdf.enums import TableBordersLayout, WrapMode, XPos, YPos
from fpdf.fonts import FontFace

from huying.cases.papers.contents import Paper, picture
from huying.cases.papers.fonts import Face, face

NAME = "cjk"
GREY = (85, 96, 110)


class _Sheets(FPDF):
    """A4 sheets with the case's foot line and page numbers."""

    foot = ""

    def footer(self) -> None:
        self.set_y(-16)
        self.set_font(NAME, size=8)
        self.set_text_color(*GREY)
        self.cell(0, 5, self.foot, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.cell(0, 5, f"{self.page_no()} / {{nb}}", align="R")
        self.set_text_color(0)


def pdf(paper: Paper, font: Face | None = None) -> bytes:
    """The paper as a PDF on A4 with the glyphs it uses embedded. Raises NoFont when the machine has none."""
    font = font or face()
    sheets = _Sheets(format="A4")
    sheets.foot = paper.foot
    sheets.set_title(paper.heading)
    sheets.add_font(NAME, fname=str(font.path), collection_font_number=font.number)
    sheets.set_margins(22, 20)
    sheets.set_auto_page_break(True, margin=22)
    sheets.add_page()
    if paper.mark:
        sheets.set_text_color(168, 30, 30)
        _text(sheets, paper.mark, 12, align="R")
        sheets.set_text_color(0)
    _text(sheets, paper.heading, 18, align="C", after=3)
    _text(sheets, paper.title, 14, after=2)
    _table(sheets, [list(row) for row in paper.facts], (25, 75), heads=False)
    for title, text in paper.texts:
        _head(sheets, title)
        _text(sheets, text, 11)
    if paper.legs:
        _head(sheets, paper.legs_title)
        _table(sheets, [list(paper.legs_heads), *map(list, paper.legs)], (30, 12, 16, 21, 21), heads=True)
    _head(sheets, paper.story_title)
    for entry in paper.story:
        _entry(sheets, entry)
    _photos(sheets, paper)
    _head(sheets, paper.signatures_title)
    for name, date in paper.signatures:
        sheets.set_font(NAME, size=11)
        sheets.cell(110, 13, f"{name}：＿＿＿＿＿＿＿＿＿＿")
        sheets.cell(0, 13, f"{date}：＿＿＿＿＿＿＿", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    return bytes(sheets.output())


def _text(sheets: FPDF, text: str, size: float, *, align: str = "L", after: float = 1) -> None:
    sheets.set_font(NAME, size=size)
    sheets.multi_cell(
        0, size * 0.56, text, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT, wrapmode=WrapMode.CHAR
    )
    sheets.ln(after)


def _head(sheets: FPDF, text: str) -> None:
    # A head at the foot of a sheet, with its text on the next, helps nobody.
    if sheets.will_page_break(22):
        sheets.add_page()
    sheets.ln(3)
    _text(sheets, text, 13, after=1)


def _table(sheets: FPDF, rows: list[list[str]], widths: Sequence[int], *, heads: bool) -> None:
    sheets.set_font(NAME, size=10)
    plain = FontFace(emphasis="")
    with sheets.table(
        rows, col_widths=tuple(widths), first_row_as_headings=heads, headings_style=plain, line_height=6,
        borders_layout=TableBordersLayout.ALL, wrapmode=WrapMode.CHAR, padding=1,
    ):  # fmt: skip
        pass
    sheets.ln(2)


def _entry(sheets: FPDF, entry: Any) -> None:
    if sheets.will_page_break(16):
        sheets.add_page()
    sheets.set_font(NAME, size=9)
    sheets.set_text_color(*GREY)
    sheets.cell(32, 6, entry.at)
    sheets.set_text_color(0)
    sheets.set_font(NAME, size=11)
    line = f"{entry.title}　{entry.who}" if entry.who else entry.title
    sheets.multi_cell(0, 6, line, new_x=XPos.LMARGIN, new_y=YPos.NEXT, wrapmode=WrapMode.CHAR)
    for label, text in entry.said:
        sheets.set_x(sheets.l_margin + 32)
        sheets.set_font(NAME, size=10)
        said = f"{label}：{text}" if label else text
        sheets.multi_cell(0, 5.6, said, new_x=XPos.LMARGIN, new_y=YPos.NEXT, wrapmode=WrapMode.CHAR)
    sheets.ln(1.5)


def _photos(sheets: FPDF, paper: Paper) -> None:
    shown = [(caption, image) for caption, one in paper.photos if (image := picture(one)) is not None]
    if shown:
        _head(sheets, paper.photos_title)
    for caption, image in shown:
        if sheets.will_page_break(95):
            sheets.add_page()
        sheets.image(image, w=110, h=80, keep_aspect_ratio=True)
        _text(sheets, caption, 9, after=2)

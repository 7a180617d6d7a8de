"""A report as a PDF in the layout of official papers: margins, faces and sizes as GB/T 9704 is commonly described.

No conformance is claimed: nobody here has the standard's text, and the faces are free substitutes (``fonts``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from fpdf import FPDF
from fpdf.enums import Align, TableBordersLayout, VAlign, WrapMode, XPos, YPos
from fpdf.fonts import FontFace

from huying.reports.papers import charts, lines
from huying.reports.papers.fonts import Face, Faces, faces
from huying.reports.papers.sheet import Block, Sheet

# millimetres; the text block is 156 × 225
TOP, LEFT, RIGHT, BOTTOM = 37.0, 28.0, 26.0, 35.0
WIDTH = 156.0
LINE = 225 / 22  # 22 lines a page
SECOND, THIRD, FOURTH, SMALL = 22.0, 16.0, 14.0, 10.5  # 二号 三号 四号 五号, in points
RED = (200, 16, 16)
GREY = (85, 96, 110)
ROW = 6.2


class _Sheets(FPDF):
    """A4 with page numbers as official papers have them: outside, between dashes."""

    draft = ""

    def header(self) -> None:
        if self.draft:
            self.set_font("hei", size=SMALL)
            self.set_text_color(*GREY)
            self.set_xy(LEFT, 20)
            self.cell(WIDTH, 6, self.draft, align=Align.R)
            self.set_text_color(0)
            self.set_xy(LEFT, TOP)

    def footer(self) -> None:
        self.set_y(297 - BOTTOM + 7)
        self.set_font("fang", size=FOURTH)
        # One character in from the edge of the text block, right on odd pages and left on even ones.
        self.set_x(LEFT + 4.9)
        odd = self.page_no() % 2
        self.cell(WIDTH - 9.8, 6, f"— {self.page_no()} —", align=Align.R if odd else Align.L)


def pdf(sheet: Sheet, made: datetime, given: Faces | None = None) -> bytes:
    """The sheet as a PDF with the glyphs that it uses embedded. The same sheet gives the same file. Raises NoFont."""
    out = _Sheets(format="A4")
    out.draft = sheet.draft
    out.set_creation_date(made)
    out.set_title(sheet.title)
    out.set_author(sheet.office)
    out.set_lang("zh-CN")
    given = given or faces()
    for name, face in (("song", given.song), ("fang", given.fang), ("hei", given.hei)):
        _add(out, name, face)
    out.set_margins(LEFT, TOP, RIGHT)
    out.c_margin = 0.0
    out.set_auto_page_break(True, margin=BOTTOM)
    out.add_page()
    _head(out, sheet)
    for number, block in enumerate(sheet.blocks):
        following = sheet.blocks[number + 1] if number + 1 < len(sheet.blocks) else None
        _block(out, block, following)
    _end(out, sheet)
    return bytes(out.output())


def _add(out: FPDF, name: str, face: Face) -> None:
    out.add_font(name, fname=str(face.path), collection_font_number=face.number)


def _head(out: FPDF, sheet: Sheet) -> None:
    out.set_y(TOP + 8)
    out.set_text_color(*RED)
    size = 44.0
    out.set_font("song", size=size)
    while out.get_string_width(sheet.head) > WIDTH and size > 18:
        size -= 1
        out.set_font("song", size=size)
    out.cell(WIDTH, size * 0.42, sheet.head, align=Align.C, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    out.set_text_color(0)
    out.ln(5)
    out.set_font("fang", size=THIRD)
    out.cell(WIDTH, LINE, sheet.number, align=Align.C, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    out.ln(2)
    out.cell(WIDTH / 2, LINE, f"　{sheet.office}")
    out.cell(WIDTH / 2, LINE, f"{sheet.date}　", align=Align.R, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    out.ln(1)
    out.set_draw_color(*RED)
    out.set_line_width(0.7)
    out.line(LEFT, out.get_y(), LEFT + WIDTH, out.get_y())
    out.set_draw_color(0)
    out.set_line_width(0.2)
    out.ln(LINE)
    out.set_font("song", size=SECOND)
    for line in lines.balanced(sheet.title, out.get_string_width, WIDTH):
        out.cell(WIDTH, 12, line, align=Align.C, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    out.ln(LINE * 0.6)
    if sheet.corrects:
        _text(out, sheet.corrects)


def _text(out: FPDF, text: str, font: str = "fang") -> None:
    out.set_font(font, size=THIRD)
    indent = out.get_string_width("　　")  # two characters in, as every paragraph begins
    for paragraph in text.splitlines():
        found = lines.broken(paragraph.strip(), out.get_string_width, WIDTH, indent)
        for number, line in enumerate(found):
            _line(out, line, 0.0 if number else indent, last=number == len(found) - 1)


def _line(out: FPDF, line: str, indent: float, *, last: bool) -> None:
    """One line of a paragraph; all but the last are stretched to the edge, by as little as it takes."""
    gap = (WIDTH - indent - out.get_string_width(line)) / max(len(line) - 1, 1)
    if not last and 0 < gap < 0.7:
        out.set_char_spacing(gap * out.k)
    out.set_x(LEFT + indent)
    out.cell(WIDTH - indent, LINE, line, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    out.set_char_spacing(0)


def _block(out: FPDF, block: Block, following: Block | None) -> None:
    kind = block["t"]
    if kind == "h":
        # A heading at the foot of a page, with its text on the next, helps nobody.
        if out.will_page_break(LINE + _first(following)):
            out.add_page()
        _text(out, str(block["text"]), "hei")
    elif kind == "p":
        _text(out, str(block["text"]))
    elif kind == "note":
        out.set_font("fang", size=SMALL)
        out.set_text_color(*GREY)
        out.multi_cell(
            WIDTH, 5.6, str(block["text"]), wrapmode=WrapMode.CHAR, new_x=XPos.LMARGIN, new_y=YPos.NEXT
        )
        out.set_text_color(0)
        out.ln(2)
    elif kind == "table":
        _table(out, block)
    elif kind in ("bars", "line"):
        _chart(out, block)


def _first(block: Block | None) -> float:
    """How much of a block must stand on the page of its heading, in mm."""
    if block is not None and block["t"] == "table":
        return min(len(block["rows"]) + 1, 4) * (ROW + 2)
    if block is not None and block["t"] in ("bars", "line"):
        return charts.height(block) + 10
    return LINE * 2


_ALIGN = {"l": Align.L, "c": Align.C, "r": Align.R}


def _table(out: FPDF, block: Block) -> None:
    rows: Sequence[Sequence[str]] = [block["heads"], *block["rows"]]
    out.set_font("fang", size=SMALL)
    out.ln(1)
    with out.table(
        rows, width=WIDTH, col_widths=tuple(block["widths"]), line_height=ROW,
        headings_style=FontFace(family="hei", emphasis=""), borders_layout=TableBordersLayout.ALL,
        text_align=tuple(_ALIGN[one] for one in block["align"]), wrapmode=WrapMode.CHAR, padding=(0.6, 1.2),
        v_align=VAlign.M,
    ):  # fmt: skip
        pass
    out.ln(2.5)


def _chart(out: FPDF, block: Block) -> None:
    height = charts.height(block)
    if out.will_page_break(height + 10):
        out.add_page()
    out.set_font("hei", size=SMALL)
    out.cell(WIDTH, 7, str(block["title"]), align=Align.C, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    out.set_font("fang", size=9)
    charts.draw(out, block, LEFT, out.get_y(), WIDTH, height)
    out.set_xy(LEFT, out.get_y() + height + 4)


def _end(out: FPDF, sheet: Sheet) -> None:
    """The last lines (版记): who gets copies, who issued it and when. They stand at the foot of the last page."""
    out.set_font("fang", size=FOURTH)
    rows = [lines.broken(f"抄送：{sheet.copies}", out.get_string_width, WIDTH - 10)] if sheet.copies else []
    high = (sum(len(one) for one in rows) + 1) * 8.4 + 2
    if out.will_page_break(high + LINE):
        out.add_page()  # with the line before them, so that they do not stand on a page alone
    _text(out, f"（数据截至{sheet.data}）")
    out.set_font("fang", size=FOURTH)
    out.set_y(297 - BOTTOM - high)
    for found in rows:
        _rule(out)
        for text in found:
            out.set_x(LEFT + 5)
            out.cell(WIDTH - 10, 8.4, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    _rule(out)
    out.set_x(LEFT + 5)
    out.cell(WIDTH - 10, 8.4, sheet.office)
    out.set_x(LEFT + 5)
    out.cell(WIDTH - 10, 8.4, sheet.foot, align=Align.R, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    _rule(out)


def _rule(out: FPDF) -> None:
    out.line(LEFT, out.get_y() + 0.4, LEFT + WIDTH, out.get_y() + 0.4)
    out.ln(0.8)

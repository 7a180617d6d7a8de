"""A report as a Word document in the layout of official papers. It names the usual faces and carries none of them."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from huying.reports.papers import word_chart
from huying.reports.papers.sheet import Block, Sheet

SONG, FANG, HEI = "方正小标宋简体", "仿宋", "黑体"
RED = RGBColor(0xC8, 0x10, 0x10)
PITCH = Pt(28.95)  # 22 lines in 225 mm
WIDTH = 156
_ALIGN = {"l": WD_ALIGN_PARAGRAPH.LEFT, "c": WD_ALIGN_PARAGRAPH.CENTER, "r": WD_ALIGN_PARAGRAPH.RIGHT}


def docx(sheet: Sheet, made: datetime) -> bytes:
    """The sheet as a .docx file on A4. Figures and words are those of the PDF; charts stay charts."""
    document = Document()
    _page(document, sheet)
    _style(document.styles["Normal"])
    _head(document, sheet)
    for number, block in enumerate(sheet.blocks, 1):
        _block(document, block, number)
    _end(document, sheet)
    about = document.core_properties
    about.title, about.author, about.created, about.modified = sheet.title, sheet.office, made, made
    about.last_modified_by = sheet.office
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _page(document: Any, sheet: Sheet) -> None:
    page = document.sections[0]
    page.start_type = WD_SECTION.NEW_PAGE
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin = Mm(37), Mm(35)
    page.left_margin, page.right_margin = Mm(28), Mm(26)
    page.footer_distance = Mm(26)
    grid = OxmlElement("w:docGrid")
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), "579")
    old = page._sectPr.find(qn("w:docGrid"))
    if old is not None:
        page._sectPr.remove(old)
    page._sectPr.append(grid)
    document.settings.odd_and_even_pages_header_footer = True
    for footer, side in (
        (page.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (page.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        line = footer.paragraphs[0]
        line.alignment = side
        line.paragraph_format.right_indent = line.paragraph_format.left_indent = Pt(14)
        _run(line, "— ", FANG, 14)
        _page_number(_run(line, "", FANG, 14))
        _run(line, " —", FANG, 14)
    if sheet.draft:
        for header in (page.header, page.even_page_header):
            header.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
            _run(header.paragraphs[0], sheet.draft, HEI, 10.5)


def _page_number(run: Any) -> None:
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        if kind:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        else:
            part = OxmlElement("w:instrText")
            part.set(qn("xml:space"), "preserve")
            part.text = text
        run._r.append(part)


def _style(style: Any) -> None:
    style.font.name, style.font.size = FANG, Pt(16)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FANG)
    layout = style.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, PITCH


def _run(line: Any, text: str, face: str, size: float, color: RGBColor | None = None) -> Any:
    run = line.add_run(text)
    run.font.name, run.font.size = face, Pt(size)
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)
    if color is not None:
        run.font.color.rgb = color
    return run


def _line(document: Any, text: str, face: str = FANG, size: float = 16, *, centre: bool = False) -> Any:
    line = document.add_paragraph()
    if centre:
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(line, text, face, size)
    return line


def _head(document: Any, sheet: Sheet) -> None:
    head = document.add_paragraph()
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    head.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    head.paragraph_format.space_before = Pt(20)
    size = min(44.0, 156 / 25.4 * 72 / max(len(sheet.head), 1))
    _run(head, sheet.head, SONG, size, RED)
    _line(document, sheet.number, centre=True)
    names = document.add_paragraph()
    names.paragraph_format.tab_stops.add_tab_stop(Mm(WIDTH - 6), alignment=2)
    _run(names, f"　{sheet.office}\t{sheet.date}", FANG, 16)
    _rule(names, "C81010", 18)
    document.add_paragraph()
    title = _line(document, sheet.title, SONG, 22, centre=True)
    title.paragraph_format.line_spacing = Pt(34)
    document.add_paragraph()
    if sheet.corrects:
        _paragraph(document, sheet.corrects)


def _rule(line: Any, color: str, eighths: int, side: str = "bottom") -> None:
    layout = line._p.get_or_add_pPr()
    borders = layout.find(qn("w:pBdr"))
    if borders is None:
        borders = OxmlElement("w:pBdr")
        # Word is strict about the order in here.
        layout.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
    edge = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", str(eighths)), ("space", "4"), ("color", color)):
        edge.set(qn(f"w:{name}"), value)
    borders.append(edge)


def _paragraph(document: Any, text: str, face: str = FANG) -> None:
    for part in text.splitlines():
        if part.strip():
            line = _line(document, part.strip(), face)
            line.paragraph_format.first_line_indent = Pt(32)
            line.paragraph_format.keep_with_next = face == HEI


def _block(document: Any, block: Block, number: int) -> None:
    kind = block["t"]
    if kind == "h":
        _paragraph(document, str(block["text"]), HEI)
    elif kind == "p":
        _paragraph(document, str(block["text"]))
    elif kind == "note":
        line = _line(document, str(block["text"]), FANG, 10.5)
        line.paragraph_format.line_spacing = Pt(16)
    elif kind == "table":
        _table(document, block)
    elif kind in ("bars", "line"):
        title = _line(document, str(block["title"]), HEI, 10.5, centre=True)
        title.paragraph_format.keep_with_next = True
        word_chart.add(document, block, number)


def _table(document: Any, block: Block) -> None:
    table = document.add_table(rows=0, cols=len(block["heads"]))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    whole = sum(block["widths"])
    for number, row in enumerate([block["heads"], *block["rows"]]):
        added = table.add_row()
        _whole_row(added, heading=number == 0)
        for cell, text, width, align in zip(added.cells, row, block["widths"], block["align"], strict=True):
            cell.width = Mm(WIDTH * width / whole)
            line = cell.paragraphs[0]
            line.alignment = _ALIGN[align]
            line.paragraph_format.line_spacing = Pt(17)
            _run(line, str(text), FANG if number else HEI, 10.5)
    _line(document, "", FANG, 6).paragraph_format.line_spacing = Pt(9)


def _whole_row(row: Any, *, heading: bool) -> None:
    layout = row._tr.get_or_add_trPr()
    layout.append(OxmlElement("w:cantSplit"))
    if heading:
        layout.append(OxmlElement("w:tblHeader"))


def _end(document: Any, sheet: Sheet) -> None:
    _paragraph(document, f"（数据截至{sheet.data}）")
    _line(document, "", FANG, 6)
    if sheet.copies:
        copies = _line(document, f"　抄送：{sheet.copies}", FANG, 14)
        _rule(copies, "000000", 6, "top")
    last = document.add_paragraph()
    last.paragraph_format.tab_stops.add_tab_stop(Mm(WIDTH - 6), alignment=2)
    _run(last, f"　{sheet.office}\t{sheet.foot}", FANG, 14)
    _rule(last, "000000", 6, "top")
    _rule(last, "000000", 6, "bottom")

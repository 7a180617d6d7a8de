"""The file of a case as a Word document."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from huying.cases.papers.contents import Paper, picture

# Word has these on every machine where Chinese is read; the document names them and does not carry them.
BODY, HEAD = "SimSun", "SimHei"


def docx(paper: Paper) -> bytes:
    """The paper as a .docx file on A4."""
    document = Document()
    _styles(document)
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.5)
    page.top_margin = page.bottom_margin = Cm(2.2)
    page.footer.paragraphs[0].text = paper.foot
    if paper.mark:
        mark = document.add_paragraph()
        mark.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        run = mark.add_run(paper.mark)
        run.bold = True
        run.font.color.rgb = RGBColor(0xA8, 0x1E, 0x1E)
    document.add_heading(paper.heading, level=0).alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_heading(paper.title, level=1)
    _table(document, [list(row) for row in paper.facts], widths=(4, 12))
    for title, text in paper.texts:
        document.add_heading(title, level=2)
        for line in text.splitlines() or [""]:
            document.add_paragraph(line)
    if paper.legs:
        document.add_heading(paper.legs_title, level=2)
        _table(document, [list(paper.legs_heads), *map(list, paper.legs)], widths=(5, 2, 3, 3, 3), heads=True)
    document.add_heading(paper.story_title, level=2)
    for entry in paper.story:
        happened = document.add_paragraph()
        happened.paragraph_format.keep_with_next = bool(entry.said)
        happened.add_run(f"{entry.at}　").font.color.rgb = RGBColor(0x55, 0x60, 0x6E)
        happened.add_run(entry.title).bold = True
        if entry.who:
            happened.add_run(f"　{entry.who}")
        for label, text in entry.said:
            said = document.add_paragraph(f"{label}：{text}" if label else text)
            said.paragraph_format.left_indent = Cm(1)
    shown = [(caption, image) for caption, one in paper.photos if (image := picture(one)) is not None]
    if shown:
        document.add_heading(paper.photos_title, level=2)
    for caption, image in shown:
        document.add_picture(image, width=Cm(11))
        document.paragraphs[-1].paragraph_format.keep_with_next = True
        document.add_paragraph(caption)
    document.add_heading(paper.signatures_title, level=2)
    for name, date in paper.signatures:
        document.add_paragraph(f"{name}：＿＿＿＿＿＿＿＿＿＿　　　{date}：＿＿＿＿＿＿＿＿")
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _styles(document: Any) -> None:
    for name, font, size in (
        ("Normal", BODY, 11), ("Title", HEAD, 18), ("Heading 1", HEAD, 14), ("Heading 2", HEAD, 12),
    ):  # fmt: skip
        style = document.styles[name]
        style.font.name, style.font.size = font, Pt(size)
        style.font.color.rgb = RGBColor(0, 0, 0)
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
        style.paragraph_format.space_after = Pt(4)


def _table(document: Any, rows: list[list[str]], widths: tuple[float, ...], *, heads: bool = False) -> None:
    table = document.add_table(rows=0, cols=len(widths))
    table.style = "Table Grid"
    for number, row in enumerate(rows):
        cells = table.add_row().cells
        for column, (cell, text, width) in enumerate(zip(cells, row, widths, strict=True)):
            cell.width = Cm(width)
            cell.text = text
            if (heads and number == 0) or (not heads and column == 0):
                for run in cell.paragraphs[0].runs:
                    run.bold = True

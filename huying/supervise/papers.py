"""An order as an official paper, the same in Word and PDF: red head, number, whom to, what, by when, copies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from fpdf import FPDF
from fpdf.enums import WrapMode, XPos, YPos

from huying.cases import naming
from huying.cases.papers.fonts import Face, face
from huying.cases.queries import CaseView
from huying.cases.views.common import lang_of
from huying.cases.world import AUTHOR
from huying.supervise.actions import copies_of
from huying.supervise.levels import level_look
from huying.ui.moments import in_full

RED = (200, 22, 29)
BODY, HEAD = "FangSong", "SimHei"
FONT = "cjk"


@dataclass(frozen=True, slots=True)
class OrderPaper:
    """What the paper says, all as text."""

    office: str
    head: str
    number: str
    level: str
    title: str
    to: str
    paragraphs: Sequence[str]
    signed: str
    date: str
    copies: str
    mark: str


def paper_of(seen: CaseView) -> OrderPaper:
    """The paper of an order as a person sees it. No SQL statement."""
    case, memory = seen.case, seen.memory
    kind = seen.preset.kinds[case.kind].name.text(lang_of())
    organs = memory.organs
    to = organs[case.organ_id].name if case.organ_id is not None and case.organ_id in organs else ""
    office = memory.centre.name if memory.centre is not None else ""
    due = in_full(_due(case))[:10]
    days = case.fields.get("days", "")
    asked = _("Rectify within %(days)s workdays (by %(due)s) and report what was done in the platform.") % {
        "days": days, "due": due,
    }  # fmt: skip
    about = [one for one in seen.related if one.kind == case.kind]
    lines = [*case.body.splitlines(), asked]
    if about:
        lines.insert(0, _("Concerning: %(numbers)s") % {"numbers": "、".join(one.number for one in about)})
    return OrderPaper(
        office=office, head=kind, number=case.number, level=str(level_look(case.grade).label), title=case.title.removeprefix(f"{kind}："),
        to=f"{to}：", paragraphs=[line for line in lines if line.strip()],
        signed=naming.owner_name(memory, str(case.fields.get(AUTHOR, ""))) or office,
        date=in_full(case.reported_at)[:10],
        copies="、".join(organs[one].name for one in copies_of(case) if one in organs),
        mark=_("Confidential") if case.confidential else "",
    )  # fmt: skip


def _due(case: Any) -> Any:
    from datetime import datetime

    text = case.fields.get("due")
    return datetime.fromisoformat(str(text)) if text else case.due_at


def docx_of(paper: OrderPaper) -> bytes:
    """The paper as a .docx file on A4, with the margins of official papers."""
    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = (
        Cm(3.7),
        Cm(3.5),
        Cm(2.8),
        Cm(2.6),
    )
    _line(document, paper.mark, HEAD, 14, align=WD_ALIGN_PARAGRAPH.LEFT)
    _line(document, paper.office, HEAD, 22, align=WD_ALIGN_PARAGRAPH.CENTER, colour=RED)
    _line(document, paper.head, HEAD, 30, align=WD_ALIGN_PARAGRAPH.CENTER, colour=RED)
    rule = _line(document, f"{paper.number}　　{paper.level}", BODY, 14, align=WD_ALIGN_PARAGRAPH.CENTER)
    if rule is not None:
        _underline(rule)
    _line(document, paper.title, HEAD, 18, align=WD_ALIGN_PARAGRAPH.CENTER, before=14)
    _line(document, paper.to, BODY, 16, before=10)
    for text in paper.paragraphs:
        made = _line(document, text, BODY, 16)
        if made is not None:
            made.paragraph_format.first_line_indent = Pt(32)
    _line(document, paper.signed, BODY, 16, align=WD_ALIGN_PARAGRAPH.RIGHT, before=28)
    _line(document, paper.date, BODY, 16, align=WD_ALIGN_PARAGRAPH.RIGHT)
    if paper.copies:
        _line(document, _("Copies: %(organs)s") % {"organs": paper.copies}, BODY, 14, before=28)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _line(
    document: Any, text: str, font: str, size: int, *, align: Any = None, colour: tuple[int, int, int] | None = None,
    before: int = 0,
) -> Any:  # fmt: skip
    if not text:
        return None
    made = document.add_paragraph()
    made.alignment = align
    made.paragraph_format.space_before, made.paragraph_format.space_after = Pt(before), Pt(4)
    run = made.add_run(text)
    run.font.name, run.font.size = font, Pt(size)
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    if colour is not None:
        run.font.color.rgb = RGBColor(*colour)
    return made


def _underline(paragraph: Any) -> None:
    """The red line below the number."""
    border = OxmlElement("w:pBdr")
    bottom = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "18"), ("space", "6"), ("color", "C8161D")):
        bottom.set(qn(f"w:{name}"), value)
    border.append(bottom)
    paragraph._p.get_or_add_pPr().append(border)


def pdf_of(paper: OrderPaper, font: Face | None = None) -> bytes:
    """The paper as a PDF on A4 with the glyphs it uses embedded. Raises NoFont when the machine has none."""
    font = font or face()
    sheets = FPDF(format="A4")
    sheets.set_title(f"{paper.head} {paper.number}")
    sheets.add_font(FONT, fname=str(font.path), collection_font_number=font.number)
    sheets.set_margins(28, 30, 26)
    sheets.set_auto_page_break(True, margin=30)
    sheets.add_page()
    if paper.mark:
        _text(sheets, paper.mark, 14)
    sheets.set_text_color(*RED)
    _text(sheets, paper.office, 22, align="C", after=2)
    _text(sheets, paper.head, 32, align="C", after=4)
    sheets.set_text_color(0)
    _text(sheets, f"{paper.number}　　{paper.level}", 14, align="C", after=1)
    sheets.set_draw_color(*RED)
    sheets.set_line_width(0.9)
    sheets.line(28, sheets.get_y(), 184, sheets.get_y())
    sheets.ln(10)
    _text(sheets, paper.title, 18, align="C", after=6)
    _text(sheets, paper.to, 16, after=1)
    for text in paper.paragraphs:
        _text(sheets, f"　　{text}", 16, after=1)
    sheets.ln(12)
    _text(sheets, paper.signed, 16, align="R")
    _text(sheets, paper.date, 16, align="R", after=10)
    if paper.copies:
        sheets.set_draw_color(0)
        sheets.set_line_width(0.3)
        sheets.line(28, sheets.get_y(), 184, sheets.get_y())
        sheets.ln(2)
        _text(sheets, _("Copies: %(organs)s") % {"organs": paper.copies}, 14)
    return bytes(sheets.output())


def _text(sheets: FPDF, text: str, size: float, *, align: str = "L", after: float = 0.5) -> None:
    sheets.set_font(FONT, size=size)
    sheets.multi_cell(
        0, size * 0.6, text, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT, wrapmode=WrapMode.CHAR
    )
    sheets.ln(after)

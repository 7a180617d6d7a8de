"""The file of a case on paper: data, photos, story, parts and lines to sign, without the caller's contact."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document

from huying.cases.actions import perform
from huying.cases.models import Case
from huying.cases.papers import fonts
from huying.cases.tests.desk_browser import PHONE, desk, officer, reported, text, unclear
from huying.files import actions as files
from huying.files.tests.samples import phone_photo
from huying.ledger import queries as ledger


@pytest.fixture(autouse=True)
def _store(settings: Any) -> None:
    settings.HUYING_FILES_RESERVE = 0


def url(name: str, case: Case) -> str:
    return reverse(f"cases:{name}", args=[case.number])


def joint(staff: Any) -> Case:
    staged = files.stage(staff.place.pk, SimpleUploadedFile("路灯.jpg", phone_photo()), "me")
    case = unclear(staff, photos=(staged.token,), files_key="me")
    data = {
        "item": "E101",
        "organs": ["chengguan", "police"],
        "due": "2099-01-05T17:00",
        "desk_note": "请一起到场",
    }
    perform(staff.place.pk, case.id, "gather", staff.desk, data)
    return case


def forms(case: Case) -> list[str]:
    return [
        h.event.data["form"] for h in ledger.history(case.place_id, case.id) if h.event.kind == "case.printed"
    ]


def test_the_word_file_says_it_all(staff: Any) -> None:
    case = joint(staff)
    answer = desk(staff).get(url("case_docx", case))
    assert case.number in answer.headers["Content-Disposition"]
    document = Document(io.BytesIO(answer.content))
    words = "\n".join(
        [p.text for p in document.paragraphs]
        + [cell.text for t in document.tables for row in t.rows for cell in row.cells]
    )
    for said in (
        case.number,
        case.title,
        "有个事想问问你们",
        "联合派发",
        "请一起到场",
        "县公安局",
        "经办人",
        "占道经营",
    ):
        assert said in words, said
    assert PHONE not in words
    assert len(document.inline_shapes) == 1
    assert forms(case) == ["docx"]


def test_the_pdf_is_drawn_with_a_font_that_has_chinese(staff: Any) -> None:
    try:
        fonts.face()
    except fonts.NoFont:
        pytest.skip("no font with Chinese characters on this machine")
    case = joint(staff)
    answer = desk(staff).get(url("case_pdf", case))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert b"/Image" in answer.content
    assert forms(case) == ["pdf"]


def test_without_a_font_the_page_says_what_to_install(staff: Any, settings: Any) -> None:
    settings.HUYING_FONT = "/nowhere/font.ttf"
    case = reported(staff)
    answer = officer(staff).get(url("case_pdf", case))
    assert answer.status_code == 501
    assert "apt install fonts-noto-cjk" in text(answer)
    assert url("case_docx", case) in text(answer)
    assert forms(case) == []


def test_a_font_can_be_named(settings: Any, tmp_path: Path) -> None:
    named = tmp_path / "own.otf"
    named.write_bytes(b"x")
    settings.HUYING_FONT = str(named)
    assert fonts.face() == fonts.Face(named, 0)


def test_the_page_to_print_says_the_same(staff: Any) -> None:
    case = joint(staff)
    page = text(desk(staff).get(url("case_print", case)))
    for said in (case.number, "联合派发", "请一起到场", "经办人"):
        assert said in page
    assert PHONE not in page
    assert forms(case) == ["page"]


def test_a_confidential_case_is_marked_on_paper(staff: Any) -> None:
    case = unclear(staff, confidential=True)
    assert "保密" in text(desk(staff).get(url("case_print", case)))


def test_text_that_cannot_stand_in_a_document_does_not_break_it(staff: Any) -> None:
    case = reported(staff, "占道经营 <w:t>&amp; 𠀀 流动摊贩把人行道全占了\u200b\ufeff")
    client = officer(staff)
    for name in ("case_docx", "case_pdf", "case_print"):
        assert client.get(url(name, case)).status_code in (200, 501)

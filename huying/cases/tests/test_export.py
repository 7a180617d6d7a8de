"""Exports: the list as filtered, within sight, on record, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from openpyxl import load_workbook

from huying.cases import export
from huying.cases.actions import perform
from huying.cases.export import safe
from huying.cases.tests.desk_browser import PHONE, browser, desk, officer, reported, unclear
from huying.ledger.models import Event
from huying.testing.statements import statements


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def table(response: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body(response).decode("utf-8-sig"))))


def test_csv_holds_the_list_with_chinese_heads(staff: Any) -> None:
    case, other = reported(staff), unclear(staff, lon=None, lat=None)
    answer = desk(staff).get("/inbox/export.csv", {"scope": "area"})
    heads, *rows = table(answer)
    assert heads[:2] == ["编号", "标题"]
    # The other is not placed: it lies in the place as a whole, which the desk sees, and in no town.
    assert [row[0] for row in rows] == [other.number, case.number]
    assert len(rows[0]) == len(heads)
    assert [row[0] for row in table(desk(staff).get("/inbox/export.csv"))[1:]] == [other.number]
    assert "attachment" in answer.headers["Content-Disposition"]


def test_an_excel_sheet_holds_the_same(staff: Any) -> None:
    case = reported(staff, title="=1+1")
    answer = desk(staff).get("/inbox/export.xlsx", {"scope": "area"})
    sheet = load_workbook(io.BytesIO(body(answer))).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][0] == "编号"
    assert rows[1][:2] == [case.number, "'=1+1"]
    assert all(cell.data_type == "s" for cell in sheet[2] if cell.value is not None)


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_nothing_begins_a_formula(text: str) -> None:
    assert safe(text).startswith("'")


@pytest.mark.parametrize("text", ["普通文字", "1-2", "a=b", ""])
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert safe(text) == text


def test_formulas_of_callers_are_text_in_the_file(staff: Any) -> None:
    reported(staff, "=cmd|' /C calc'!A0 占道经营，流动摊贩把人行道全占了", address="@地址")
    row = table(desk(staff).get("/inbox/export.csv", {"scope": "area"}))[1]
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row)


def test_no_contact_and_nothing_beyond_sight(staff: Any) -> None:
    reported(staff)
    confidential = unclear(staff, confidential=True)
    perform(staff.place.pk, confidential.id, "dispatch", staff.desk, {"item": "E101"})
    police = browser(staff, "head-police", role="head", organ="police")
    assert table(police.get("/inbox/export.csv", {"scope": "all"}))[1:] == []
    whole = str(table(desk(staff).get("/inbox/export.csv", {"scope": "all"})))
    assert confidential.number not in whole
    assert PHONE not in whole


def test_each_export_is_on_record(staff: Any) -> None:
    reported(staff)
    body(desk(staff).get("/inbox/export.csv", {"scope": "area"}))
    event = Event.objects.get(kind="case.exported")
    assert (event.data["rows"], event.data["form"]) == (1, "csv")
    assert event.person_id == staff.person("desk").id


def test_who_may_not_export_is_turned_away(staff: Any) -> None:
    for form in ("csv", "xlsx"):
        assert officer(staff).get(f"/inbox/export.{form}").status_code == 403
    assert not Event.objects.filter(kind="case.exported").exists()


def test_there_is_an_end_and_rows_are_read_in_pieces(staff: Any, monkeypatch: Any) -> None:
    for _ in range(7):
        reported(staff)
    monkeypatch.setattr(export, "MOST", 5)
    monkeypatch.setattr(export, "CHUNK", 2)
    client = desk(staff)
    with statements() as seen:
        assert len(table(client.get("/inbox/export.csv", {"scope": "area"}))) == 6
    monkeypatch.setattr(export, "CHUNK", 5)
    with statements() as whole:
        table(client.get("/inbox/export.csv", {"scope": "area"}))
    assert len(seen) == len(whole) + 2

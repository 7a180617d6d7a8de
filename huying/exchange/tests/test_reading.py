"""Files as offices have them: encodings, heads in two languages, times in many shapes, cells of every kind."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from huying.exchange.errors import CannotRead
from huying.exchange.reading import moment, open_source

CHINA = ZoneInfo("Asia/Shanghai")
TEXT = '留言编号,留言用户,留言主题,留言时间,留言详情\n7,甲,路灯不亮,2018/5/3 9:05:02,"夜里很黑，\n请修"\n'


@pytest.mark.parametrize(
    ("encoding", "found"), [("utf-8", "utf-8-sig"), ("utf-8-sig", "utf-8-sig"), ("gb18030", "gb18030")]
)
def test_encodings_are_found(tmp_path: Path, encoding: str, found: str) -> None:
    path = tmp_path / "m.csv"
    path.write_bytes(TEXT.encode(encoding))
    source = open_source(path)
    row = next(source.rows())
    assert source.encoding == found
    assert (row.line, row.number, row.user, row.title, row.body) == (
        2,
        "7",
        "甲",
        "路灯不亮",
        "夜里很黑，\n请修",
    )
    assert row.time is not None
    assert row.time.isoformat() == "2018-05-03T09:05:02+08:00"
    assert row.problems == ()


def test_a_named_encoding_that_does_not_fit_is_said(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_bytes(TEXT.encode("gb18030"))
    with pytest.raises(CannotRead):
        open_source(path, encoding="utf-8")
    with pytest.raises(CannotRead):
        open_source(path, encoding="no-such")


def test_columns_are_guessed_and_can_be_named(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text("ID,Subject,Body,Created At,what\n1,a,b,2020-01-02,c\n", encoding="utf-8")
    source = open_source(path, columns={"text": "what", "title": ""})
    assert {name: source.heads[at] for name, at in source.columns.items()} == {
        "number": "ID", "text": "what", "time": "Created At",
    }  # fmt: skip
    with pytest.raises(CannotRead):
        open_source(path, columns={"text": "not there"})
    with pytest.raises(CannotRead):
        open_source(path, columns={"colour": "what"})
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(CannotRead):
        open_source(path)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("2020/1/8 9:32:33", "2020-01-08T09:32:33+08:00"),
        ("2020年1月8日 9:32", "2020-01-08T09:32:00+08:00"),
        ("2020-01-08T09:32:33Z", "2020-01-08T09:32:33+00:00"),
        ("20200108", "2020-01-08T00:00:00+08:00"),
        ("yesterday", None),
        ("2020-02-30", None),
        ("0001-01-01", None),
        ("", None),
    ],
)
def test_times(typed: str, read: str | None) -> None:
    found = moment(typed, CHINA)
    assert (found.isoformat() if found else None) == read


def test_sheets_of_excel(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.append(["编号", "标题", "内容", "时间"])
    from datetime import datetime

    sheet.append([12.0, "井盖坏了", "请修", datetime(2021, 3, 4, 5, 6)])  # noqa: DTZ001 - as sheets hold it
    sheet.append([13, "=1+1", "公式没有存下的值", "2021-03-04"])
    path = tmp_path / "m.xlsx"
    book.save(path)
    rows = list(open_source(path).rows())
    assert [(row.line, row.number, row.title) for row in rows] == [(2, "12", "井盖坏了"), (3, "13", "")]
    assert rows[0].time is not None
    assert rows[0].time.isoformat() == "2021-03-04T05:06:00+08:00"
    path.write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(CannotRead):
        open_source(path)


def test_every_problem_is_found(tmp_path: Path, clock: object) -> None:
    path = tmp_path / "m.csv"
    lines = [
        "id,title,time,text,call",
        "1,,2020-01-01,,",
        "2,t,2020-01-01," + "长" * 4001 + ",",
        ",t,2020-01-01,x,",
        "4,t,someday,x,",
        "5,t,2099-01-01,x,",
        "6,t,2020-01-01,x,吵架",
        "7,t,2020-01-01,x,投诉,more",
        "8,t,2020-01-01,x\x00y,",
        "9" * 81 + ",t,2020-01-01,x,",
        "10," + "题" * 300 + ",2020-01-01,'=1+1,",
        ",,,,",
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    rows = list(open_source(path).rows())
    assert [row.problems for row in rows] == [
        ("empty",), ("long",), ("number",), ("time",), ("time-ahead",), ("call",), ("columns",), ("characters",),
        ("number-long",), (),
    ]  # fmt: skip
    assert rows[-1].body == "题" * 300 + "\n=1+1"
    assert len(rows[-1].title) == 200

"""ZJ1: the year's promise of a grid branch, from January to December, with the board that residents read it on.

What the calendar does is done by the worker's own ticks: duties open the cases, the clock's sweep makes the cycles' moves.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from huying import clock
from huying.cases import boards, duties, jobs
from huying.cases.models import Case
from huying.cases.tests.people import Staff
from huying.cases.tests.test_duties import _read
from huying.cases.tests.walking import in_place, move, offered, said, signed_in
from huying.ledger import erasure
from huying.ledger.models import Event
from huying.testing.statements import assert_statements

VILLAGE = "321171001001"
BRANCH = f"{VILLAGE}-g01"
JANUARY = datetime(2026, 1, 8, 1, 0, tzinfo=UTC)  # 09:00 in China on the day that the preset names
PROMISE = {
    "what_1": "给三栋楼道装感应灯", "measure_1": "三栋十二层全部亮", "by_1": "2026-06-30",
    "what_2": "每月开一次板凳会", "measure_2": "全年十二次", "by_2": "2026-12-20",
}  # fmt: skip


@pytest.fixture
def staff(db: Any, settings: Any) -> Iterator[Staff]:
    with in_place("zhenjiang", settings, JANUARY) as made:
        yield made


@pytest.fixture
def who(staff: Staff) -> dict[str, Client]:
    """The branch secretary and the village's secretary, who assesses."""
    found = {
        "branch": signed_in(staff, "branch", role="branch_secretary", division=BRANCH),
        "village": signed_in(staff, "village", role="village_secretary", division=VILLAGE),
    }
    opened(staff, 1)
    return found


def opened(staff: Staff, promises: int) -> None:
    """The worker opens what the day calls for; so many grids have a promise then."""
    duties.forget()
    duties.open_due(staff.place.pk)
    assert Case.objects.filter(kind="promise").count() == promises
    _read(staff.place.pk)


@contextmanager
def on(staff: Staff, month: int, day: int, hour: int = 1) -> Iterator[None]:
    """The clock stands there, and the worker has swept."""
    moment = datetime(2026, month, day, hour, tzinfo=UTC)
    with clock.frozen(moment):
        jobs.sweep(staff.place.pk, moment)
        yield


def promise() -> Case:
    return Case.objects.get(kind="promise")


def test_zj1_from_promise_to_account_and_everybody_may_read_it(staff: Staff, who: dict[str, Client]) -> None:
    case = promise()
    grid = staff.memory.by_code(BRANCH)
    assert (case.step, case.owner_key) == ("write", f"post:branch_secretary@{grid.id}")
    page = Client().get("/boards/promise/")  # nobody signed in
    assert "还没有公布" in said(page)
    assert "感应灯" not in said(page)
    assert {"publish", "note"} == offered(who["branch"], f"/cases/{case.number}/")
    assert move(who["branch"], case, "publish", **PROMISE).step == "first"
    text = said(Client().get("/boards/promise/"))
    assert "给三栋楼道装感应灯" in text
    assert "上半年履诺" in text
    assert case.number not in text  # the number is for those who serve
    assert case.number in said(who["village"].get("/boards/promise/"))

    with on(staff, 6, 30):
        assert promise().step == "first"
    with on(staff, 6, 30, 16):  # midnight of the first of July in China
        assert promise().step == "answer"
        assert jobs.sweep(staff.place.pk) == 0
        move(who["branch"], promise(), "answered", mid_1="under_way", mid_2="done", mid_note="灯已装两栋")
        assert promise().owner_key == f"post:village_secretary@{staff.memory.by_code(VILLAGE).id}"
        move(who["village"], promise(), "checked", mid_verdict="hurry", mid_advice="第三栋八月底前装好")
    with on(staff, 12, 1):
        assert promise().step == "account"
        account = {"end_1": "kept", "end_2": "partly", "end_note": "灯都亮了，会开了十次"}
        move(who["branch"], promise(), "accounted", **account)
        move(who["village"], promise(), "assessed", year_verdict="mostly", year_advice="明年补上两次板凳会")
    assert (promise().step, promise().closed_at is not None) == ("done", True)
    text = said(Client().get("/boards/promise/?year=2026"))
    for words in ("正在做", "需要加快", "做到了", "部分做到", "基本兑现", "明年补上两次板凳会", "已述评"):
        assert words in text


def test_dates_that_were_missed_come_once_each_late_and_say_so(staff: Staff, who: dict[str, Client]) -> None:
    move(who["branch"], promise(), "publish", **PROMISE)
    first = Event.objects.filter(case_id=promise().id, kind="case.fired").count()
    with on(staff, 7, 9):  # the server was down for a week
        assert promise().step == "answer"
        told = list(Event.objects.filter(case_id=promise().id, kind="case.fired").order_by("id"))[first:]
        assert [one.data["timer"] for one in told] == ["cycle.mid"]
        assert told[0].data["late"] > 7 * 86400
        assert told[0].data["fell_due"] == "2026-07-01T00:00:00+08:00"
        page = said(who["branch"].get(f"/cases/{promise().number}/"))
        assert "应于2026-07-01 00:00" in page.replace("应于 ", "应于")


def test_a_promise_that_was_never_made_is_over_with_the_year(staff: Staff, who: dict[str, Client]) -> None:
    with on(staff, 12, 31):
        assert (promise().step, promise().result) == ("done", "void")
        assert jobs.sweep(staff.place.pk) == 0


def test_the_board_is_by_year_and_part_at_a_fixed_cost(staff: Staff, who: dict[str, Client]) -> None:
    move(who["branch"], promise(), "publish", **PROMISE)
    assert "感应灯" in said(Client().get(f"/boards/promise/?in={VILLAGE}"))
    assert "感应灯" not in said(Client().get("/boards/promise/?in=321171001002"))
    assert "感应灯" not in said(Client().get("/boards/promise/?year=2025"))
    for wrong in ("after=nonsense", "after=1/2~zz"):
        assert Client().get(f"/boards/promise/?{wrong}").status_code == 404
    assert Client().get("/boards/request/").status_code == 404
    assert Client().get("/boards/").headers["Location"] == "/boards/promise/"
    kind = staff.memory.preset.kinds["promise"]
    sight = staff.actor("reader", role="village_desk", division=VILLAGE).sight
    with assert_statements(5):
        boards.read(staff.memory, kind, 2026, sight)
    signed_in(staff, "other", role="branch_secretary", division=f"{VILLAGE}-g02")
    opened(staff, 2)
    with assert_statements(5):
        shown = boards.read(staff.memory, kind, 2026, sight)
    assert [one.draft for one in shown.entries] == [False, True]
    assert dict(shown.states) == {"上半年履诺": 1, "书记写承诺": 1}


def test_what_is_erased_is_gone_from_the_board(staff: Staff, who: dict[str, Client]) -> None:
    move(who["branch"], promise(), "publish", **PROMISE)
    case = promise()
    erasure.erase(staff.place.pk, ("case", case.id), "request", "test", uuid4(), clock.now())
    assert "感应灯" not in said(Client().get("/boards/promise/"))

"""DS3: what the hotline is measured by, from calls walked through its screens: signed for, returned, closed in time, how it
was; who reads the figures, the paths that calls take, the month's bulletin; who is called back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from shapely.geometry import shape

from huying.cases.models import Case
from huying.cases.tests.people import Staff
from huying.cases.tests.test_dashiqiao import DONE, TOWN, grid_codes, open_
from huying.cases.tests.test_tallies import follow
from huying.cases.tests.walking import in_place, move, said, send, signed_in, the_case
from huying.clock import frozen
from huying.indicators import queries as indicators
from huying.indicators.periods import month
from huying.reports import actions, queries
from huying.reviews.models import Task
from huying.testing.access import sign_in

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)  # 10:00 on a Wednesday in China


@pytest.fixture
def staff(db: Any, settings: Any) -> Iterator[Staff]:
    with in_place("dashiqiao", settings, NOW) as made:
        yield made


def called(staff: Staff, resident: Client, hotline: Client, body: str) -> Case:
    """A resident's call that the desk takes into the pool."""
    at = shape(dict(staff.memory.by_code(grid_codes(staff, "general")[0]).outline)).representative_point()
    send(
        resident, "/report/", body=body, call="help", place=f"{at.x},{at.y}",
        reporter_name="示例·王一", reporter_phone="13900000000",
    )  # fmt: skip
    return move(hotline, the_case(staff), "take_in", item="Q112")


def finished(case: Case, bureau: Client, hotline: Client) -> Case:
    move(bureau, case, "own")
    move(bureau, case, "done", **DONE)
    return move(hotline, case, "pass", solved="solved", public_reply=DONE["public_reply"])


@pytest.fixture
def walked(staff: Staff, monkeypatch: Any) -> Staff:
    """Four calls: one liked, one returned by its claimant and then done and fairly liked, one that nobody signs for in
    time, and one that waits in the pool. And a finding of a grid worker, settled at once."""
    from huying.reviews import sampling

    monkeypatch.setattr(sampling, "lot", lambda *args: 0.0)  # the lot falls on every case, in every run
    resident = signed_in(staff, "resident", kind="resident")
    hotline = signed_in(staff, "desk", role="centre_desk", organ="centre")
    lights = signed_in(staff, "lights", role="officer", organ="chengguan")
    market = signed_in(staff, "market", role="officer", organ="market")
    worker = signed_in(staff, "worker", role="grid_worker", division=grid_codes(staff, "general")[0])
    liked = called(staff, resident, hotline, "小区门口的路灯不亮")
    finished(move(lights, liked, "claim"), lights, hotline)
    move(resident, liked, "rated", satisfaction="satisfied")
    passed = called(staff, resident, hotline, "桥头的路灯不亮，天黑看不见道")
    move(market, passed, "claim")
    move(market, passed, "return", return_reason="not_ours", reason="不归我们管")
    move(hotline, passed, "straight", item="Q112", organ="chengguan")
    finished(passed, lights, hotline)
    move(resident, passed, "rated", satisfaction="fair")
    slow = called(staff, resident, hotline, "学校后身的路灯坏了三天")
    move(market, slow, "claim")
    called(staff, resident, hotline, "水渠边的路灯一直闪")
    open_(worker, "finding", body="路边垃圾，已捡走", handled_now="on")
    follow(staff.place)
    return staff


def test_the_figures_of_the_hotline_come_from_what_was_done(walked: Staff) -> None:
    later = NOW + timedelta(days=2)
    with frozen(later):
        found = indicators.figures(walked.place.pk, month(2026, 3), now=later)[None]
    assert found["reported"].value == 4  # the finding is no call
    assert (found["signed"].numerator, found["signed"].denominator) == (3, 4)
    assert (found["returned"].numerator, found["returned"].denominator) == (1, 4)
    assert (found["on_time"].numerator, found["on_time"].denominator) == (2, 4)
    assert found["satisfied"].value == 1
    assert (found["solved"].numerator, found["solved"].denominator) == (2, 2)
    assert (found["findings"].value, found["errands"].value) == (1, 0)
    assert found["found"].numerator == 1
    organs = indicators.figures(walked.place.pk, month(2026, 3), "organ", now=later)
    market = organs[walked.memory.organ_by_code("market").id]
    assert (market["signed"].numerator, market["signed"].denominator) == (1, 2)
    assert (market["returned"].numerator, market["returned"].denominator) == (1, 2)


def test_leader_inspector_and_head_read_how_calls_really_go_and_clerks_do_not(walked: Staff) -> None:
    for name, post in (
        ("head", {"role": "centre_head", "organ": "centre"}), ("leader", {"role": "leader", "division": "210882"}),
        ("inspector", {"role": "inspector", "organ": "discipline"}),
    ):  # fmt: skip
        client = signed_in(walked, name, **post)
        assert client.get("/analysis/").status_code == 200, name
        page = said(client.get("/indicators/"))
        assert "签收率" in page
        assert "退单率" in page
    clerk = signed_in(walked, "clerk", role="town_clerk", division=TOWN)
    assert clerk.get("/analysis/").status_code in (403, 404)


def test_the_months_bulletin_says_the_figures_and_reaches_its_readers(walked: Staff) -> None:
    april = datetime(2026, 4, 1, 2, 0, tzinfo=UTC)
    with frozen(april):
        head = walked.actor("head", role="centre_head", organ="centre")
        made = actions.make(head, "monthly", walked.memory.top.id, NOW.date())
        issued = actions.issue(head, made.id)
        town = walked.actor("town", role="town_clerk", division=TOWN)
        read = queries.one(town.sight, issued.id)
        assert "全市共受理8890诉求4件" in str(read.content)
        assert "退单率25" in str(read.content)
        client = Client()
        sign_in(client, walked.people["town"])
        page = said(client.get(f"/reports/{issued.id}/"))
        assert "8890民生热线工作通报" in page
        assert "一键督办情况" in page


def test_the_desk_calls_back_what_was_closed(walked: Staff) -> None:
    tasks = Task.objects.filter(place_id=walked.place.pk, kind="call_back")
    assert tasks.count() == 2
    held = Case.objects.get(place_id=walked.place.pk, id=tasks[0].id)
    assert (held.kind, held.step, held.owner_key) == ("callback", "call", f"desk:{walked.memory.top.id}")
    client = signed_in(walked, "desk")
    assert client.get("/reviews/calls/").status_code == 200
    page = said(client.get(f"/reviews/calls/{tasks[0].id}/"))
    assert "这里是8890民生热线" in page

"""DS7: themed lists of services: found by theme or by a word, with what to bring and where, and ordered as an errand;
red stations on the map in a colour of their own."""

from __future__ import annotations

import csv
import re
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from huying.cases import routing, services
from huying.cases.tests.loading import PRESETS
from huying.cases.tests.people import Staff
from huying.cases.tests.test_dashiqiao import VILLAGE, village_id
from huying.cases.tests.walking import in_place, mine, said, signed_in, the_case
from huying.testing.statements import statements


@pytest.fixture
def staff(db: Any, settings: Any) -> Iterator[Staff]:
    with in_place("dashiqiao", settings) as made:
        yield made


def test_the_lists_are_written_out_once_each_and_the_place_says_how_many(staff: Staff) -> None:
    rows = services.listed(staff.memory)
    assert len(rows) == 533
    assert [name for name, n in Counter(item.name for item in rows).items() if n > 1] == []
    differences = " ".join(one.zh for one in staff.memory.preset.place.differences)
    assert f"逐项写出{len(rows)}项" in differences
    assert f"少{1132 - len(rows)}项" in differences
    assert all(item.at and item.source == "practice" for item in rows)
    assert [one.row.name for one in services.themes(staff.memory)] == [
        "日常生活需求", "环境卫生治理", "冬季供暖保障", "弱势群体救助", "惠民办事指南",
    ]  # fmt: skip
    with (PRESETS / "dashiqiao" / "catalogue.csv").open(encoding="utf-8") as file:
        assert sum(row["code"].startswith("T") for row in csv.DictReader(file)) > 533


def test_what_is_ordered_from_lists_is_not_what_calls_are_guessed_to_be(staff: Staff) -> None:
    known = {one.code for one in routing.item_infos(staff.memory)}
    assert "Q112" in known
    assert not any(code.startswith("T") for code in known)


def test_a_resident_finds_a_service_reads_what_it_takes_and_orders_it(staff: Staff) -> None:
    resident = signed_in(staff, "resident", kind="resident")
    signed_in(staff, "agent", role="agent", division=VILLAGE)
    home = resident.get("/services/")
    assert "共533项" in said(home).replace(" ", "")
    theme = resident.get("/services/?theme=T3")
    assert "代报供暖报修" in said(theme)
    assert "代买米面油" not in said(theme)
    began = time.thread_time()  # not what others on the machine do meanwhile
    with statements() as cost:
        found = resident.get("/services/?q=慢病")
    assert time.thread_time() - began < 1
    assert len(cost) <= 4, cost  # who is asking; the lists are in memory
    text = said(found)
    assert "门诊慢特病认定" in text
    page = said(resident.get(f"/services/T5D05/?village={VILLAGE}"))
    assert "病历" in page  # what to bring
    assert "市党群服务中心" in page  # where
    assert "步行约" in page
    form = resident.get("/open/errand/?item=T5D05").content.decode()
    assert re.search(r'<option value="T5D05"[^>]* selected', form)
    answer = resident.post(
        "/open/errand/", {"body": "帮我妈办慢病本", "item": "T5D05", "division": village_id(staff)}
    )
    assert answer.status_code == 302
    case = the_case(staff)
    assert (case.kind, case.item, case.step) == ("errand", "T5D05", "wait")
    assert case.number in mine(staff, "agent")


def test_nothing_found_says_what_to_do_and_no_service_is_no_page(staff: Staff) -> None:
    visitor = Client()
    page = said(visitor.get("/services/?q=火箭发射"))
    assert "没有找到" in page
    assert visitor.get("/services/Q112/").status_code == 404
    assert visitor.get("/services/nothing/").status_code == 404
    assert "/sign-in/?next=" in visitor.get("/services/T101/").content.decode()


def test_red_stations_have_their_own_kind_and_colour_on_the_map(staff: Staff) -> None:
    page = Client().get(f"/circle/?village={VILLAGE}")
    tones = {
        one["properties"]["title"]: one["properties"]["tone"] for one in page.context["points"]["features"]
    }
    assert tones["铁西社区红色驿站(示意)"] == "bad"
    assert tones["铁西社区党群服务站(示意)"] == "good"
    assert "歇脚、饮水、充电" in said(page)
    station = said(Client().get(f"/services/T1D14/?village={VILLAGE}"))
    assert "铁西社区红色驿站" in station

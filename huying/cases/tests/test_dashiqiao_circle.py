"""DS7: the service circle of 15, 10 and 5 minutes by tier, worked out on the map, with what is reachable on foot."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from huying.cases import circle
from huying.cases.tests.people import Staff
from huying.cases.tests.walking import in_place, said
from huying.presets.duty_definition import Point

HOME = Point("p", "站", "station", "x", 122.5, 40.63, 5)


@pytest.fixture
def staff(db: Any, settings: Any) -> Iterator[Staff]:
    with in_place("dashiqiao", settings) as made:
        yield made


def test_a_walk_is_longer_than_the_line_and_the_ring_is_its_edge() -> None:
    assert circle.metres(122.5, 40.63, 122.5, 40.64) == pytest.approx(1112, rel=0.01)
    assert circle.walk(122.5, 40.64, HOME) == pytest.approx(1112 * 1.3 / 70, rel=0.01)
    for lon, lat in circle.ring(HOME):
        assert circle.walk(lon, lat, HOME) == pytest.approx(5, rel=0.02)
    assert circle.ring(HOME)[0] == circle.ring(HOME)[-1]


def test_three_tiers_have_their_radius(staff: Staff) -> None:
    by_type = {
        one.type: {p.minutes for p in circle.points_of(staff.memory) if p.type == one.type}
        for one in circle.points_of(staff.memory)
    }
    assert by_type == {"centre": {15}, "sub_centre": {10}, "station": {5}, "red_station": {5}}


def test_a_resident_sees_what_is_reached_on_foot_from_their_village(staff: Staff) -> None:
    page = Client().get("/circle/?village=210882003001")
    assert page.status_code == 200
    text = said(page)
    assert "铁西社区党群服务站" in text
    assert "在它的5分钟圈内" in text
    rows = circle.reach(staff.memory, *page.context["spot"])
    assert rows[0].within
    assert [row.minutes for row in rows if not row.within] == sorted(
        row.minutes for row in rows if not row.within
    )
    anywhere = Client().get("/circle/").context["points"]["features"]
    assert len(anywhere) == 18  # before anybody says where they are: the centre and the sub-centres
    assert any("大石桥市党群服务中心" in one["properties"]["title"] for one in anywhere)
    assert Client().get("/circle/?village=nowhere").status_code == 200
    assert "/circle/" in Client().get("/").content.decode()

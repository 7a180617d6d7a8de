"""The public notice of grids: anybody finds their grid and who serves there, and nothing more of them."""

from __future__ import annotations

from typing import Any

from django.test import Client

from huying.cases.tests.desk_browser import text
from huying.staff import actions_posts
from huying.staff.events import Actor
from huying.testing.statements import assert_statements

VILLAGE = "220523001001"


def served(staff: Any) -> tuple[str, str]:
    """A village with a secretary and a grid worker, whose names are answered."""
    secretary = staff.person("secretary", role="village_secretary", division=VILLAGE)
    worker = staff.person("worker", role="grid_worker", division=f"{VILLAGE}-g01")
    staff.person("resident", kind="resident")
    return secretary.name, worker.name


def test_a_visitor_reads_who_serves_in_each_grid_of_a_village(staff: Any) -> None:
    secretary, worker = served(staff)
    page = text(Client().get("/my-grid/", {"village": VILLAGE}))
    grids = [one for one in staff.memory.below(staff.memory.by_code(VILLAGE).id) if one.layer]
    assert all(one.name in page for one in grids)
    assert page.index("兴工社区") < page.index(secretary) < page.index(grids[0].name) < page.index(worker)
    assert "网格员" in page
    assert staff.memory.centre.name in page


def test_a_point_is_in_one_grid_and_a_point_far_away_in_none(staff: Any) -> None:
    _secretary, worker = served(staff)
    inside = text(Client().get("/my-grid/", {"at": "126.003,42.710"}))
    assert worker in inside
    assert "兴工社区第二网格" not in inside.split("</form>", 1)[1]
    outside = text(Client().get("/my-grid/", {"at": "100.0,30.0"}))
    assert worker not in outside
    assert "不在本地" in outside


def test_who_left_the_post_or_holds_another_role_is_not_named(staff: Any) -> None:
    _secretary, worker = served(staff)
    clerk = staff.person("clerk", role="town_clerk", division="220523001").name
    holding = staff.person("worker").holdings.get()
    actions_posts.leave_post(holding, actor=Actor())
    page = text(Client().get("/my-grid/", {"village": VILLAGE}))
    assert worker not in page
    assert clerk not in page
    assert "还没有公布服务人员" in page


def test_it_is_reached_from_the_home_page(staff: Any) -> None:
    home = text(Client().get("/"))
    assert 'href="/my-grid/"' in home.split("hy-ways", 1)[1].split("</nav>", 1)[0]


def test_one_statement_however_many_grids(staff: Any) -> None:
    served(staff)
    page = Client()
    page.get("/my-grid/")
    with assert_statements(1):
        page.get("/my-grid/", {"village": VILLAGE})

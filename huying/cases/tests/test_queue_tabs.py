"""A desk's queue speaks the place's own language: tabs bear the names of its steps, and only of what can come there."""

from __future__ import annotations

import re
from typing import Any

from huying.cases.models import Case
from huying.cases.tests.walking import in_place, signed_in
from huying.cases.tests.zhenlai import Village, move, to_study


def named(browser: Any) -> list[str]:
    """The tabs that a desk sees."""
    return [str(tab["label"]) for tab in browser.get("/desk/queue/").context["tabs"]]


def test_each_tier_of_the_twelve_steps_has_the_tabs_of_its_own_steps(village: Village) -> None:
    community, street, centre = (named(village.browser(who)) for who in ("worker", "clerk", "desk"))
    assert {"研判", "反馈"} <= set(community)
    assert "分派" not in " ".join(community)  # that is the centre's
    assert {"研判", "反馈"} <= set(street)
    assert "研判 · 分派" in centre
    for one in (community, street, centre):
        assert not {"待确权", "待审批"} & set(one), one  # the account knows neither
    assert "待重派" not in community


def test_a_bill_to_be_studied_stands_under_the_name_of_the_study(village: Village) -> None:
    case = village.bill()
    number = Case.objects.get(id=case.case_id).number
    to_study(village, Case.objects.get(id=case.case_id), "B02")
    page = village.browser("secretary").get("/desk/queue/", {"group": "new"}).content.decode()
    assert number in page
    assert number not in village.browser("secretary").get("/desk/queue/", {"group": "send"}).content.decode()
    move(village.browser("secretary"), Case.objects.get(id=case.case_id), "settle", plan="请物业清走")


def test_what_a_desk_does_itself_is_not_called_an_approval(db: Any, settings: Any) -> None:
    with in_place("zhenjiang", settings) as staff:
        village_desk = signed_in(staff, "desk", role="village_desk", division="321171001001")
        words = named(village_desk)
        assert "待审批" not in words
        assert "待重派" not in words
        groups = re.findall(r"\?group=(\w+)", village_desk.get("/desk/queue/").content.decode())
        assert "new" in groups

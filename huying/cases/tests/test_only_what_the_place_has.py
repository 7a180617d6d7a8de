"""The navigation offers no screen of another county's way of working: an empty page that stays empty misleads."""

from __future__ import annotations

from typing import Any

import pytest

from huying.cases.tests.walking import in_place, signed_in

PRECEDENTS, DEDUCTIONS, LOOK_BACKS = "/desk/precedents/", "/reviews/deductions/", "/reviews/look-backs/"
CHECKS, APPRAISAL = "/reviews/checks/", "/reviews/appraisal/"


def offered(browser: Any) -> set[str]:
    page = browser.get("/inbox/").content.decode()
    return {one for one in (PRECEDENTS, DEDUCTIONS, LOOK_BACKS, CHECKS, APPRAISAL) if f'href="{one}"' in page}


@pytest.mark.parametrize(
    ("place", "role", "has"),
    [
        ("huinan", "leader", {PRECEDENTS, DEDUCTIONS, LOOK_BACKS, APPRAISAL}),
        ("zhenlai", "leader", {APPRAISAL}),
        ("dashiqiao", "leader", {LOOK_BACKS, APPRAISAL}),
        ("zhenjiang", "leader", {LOOK_BACKS}),
    ],
)
def test_a_leader_is_offered_what_the_place_has(
    db: Any, settings: Any, place: str, role: str, has: set[str]
) -> None:
    with in_place(place, settings) as staff:
        top = staff.memory.top
        assert offered(signed_in(staff, "somebody", role=role, division=top.code)) == has


def test_an_appraiser_is_not_sent_to_checks_by_lot_where_every_bill_is_inspected(
    db: Any, settings: Any
) -> None:
    with in_place("zhenlai", settings) as staff:
        found = offered(signed_in(staff, "somebody", role="appraiser", organ="organisation"))
        assert found == {APPRAISAL}


def test_who_takes_calls_without_a_desk_is_led_back_to_a_page_of_theirs(db: Any, settings: Any) -> None:
    with in_place("zhenlai", settings) as staff:
        squad = signed_in(staff, "somebody", role="squad_member", organ="housing")
        assert 'href="/desk/queue/"' not in squad.get("/desk/call/").content.decode()
        village = signed_in(staff, "worker", role="village_worker", division="220821001001")
        assert 'href="/desk/queue/">' in village.get("/desk/call/").content.decode()

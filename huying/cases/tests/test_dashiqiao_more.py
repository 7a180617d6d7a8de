"""More of what Dashiqiao's account names: help on the grid and confirmation by a judge in mediation (DS5), party members
with posts who claim what is to be done, and the five kinds of small activity (DS7)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from huying.cases.tests.people import Staff
from huying.cases.tests.test_dashiqiao import TOWN, VILLAGE, dispute, grid_codes, open_, village_id
from huying.cases.tests.walking import in_place, mine, move, offered, said, signed_in, the_case


@pytest.fixture
def staff(db: Any, settings: Any) -> Iterator[Staff]:
    with in_place("dashiqiao", settings) as made:
        yield made


def test_police_on_the_grid_help_and_a_judge_confirms_the_agreement(staff: Staff) -> None:
    worker = signed_in(staff, "worker", role="grid_worker", division=grid_codes(staff, "general")[0])
    village = signed_in(staff, "village", role="village_secretary", division=VILLAGE)
    police = signed_in(staff, "police", role="grid_police", division=TOWN)
    judge = signed_in(staff, "judge", role="judge", division=TOWN)
    signed_in(staff, "elder", role="elder", division=VILLAGE)
    signed_in(staff, "far", role="grid_police", division="210882104")
    signed_in(staff, "lawyer", role="lawyer", division=VILLAGE)  # lawyers serve in communities
    case = dispute(worker, staff)
    move(village, case, "mediate_here")
    move(village, case, "ask_help")
    assert case.number in mine(staff, "police")
    assert case.number in mine(staff, "judge")
    assert case.number in mine(staff, "lawyer")
    assert staff.memory.roles["lawyer"].tier == "village"
    assert case.number not in mine(staff, "far")
    assert case.number not in mine(staff, "elder")  # mediates, but is none of the partner organs
    move(police, case, "help", claim_note="下午到场")
    assert case.owner_key.startswith("post:grid_police@")
    move(police, case, "advised", help_note="已到场稳住双方，建议测量沟界")
    assert case.step == "here"
    move(
        village, case, "agreed_for_confirmation", agreement="双方同意按测量界线修沟", perform_by="2099-01-05"
    )
    assert (case.step, case.owner_key) == ("confirm", f"post:judge@{village_id(staff, TOWN)}")
    assert "confirmed" not in offered(village, f"/cases/{case.number}/")  # only the judge confirms
    move(judge, case, "confirmed", confirm_number="示例司确1号")
    assert case.step == "perform"
    move(village, case, "performed", public_reply="沟已修好，双方签字。")
    assert case.result == "mediated"


def test_an_elder_of_the_village_takes_a_dispute_on(staff: Staff) -> None:
    worker = signed_in(staff, "worker", role="grid_worker", division=grid_codes(staff, "general")[0])
    village = signed_in(staff, "village", role="village_secretary", division=VILLAGE)
    elder = signed_in(staff, "elder", role="elder", division=VILLAGE)
    case = dispute(worker, staff)
    move(village, case, "want_mediator")
    move(elder, case, "claim")
    move(elder, case, "settled", public_reply="两家握手言和，沟沿一起清。")
    assert (case.step, case.result) == ("visit", "mediated")


def test_a_party_member_with_a_post_claims_a_wish_and_the_resident_confirms(staff: Staff) -> None:
    resident = signed_in(staff, "resident", kind="resident")
    village = signed_in(staff, "village", role="village_secretary", division=VILLAGE)
    member = signed_in(staff, "member", role="party_post", division=VILLAGE)
    signed_in(staff, "far", role="party_post", division="210882104200")
    page = said(resident.get("/open/micro/"))
    for kind in ("微项目", "微公益", "微服务", "微心愿", "微能量"):
        assert kind in page
    assert resident.post("/open/micro/", {"body": "想要一个书桌"}).status_code == 422  # which of the five
    open_(resident, "micro", micro="wish", body="孩子想要一张旧书桌", division=village_id(staff))
    case = the_case(staff)
    assert (case.kind, case.step, case.fields["micro"]) == ("micro", "offer", "wish")
    assert case.number.startswith("WW")
    move(village, case, "publish_it")
    assert case.number in mine(staff, "member")
    assert case.number not in mine(staff, "far")
    move(member, case, "claim")
    move(member, case, "delivered", errand_done="送去一张书桌", public_reply="书桌已送到家，祝孩子学习进步。")
    assert (case.step, case.result) == ("confirm", "solved")
    move(resident, case, "confirmed", satisfaction="satisfied")
    assert case.satisfaction == 3


def test_a_party_member_with_a_post_runs_errands_too(staff: Staff) -> None:
    resident = signed_in(staff, "resident", kind="resident")
    member = signed_in(staff, "member", role="party_post", division=VILLAGE)
    open_(resident, "errand", body="帮老人取快递", item="T105", division=village_id(staff))
    case = the_case(staff)
    move(member, case, "claim")
    assert case.owner_key == f"post:party_post@{village_id(staff)}"

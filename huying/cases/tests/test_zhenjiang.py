"""What Zhenjiang New Area's account tells, walked through screens with real sign-ins: the seven layers (ZJ1), the notebook
(ZJ2), orders taken by paired organisations (ZJ3), three grades settled at their own tier (ZJ4), dedicated desks (ZJ5).
Duty lists (ZJ6) have tests of their own, test_duties.py."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from huying import clock
from huying.cases.actions import fire
from huying.cases.models import Case, Leg, Link
from huying.cases.tests.people import Staff
from huying.cases.tests.walking import in_place, mine, move, offered, said, send, signed_in, the_case

VILLAGE, TOWN = "321171001001", "321171001"
BRANCH = f"{VILLAGE}-g01"
DONE = {"solved": "solved", "internal_account": "已到场处理", "public_reply": "已经办好，请放心。"}


@pytest.fixture
def staff(db: Any, settings: Any) -> Iterator[Staff]:
    with in_place("zhenjiang", settings) as made:
        yield made


def village_id(staff: Staff) -> int:
    return int(staff.memory.by_code(VILLAGE).id)


def chain(staff: Staff) -> dict[str, Client]:
    """One of each post on the way from the volunteer up to the zone."""
    grid = {"division": BRANCH}
    return {
        "volunteer": signed_in(staff, "volunteer", role="volunteer", **grid),
        "home": signed_in(staff, "home", role="centre_home", **grid),
        "group": signed_in(staff, "group", role="group_leader", **grid),
        "branch": signed_in(staff, "branch", role="branch_secretary", **grid),
        "village": signed_in(staff, "village", role="village_desk", division=VILLAGE),
        "town": signed_in(staff, "town", role="town_desk", division=TOWN),
        "zone": signed_in(staff, "zone", role="centre_desk", organ="centre"),
    }


def reported(staff: Staff, body: str = "楼道里有人堆了很多纸壳") -> Case:
    """A resident reports at a point inside the branch's grid."""
    from shapely.geometry import shape

    point = shape(staff.memory.by_code(BRANCH).outline).representative_point()
    resident = signed_in(staff, "resident", kind="resident") if "resident" not in staff.people else None
    client = resident or again("resident")
    send(client, "/report/", body=body, call="help", place=f"{point.x:.6f},{point.y:.6f}")
    return the_case(staff)


def again(name: str) -> Client:
    client = Client()
    client.post("/sign-in/", {"username": name, "password": "plain-words-for-tests-9"})
    return client


# — ZJ1, ZJ4, ZJ5: up the chain, and settled where its grade says —


def test_zj4_a_matter_of_grade_three_is_settled_by_the_village(staff: Staff) -> None:
    who = chain(staff)
    case = reported(staff)
    assert (case.kind, case.step, case.tier) == ("matter", "home", "grid")
    assert case.number in mine(staff, "home")
    assert case.number not in mine(staff, "volunteer")
    move(who["home"], case, "to_branch", site_note="到楼道看了，确有杂物")
    assert case.number in mine(staff, "branch")
    move(who["branch"], case, "to_desk", site_note="需要社区出面")
    assert (case.step, case.tier) == ("desk", "village")
    assert case.number in mine(staff, "village")  # the village's dedicated desk
    page = f"/cases/{case.number}/"
    assert {"own", "up"}.isdisjoint(offered(who["village"], page))  # nobody has graded it yet
    move(who["village"], case, "sort", item="B11")  # 楼道堆物清理, grade three
    assert case.grade == 3
    assert "own" in offered(who["village"], page)
    assert "up" not in offered(who["village"], page)
    move(who["village"], case, "own")
    move(who["village"], case, "settled", **DONE)
    assert case.number in mine(staff, "branch")  # who tells the reporter
    move(who["branch"], case, "close", contact_how="visit", public_reply=DONE["public_reply"])
    assert (case.result, case.step) == ("solved", "rate")
    assert DONE["public_reply"] in said(again("resident").get(f"/track/{case.number}/"))
    move(again("resident"), case, "rated", satisfaction="satisfied")
    assert case.step == "done"


def test_zj4_grade_one_goes_up_to_the_zone_and_grade_two_stops_at_the_town(staff: Staff) -> None:
    who = chain(staff)
    for item, grade, settles in (("B02", 1, "zone"), ("B07", 2, "town")):
        case = reported(staff)
        move(who["home"], case, "to_branch", site_note="闻到气味")
        move(who["branch"], case, "to_desk", site_note="请专席尽快")
        move(who["village"], case, "sort", item=item)
        for tier in ("village", "town", "zone"):
            assert (case.step, case.tier) == ("desk", tier)
            assert case.number in mine(staff, tier)
            if tier == settles:
                break
            assert "own" not in offered(who[tier], f"/cases/{case.number}/")
            move(who[tier], case, "up")
        move(who[settles], case, "own")
        assert (case.step, case.tier, case.grade) == ("work", settles, grade)


def test_zj4_what_is_too_hard_goes_one_grade_up_and_is_gathered(staff: Staff) -> None:
    who = chain(staff)
    case = reported(staff)
    move(who["home"], case, "to_branch", site_note="看过")
    move(who["branch"], case, "to_desk", site_note="看过")
    move(who["village"], case, "sort", item="E13")
    move(who["village"], case, "own")
    move(who["village"], case, "harder", up_reason="主管堵塞，要开挖路面")
    assert (case.step, case.tier, case.grade) == ("desk", "town", 2)
    move(who["town"], case, "own")
    assert (case.step, case.tier) == ("work", "town")
    move(who["town"], case, "gather", organs=["construction", "water_supply"], due="2099-01-05T17:00")
    for code in ("construction", "water_supply"):
        officer = signed_in(staff, f"o-{code}", role="officer", organ=code)
        leg = Leg.objects.get(case_id=case.id, organ_id=staff.memory.organ_by_code(code).id)
        case.refresh_from_db()
        move(officer, case, "sign_in", leg=leg)
        move(officer, case, "finish", leg=leg, **DONE)
    assert case.step == "reply"


def test_zj5_nothing_falls_between_the_desks(staff: Staff) -> None:
    case = reported(staff)  # nobody holds any post of the chain yet
    for days, step, tier in ((2, "branch", "grid"), (4, "desk", "village")):
        fire(case.place_id, case.id, now=clock.now() + timedelta(days=days))
        case.refresh_from_db()
        assert (case.step, case.tier) == (step, tier)
    desk = signed_in(staff, "village", role="village_desk", division=VILLAGE)
    assert case.number in mine(staff, "village")
    assert case.number in said(desk.get("/inbox/"))


def test_zj5_reports_of_wrongdoing_go_past_the_neighbours_to_the_zone(staff: Staff) -> None:
    who = chain(staff)
    send(again("home"), "/desk/call/", body="有人在塘边倒化工桶", call="report", division=village_id(staff))
    case = the_case(staff)
    assert (case.step, case.tier) == ("desk", "zone")
    assert case.number in mine(staff, "zone")
    assert who["village"].get(f"/cases/{case.number}/").status_code == 404


# — ZJ2: the notebook —


def test_zj2_a_notebook_entry_becomes_a_matter(staff: Staff) -> None:
    who = chain(staff)
    send_open(who["volunteer"], "note", note_class="visit", body="三楼老人说楼道灯坏了好几天")
    note = the_case(staff)
    assert (note.kind, note.step) == ("note", "look")
    grid = staff.memory.by_code(BRANCH)
    assert note.owner_key == f"post:branch_secretary@{grid.id}"
    move(who["branch"], note, "to_matter", site_note="已核实")
    assert note.result == "transferred"
    case = Case.objects.get(place_id=note.place_id, id=Link.objects.get(case_id=note.id).other_id)
    assert (case.kind, case.step, case.grid_id) == ("matter", "home", grid.id)
    assert case.reporter_id == staff.people["volunteer"].pk  # who wrote it down is told how it ends


def test_zj2_what_was_done_at_once_is_on_record_and_closed(staff: Staff) -> None:
    who = chain(staff)
    send_open(who["volunteer"], "note", note_class="on_hand", body="把楼下松动的井盖挪正", done_at_once="on")
    note = the_case(staff)
    assert (note.step, note.result, note.closed_at is not None) == ("done", "solved", True)


def send_open(client: Client, kind: str, **data: Any) -> None:
    answer = client.post(f"/open/{kind}/", data)
    assert answer.status_code in (200, 302), said(answer)[:600]


# — ZJ3: 群众点单、社区派单、单位接单 —


def test_zj3_a_resident_orders_the_community_places_a_paired_organisation_takes(staff: Staff) -> None:
    who = chain(staff)
    resident = signed_in(staff, "resident", kind="resident")
    preset = staff.memory.preset
    paired = next(code for code, row in preset.organs.items() if VILLAGE in row.paired)
    stranger = next(code for code, row in preset.organs.items() if row.paired and VILLAGE not in row.paired)
    ours = signed_in(staff, "ours", role="officer", organ=paired)
    signed_in(staff, "theirs", role="officer", organ=stranger)
    signed_in(staff, "member", role="serving_member", division=VILLAGE)
    form = resident.get("/open/order/").content.decode()
    for word in "衣食住行业教保医":
        assert f">{word}<" in form
    send_open(resident, "order", life_field="health", body="想请人教老人用血压计", division=village_id(staff))
    case = the_case(staff)
    assert (case.kind, case.step, case.tier) == ("order", "place", "village")
    move(who["village"], case, "send", plan="本周内")
    # the paired organisation and serving members find it, an organisation paired with another village does not
    assert case.number in mine(staff, "ours")
    assert case.number in mine(staff, "member")
    assert case.number not in mine(staff, "theirs")
    move(ours, case, "take", plan="周三下午两点")
    assert case.owner_key == f"organ:{staff.memory.organ_by_code(paired).id}"
    assert case.number not in mine(staff, "member")
    move(ours, case, "delivered", done_note="已上门", public_reply="已上门教会使用，留下了联系电话。")
    move(resident, case, "rated", satisfaction="satisfied")
    assert (case.step, case.result, case.satisfaction) == ("done", "solved", 3)


def test_zj3_an_order_nobody_takes_stays_with_the_community(staff: Staff) -> None:
    who = chain(staff)
    resident = signed_in(staff, "resident", kind="resident")
    send_open(resident, "order", life_field="food", body="想订老人午餐", division=village_id(staff))
    case = the_case(staff)
    move(who["village"], case, "send")
    fire(case.place_id, case.id, now=clock.now() + timedelta(days=6))
    case.refresh_from_db()
    assert (case.step, case.number in mine(staff, "village")) == ("here", True)


def test_the_overview_shows_no_rate_of_reporting_in_and_nothing_that_cannot_happen_here(staff: Staff) -> None:
    leader = signed_in(staff, "leader", role="leader", division="321171")
    page = leader.get("/overview/").content.decode()
    assert ["rate-answered" in page, "rate-solved" in page, "rate-satisfied" in page, "rate-on_time" in page] == [
        False, True, True, True,
    ]  # fmt: skip
    for name, shown in (("延期", False), ("暂停计时", False), ("重办", True)):
        assert (f"{name}</span>" in page) is shown, name

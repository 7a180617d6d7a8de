"""The centre's queue, the dispatch card, and settling whose duty something is, through their screens."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from huying.cases import figures, queue
from huying.cases.actions import perform, report
from huying.cases.calls import Call
from huying.cases.models import Case, Leg, Precedent
from huying.cases.tests.desk_browser import browser, desk, officer
from huying.cases.tests.test_lifecycle import a_point, told
from huying.cases.who import Actor
from huying.ledger import queries as ledger
from huying.testing.statements import statements

ODD = "桥头那片空地上的旧广告架子快倒了，城管说不归他们，住建也说不归他们"
HANDLED = {
    "truth": "genuine", "completion": "substantive", "solved": "solved", "contact_how": "phone",
    "internal_account": "已劝离并安排巡查", "public_reply": "摊位已清理，我们会安排人员早晚巡查。",
}  # fmt: skip


def unclear(staff: Any, body: str = ODD) -> Case:
    lon, lat = a_point(staff)
    made = report(staff.place.pk, Call(body=body, lon=lon, lat=lat), Actor(channel="web"))
    return Case.objects.get(place_id=staff.place.pk, id=made.case_id)


def fresh(case: Case) -> Case:
    return Case.objects.get(place_id=case.place_id, id=case.id)


def group(browser_: Any, name: str) -> str:
    answer = browser_.get("/desk/queue/", {"group": name})
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_every_decision_stands_in_its_group(staff: Any) -> None:
    browser_, place = desk(staff), staff.place.pk
    new = unclear(staff)
    returned, extending, verifying, asked = told(staff), told(staff), told(staff), unclear(staff, ODD + "。")
    organ = staff.officer()
    perform(place, returned.id, "return", organ, {"return_reason": "not_ours", "reason": "不在城区范围"})
    for case in (extending, verifying):
        perform(place, case.id, "sign_in", organ, {})
    perform(
        place,
        extending.id,
        "ask_time",
        organ,
        {"extend_reason": "works", "extend_days": "3", "reason": "等材料"},
    )
    perform(place, verifying.id, "done", organ, HANDLED)
    perform(
        place, asked.id, "convene", staff.desk,
        {"organs": ["chengguan"], "question": "归谁管", "due": "2099-01-05T17:00"},
    )  # fmt: skip
    for case, name in (
        (new, "take"), (returned, "send"), (extending, "approve"), (verifying, "verify"), (asked, "settle"),
    ):  # fmt: skip
        assert f"/desk/cases/{case.number}/" in group(browser_, name), name
    sight = staff.desk.sight
    counts = queue.counts(sight, staff.memory)
    assert {name: n for name, n in counts.items() if n} == dict.fromkeys(
        ("take", "send", "approve", "verify", "settle"), 1
    )


def test_a_returned_part_of_a_joint_case_waits_there_too(staff: Any) -> None:
    case = unclear(staff)
    perform(
        case.place_id, case.id, "gather", staff.desk,
        {"item": "E101", "organs": ["chengguan", "police"], "due": "2099-01-05T17:00"},
    )  # fmt: skip
    leg = Leg.objects.get(case_id=case.id, organ_id=staff.memory.organ_by_code("police").id)
    perform(
        case.place_id, case.id, "return", staff.officer("police"),
        {"return_reason": "not_ours", "reason": "不是治安事项"}, leg_id=leg.id,
    )  # fmt: skip
    page = group(desk(staff), "send")
    assert f"/desk/cases/{case.number}/" in page
    assert staff.memory.organ_by_code("police").name in page


def test_the_next_limit_comes_first_and_pages_go_on_from_there(staff: Any) -> None:
    cases = [unclear(staff, f"{ODD}{n}") for n in range(5)]
    for n, case in enumerate(cases):
        Case.objects.filter(place_id=case.place_id, id=case.id).update(due_at=f"2030-01-0{5 - n}T00:00:00Z")
    Case.objects.filter(place_id=staff.place.pk, id=cases[0].id).update(due_at=None)
    sight, memory = staff.desk.sight, staff.memory
    seen: list[UUID] = []
    cursor = ""
    while True:
        rows, cursor = queue.page(sight, memory, "take", cursor, size=2)
        seen += [row.case.id for row in rows]
        if not cursor:
            break
    assert seen == [cases[4].id, cases[3].id, cases[2].id, cases[1].id, cases[0].id]
    assert desk(staff).get("/desk/queue/?group=take&after=nonsense").status_code == 302


def test_the_queue_costs_the_same_however_much_waits(staff: Any) -> None:
    browser_ = desk(staff)
    unclear(staff)
    group(browser_, "take")
    with statements() as few:
        group(browser_, "take")
    for n in range(6):
        unclear(staff, f"{ODD}{n}")
    with statements() as many:
        group(browser_, "take")
    assert len(few) == len(many), (few, many)


def test_card_settling_and_precedents_cost_a_fixed_number_of_statements(staff: Any) -> None:
    browser_, case = desk(staff), unclear(staff)
    perform(
        case.place_id, case.id, "convene", staff.desk,
        {"organs": ["chengguan", "housing"], "question": "归谁管", "due": "2099-01-05T17:00"},
    )  # fmt: skip
    for where, most in (
        (f"/desk/cases/{case.number}/", 22), (f"/desk/settle/{case.number}/", 25), ("/desk/precedents/", 10),
        (f"/desk/cases/{case.number}/item/?item=E101", 12),
    ):  # fmt: skip
        browser_.get(where)
        with statements() as seen:
            assert browser_.get(where).status_code == 200
        assert len(seen) <= most, (where, len(seen), seen)


def test_one_press_sends_it_as_suggested(staff: Any) -> None:
    made = report(
        staff.place.pk, Call(body="菜市场门口占道经营，流动摊贩把人行道全占了"), Actor(channel="web")
    )
    case = Case.objects.get(place_id=staff.place.pk, id=made.case_id)  # without a place it waits at the desk
    assert case.step == "take"
    browser_ = desk(staff)
    page = browser_.get(f"/desk/cases/{case.number}/").content.decode()
    assert 'name="item" value="E101"' in page
    assert staff.memory.organ_by_code("chengguan").short in page
    answer = browser_.post(
        f"/desk/cases/{case.number}/move/",
        {"move": "dispatch", "item": "E101", "seen": "1", "key": "q-1", "next": "/desk/queue/?group=take"},
    )
    assert (answer.status_code, answer["Location"]) == (303, "/desk/queue/?group=take")
    assert fresh(case).step == "arrive"


def test_verifying_is_one_press_with_what_the_organ_wrote(staff: Any) -> None:
    case = told(staff)
    perform(case.place_id, case.id, "sign_in", staff.officer(), {})
    perform(case.place_id, case.id, "done", staff.officer(), HANDLED)
    page = group(desk(staff), "verify")
    assert 'name="move" value="pass"' in page
    assert HANDLED["public_reply"] in page


def test_several_organs_come_preselected_from_the_handbook(staff: Any) -> None:
    made = report(staff.place.pk, Call(body="渣土车带泥上路，运输车辆遗撒，路上全是泥"), Actor(channel="web"))
    case = Case.objects.get(place_id=staff.place.pk, id=made.case_id)
    page = desk(staff).get(f"/desk/cases/{case.number}/").content.decode()
    start = page.index('id="m-gather-organs"')
    chosen = page[start : page.index("</select>", start)]
    assert chosen.count(" selected") >= 2
    book = desk(staff).get(f"/desk/cases/{case.number}/item/?item=E107").content.decode()
    for code in ("chengguan", "police", "transport"):
        assert staff.memory.organ_by_code(code).name in book


def test_what_is_not_admitted_is_not_given_to_the_grid(staff: Any) -> None:
    case = unclear(staff)
    item = next(row.code for row in staff.memory.preset.leaves if not row.grid)
    answer = desk(staff).post(
        f"/desk/cases/{case.number}/move/", {"move": "to_grid", "item": item, "seen": "1", "key": "g-1"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "不在网格员" in page or "准入" in page
    assert "占道经营" in page  # what may be given instead
    assert fresh(case).step == "take"


def test_a_stale_card_loses_nothing(staff: Any) -> None:
    case = unclear(staff)
    perform(case.place_id, case.id, "note", staff.desk, {"note": "先看看"})
    answer = desk(staff).post(
        f"/desk/cases/{case.number}/move/",
        {"move": "dispatch", "item": "E101", "desk_note": "请尽快到场", "seen": "1", "key": "s-1"},
    )
    assert answer.status_code == 409
    assert "请尽快到场" in answer.content.decode()
    assert fresh(case).step == "take"


def test_organs_are_asked_answer_side_by_side_and_the_ruling_is_kept(staff: Any) -> None:
    case, browser_ = unclear(staff), desk(staff)
    where = f"/desk/settle/{case.number}/"
    page = browser_.get(where).content.decode()
    assert 'value="convene"' in page
    asked = browser_.post(
        f"/desk/cases/{case.number}/move/",
        {"move": "convene", "organs": ["chengguan", "housing"], "question": "广告架归谁管？",
         "due": "2099-01-05T17:00", "seen": "1", "key": "c-1", "next": where},
    )  # fmt: skip
    assert asked["Location"] == where
    leg = Leg.objects.get(case_id=case.id, organ_id=staff.memory.organ_by_code("housing").id)
    perform(
        case.place_id, case.id, "give_view", staff.officer("housing"),
        {"ours": "lead", "opinion": "属房屋附属设施，由我单位主办"}, leg_id=leg.id,
    )  # fmt: skip
    page = browser_.get(where).content.decode()
    assert "广告架归谁管？" in page
    assert "属房屋附属设施，由我单位主办" in page
    assert "是，愿主办" in page
    start = page.index('id="m-ruled-organ"')  # the one organ that is ready to lead is filled in
    assert (
        'value="housing" data-keys'
        in page[start : page.index("</select>", start)].split(" selected")[0][-400:]
    )
    refused = browser_.post(
        f"/desk/cases/{case.number}/move/",
        {"move": "ruled", "item": "E103", "organ": "housing", "ruling": "住", "key": "r-0", "next": where},
    )
    assert refused.status_code == 422
    assert "属房屋附属设施" in refused.content.decode()
    ruled = browser_.post(
        f"/desk/cases/{case.number}/move/",
        {
            "move": "ruled",
            "item": "E103",
            "organ": "housing",
            "ruling": "按现场管理由住建承办",
            "key": "r-1",
            "next": where,
        },
    )
    assert ruled["Location"] == where
    assert "按现场管理由住建承办" in browser_.get(where).content.decode()
    kept = Precedent.objects.get(place_id=case.place_id)
    assert case.number in browser_.get("/desk/precedents/?q=广告").content.decode()
    assert case.number not in browser_.get("/desk/precedents/?q=消防").content.decode()
    figures.forget()
    alike = unclear(staff, ODD + "，今天又晃")
    book = browser_.get(f"/desk/cases/{alike.number}/item/?item=E103").content.decode()
    assert case.number in book
    _end(staff, browser_, kept, case)


def _end(staff: Any, browser_: Any, kept: Precedent, case: Case) -> None:
    """Ending it needs a reason and the right; routing no longer knows it."""
    url = f"/desk/precedents/{kept.id}/end/"
    assert browser_.post(url, {"reason": ""}).status_code == 303
    assert Precedent.objects.get(place_id=kept.place_id, id=kept.id).ended_at is None
    assert officer(staff, "water").post(url, {"reason": "不再适用"}).status_code == 403
    assert browser_.post(url, {"reason": "职责已调整"}).status_code == 303
    assert Precedent.objects.get(place_id=kept.place_id, id=kept.id).ended_at is not None
    last = ledger.history(case.place_id, case.id, private=True)[-1]
    assert (last.event.kind, (last.private or {})["reason"]) == ("case.precedent_ended", "职责已调整")
    assert not figures.of(case.place_id).rulings
    browser_.get("/desk/queue/")  # shows the message
    assert case.number not in browser_.get("/desk/precedents/").content.decode()
    assert case.number in browser_.get("/desk/precedents/?ended=1").content.decode()


def test_another_desk_sees_only_its_own(staff: Any) -> None:
    case = unclear(staff)
    clerk = browser(staff, "clerk", role="town_clerk", division="220523100")
    assert case.number not in group(clerk, "take")
    assert clerk.get(f"/desk/cases/{case.number}/").status_code == 404
    assert clerk.get(f"/desk/settle/{case.number}/").status_code == 403
    assert officer(staff, "water").get("/desk/queue/").status_code == 403

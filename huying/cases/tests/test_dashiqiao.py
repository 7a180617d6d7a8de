"""What Dashiqiao's account tells, walked through screens with real sign-ins: the hotline in five steps with a pool and
grids of three layers (DS3, DS4), findings, disputes and hazards (DS5), errands (DS7). docs/coverage.md."""

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
from huying.cases.tests.test_rows_huinan import who
from huying.cases.tests.walking import in_place, mine, move, offered, said, send, signed_in, the_case

VILLAGE = "210882003001"  # 铁西社区
TOWN = "210882003"
DONE = {
    "truth": "genuine", "completion": "substantive", "solved": "solved", "contact_how": "phone",
    "internal_account": "已到场处理", "public_reply": "路灯已经修好，感谢您的反映。",
}  # fmt: skip


@pytest.fixture
def staff(db: Any, settings: Any) -> Iterator[Staff]:
    with in_place("dashiqiao", settings) as made:
        yield made


def village_id(staff: Staff, code: str = VILLAGE) -> int:
    found = staff.memory.by_code(code)
    assert found is not None
    return int(found.id)


def grid_codes(staff: Staff, layer: str) -> list[str]:
    return [row.code for row in staff.memory.grids[layer] if row.code.startswith(VILLAGE)]


def open_(client: Client, kind: str, **data: Any) -> Any:
    answer = client.post(f"/open/{kind}/", data)
    assert answer.status_code in (200, 302), said(answer)[:600]
    return answer


# — DS3: 接件 认领 分派 办理 结案, and the caller's feedback —


def test_ds3_a_call_is_taken_claimed_assigned_handled_closed_and_rated(staff: Staff) -> None:
    hotline = signed_in(staff, "desk", role="centre_desk", organ="centre")
    bureau = signed_in(staff, "bureau", role="officer", organ="chengguan")
    other = signed_in(staff, "other", role="officer", organ="market")
    send(
        hotline, "/desk/call/", body="铁西社区门前一排路灯不亮，晚上漆黑", call="help", division=village_id(staff),
        **who(staff),
    )  # fmt: skip
    case = the_case(staff)
    assert (case.kind, case.step, case.channel) == ("request", "take", "hotline")
    assert case.number.startswith("8890")
    move(hotline, case, "take_in", item="Q112")
    assert case.step == "claim"
    # every organ finds it among what waits, nobody else does
    assert case.number in mine(staff, "bureau")
    assert case.number in mine(staff, "other")
    assert case.number not in mine(staff, "desk")
    assert case.number in said(bureau.get("/inbox/"))
    move(bureau, case, "claim", claim_note="今天派人去看")
    chengguan = staff.memory.organ_by_code("chengguan").id
    assert (case.step, case.owner_key, case.organ_id) == ("assign", f"organ:{chengguan}", chengguan)
    assert case.number not in mine(staff, "other")
    assert other.get(f"/cases/{case.number}/").status_code == 404
    move(bureau, case, "own")
    move(bureau, case, "done", **DONE)
    assert case.step == "close"
    move(hotline, case, "pass", solved="solved", public_reply=DONE["public_reply"])
    assert (case.step, case.result) == ("rate", "solved")
    flow = staff.memory.preset.flow_of("request")
    assert list(flow.stages.values()) == ["接件", "认领", "分派", "办理", "结案"]


def test_ds3_what_nobody_claims_goes_to_the_desk_which_names_an_organ(staff: Staff) -> None:
    hotline = signed_in(staff, "desk", role="centre_desk", organ="centre")
    send(hotline, "/desk/call/", body="河里有垃圾", call="help", division=village_id(staff), **who(staff))
    case = the_case(staff)
    move(hotline, case, "take_in", item="Q112")
    assert fire(case.place_id, case.id, now=clock.now() + timedelta(days=4))
    case.refresh_from_db()
    assert case.step == "appoint"
    assert case.number in mine(staff, "desk")
    move(hotline, case, "straight", item="Q112", organ="chengguan")
    assert (case.step, case.owner_key) == ("appointed", f"organ:{staff.memory.organ_by_code('chengguan').id}")


def test_ds3_reports_of_wrongdoing_never_lie_in_the_pool(staff: Staff) -> None:
    hotline = signed_in(staff, "desk", role="centre_desk", organ="centre")
    send(hotline, "/desk/call/", body="有人收黑钱", call="report", division=village_id(staff), **who(staff))
    case = the_case(staff)
    page = said(hotline.get(f"/cases/{case.number}/"))
    assert "直接指定" in page
    assert hotline.post(
        f"/cases/{case.number}/move/", {"move": "take_in", "item": "Q112", "seen": case.version}
    ).status_code in (409, 422)
    case.refresh_from_db()
    assert case.step == "take"


def test_ds3_one_key_supervision_is_answered_by_the_organ_and_accepted_by_its_author(staff: Staff) -> None:
    hotline = signed_in(staff, "desk", role="centre_desk", organ="centre")
    leader = signed_in(staff, "leader", role="leader", division="210882")
    bureau = signed_in(staff, "bureau", role="officer", organ="chengguan")
    send(hotline, "/desk/call/", body="垃圾堆没人清", call="help", division=village_id(staff), **who(staff))
    case = the_case(staff)
    move(hotline, case, "straight", item="Q112", organ="chengguan")
    send(
        leader, f"/supervise/new/?case={case.number}", to_organ="chengguan", level="1", days="3",
        demand="三天内清理完毕并报送情况",
    )  # fmt: skip
    order = Case.objects.get(place_id=case.place_id, kind="supervision")
    assert order.number.startswith("DSQDB")
    assert (order.step, order.owner_key) == ("sign", case.owner_key)
    assert order.number in mine(staff, "bureau")
    move(bureau, order, "sign_in")
    move(bureau, order, "answered", account="已清理完毕，安排了专人巡查")
    assert "accepted" not in offered(bureau, f"/cases/{order.number}/")
    move(leader, order, "accepted")
    assert (order.step, order.result) == ("done", "rectified")


# — DS4: three layers of grids; a photo report pushed up level by level; joint handling —


def test_ds4_a_finding_rises_tier_by_tier_and_ends_in_joint_handling(staff: Staff) -> None:
    worker = signed_in(staff, "worker", role="grid_worker", division=grid_codes(staff, "general")[0])
    village = signed_in(staff, "village", role="village_secretary", division=VILLAGE)
    town = signed_in(staff, "town", role="town_clerk", division=TOWN)
    centre = signed_in(staff, "desk", role="centre_desk", organ="centre")
    open_(worker, "finding", body="两个镇之间的排水沟堵了，水漫到路上", patrol="daily")
    case = the_case(staff)
    assert (case.kind, case.step, case.tier, case.channel) == ("finding", "look", "village", "grid")
    assert case.number.startswith("XC")
    move(village, case, "push_up", push_reason="跨村，村里办不了")
    assert case.tier == "town"
    assert case.number in mine(staff, "town")
    move(town, case, "push_up", push_reason="跨镇")
    assert case.tier == "county"
    move(centre, case, "gather", organs=["water", "transport"], due="2099-01-05T17:00")
    assert (case.step, Leg.objects.filter(case_id=case.id).count()) == ("joint", 2)
    for code in ("water", "transport"):
        officer = signed_in(staff, f"o-{code}", role="officer", organ=code)
        leg = Leg.objects.get(case_id=case.id, organ_id=staff.memory.organ_by_code(code).id)
        move(officer, case, "sign_in", leg=leg)
        move(
            officer,
            case,
            "finish",
            leg=leg,
            **{k: DONE[k] for k in ("solved", "internal_account", "public_reply")},
        )
    case.refresh_from_db()
    assert case.step == "review"
    assert case.number in mine(staff, "worker")
    move(worker, case, "checked")
    assert (case.result, case.closed_at is not None) == ("solved", True)


def test_ds4_what_the_village_leaves_rises_by_itself(staff: Staff) -> None:
    worker = signed_in(staff, "worker", role="grid_worker", division=grid_codes(staff, "general")[0])
    open_(worker, "finding", body="路边有坑")
    case = the_case(staff)
    fire(case.place_id, case.id, now=clock.now() + timedelta(days=4))
    case.refresh_from_db()
    assert (case.step, case.tier) == ("look", "town")


def test_ds4_workers_of_enterprise_and_school_grids_report_where_they_serve(staff: Staff) -> None:
    for layer, role in (("enterprise", "enterprise_worker"), ("school", "school_worker")):
        row = staff.memory.grids[layer][0]
        client = signed_in(staff, role, role=role, division=row.code)
        open_(client, "finding", body=f"{row.name}门口堆了易燃物", handled_now="on")
        case = the_case(staff)
        assert case.division_id == row.id
        assert case.path == row.path
        assert (case.step, case.result) == ("done", "solved")  # settled within the grid


# — DS5: disputes, matters, hazards —


def dispute(client: Client, staff: Staff, **more: Any) -> Case:
    told = {
        "title": "排水沟邻里纠纷", "body": "两家因为门前排水沟的走向争执多日", "dispute_type": "neighbours", "people": "2",
        "dispute_source": "found", "risk": "yellow", "item": "M02", "party_a": "示例·赵甲 100-0000-1111",
        "party_b": "示例·钱乙 100-0000-2222", "division": village_id(staff),
    }  # fmt: skip
    open_(client, "dispute", **{**told, **more})
    return the_case(staff)


def test_ds5_a_dispute_is_taken_on_by_a_judge_agreed_performed_and_visited(staff: Staff) -> None:
    worker = signed_in(staff, "worker", role="grid_worker", division=grid_codes(staff, "general")[0])
    village = signed_in(staff, "village", role="village_secretary", division=VILLAGE)
    judge = signed_in(staff, "judge", role="judge", division=TOWN)
    far = signed_in(staff, "far", role="mediator", division="210882104")
    case = dispute(worker, staff)
    assert (case.kind, case.step) == ("dispute", "take")
    move(village, case, "want_mediator")
    # a pool of the town: its judge finds it, the mediator of another town does not
    assert case.number in mine(staff, "judge")
    assert case.number not in mine(staff, "far")
    assert far.get(f"/cases/{case.number}/").status_code == 404
    move(judge, case, "claim")
    assert case.owner_key == f"post:judge@{village_id(staff, TOWN)}"  # the post: a stand-in finds it too
    page = said(judge.get(f"/cases/{case.number}/"))
    assert "示例·赵甲" in page
    assert "邻里" in page
    move(
        judge,
        case,
        "agreed",
        mediated_as="written",
        agreement="双方同意按原走向修整排水沟",
        perform_by="2099-01-05",
    )
    assert case.step == "perform"
    move(judge, case, "performed", public_reply="排水沟已修好，双方签字确认。")
    assert (case.step, case.result) == ("visit", "mediated")
    move(village, case, "visited", contact_how="visit")
    assert case.step == "done"


def test_ds5_names_of_the_parties_are_sealed_not_kept_among_the_columns(staff: Staff) -> None:
    worker = signed_in(staff, "worker", role="grid_worker", division=grid_codes(staff, "general")[0])
    case = dispute(worker, staff)
    assert "party_a" not in case.fields
    assert "示例·赵甲" not in str(vars(case))
    assert case.fields["dispute_type"] == "neighbours"


def test_ds5_what_cannot_be_settled_goes_to_its_legal_channel(staff: Staff) -> None:
    resident = signed_in(staff, "resident", kind="resident")
    village = signed_in(staff, "village", role="village_secretary", division=VILLAGE)
    case = dispute(resident, staff, dispute_source="asked")
    move(village, case, "mediate_here")
    move(
        village, case, "failed", channel_to="court", reason="一方不同意调解",
        public_reply="调解不成，可以向法院起诉，材料清单已经给您。",
    )  # fmt: skip
    assert (case.result, case.fields["channel_to"]) == ("routed", "court")


def test_ds5_a_hazard_has_its_own_form_limit_and_outcome(staff: Staff) -> None:
    worker = signed_in(staff, "worker", role="grid_worker", division=grid_codes(staff, "general")[0])
    village = signed_in(staff, "village", role="village_secretary", division=VILLAGE)
    town = signed_in(staff, "town", role="town_clerk", division=TOWN)
    fire_officer = signed_in(staff, "fire", role="officer", organ="fire")
    answer = worker.post("/open/hazard/", {"body": "仓库门锁死", "hazard_at": "shop"})
    assert answer.status_code == 422  # the level is asked for
    open_(
        worker,
        "hazard",
        body="门市二楼住人，窗户焊死",
        hazard_level="major",
        hazard_at="shop",
        unit_name="某商店",
    )
    case = the_case(staff)
    assert (case.step, case.tier) == ("check", "town")  # grave ones go past the village
    assert case.number in mine(staff, "town")
    assert case.number not in mine(staff, "village")
    move(town, case, "to_organ", item="D03", mend_by="2099-01-05")
    assert case.owner_key == f"organ:{staff.memory.organ_by_code('fire').id}"
    assert case.due_at is not None
    assert case.due_at.year == 2099
    move(fire_officer, case, "mended", removal="mended", found="已拆除窗栏，住人搬离")
    assert case.step == "review"
    move(village, case, "struck")
    assert (case.step, case.result) == ("done", "removed")


def test_ds5_a_finding_turns_into_a_dispute_or_hazard_linked_to_it(staff: Staff) -> None:
    worker = signed_in(staff, "worker", role="grid_worker", division=grid_codes(staff, "general")[0])
    village = signed_in(staff, "village", role="village_secretary", division=VILLAGE)
    open_(worker, "finding", body="两家为墙界吵起来了")
    case = the_case(staff)
    move(village, case, "to_dispute", reason="需要调解")
    assert case.result == "transferred"
    link = Link.objects.get(case_id=case.id)
    assert Case.objects.get(place_id=case.place_id, id=link.other_id).kind == "dispute"


# — DS7: theme lists and errands —


def test_ds7_a_resident_orders_from_the_theme_lists_an_agent_runs_and_the_resident_confirms(
    staff: Staff,
) -> None:
    resident = signed_in(staff, "resident", kind="resident")
    agent = signed_in(staff, "agent", role="agent", division=VILLAGE)
    signed_in(staff, "agent2", role="agent", division="210882104200")
    form = resident.get("/open/errand/").content.decode()
    for theme in ("日常生活需求", "环境卫生治理", "冬季供暖保障", "弱势群体救助"):
        assert theme in form
    assert "路灯不亮" not in form  # only what is on the lists
    refused = resident.post(
        "/open/errand/", {"body": "修路灯", "item": "Q112", "division": village_id(staff)}
    )
    assert refused.status_code == 422
    open_(resident, "errand", body="帮老人买高血压药", item="T102", division=village_id(staff))
    case = the_case(staff)
    assert (case.kind, case.step) == ("errand", "wait")
    assert case.number in mine(staff, "agent")
    assert case.number not in mine(staff, "agent2")
    move(agent, case, "claim")
    move(agent, case, "delivered", errand_done="药已送到家", public_reply="药已经送到家里，请按医嘱服用。")
    assert (case.step, case.result) == ("confirm", "solved")
    move(resident, case, "confirmed", satisfaction="satisfied")
    assert (case.step, case.satisfaction) == ("done", 3)


def test_who_may_open_which_kind_is_said_by_the_roles(staff: Staff) -> None:
    resident = signed_in(staff, "resident", kind="resident")
    officer = signed_in(staff, "officer", role="officer", organ="chengguan")
    assert "请人代办" in said(resident.get("/open/"))
    assert resident.get("/open/hazard/").status_code == 404
    assert officer.get("/open/").status_code == 404

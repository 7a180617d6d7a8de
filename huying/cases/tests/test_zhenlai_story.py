"""A county's account walked as it is told: who reports what, through which screen, in which order, and what is seen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.test import Client
from django.urls import reverse

from huying import clock as clocks
from huying.cases.models import Case, Leg
from huying.cases.tests.zhenlai import (
    REPLY,
    SOLVED,
    VILLAGE,
    Village,
    as_resident,
    due,
    inbox,
    move,
    offered,
    to_assign,
    to_study,
    to_written_off,
)
from huying.ledger.models import Event
from huying.staff.actions_posts import end_absence, set_absence


def test_a_bill_walks_the_twelve_steps_from_village_to_county_and_back(village: Village) -> None:
    grid, area, _lon, _lat = village.point()
    village.person("team", role="service_post", division=area.code)
    resident = village.browser("caller")
    # 收集: on the resident's page
    case = village.reported(resident, "三单元外墙瓷砖往下掉，差点砸到人")
    key = village.memory.by_code(VILLAGE).id
    assert (case.step, case.tier, case.owner_key, case.grid_id) == ("sort", "village", f"desk:{key}", grid.id)
    assert case.title in inbox(village.browser("worker"))
    # 梳理, 核验: the community sorts; the post of the service area looks
    move(village.browser("worker"), case, "sorted", item="B04")
    assert (case.step, case.owner_key) == ("check", f"division:{area.id}")
    move(village.browser("team"), case, "genuine", site_note="三处瓷砖松动，已拉警戒线")
    # 研判: not the village's to settle, nor the street's
    page = offered(village.browser("secretary"), case)
    assert "上交账单" in page
    assert "本级解决" not in page
    move(village.browser("secretary"), case, "raise", reason="需要高空作业")
    assert (case.step, case.tier) == ("accept", "town")  # 上交, 受理
    move(village.browser("clerk"), case, "weigh")
    move(village.browser("clerk"), case, "raise", reason="街道没有队伍")
    assert (case.step, case.tier) == ("accept", "county")
    move(village.browser("desk"), case, "take", item="B04")
    # 分派: to two squads
    village.post("housing"), village.post("chengguan")
    move(village.browser("desk"), case, "whistle", item="B04", organs=["housing", "chengguan"], due=due())
    assert case.step == "squads"
    assert Leg.objects.filter(case_id=case.id, closed_at=None).count() == 2
    for squad in ("housing", "chengguan"):
        assert case.title in inbox(village.browser(squad))
        move(village.browser(squad), case, "sign_in@")
        move(village.browser(squad), case, "finish@", **SOLVED)
    # 反馈: descends centre → street → community, which tells the caller
    assert (case.step, case.tier) == ("feedback", "county")
    move(village.browser("secretary"), case, "told", status=422, route="tracking", public_reply=REPLY)
    move(village.browser("desk"), case, "pass_down")
    assert (case.step, case.tier) == ("feedback", "town")
    move(village.browser("clerk"), case, "pass_down")
    assert case.tier == "village"
    move(village.browser("secretary"), case, "told", route="tracking", public_reply=REPLY)
    assert (case.step, case.closed_at) == ("strike", None)
    move(village.browser("secretary"), case, "written_off")  # 销号
    assert (case.step, case.result, case.closed_at is not None) == ("inspect", "solved", True)
    # what the resident sees, and says
    page = resident.get(reverse("cases:track_case", args=[case.number])).content.decode()
    assert REPLY in page
    assert "住建、城管到场加固" not in page
    as_resident(resident, case, "rated", satisfaction="satisfied")
    assert case.satisfaction == 3
    # 验收, 评比
    move(village.browser("appraiser"), case, "passed", inspect_note="到现场看过", sampled="on")
    assert case.step == "archive"
    events = Event.objects.filter(case_id=case.id, kind="case.moved").order_by("version")
    steps = [e["step"] for event in events for e in event.data["flow"] if e["event"] in ("entered", "passed")]
    assert steps == [
        "check", "study", "hand_up", "accept", "study", "hand_up", "accept", "assign", "squads", "feedback",
        "feedback", "feedback", "strike", "inspect", "appraise", "archive",
    ]  # fmt: skip


def test_who_places_a_bill_sets_its_time_and_the_first_secretary_helps_to_settle_it(village: Village) -> None:
    case = village.reported(village.browser("caller"), "二单元楼道堆着旧家具，老人过不去")
    to_study(village, case, "B02")
    move(village.browser("secretary"), case, "settle", plan="请物业明天清", finish_by=due(9))
    case.refresh_from_db()
    assert case.due_at is not None
    assert case.due_at.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%dT%H:%M") == due(9)
    village.person("first", role="first_secretary", division=VILLAGE)
    helper = village.browser("first")
    assert case.title in inbox(helper)
    move(helper, case, "solved", **SOLVED)
    assert case.step == "feedback"


def test_a_small_matter_stays_in_the_village(village: Village) -> None:
    case = village.reported(village.browser("caller"), "二单元楼道堆着旧家具，老人过不去")
    to_study(village, case, "B02")
    page = offered(village.browser("secretary"), case)
    assert "本级解决" in page
    assert "“上交账单”" not in page
    move(village.browser("secretary"), case, "settle", plan="和住户说好，明天一起清", rule="small")
    assert (case.step, case.tier) == ("solve", "village")
    move(
        village.browser("worker"),
        case,
        "solved",
        solved="solved",
        internal_account="清走三件",
        public_reply="楼道已经清好了，谢谢您。",
    )
    assert (case.step, case.tier) == ("feedback", "village")
    move(village.browser("secretary"), case, "told", route="dynamic", public_reply="楼道已经清好了，谢谢您。")
    move(village.browser("secretary"), case, "written_off")
    assert case.result == "solved"
    tiers = {
        e.get("tier")
        for event in Event.objects.filter(case_id=case.id)
        for e in event.data.get("flow", [])
        if e["event"] == "tier"
    }
    assert tiers == set()


def test_what_the_village_cannot_do_in_time_goes_up_by_the_clock(village: Village, clock: Any) -> None:
    from huying.cases.actions import fire

    case = village.reported(village.browser("caller"), "二单元楼道堆着旧家具")
    to_study(village, case, "B02")
    move(village.browser("secretary"), case, "settle", plan="清理")
    for days in (10, 2, 4):  # late; chased; too late
        clock.advance(timedelta(days=days))
        fire(village.place.pk, case.id)
    case.refresh_from_db()
    assert (case.step, case.tier) == ("accept", "town")
    moves = [e.data.get("flow") for e in Event.objects.filter(case_id=case.id, kind="case.fired")]
    assert any(one.get("move") == "lapsed_up" for flow in moves for one in flow)


def test_a_hard_matter_is_consulted_on_before_it_is_decided(village: Village) -> None:
    case = village.reported(village.browser("caller"), "小区没有物业，垃圾没人管")
    to_study(village, case, "B03")
    move(village.browser("secretary"), case, "raise", reason="涉及几家单位")
    move(village.browser("clerk"), case, "weigh")
    village.post("housing")
    move(village.browser("clerk"), case, "consult", organs=["housing"], question="能否引入物业", due=due(3))
    assert case.step == "consult"
    move(village.browser("housing"), case, "give_view@", ours="help", opinion="可以协助引入")
    assert (case.step, case.tier) == ("study", "town")
    move(village.browser("clerk"), case, "settle", plan="街道托管三个月", rule="hard")
    assert case.step == "solve"


def test_a_squad_claims_an_open_bill_under_a_campaign(village: Village) -> None:
    case = village.reported(village.browser("caller"), "外墙瓷砖往下掉")
    to_assign(village, case)
    village.post("housing"), village.post("agriculture")
    assert case.title not in inbox(village.browser("housing"))
    move(village.browser("desk"), case, "open_up")
    assert case.step == "offer"
    for squad in ("housing", "agriculture"):
        assert case.title in inbox(village.browser(squad))
    move(village.browser("housing"), case, "claim", campaign="alliance")
    housing = village.memory.organ_by_code("housing")
    assert (case.step, case.owner_key, case.fields["campaign"]) == (
        "squad_work",
        f"organ:{housing.id}",
        "alliance",
    )
    assert case.title not in inbox(village.browser("agriculture"))
    move(village.browser("housing"), case, "finished", item="B04", **SOLVED)
    assert (case.step, case.tier) == ("feedback", "county")


def test_nobody_claims_it_and_it_is_the_centres_again(village: Village, clock: Any) -> None:
    from huying.cases.actions import fire

    case = village.reported(village.browser("caller"), "外墙瓷砖往下掉")
    to_assign(village, case)
    move(village.browser("desk"), case, "open_up")
    clock.advance(timedelta(days=4))
    fire(village.place.pk, case.id)
    case.refresh_from_db()
    assert case.step == "assign"


def test_a_squad_opens_its_own_bill_under_a_campaign(village: Village) -> None:
    squad = village.browser("agriculture")
    division = village.memory.by_code("220821100200") or village.memory.by_code(VILLAGE)
    answer = squad.post(
        reverse("cases:desk_call"),
        {
            "body": "走访时听说村口柴草垛挡了排水沟", "call": "help", "item": "H04", "division": division.id,
            "anonymous": "on", "campaign": "revival", "rounds": "door",
        },
    )  # fmt: skip
    assert answer.status_code in (302, 303), answer.content.decode()[-3000:]
    case = Case.objects.get()
    organ = village.memory.organ_by_code("agriculture")
    assert (case.channel, case.step, case.tier) == ("squad", "squad_work", "county")
    assert case.owner_key == f"organ:{organ.id}"
    assert case.fields["campaign"] == "revival"
    move(squad, case, "finished", item="H04", **SOLVED)
    move(village.browser("desk"), case, "pass_down")
    assert case.tier == "town"


def test_like_bills_are_grouped_under_one_before_they_are_sent(village: Village) -> None:
    callers = [village.browser(f"caller{n}") for n in range(3)]
    cases = [village.reported(client, f"外墙瓷砖往下掉，{n}号楼") for n, client in enumerate(callers)]
    for case in cases:
        to_assign(village, case)
    lead, *others = cases
    desk = village.browser("desk")
    picks = [f"{case.id}::{case.version}" for case in others]
    page = desk.post(reverse("cases:bulk"), {"pick": picks}).content.decode()
    assert "同类并单" in page
    desk.post(
        reverse("cases:bulk"),
        {"pick": picks, "move": "bill/merge", "other": lead.number, "reason": "同一面墙", "key": "g"},
    )
    for case in others:
        case.refresh_from_db()
        assert (case.result, case.lead_id) == ("merged", lead.id)
    village.post("housing")
    move(desk, lead, "whistle", item="B04", organs=["housing"], due=due())
    move(village.browser("housing"), lead, "sign_in@")
    move(village.browser("housing"), lead, "finish@", **SOLVED)
    move(desk, lead, "pass_down")
    move(village.browser("clerk"), lead, "pass_down")
    move(village.browser("secretary"), lead, "told", route="special", public_reply=REPLY)
    move(village.browser("secretary"), lead, "written_off")
    page = callers[1].get(reverse("cases:track_case", args=[others[0].number])).content.decode()
    assert REPLY in page  # the result of the lead


def test_b_takes_over_while_a_is_on_leave_and_gives_back(village: Village, clock: Any) -> None:
    from huying.ledger.actions import Actor
    from huying.testing.cast import hold

    _grid, area, _lon, _lat = village.point()
    a = village.person("team", role="service_post", division=area.code)
    b = village.person("vanguard")
    hold(b, "service_post", area.id, slot="B")
    case = village.reported(village.browser("caller"), "外墙瓷砖往下掉")
    move(village.browser("worker"), case, "sorted", item="B04")
    held = (case.owner_key, case.version)
    assert case.title not in inbox(village.browser("vanguard"))
    assert "B岗待岗" in inbox(village.browser("vanguard"))  # and the page says why it is empty
    away = set_absence(a, clocks.now(), None, actor=Actor())
    assert case.title in inbox(village.browser("vanguard"))
    assert "B岗待岗" not in inbox(village.browser("vanguard"))
    case.refresh_from_db()
    assert (case.owner_key, case.version) == held  # no case is rewritten
    clock.advance(timedelta(hours=1))
    end_absence(away, actor=Actor())
    assert case.title not in inbox(village.browser("vanguard"))
    assert case.title in inbox(village.browser("team"))
    move(village.browser("team"), case, "genuine", site_note="属实")
    assert case.step == "study"


def test_an_emergency_brings_b_to_the_same_bills(village: Village) -> None:
    from huying.ledger.actions import Actor
    from huying.staff.actions_emergency import declare_emergency, end_emergency
    from huying.testing.cast import hold

    _grid, area, _lon, _lat = village.point()
    village.person("team", role="service_post", division=area.code)
    hold(village.person("vanguard"), "service_post", area.id, slot="B")
    case = village.reported(village.browser("caller"), "外墙瓷砖往下掉")
    move(village.browser("worker"), case, "sorted", item="B04")
    emergency = declare_emergency(village.place.pk, village.memory.top.id, "flood", actor=Actor())
    for name in ("team", "vanguard"):
        assert case.title in inbox(village.browser(name))
    move(village.browser("vanguard"), case, "genuine", site_note="雨大，先拉了警戒线")
    end_emergency(emergency, actor=Actor())
    assert offered(village.browser("vanguard"), case) == ""


def test_a_bill_that_fails_the_inspection_begins_a_second_round(village: Village) -> None:
    case = village.reported(village.browser("caller"), "二单元楼道堆着旧家具")
    to_written_off(village, case)
    move(village.browser("appraiser"), case, "failed", reason="东西还在")
    assert (case.step, case.round, case.closed_at) == ("study", 2, None)


def test_what_is_posted_for_all_to_read_does_not_say_who_asked(village: Village) -> None:
    resident = village.browser("caller")
    case = village.reported(
        resident, "楼道堆着旧家具，我叫示例王一", reporter_name="示例王一", reporter_phone="13900000000"
    )
    to_written_off(village, case, publish="on")
    visitor = Client()
    desk = village.browser("desk")
    told = {"title": "二单元楼道堆物", "text": "详情请拨13900000000", "public": "on"}
    desk.post(reverse("cases:publish", args=[case.number]), {"approved": "yes", **told})
    assert "13900000000" not in visitor.get(reverse("cases:public_case", args=[case.number])).content.decode()
    answer = desk.post(
        reverse("cases:publish", args=[case.number]),
        {"approved": "yes", "title": "二单元楼道堆物", "text": "社区和住户一起清理了楼道。", "public": "on"},
    )
    assert answer.status_code in (302, 303), answer.content.decode()[-2000:]
    page = visitor.get(reverse("cases:public_case", args=[case.number])).content.decode()
    assert "社区和住户一起清理了楼道" in page
    for word in ("示例王一", "13900000000", "caller"):
        assert word not in page

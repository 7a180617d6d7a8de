"""What the callers of the twelve steps, and those who are told, get to see of their bills."""

from __future__ import annotations

from django.urls import reverse

from huying.cases.tests.zhenlai import (
    REPLY,
    SOLVED,
    Village,
    as_resident,
    due,
    move,
    offered,
    to_study,
    to_written_off,
)


def test_who_holds_it_is_told_at_every_tier_and_the_caller_at_the_end(village: Village) -> None:
    from huying.ledger import jobs, readers
    from huying.notices.models import Notice

    def told(name: str) -> set[str]:
        jobs.drain(village.place.pk)
        readers.run(village.place.pk)
        person = village.people[name]
        return set(Notice.objects.filter(person_id=person.pk).values_list("kind", flat=True))

    for name in ("worker", "secretary", "clerk", "desk"):
        village.post(name)
    resident = village.browser("caller")
    case = village.reported(resident, "三单元外墙瓷砖往下掉")
    assert told("secretary") == {"work"}
    assert told("clerk") == set()
    to_study(village, case, "B04")
    move(village.browser("secretary"), case, "raise", reason="要专业队伍")
    assert told("clerk") == {"work"}
    assert told("desk") == set()
    move(village.browser("clerk"), case, "weigh")
    move(village.browser("clerk"), case, "raise", reason="街道没有高空作业队伍")
    assert told("desk") == {"work"}
    move(village.browser("desk"), case, "take", item="B04")
    village.post("housing")
    move(village.browser("desk"), case, "whistle", item="B04", organs=["housing"], due=due())
    assert told("housing") == {"work"}
    move(village.browser("housing"), case, "sign_in@")
    move(village.browser("housing"), case, "finish@", **SOLVED)
    move(village.browser("desk"), case, "pass_down")
    move(village.browser("clerk"), case, "pass_down")
    before = told("caller")
    move(village.browser("secretary"), case, "told", route="online", public_reply=REPLY)
    move(village.browser("secretary"), case, "written_off")
    assert told("caller") > before


def test_residents_are_not_asked_for_campaigns(village: Village) -> None:
    page = village.browser("caller").get(reverse("cases:report")).content.decode()
    assert "账单类别" in page
    assert "所属专项" not in page
    assert "收集方式" not in page
    assert "所属专项" in village.browser("agriculture").get(reverse("cases:desk_call")).content.decode()


def test_a_dissatisfied_caller_has_it_opened_again(village: Village) -> None:
    resident = village.browser("caller")
    case = village.reported(resident, "二单元楼道堆着旧家具")
    to_written_off(village, case)
    as_resident(resident, case, "reopen", satisfaction="unsatisfied", reason="只清了一半")
    assert (case.step, case.round) == ("study", 2)


def test_a_report_of_wrongdoing_goes_straight_to_the_centre(village: Village) -> None:
    case = village.reported(village.browser("caller"), "有人侵占村里的机动地", call="report")
    top = village.memory.top
    assert (case.step, case.tier, case.owner_key) == ("accept", "county", f"desk:{top.id}")
    for name in ("worker", "secretary", "clerk"):
        assert offered(village.browser(name), case) == ""
    move(village.browser("desk"), case, "take", item="H07")
    page = offered(village.browser("desk"), case)
    assert "晾单待领" not in page
    village.post("agriculture")
    move(village.browser("desk"), case, "whistle", item="H07", organs=["agriculture"], due=due())
    move(village.browser("agriculture"), case, "sign_in@")
    move(village.browser("agriculture"), case, "finish@", **SOLVED)
    assert "下达反馈账单" not in offered(village.browser("desk"), case)
    move(village.browser("desk"), case, "told", route="appointment", public_reply=REPLY)
    move(village.browser("desk"), case, "written_off")
    assert case.closed_at is not None
    assert offered(village.browser("secretary"), case) == ""


def test_the_residents_home_says_in_the_places_own_words_what_happens_with_a_bill(village: Village) -> None:
    resident = village.browser("caller")
    home = resident.get("/").content.decode()
    assert "我要点单" in home
    assert "县里再逐单验收" in home
    assert "我要反映" not in home
    assert "部门到现场" not in home  # the usual words, where a place has none of its own
    for name in ("report", "mine"):
        assert "我要点单" in resident.get(reverse(f"cases:{name}")).content.decode(), name

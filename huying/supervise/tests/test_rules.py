"""Rules of the place: what leads to an order or a suggestion, each exactly once, also after the worker was down."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from huying.cases import jobs as clockwork
from huying.cases import timeline
from huying.cases.actions import Refused, perform
from huying.cases.models import Case
from huying.ledger import queries as ledger
from huying.presets.read_supervision import of as rules_of
from huying.supervise import actions, jobs
from huying.supervise.models import Order, Trigger
from huying.supervise.tests.makers import World

DONE = {
    "truth": "genuine", "completion": "substantive", "solved": "solved", "contact_how": "phone",
    "internal_account": "已劝离并安排巡查", "public_reply": "摊位已清理，我们会安排人员早晚巡查。",
}  # fmt: skip


def orders(world: World) -> list[Case]:
    return list(Case.objects.filter(place_id=world.place, kind="supervision").order_by("id"))


def days_pass(world: World, clock: Any, days: int, *, reading: bool = True) -> None:
    for _day in range(days * 2):
        clock.advance(timedelta(hours=12))
        clockwork.sweep(world.place, clock())
        if reading:
            world.read_on()
            jobs.work()


def test_a_case_chased_too_often_is_supervised_by_rule_once(world: World, clock: Any) -> None:
    case = world.case()
    days_pass(world, clock, 6)
    (order,) = orders(world)
    assert (order.organ_id, order.grade) == (world.organ("chengguan"), 1)
    assert order.fields["rule"] == "overdue_long"
    assert order.fields["author_key"] == f"post:centre_head@{world.staff.memory.top.id}"
    assert case.number in order.body
    assert "{" not in order.body
    told = [h.event for h in ledger.history(world.place, order.id) if h.event.kind == "supervise.issued"]
    assert [(event.data["rule"], event.channel) for event in told] == [("overdue_long", "clock")]
    assert Order.objects.get(place_id=world.place, case_id=order.id).about_id == case.id
    world.move(order, "sign_in", world.officer)
    world.move(order, "answered", world.officer, account="已清理并安排巡查")
    with pytest.raises(Refused):
        world.move(order, "accepted", world.staff.desk)
    world.move(order, "accepted", world.centre_head)
    assert order.closed_at is not None


def test_once_also_after_readers_and_worker_were_down_or_died(
    world: World, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.case()
    days_pass(world, clock, 6, reading=False)
    assert orders(world) == []
    world.read_on()
    real = actions.issue

    def dies(*args: Any, **more: Any) -> Any:
        real(*args, **more)
        assert len(orders(world)) == 1  # it had been written
        raise RuntimeError("the process died here")

    monkeypatch.setattr(actions, "issue", dies)
    jobs.work()
    assert orders(world) == []
    monkeypatch.setattr(actions, "issue", real)
    with connection.cursor() as cursor:  # the readers read everything a second time
        cursor.execute("UPDATE ledger_reader SET page = 0 WHERE name LIKE 'supervise.%%'")
    for _ in range(3):
        world.read_on()
        jobs.work()
    assert len(orders(world)) == 1
    assert Trigger.objects.filter(place_id=world.place).count() == 1


def test_a_case_that_was_done_in_the_meantime_is_not_supervised(world: World, clock: Any) -> None:
    case = world.case()
    days_pass(world, clock, 6, reading=False)
    perform(world.place, case.id, "sign_in", world.officer, {})
    perform(world.place, case.id, "done", world.officer, DONE)
    perform(
        world.place,
        case.id,
        "pass",
        world.staff.desk,
        {"solved": "solved", "public_reply": "已经清理，请监督。"},
    )
    world.read_on()
    jobs.work()
    assert orders(world) == []
    assert [one.why for one in Trigger.objects.filter(place_id=world.place)] == ["closed"]


def test_the_second_return_is_suggested_to_the_head_of_the_centre(
    world: World, clock: Any, kinds: Any
) -> None:
    case, place = world.case(), world.place
    head = world.centre_head
    for _time in range(2):
        perform(
            place, case.id, "return", world.officer, {"return_reason": "not_ours", "reason": "不归我们管"}
        )
        world.read_on()
        jobs.work()
        perform(place, case.id, "return_refused", world.staff.desk, {"reason": "按清单由你单位办理"})
    (trigger,) = Trigger.objects.filter(place_id=place)
    assert (trigger.rule, trigger.state, trigger.count) == ("returned_twice", "suggested", 2)
    assert orders(world) == []
    assert "suggested" in kinds(world.staff.people["centre-head"])
    memory = world.staff.memory
    told = timeline.lines(case, ledger.history(place, case.id), [], memory, memory.preset, {}, inside=True)
    story = " ".join(one.title for one in told)
    assert rules_of(memory.preset).rules["returned_twice"].name.zh in story  # the rule's name, not its code
    assert "returned_twice" not in story
    with pytest.raises(Refused):
        actions.dismiss(trigger, world.leader, "不必督办")
    actions.dismiss(trigger, head, "已当面协调，不必督办")
    trigger.refresh_from_db()
    assert trigger.state == "dismissed"
    with pytest.raises(Refused):
        actions.dismiss(trigger, head, "再一次")


def test_an_organ_named_in_the_special_report_that_fails_again_gets_a_yellow_order_with_copies(
    world: World, clock: Any
) -> None:
    organ = world.organ("chengguan")
    assert actions.named_in_report(world.place, organ, "专报〔2026〕3号")
    assert not actions.named_in_report(world.place, organ, "专报〔2026〕3号")
    clock.advance(timedelta(hours=1))
    world.case()
    days_pass(world, clock, 2)
    found = list(orders(world))
    assert len(found) == 1
    order = found[0]
    assert (order.grade, order.fields["rule"], order.fields["report"]) == (
        2,
        "named_again",
        "专报〔2026〕3号",
    )
    assert set(order.fields["copies"]) == {world.organ("inspection"), world.organ("discipline")}
    assert "专报〔2026〕3号" in order.body
    world.case(body="另一处菜市场门口流动摊贩占道经营，行人没法走路")
    days_pass(world, clock, 2)
    assert len(orders(world)) == 1  # once for a report


def test_an_organ_that_was_not_named_is_left_alone(world: World, clock: Any) -> None:
    actions.named_in_report(world.place, world.organ("water"), "专报〔2026〕3号")
    world.case()
    days_pass(world, clock, 2)
    assert orders(world) == []


def test_many_similar_calls_are_one_topic(world: World, clock: Any) -> None:
    for number in range(7):
        world.case(body=f"菜市场门口占道经营，流动摊贩把人行道占了，第{number}处")
        world.read_on()
    jobs.work()
    (trigger,) = Trigger.objects.filter(place_id=world.place)
    assert (trigger.rule, trigger.state, trigger.count) == ("hot_topic", "suggested", 5)


def test_a_case_that_was_handed_in_in_the_meantime_is_not_supervised(world: World, clock: Any) -> None:
    """It is not closed, but the organ has done its part: the desk has it now."""
    case = world.case()
    days_pass(world, clock, 6, reading=False)
    perform(world.place, case.id, "sign_in", world.officer, {})
    perform(world.place, case.id, "done", world.officer, DONE)
    world.read_on()
    jobs.work()
    assert orders(world) == []
    assert [one.why for one in Trigger.objects.filter(place_id=world.place)] == ["handed_on"]


def test_a_rule_does_not_repeat_the_order_that_somebody_has_just_issued(world: World, clock: Any) -> None:
    """The readers know of what went wrong, and not yet of the order by hand."""
    case = world.case()
    days_pass(world, clock, 6, reading=False)
    world.read_on()
    assert [one.state for one in Trigger.objects.filter(place_id=world.place)] == ["pending"]
    by_hand = world.order(case)
    jobs.work()
    assert orders(world) == [by_hand]
    assert [one.why for one in Trigger.objects.filter(place_id=world.place)] == ["ordered"]


def test_an_order_to_another_organ_does_not_stand_in_for_this_ones(world: World, clock: Any) -> None:
    case = world.case()
    days_pass(world, clock, 6, reading=False)
    world.read_on()
    other = world.order(case, to_organ="water")
    jobs.work()
    assert {one.organ_id for one in orders(world)} == {other.organ_id, world.organ("chengguan")}


def test_an_unsatisfied_caller_is_thought_about(world: World, clock: Any) -> None:
    case, place = world.case(), world.place
    perform(place, case.id, "sign_in", world.officer, {})
    perform(place, case.id, "done", world.officer, DONE)
    perform(
        place, case.id, "pass", world.staff.desk, {"solved": "solved", "public_reply": "已经清理，请监督。"}
    )
    perform(
        place,
        case.id,
        "reopen",
        world.staff.resident,
        {"satisfaction": "unsatisfied", "reason": "今天又摆出来了"},
    )
    world.read_on()
    jobs.work()
    assert [(one.rule, one.state) for one in Trigger.objects.filter(place_id=place)] == [
        ("unsatisfied", "suggested")
    ]


def test_confidential_cases_and_orders_themselves_lead_to_nothing(world: World, clock: Any) -> None:
    world.case(confidential=True, item="E101")
    order = world.order(world.case())
    days_pass(world, clock, 8)
    assert [one for one in orders(world) if one.id != order.id and "rule" not in one.fields] == []
    assert not Trigger.objects.filter(place_id=world.place, case_id=order.id).exists()


def test_a_place_may_have_its_rules_urge_instead(world: World, clock: Any) -> None:
    from huying.cases.tests.loading import PRESETS
    from huying.places.actions import load_preset
    from huying.presets.actions import publish

    folder = PRESETS / "huinan"
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.*")}
    own = "rules:\n  - {id: push, name: 到期即催, when: overdue, kinds: [request], do: urge, move: chased}\n"
    edition = publish("220523", {**files, "supervision.yaml": own.encode()})
    load_preset("220523", edition.files, edition_id=edition.pk)
    case = world.case()
    clock.advance(timedelta(hours=6))  # the limit to report in has passed, nobody was chased yet
    clockwork.sweep(world.place, clock())
    world.read_on()
    jobs.work()
    last = ledger.history(world.place, case.id)[-1].event
    assert (last.data["move"], last.channel) == ("chased", "clock")
    assert [(one.rule, one.state) for one in Trigger.objects.filter(place_id=world.place)] == [
        ("push", "done")
    ]
    assert orders(world) == []


def test_erasing_the_case_of_an_order_takes_the_words_of_its_bulletins(world: World, clock: Any) -> None:
    from huying.supervise import erasure
    from huying.supervise.models import Bulletin

    order = world.order(world.case())
    told = {"bulletin_title": "关于占道经营整改不力的通报", "bulletin_text": "未按期整改占道经营，现予通报。"}
    world.move(order, "bulletin", world.leader, **told)
    erasure.wipe(world.place, ("case", order.id), order.id)
    (left,) = Bulletin.objects.filter(place_id=world.place)
    assert (left.title, left.text, left.number, left.organ_id) == (
        "",
        "",
        "HNTB2026-001",
        world.organ("chengguan"),
    )

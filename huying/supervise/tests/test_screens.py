"""The ladder through the screens, by people who are signed in: urged, yellow, red, supervised, answered, accepted."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

from django.test import Client
from django.urls import reverse
from docx import Document

from huying.cases import jobs as clockwork
from huying.cases.models import Case
from huying.supervise import jobs, queries
from huying.supervise.models import Bulletin, Order, Trigger
from huying.supervise.tests.makers import ACCOUNT, DEMAND, World
from huying.testing.access import sign_in
from huying.testing.statements import statements


def browser(world: World, actor: Any) -> Client:
    """A browser in which the person behind *actor* is signed in."""
    client = Client()
    sign_in(client, next(one for one in world.staff.people.values() if one.pk == actor.person_id))
    return client


def text(response: Any) -> str:
    return str(response.content.decode())


def values(page: str) -> dict[str, str]:
    """What stands in the fields of the short form."""
    found = dict(re.findall(r'<input[^>]*name="(days|key|case|suggestion)"[^>]*value="([^"]*)"', page))
    area = re.search(r'<textarea[^>]*name="demand"[^>]*>([^<]*)', page)
    return {**found, "demand": area.group(1).strip() if area else ""}


def send(client: Client, order: Case, move: str, **data: Any) -> Any:
    order.refresh_from_db()
    response = client.post(
        reverse("cases:move", args=[order.number]), {"move": move, "seen": order.version, **data}
    )
    order.refresh_from_db()
    return response


def test_one_key_from_the_page_of_a_case_to_the_accepted_answer(world: World, clock: Any) -> None:
    case = world.case()
    leader, officer, desk = (browser(world, one) for one in (world.leader, world.officer, world.staff.desk))
    page = text(leader.get(reverse("cases:case", args=[case.number])))
    address = f"{reverse('supervise:new')}?case={case.number}"
    assert address in page
    assert 'name="move" value="supervise"' not in page  # the short form takes its place
    assert address not in text(desk.get(reverse("cases:case", args=[case.number])))
    form = text(leader.get(address))
    known = values(form)
    assert case.number in known["demand"]
    assert known["days"] == "3"
    sent = {**known, "to_organ": "chengguan", "level": "1", "demand": DEMAND, "copies": ["inspection"]}
    assert leader.post(address, {**sent, "demand": ""}).status_code == 422
    answer = leader.post(address, sent)
    order = Case.objects.get(place_id=world.place, kind="supervision")
    assert (answer.status_code, answer.headers["Location"]) == (
        303,
        reverse("cases:case", args=[order.number]),
    )
    again = leader.post(address, sent)  # pressed twice
    assert again.headers["Location"] == answer.headers["Location"]
    assert Case.objects.filter(place_id=world.place, kind="supervision").count() == 1

    assert order.number in text(leader.get(reverse("cases:case", args=[case.number])))
    assert order.title in text(officer.get(f"{reverse('supervise:orders')}?tab=answer"))
    assert send(officer, order, "sign_in").status_code == 303
    assert send(officer, order, "answered", account=ACCOUNT).status_code == 303
    assert order.title in text(leader.get(f"{reverse('supervise:orders')}?tab=accept"))
    assert send(desk, order, "accepted").status_code == 422
    assert send(leader, order, "refused", reason="仍有两处占道", days="2").status_code == 303
    assert (order.step, order.closed_at) == ("rectify", None)
    assert send(officer, order, "answered", account="两处也已清理").status_code == 303
    assert send(leader, order, "accepted", finding="现场已核实").status_code == 303
    world.read_on()
    (row,) = queries.orders(world.place, clock() - timedelta(days=1), clock() + timedelta(days=1))
    assert (row.number, row.refused, row.result) == (order.number, 1, "rectified")
    assert row.signed_at == row.answered_at == row.closed_at == clock()
    assert not row.overdue(clock())


def test_an_order_reads_as_an_order_and_not_as_a_call(world: World, clock: Any) -> None:
    order = world.order(world.case(), level="2")
    page = text(browser(world, world.leader).get(reverse("cases:case", args=[order.number])))
    for words in ("督办单", "黄牌", "整改期限", "抄送", "督查室", "下达督办单", "签发"):
        assert words in page, words
    for words in ("诉求类别", "求助", "诉求人", "来源渠道", "审核公开", "联系方式"):
        assert words not in page, words


def test_the_ladder_to_the_bulletin(world: World, clock: Any) -> None:
    order = world.order(world.case(), level="1", days="2")
    officer, leader, reader = (browser(world, one) for one in (world.officer, world.leader, world.reader))
    send(officer, order, "sign_in")
    assert send(leader, order, "urge", message="请抓紧整改").status_code == 303
    levels = []
    for _half in range(24):
        clock.advance(timedelta(hours=12))
        clockwork.sweep(world.place, clock())
        order.refresh_from_db()
        levels.append(order.grade)
    assert list(dict.fromkeys(levels)) == [1, 2, 3]
    bulletin = Bulletin.objects.get(place_id=world.place)
    assert (bulletin.by_id, bulletin.level, bulletin.number) == (None, 3, "HNTB2026-001")
    assert order.number in bulletin.text
    assert "{" not in bulletin.text + bulletin.title
    assert send(
        leader, order, "bulletin", bulletin_title="关于城管局整改不力的通报", bulletin_text="逾期多日仍未整改，现予通报批评。",
        bulletin_to=["housing"],
    ).status_code == 303  # fmt: skip
    second = Bulletin.objects.get(place_id=world.place, number="HNTB2026-002")
    assert world.organ("housing") in second.readers
    listed = text(reader.get(reverse("supervise:bulletins")))
    assert second.title in listed
    assert bulletin.number in listed
    housing = browser(world, world.staff.officer("housing"))
    page = text(housing.get(reverse("supervise:bulletin", args=[second.number])))
    assert second.text in page
    assert reverse("cases:case", args=[order.number]) not in page  # they read the bulletin, not the order
    assert housing.get(reverse("supervise:bulletin", args=[bulletin.number])).status_code == 404
    water = browser(world, world.staff.officer("water"))
    assert water.get(reverse("supervise:bulletin", args=[second.number])).status_code == 404
    assert second.number not in text(water.get(reverse("supervise:bulletins")))
    found = queries.bulletins(world.place, clock() - timedelta(days=30), clock() + timedelta(days=1))
    assert [one.number for one in found] == [bulletin.number, second.number]


def test_a_copy_is_read_and_signed_for_and_nothing_else(world: World, clock: Any, kinds: Any) -> None:
    reader = browser(world, world.reader)
    order = world.order(world.case())
    world.read_on()
    assert kinds(world.staff.people["officer-inspection"]) == ["copy"]
    listed = text(reader.get(f"{reverse('supervise:orders')}?tab=copies"))
    assert order.title in listed
    page = text(reader.get(reverse("cases:case", args=[order.number])))
    assert reverse("supervise:sign", args=[order.number]) in page
    assert 'name="move"' not in page
    other = browser(world, world.officer)
    sent = {"organ": world.organ("inspection")}
    other.post(reverse("supervise:sign", args=[order.number]), sent)
    assert "抄送已签收" not in text(reader.get(reverse("cases:case", args=[order.number])))
    assert reader.post(reverse("supervise:sign", args=[order.number]), sent).status_code == 303
    page = text(reader.get(reverse("cases:case", args=[order.number])))
    assert "抄送已签收" in page
    assert reverse("supervise:sign", args=[order.number]) not in page


def test_a_suggestion_is_followed_with_what_the_rule_says(world: World, clock: Any) -> None:
    from huying.cases.actions import perform

    case = world.case()
    head = browser(world, world.centre_head)
    for _time in range(2):
        perform(
            world.place,
            case.id,
            "return",
            world.officer,
            {"return_reason": "not_ours", "reason": "不归我们管"},
        )
        perform(world.place, case.id, "return_refused", world.staff.desk, {"reason": "按清单由你单位办理"})
    world.read_on()
    jobs.work()
    trigger = Trigger.objects.get(place_id=world.place)
    page = text(head.get(reverse("supervise:suggestions")))
    address = f"{reverse('supervise:new')}?suggestion={trigger.id}"
    assert address in page
    known = values(text(head.get(address)))
    assert case.number in known["demand"]
    sent = {**known, "to_organ": "chengguan", "level": "1", "copies": ["inspection"]}
    assert head.post(address, sent).status_code == 303
    trigger.refresh_from_db()
    order = Case.objects.get(place_id=world.place, kind="supervision")
    assert (trigger.state, trigger.order_id) == ("issued", order.id)
    assert browser(world, world.leader).get(address).status_code == 404
    assert str(trigger.id) not in text(head.get(reverse("supervise:suggestions")))


def test_an_order_about_an_organ_needs_no_case(world: World, clock: Any) -> None:
    inspector = browser(world, world.inspector)
    sent = {"to_organ": "t220523001", "level": "2", "days": "5", "demand": DEMAND, "key": "k-1"}
    assert inspector.post(reverse("supervise:new"), sent).status_code == 303
    order = Case.objects.get(place_id=world.place, kind="supervision")
    assert order.fields["author_key"] == f"seat:inspector@organ:{world.organ('discipline')}/1"
    assert order.path == world.staff.memory.by_code("220523001").path
    world.read_on()
    assert Order.objects.get(place_id=world.place).about_id is None


def test_the_paper(world: World, clock: Any) -> None:
    order = world.order(world.case(), level="2")
    leader = browser(world, world.leader)
    docx = leader.get(reverse("supervise:order_docx", args=[order.number]))
    said = "\n".join(one.text for one in Document(BytesIO(docx.content)).paragraphs)
    for words in (
        "督办单",
        order.number,
        "黄牌",
        "辉南县城市管理行政执法局：",
        "2026-03-05",
        "督查室",
        DEMAND,
    ):
        assert words in said, words
    pdf = leader.get(reverse("supervise:order_pdf", args=[order.number]))
    assert pdf.content.startswith(b"%PDF")


def test_lists_cost_the_same_however_many_orders_there_are(world: World, clock: Any) -> None:
    leader = browser(world, world.leader)
    case = world.case()
    world.order(case)
    world.read_on()
    counted = []
    for _round in range(2):
        leader.get(reverse("supervise:orders"))
        with statements() as found:
            leader.get(f"{reverse('supervise:orders')}?tab=all")
        counted.append(len(found))
        for _more in range(4):
            world.order(case)
        world.read_on()
    assert counted[0] == counted[1]

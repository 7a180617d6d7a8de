"""The pages: what they show to whom, and how many statements they take."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.test import Client

from huying.cases.tests.desk_browser import browser, desk, officer, text
from huying.reviews.actions import deductions, looking_back
from huying.reviews.actions.links import code_of
from huying.reviews.models import Answer, RatingMark, Task
from huying.reviews.tests.test_call_back import HAPPY
from huying.testing.statements import statements


def at_seat(staff: Any) -> Client:
    return browser(staff, "seat", role="callback_seat", organ="centre")


def test_the_seat_works_the_queue_off(
    clock: Any, staff: Any, closed: Any, read_on: Any, everybody_drawn: Any
) -> None:
    case = closed()
    read_on(staff.place.pk)
    client, task = at_seat(staff), Task.objects.get(kind="call_back")
    assert case.number in text(client.get("/reviews/calls/"))
    page = text(client.get(f"/reviews/calls/{task.id}/"))
    assert "您反映的事解决了吗" in page
    assert "100****0001" in page
    assert "10000000001" not in page
    shown = text(client.post(f"/reviews/calls/{task.id}/contact/", {"reason": "回访"}))
    assert "10000000001" in shown
    wrong = client.post(
        f"/reviews/calls/{task.id}/answer/", {"did": "answered", "said_solved": "solved", "wish": "leave"}
    )
    assert wrong.status_code == 422
    done = client.post(
        f"/reviews/calls/{task.id}/answer/", {"did": "answered", "seen": "1", **HAPPY}, follow=True
    )
    assert "已作为诉求人的评价" in text(done)
    assert "没有要回访的" in text(done)
    again = client.post(
        f"/reviews/calls/{task.id}/answer/", {"did": "answered", "seen": "1", **HAPPY}, follow=True
    )
    assert "已经记录过了" in text(again)
    assert Answer.objects.count() == 1


def test_the_queue_takes_as_many_statements_for_many_as_for_one(
    clock: Any, staff: Any, closed: Any, read_on: Any, everybody_drawn: Any
) -> None:
    client = at_seat(staff)
    counts = []
    for more in (1, 4):
        for _ in range(more):
            closed()
        read_on(staff.place.pk)
        client.get("/reviews/calls/")
        with statements() as found:
            client.get("/reviews/calls/")
        counts.append(len(found))
    assert counts[0] == counts[1] <= 12


def test_the_queue_pages_by_cursor(
    clock: Any, staff: Any, closed: Any, read_on: Any, everybody_drawn: Any
) -> None:
    from huying.reviews import worklist

    for _ in range(5):
        closed()
        clock.advance(timedelta(minutes=7))
    read_on(staff.place.pk)
    sight = staff.actor("seat", role="callback_seat", organ="centre").sight
    seen, after = [], ""
    while True:
        page = worklist.open_tasks(sight, "call_back", after, size=2)
        seen += [line.task.id for line in page.rows]
        after = page.after
        if not after:
            break
    assert seen == list(
        Task.objects.filter(kind="call_back").order_by("due_at", "id").values_list("id", flat=True)
    )


def test_a_check_on_the_phone(
    clock: Any, staff: Any, closed: Any, read_on: Any, everybody_drawn: Any
) -> None:
    case = closed()
    read_on(staff.place.pk)
    task = Task.objects.get(kind="check")
    client = desk(staff)
    assert case.number in text(client.get("/reviews/checks/"))
    assert "欢迎监督" in text(client.get(f"/reviews/checks/{task.id}/"))
    done = client.post(f"/reviews/checks/{task.id}/", {"did": "bad", "finding": "又摆出来了"}, follow=True)
    assert "已重新办理" in text(done)
    case.refresh_from_db()
    assert case.round == 2


def test_the_progress_of_a_look_back(clock: Any, staff: Any, closed: Any, everybody_drawn: Any) -> None:
    client = desk(staff)
    assert "还没有回头看" in text(client.get("/reviews/look-backs/"))
    case = closed()
    clock.set(clock().replace(month=7, day=2))
    looking_back.draw(staff.place.pk)
    page = text(desk(staff).get("/reviews/look-backs/"))
    assert "2026-H1" in page
    assert staff.memory.ancestor(case.division_id, "town").name in page


def test_a_unit_reads_its_own_deductions_only(staff: Any, refused: Any, head: Any) -> None:
    row = refused()
    deductions.confirm(staff.place.pk, row.id, head)
    own, other = officer(staff), officer(staff, "water")
    assert "推诿" in text(own.get("/reviews/deductions/?month=2026-03"))
    assert "推诿" not in text(other.get("/reviews/deductions/?month=2026-03"))
    assert other.get(f"/reviews/deductions/{row.id}/").status_code == 404
    page = text(own.get(f"/reviews/deductions/{row.id}/"))
    assert row.case.number in page
    assert "为什么不应扣分" in page
    sent = own.post(
        f"/reviews/deductions/{row.id}/", {"do": "appeal", "reason": "当时还没有划归我们"}, follow=True
    )
    assert "当时还没有划归我们" in text(sent)
    assert (
        own.post(f"/reviews/deductions/{row.id}/", {"do": "uphold", "reason": "自己决定"}).status_code == 422
    )


def test_a_slip_leads_to_a_rating_without_sign_in(clock: Any, staff: Any, closed: Any) -> None:
    case = closed()
    client = desk(staff)
    assert "hy-slip" not in text(client.get(f"/reviews/slip/{case.number}/"))
    page = text(client.post(f"/reviews/slip/{case.number}/make/"))
    assert "hy-slip" in page
    visitor = Client()
    url = f"/rate/{code_of(case)}/"
    shown = visitor.get(url)
    for words in (case.title, case.body, case.reply):  # whoever holds the link learns nothing of the case
        assert words
        assert words not in text(shown)
    assert "10000000001" not in text(shown)
    assert f"/cases/{case.number}/" not in text(shown)
    assert visitor.post(url, {}).status_code == 422
    done = visitor.post(url, {"satisfaction": "satisfied"})
    assert done.status_code == 200
    assert done.cookies["huying_rates"]["httponly"]
    assert RatingMark.objects.count() == 1
    assert "已经评价过" in text(visitor.get(url))
    assert (
        visitor.get(f"/track/{case.number}/").status_code == 404
    )  # the link opens the rating and nothing else
    assert visitor.get("/rate/none/").status_code == 404


def test_two_ratings_from_one_browser_bear_the_same_mark(clock: Any, closed: Any) -> None:
    visitor = Client()
    for _ in range(2):
        visitor.post(f"/rate/{code_of(closed())}/", {"satisfaction": "satisfied"})
    Client().post(f"/rate/{code_of(closed())}/", {"satisfaction": "satisfied"})
    marks = [bytes(mark.device_hash) for mark in RatingMark.objects.order_by("at", "id")]
    assert marks[0] == marks[1] != marks[2]


def test_the_case_shows_what_was_said_the_joined_apart(
    clock: Any, staff: Any, closed: Any, read_on: Any, everybody_drawn: Any
) -> None:
    from huying.cases.actions.others import join
    from huying.cases.calls import Reporter
    from huying.cases.models import Contact
    from huying.cases.tests.test_lifecycle import told
    from huying.reviews.actions.links import open_code, rate
    from huying.reviews.tests.conftest import close

    case = told(staff)
    neighbour = staff.actor("neighbour", kind="resident")
    join(staff.place.pk, case.id, Reporter(neighbour.person_id, "示例·邻居", ""), neighbour)
    case.refresh_from_db()
    case = close(staff, case)
    contact = Contact.objects.get(case_id=case.id, join=True)
    rate(open_code(code_of(case, contact.id)), {"satisfaction": "unsatisfied"})
    rate(open_code(code_of(case)), {"satisfaction": "satisfied"})
    page = text(desk(staff).get(f"/cases/{case.number}/"))
    card = page[page.index("评价和复查") :]
    assert card.index("诉求人评价") < card.index("满意") < card.index("附议人评价") < card.index("不满意 1")
    assert f"/reviews/slip/{case.number}/" in card


def test_a_task_is_worked_off_on_its_own_screen(
    clock: Any, staff: Any, closed: Any, read_on: Any, everybody_drawn: Any
) -> None:
    from huying.cases.models import Case

    case = closed()
    read_on(staff.place.pk)
    task = Task.objects.get(kind="call_back")
    number = Case.objects.get(id=task.id).number
    page = text(desk(staff).get(f"/cases/{number}/"))
    assert f"/reviews/calls/{task.id}/" in page
    assert case.number in page
    assert 'value="answered"' not in page  # its move alone would leave the caller's wish undone

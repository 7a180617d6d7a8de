"""Rating by link: one purpose, a time, once; those who joined apart from the caller; a device mark that expires."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from huying.cases.actions import Refused, perform
from huying.cases.actions.erase import erase_case
from huying.cases.actions.others import join
from huying.cases.calls import Reporter
from huying.cases.models import Case, Contact
from huying.cases.tests.test_lifecycle import told
from huying.ledger import queries as ledger
from huying.reviews import jobs
from huying.reviews.actions.links import BadLink, code_of, made, note_device, open_code, rate
from huying.reviews.models import Answer, RatingMark
from huying.reviews.tests.conftest import close


def test_the_caller_rates_once_through_the_link(clock: Any, closed: Any) -> None:
    case = closed()
    opened = open_code(code_of(case))
    assert opened.may
    assert rate(opened, {"satisfaction": "fair"}, device="one").what == "rated"
    case.refresh_from_db()
    assert (case.satisfaction, case.step) == (2, "archive")
    assert not open_code(code_of(case)).may
    with pytest.raises(Refused) as caught, transaction.atomic():
        rate(opened, {"satisfaction": "satisfied"})
    assert caught.value.code == "rated"
    assert Answer.objects.count() == 1


def test_a_link_ends_and_cannot_be_made_up(clock: Any, closed: Any) -> None:
    code = code_of(closed())
    assert len(code) < 50  # it goes out by SMS
    for wrong in (code[:-2] + "aa", "x" + code, "", "a.b", code[:-12], "汉字"):
        with pytest.raises(BadLink) as caught:
            open_code(wrong)
        assert not caught.value.over
    clock.advance(timedelta(days=31))
    with pytest.raises(BadLink) as late:
        open_code(code)
    assert late.value.over


def test_a_link_of_an_earlier_round_rates_nothing(clock: Any, staff: Any, closed: Any) -> None:
    case = closed()
    opened = open_code(code_of(case))
    perform(
        staff.place.pk, case.id, "reopen", staff.resident, {"satisfaction": "unsatisfied", "reason": "又来了"}
    )
    assert not open_code(code_of(case)).may
    with pytest.raises(Refused) as caught:
        rate(opened, {"satisfaction": "satisfied"})
    assert caught.value.code == "over"


def test_not_satisfied_and_wishing_it_again_reopens(clock: Any, closed: Any) -> None:
    case = closed()
    with pytest.raises(Refused):  # what is wrong has to be said
        rate(open_code(code_of(case)), {"satisfaction": "unsatisfied", "wish": True})
    came = rate(
        open_code(code_of(case)), {"satisfaction": "unsatisfied", "wish": True, "comment": "还是占着道"}
    )
    case.refresh_from_db()
    assert (came.what, case.round, case.step) == ("reopened", 2, "take")


def test_after_an_erasure_every_link_is_dead(clock: Any, staff: Any) -> None:
    """The caller's and a neighbour's, also one that was on the screen when the case was erased; its device mark goes."""
    place, case = staff.place.pk, told(staff)
    neighbour = staff.actor("neighbour", kind="resident")
    join(place, case.id, Reporter(neighbour.person_id, "示例·邻居", ""), neighbour)
    case = close(staff, Case.objects.get(id=case.id))
    joined = Contact.objects.get(case_id=case.id, join=True)
    codes = [code_of(case), code_of(case, joined.id)]
    on_screen = [open_code(code) for code in codes]
    assert all(opened.may for opened in on_screen)
    note_device(case, "one", "link", clock())
    erase_case(
        place, case.number, "request", "HN-1", staff.actor("erases", role="centre_head", organ="centre")
    )
    for code in codes:
        assert Client().get(f"/rate/{code}/").status_code == 404
        with pytest.raises(BadLink):
            open_code(code)
    for opened in on_screen:
        with pytest.raises(Refused), transaction.atomic():
            rate(opened, {"satisfaction": "satisfied", "comment": "谢谢"}, device="one")
    assert not Answer.objects.exists()
    assert not RatingMark.objects.exists()


def test_those_who_joined_rate_apart_and_once_each(clock: Any, staff: Any) -> None:
    place, case = staff.place.pk, told(staff)
    others = [staff.actor(f"neighbour-{n}", kind="resident") for n in (1, 2)]
    for one in others:
        join(place, case.id, Reporter(one.person_id, "示例·邻居", ""), one)
    case = close(staff, Case.objects.get(id=case.id))
    contacts = list(Contact.objects.filter(case_id=case.id, join=True).order_by("id"))
    for contact, said in zip(contacts, ("satisfied", "unsatisfied"), strict=True):
        rate(open_code(code_of(case, contact.id)), {"satisfaction": said, "wish": True})
    with pytest.raises(Refused):
        rate(open_code(code_of(case, contacts[0].id)), {"satisfaction": "unsatisfied"})
    case.refresh_from_db()
    assert (case.satisfaction, case.round) == (
        None,
        1,
    )  # the caller's is still open, and nobody else reopened it
    assert [c.satisfaction for c in Contact.objects.filter(case_id=case.id, join=True).order_by("id")] == [
        3,
        1,
    ]
    assert list(Answer.objects.order_by("at", "id").values_list("joined", "satisfaction")) == [
        (True, 3),
        (True, 1),
    ]


def test_the_device_is_kept_as_a_keyed_hash_and_forgotten(clock: Any, closed: Any) -> None:
    first, second = closed(), closed()
    for case in (first, second):
        rate(open_code(code_of(case)), {"satisfaction": "satisfied"}, device="the-same-phone")
    marks = list(RatingMark.objects.order_by("at"))
    assert len({bytes(mark.device_hash) for mark in marks}) == 1
    assert b"the-same-phone" not in bytes(marks[0].device_hash)
    assert marks[0].expires - marks[0].at == timedelta(days=90)
    second.refresh_from_db()
    assert second.satisfaction == 3  # a mark flags; nothing is refused
    clock.advance(timedelta(days=89))
    assert jobs.forget_marks() == 0
    clock.advance(timedelta(days=2))
    assert jobs.forget_marks() == 2


def test_a_link_that_was_made_by_staff_is_on_record(clock: Any, staff: Any, closed: Any) -> None:
    case = closed()
    made(case, staff.desk)
    assert [
        h.event.person_id for h in ledger.history(staff.place.pk, case.id) if h.event.kind == "review.link"
    ] == [staff.desk.person_id]

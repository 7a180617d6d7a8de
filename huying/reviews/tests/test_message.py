"""The message "please say how it was" carries a link: it needs no sign-in, says nothing of the case, holds once and ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.test import Client

from huying.cases.actions import perform, report
from huying.cases.actions.others import join
from huying.cases.calls import Call, Reporter
from huying.cases.models import Case, Contact
from huying.cases.tests.test_lifecycle import STALL, a_point
from huying.cases.who import Actor
from huying.notices.tests.test_outbox import run_due
from huying.reviews.tests.conftest import close
from huying.staff.sight import anonymous

BASE = "https://huying.example"
CALLER, NEIGHBOUR = "13900000001", "13900000002"


def messages(staff: Any, read_on: Any, gateway: Any, case: Case) -> dict[str, str]:
    """What went out when the case was closed: telephone → text."""
    case = close(staff, case)
    gateway.got.clear()
    read_on(staff.place.pk)
    run_due()
    return {one["to"]: one["text"] for one in gateway.got if one["template"] == "rate"}


def called_in(staff: Any) -> Case:
    """By somebody without an account."""
    visitor = Actor(channel="web", sight=anonymous(staff.place.pk))
    lon, lat = a_point(staff)
    call = Call(body=STALL, lon=lon, lat=lat, reporter=Reporter(None, "示例·王一", CALLER))
    return Case.objects.get(id=report(staff.place.pk, call, visitor).case_id)


def path_of(text: str) -> str:
    (link,) = [word for word in text.split() if word.startswith(BASE)]
    return link.removeprefix(BASE)


def test_the_link_rates_once_and_opens_nothing_else(
    clock: Any, staff: Any, read_on: Any, gateway: Any, settings: Any
) -> None:
    settings.CSRF_TRUSTED_ORIGINS = [BASE]
    case = called_in(staff)
    read_on(staff.place.pk)
    run_due()
    text = messages(staff, read_on, gateway, case)[CALLER]
    assert "菜市场" not in text
    path = path_of(text)
    assert path.startswith("/rate/")
    assert len(BASE + path) < 80
    page = Client().get(path)
    assert page.status_code == 200
    case.refresh_from_db()
    for words in (case.title, case.body, case.reply, CALLER, "示例·王一"):
        assert words
        assert words not in page.content.decode()
    assert Client().post(path, {"satisfaction": "fair"}).status_code == 200
    case.refresh_from_db()
    assert case.satisfaction == 2
    assert Client().post(path, {"satisfaction": "unsatisfied"}).status_code == 409
    case.refresh_from_db()
    assert case.satisfaction == 2


def test_who_joined_gets_a_link_of_their_own_and_it_ends(
    clock: Any, staff: Any, read_on: Any, gateway: Any, settings: Any
) -> None:
    settings.CSRF_TRUSTED_ORIGINS = [BASE]
    case = called_in(staff)
    join(staff.place.pk, case.id, Reporter(None, "示例·邻居", NEIGHBOUR), Actor(channel="web"))
    sent = messages(staff, read_on, gateway, case)
    assert path_of(sent[CALLER]) != path_of(sent[NEIGHBOUR])
    assert Client().post(path_of(sent[NEIGHBOUR]), {"satisfaction": "unsatisfied"}).status_code == 200
    case.refresh_from_db()
    assert case.satisfaction is None
    assert Contact.objects.get(case_id=case.id, join=True).satisfaction == 1
    clock.advance(timedelta(days=31))
    assert Client().get(path_of(sent[CALLER])).status_code == 410


def test_a_message_sent_after_it_was_opened_again_has_no_link_to_rate(
    clock: Any, staff: Any, read_on: Any, gateway: Any, settings: Any
) -> None:
    settings.CSRF_TRUSTED_ORIGINS = [BASE]
    case = close(staff, called_in(staff))
    read_on(staff.place.pk)
    perform(
        staff.place.pk, case.id, "reopen", Actor(channel="web", holds=frozenset({case.id})),
        {"satisfaction": "unsatisfied", "reason": "又来了"},
    )  # fmt: skip
    run_due()
    assert all("/rate/" not in one["text"] for one in gateway.got)

"""Places walked through their own screens with real sign-ins: who signs in, presses a move, reads a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from html import unescape
from typing import Any

from django.test import Client

from huying import clock
from huying.cases import lists
from huying.cases.models import Case, Leg
from huying.cases.tests.loading import loaded
from huying.cases.tests.people import Staff
from huying.staff import sight as sights
from huying.testing.cast import PASSWORD


@contextmanager
def screens(settings: Any) -> Iterator[None]:
    """Screens that ask nobody for a second factor, which has tests of its own."""
    settings.HUYING_FILES_RESERVE = 0
    settings.HUYING_DEMO = True
    yield


@contextmanager
def in_place(name: str, settings: Any, at: datetime | None = None) -> Iterator[Staff]:
    """The place of the preset *name* and its people on such screens, with the clock held *at* a moment if one is given."""
    with screens(settings), clock.frozen(at) if at is not None else nullcontext():
        yield Staff(loaded(name))


def signed_in(staff: Staff, name: str, **post: str) -> Client:
    """A browser in which that person signed in with name and password."""
    staff.lets_in(name, **post)
    client = Client()
    answer = client.post("/sign-in/", {"username": name, "password": PASSWORD})
    assert answer.status_code == 302, answer.status_code
    return client


def send(client: Client, address: str, **data: Any) -> Any:
    """Send a form as its page does, and follow it to where it leads."""
    answer = client.post(address, data)
    assert answer.status_code in (302, 303), (answer.status_code, said(answer)[:600])
    return client.get(answer["Location"])


def move(client: Client, case: Case, name: str, leg: Leg | None = None, **data: Any) -> Case:
    """Press a move on the page where the person has it; it must be offered there."""
    base = f"/cases/{case.number}/" if client.get(f"/cases/{case.number}/").status_code == 200 else ""
    base = base or f"/track/{case.number}/"
    ident = name if leg is None else f"{name}@{leg.id}"
    assert ident in offered(client, base)
    send(client, f"{base}move/", move=ident, seen=case.version, **data)
    case.refresh_from_db()
    return case


def offered(client: Client, address: str) -> set[str]:
    """The moves that a page offers."""
    return set(re.findall(r'name="move" value="([^"]+)"', client.get(address).content.decode()))


def said(answer: Any) -> str:
    """The words of a page, without its markup."""
    return unescape(re.sub(r"<[^>]+>|\s+", " ", answer.content.decode()))


def mine(staff: Staff, name: str) -> list[str]:
    """The numbers that stand in somebody's inbox."""
    return [row.case.number for row in lists.work(sights.sight_of(staff.people[name])).rows]


def the_case(staff: Staff) -> Case:
    return Case.objects.filter(place_id=staff.place.pk).order_by("-id")[0]

"""Browsers in which people of the test place are signed in, and cases for them to work on."""

from __future__ import annotations

from typing import Any

from django.test import Client

from huying.cases.actions import report
from huying.cases.calls import Call, Reporter
from huying.cases.models import Case
from huying.cases.tests.test_lifecycle import STALL, a_point
from huying.testing.access import sign_in

PHONE = "10000000001"


def browser(staff: Any, name: str, **post: str) -> Client:
    """A browser in which the person (made if need be) is signed in."""
    client = Client()
    sign_in(client, staff.person(name, **post))
    return client


def desk(staff: Any) -> Client:
    return browser(staff, "desk", role="centre_desk", organ="centre")


def officer(staff: Any, organ: str = "chengguan", role: str = "officer") -> Client:
    return browser(staff, f"{role}-{organ}", role=role, organ=organ)


def reported(staff: Any, body: str = STALL, *, files_key: str | None = None, **more: Any) -> Case:
    """A case as the resident reports it; STALL goes straight to the city management."""
    if "lon" not in more and "division_id" not in more:
        more["lon"], more["lat"] = a_point(staff)
    who = Reporter(staff.resident.person_id, "示例·王一", PHONE)
    made = report(
        staff.place.pk, Call(body=body, **{"reporter": who, **more}), staff.resident, files_key=files_key
    )
    return Case.objects.get(place_id=staff.place.pk, id=made.case_id)


def unclear(staff: Any, **more: Any) -> Case:
    """A case that waits at the centre."""
    return reported(staff, "有个事想问问你们", **more)


def text(response: Any) -> str:
    return str(response.content.decode())

"""Browsers in which people of the preset place are signed in, for tests of staff screens."""

from __future__ import annotations

from typing import Any

from django.test import Client

from huying.testing.access import sign_in


def browser(staff: Any, name: str, **post: str) -> Client:
    """A browser of the person *name*, made with that post if need be."""
    client = Client()
    sign_in(client, staff.person(name, **post))
    return client


def desk(staff: Any) -> Client:
    """The centre's desk."""
    return browser(staff, "desk", role="centre_desk", organ="centre")


def officer(staff: Any, organ: str) -> Client:
    """An officer of an organ."""
    return browser(staff, f"officer-{organ}", role="officer", organ=organ)


def point_text(staff: Any) -> str:
    """A point inside a grid, as a map field sends it."""
    from huying.cases.tests.test_lifecycle import a_point

    lon, lat = a_point(staff)
    return f"{lon},{lat}"

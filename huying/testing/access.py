"""Access tests from a table: every address of the project says what each member of the cast gets.

A room writes `huying/<room>/tests/access_table.py`:

    ROWS = {
        "staff:people": Row(only("admin")),
        "staff:person": Row(only("admin"), kwargs=lambda world: {"person_id": world.cast.clerk.pk}),
        "staff:sign_out": Row(everybody(302), method="post"),
    }

    def prepare(cast: Cast) -> dict[str, Any]: ...     # optional: objects the rows need, as world.objects

`huying/testing/tests/test_access.py` collects them; an address without a row fails it. Expectations are
status codes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from huying import clock
from huying.staff import signin
from huying.staff.models import Person
from huying.testing.cast import MEMBERS, OUTSIDER, VISITOR, Cast

TO_SIGN_IN, OK, FORBIDDEN, MISSING, BAD = 302, 200, 403, 404, 422
# Addresses that belong to no room of ours and are tested where they come from.
NOT_OURS = {"set_language"}


@dataclass(frozen=True)
class World:
    """What the rows may refer to: the cast, and what the room's `prepare` made."""

    cast: Cast
    objects: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """What each member gets from an address. *kwargs* and *data* are asked when the cast is there."""

    expect: Mapping[str, int]
    kwargs: Callable[[World], Mapping[str, Any]] = lambda world: {}
    method: str = "get"
    data: Callable[[World], Mapping[str, Any]] = lambda world: {}
    query: str = ""


def everybody(status: int = OK, **but: int) -> dict[str, int]:
    """The same for all members, but for those named."""
    return {**dict.fromkeys(MEMBERS, status), **but}


def only(
    *members: str, visitor: int = TO_SIGN_IN, others: int = FORBIDDEN, status: int = OK, **but: int
) -> dict[str, int]:
    """*status* for *members*, *visitor* for who is not signed in, *others* for the rest, but for those
    named."""
    found = dict.fromkeys(MEMBERS, others)
    found[VISITOR] = visitor
    return {**found, **dict.fromkeys(members, status), **but}


def sign_in(client: Client, person: Person) -> None:
    """Sign *person* in past password and second factor, which have tests of their own."""
    client.force_login(person, backend="huying.staff.backends.PersonBackend")
    session = client.session
    session[signin.SECOND] = signin.DONE
    session["seen_at"] = clock.now().isoformat()
    session.save()


def client_of(cast: Cast, member: str) -> Client:
    """A browser in which that member is signed in (nobody, for the visitor)."""
    client = Client(raise_request_exception=False)
    person = cast.person(member)
    if person is not None:
        sign_in(client, person)
    return client


def ask(client: Client, name: str, row: Row, world: World) -> HttpResponse:
    """Send what the row says."""
    where = reverse(name, kwargs=dict(row.kwargs(world))) + row.query
    found: HttpResponse = getattr(client, row.method)(where, dict(row.data(world)))
    return found


def url_names(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    """Names of all addresses, with their namespaces; an address without a name is named by its route."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from url_names(entry, inner)
        elif isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name}" if entry.name else f"unnamed: {entry.pattern}"


def tables(rooms: list[str]) -> dict[str, tuple[str, Row]]:
    """All rows of the rooms' tables: name of the address → (room, row)."""
    found: dict[str, tuple[str, Row]] = {}
    for room in rooms:
        if (module := _table(room)) is not None:
            found |= {name: (room, row) for name, row in module.ROWS.items()}
    return found


def world_of(room: str, cast: Cast) -> World:
    """The cast and what the room's `prepare` makes for its rows."""
    module = _table(room)
    prepare = getattr(module, "prepare", None)
    return World(cast, prepare(cast) if prepare else {})


def _table(room: str) -> Any:
    name = f"{room}.tests.access_table"
    try:
        there = find_spec(name) is not None
    except ModuleNotFoundError:
        there = False
    return import_module(name) if there else None


__all__ = ["BAD", "FORBIDDEN", "MISSING", "OK", "OUTSIDER", "TO_SIGN_IN", "Row", "World", "ask", "client_of"]
__all__ += ["everybody", "only", "sign_in", "tables", "url_names", "world_of"]

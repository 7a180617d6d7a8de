"""Every call of the interface with a key of each of the cast: what duty shows, and nothing more."""

from __future__ import annotations

import pytest

from huying.api.tests.conftest import Keyed, key_for
from huying.cases.models import Case
from huying.places import memory
from huying.staff.models import Person
from huying.staff.tokens import SCOPES
from huying.testing.cast import OUTSIDER, VISITOR, hold, mini_place

CALL = {
    "body": "菜市场门口占道经营，流动摊贩把人行道全占了", "division": "220523001001", "item": "E101",
}  # fmt: skip
# member: role, division, organ. The case lies in 220523001001 and belongs to chengguan.
POSTS = {
    "grid_worker": ("grid_worker", "220523001001-g01", ""),
    "secretary": ("village_secretary", "220523001001", ""),
    "clerk": ("town_clerk", "220523001", ""),
    "desk": ("centre_desk", "", "centre"),
    "officer": ("officer", "", "chengguan"),
    "head": ("head", "", "chengguan"),
    "inspector": ("inspector", "", "discipline"),
    "leader": ("leader", "220523", ""),
    "admin": ("admin", "220523", ""),
}
# Others of the same rank somewhere else, who must not see it.
ELSEWHERE = {
    "other_secretary": ("village_secretary", "220523100209", ""),
    "other_clerk": ("town_clerk", "220523100", ""),
    "other_officer": ("officer", "", "market"),
    "other_resident": ("", "", ""),
}
SEES = {"resident", "secretary", "clerk", "desk", "officer", "head", "inspector", "leader"}
MAY_REPORT = {"resident", "other_resident", "grid_worker", "secretary", "clerk", "desk", "officer", "head",
              "other_secretary", "other_clerk", "other_officer", OUTSIDER}  # fmt: skip
MAY_SIGN_IN = {"officer", "head"}


@pytest.fixture
def world(staff, db):
    """Clients by member, and the number of the resident's case."""
    people = {
        name: staff.person(
            name, role=role, division=division, organ=organ, kind="staff" if role else "resident"
        )
        for name, (role, division, organ) in {**POSTS, **ELSEWHERE}.items()
    }
    people["resident"] = staff.person("resident", kind="resident")
    clients = {name: Keyed(key_for(person)) for name, person in people.items()}
    clients[VISITOR] = Keyed()
    elsewhere = mini_place("elsewhere")
    outsider = Person.objects.create(
        place=elsewhere, username="outsider", name="外人", kind="staff", is_active=True
    )
    hold(outsider, "centre_desk", None, memory.of(elsewhere.pk).centre.id)
    clients[OUTSIDER] = Keyed(key_for(outsider))
    status, made = clients["resident"].post("cases", CALL)
    assert status == 201, made
    return clients, made["number"]


def answers(clients, method, path, body=None):
    return {name: client.ask(method, path, body)[0] for name, client in clients.items()}


def test_reading(world):
    """A case, its story, its moves, and lists: the same people see it everywhere."""
    clients, number = world
    for path in (f"cases/{number}", f"cases/{number}/timeline", f"cases/{number}/moves"):
        got = answers(clients, "GET", path)
        assert got.pop(VISITOR) == 401
        assert {name for name, status in got.items() if status == 200} == SEES, path
        assert set(got.values()) == {200, 404}
    for name, client in clients.items():
        status, page = client.get("cases?scope=all")
        if name == VISITOR:
            assert status == 401
            continue
        assert [one["number"] for one in page["cases"]] == ([number] if name in SEES else []), name


def test_reporting(world):
    clients, _number = world
    got = answers(clients, "POST", "cases", CALL | {"division": ""})
    assert got.pop(VISITOR) == 401
    # The small place of the outsider has no flows yet, so that what is sent cannot be taken; but they may try.
    assert got.pop(OUTSIDER) == 422
    assert {name for name, status in got.items() if status == 201} == MAY_REPORT - {OUTSIDER}
    assert set(got.values()) == {201, 403}


def test_a_move(world):
    clients, number = world
    body = {"move": "sign_in", "data": {}, "seen": 1}
    may = {name: clients.pop(name) for name in MAY_SIGN_IN}
    got = answers(clients, "POST", f"cases/{number}/moves", body)
    assert got.pop(VISITOR) == 401
    assert {name for name, status in got.items() if status == 403} == SEES - MAY_SIGN_IN
    assert {status for name, status in got.items() if name not in SEES} == {404}
    assert Case.objects.get(number=number).version == 1
    assert may["head"].ask("POST", f"cases/{number}/moves", body)[0] == 200


def test_reference_data_needs_any_key(world):
    clients, _number = world
    for path in ("places", "divisions", "divisions/at?lon=126&lat=42.6", "items", "organs"):
        got = answers(clients, "GET", path)
        assert got.pop(VISITOR) == 401, path
        assert set(got.values()) == {200}, path


CALLS = (
    ("cases:read", "GET", "cases"), ("cases:read", "GET", "cases/X"), ("cases:read", "GET", "cases/X/moves"),
    ("cases:read", "GET", "cases/X/timeline"), ("cases:write", "POST", "cases"), ("cases:write", "POST", "files"),
    ("cases:move", "POST", "cases/X/moves"), ("places:read", "GET", "places"), ("places:read", "GET", "divisions"),
    ("items:read", "GET", "items"), ("organs:read", "GET", "organs"),
)  # fmt: skip


def test_each_call_needs_its_scope(staff):
    desk = staff.person("desk", role="centre_desk", organ="centre")
    for scope, method, path in CALLS:
        body = {} if method == "POST" else None
        without = Keyed(key_for(desk, *(one for one in SCOPES if one != scope)))
        status, said = without.ask(method, path, body)
        assert (status, said["code"], said["scope"]) == (403, "missing-scope", scope), path
        status, _said = Keyed(key_for(desk, scope)).ask(method, path, body)
        assert status not in (401, 403), path

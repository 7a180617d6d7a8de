"""Input meant to break things: each gets a clear problem, and nothing is written."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huying import clock as clocks
from huying.api import auth
from huying.api.tests.conftest import LAMP, Keyed, key_for
from huying.api.writing import MOST_BODY
from huying.cases.models import Case
from huying.ledger.actions import Actor
from huying.staff import tokens
from huying.staff.models import ApiToken


@pytest.fixture
def desk(staff):
    return staff.person("desk", role="centre_desk", organ="centre")


def test_a_revoked_key_stops_within_seconds(desk, monkeypatch):
    client = Keyed(key_for(desk))
    assert client.get("items")[0] == 200
    tokens.revoke(ApiToken.objects.get(person=desk), actor=Actor())
    moment = auth.time.monotonic() + auth.KEEP + 0.1
    monkeypatch.setattr(auth.time, "monotonic", lambda: moment)
    assert client.get("items")[0] == 401


def test_an_expired_key_stops_at_once(desk, clock):
    client = Keyed(key_for(desk, expires=clocks.now() + timedelta(hours=1)))
    assert client.get("items")[0] == 200
    clock.advance(timedelta(hours=2))
    assert client.get("items")[0] == 401


def test_a_key_of_somebody_who_left_stops(desk):
    client = Keyed(key_for(desk))
    desk.is_active = False
    desk.save()
    assert client.get("items")[0] == 401


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Basic abc",
        "Bearer",
        "Bearer hy_forged",
        "bearer  ",
        "Bearer hy_é",
        "Bearer " + "hy_" + "x" * 5000,
    ],
)
def test_forged_keys(db, header):
    client = Keyed()
    status, said = client.get("cases", Authorization=header)
    assert (status, said["code"]) == (401, "unauthorized")
    assert client.last.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_rate_limit_where_one_is_set(desk, settings):
    settings.HUYING_API_RATE = 1
    client = Keyed(key_for(desk))
    got = [client.get("items")[0] for _ in range(12)]
    assert got == [200] * 10 + [429] * 2
    assert int(client.last.headers["Retry-After"]) >= 1


BAD = {
    "not JSON": b"{",
    "another encoding": "中".encode("gb18030"),
    "a list": b"[]",
    "no body": {"title": "只有标题"},
    "empty text": {"body": "  "},
    "NUL": {"body": "a\x00b"},
    "lone surrogate": b'{"body": "\\ud800"}',
    "number for text": {"body": 5},
    "text for number": {"body": "x", "lon": "east", "lat": 1},
    "infinite": b'{"body": "x", "lon": Infinity, "lat": 1}',
    "off the earth": {"body": "x", "lon": 500, "lat": 1},
    "half a point": {"body": "x", "lon": 126.0},
    "unknown field": {"body": "x", "owner_key": "organ:1"},
    "unknown item": {"body": "x", "item": "nope"},
    "an item that is not a leaf": {"body": "x", "item": "E"},
    "unknown division": {"body": "x", "division": "nope"},
    "unknown kind": {"body": "x", "kind": "nope"},
    "unknown call": {"body": "x", "call": "nope"},
    "too long": {"body": "长" * 4001},
    "too many flags": {"body": "x", "flags": ["a"] * 11},
    "forged photo": {"body": "x", "photos": ["forged"]},
    "deep": b'{"body": "x", "fields": ' + b'{"a":' * 500 + b"1" + b"}" * 500 + b"}",
    "fields of another form": {"body": "x", "fields": {"sure": True}},
}


def test_bad_calls(desk):
    client = Keyed(key_for(desk))
    for name, body in BAD.items():
        status, said = client.post("cases", body)
        assert status in (400, 422), (name, said)
        assert said["code"] in ("malformed", "invalid"), name
        assert said["status"] == status, name
    assert Case.objects.count() == 0


def test_oversize_bodies(desk, wsgi):
    key = key_for(desk)
    big = b'{"body": "' + b"x" * MOST_BODY + b'"}'
    assert Keyed(key).post("cases", big)[1]["code"] == "too-large"
    assert Keyed(key).post("cases", b"x" * 2_000_000)[1]["code"] == "too-large"
    assert wsgi.post("/api/v1/cases", big, key)[1]["code"] == "too-large"
    assert Case.objects.count() == 0


def test_other_media_types(desk):
    client = Keyed(key_for(desk))
    status, said = client.upload("/api/v1/cases", {"body": "x"})
    assert (status, said["code"]) == (415, "unsupported-media-type")


def test_bad_idempotency_keys(desk, wsgi):
    token = key_for(desk)
    for key in ("", "k" * 81, "键"):
        status, said, _ = wsgi.post("/api/v1/cases", LAMP, token, idempotency_key=key)
        assert (status, said["errors"][0]["field"]) == (422, "Idempotency-Key"), key


def test_the_same_key_of_two_people_is_not_the_same(staff, desk):
    other = staff.person("desk-b", role="centre_desk", organ="centre")
    first = Keyed(key_for(desk)).post("cases", LAMP, Idempotency_Key="same")[1]
    second = Keyed(key_for(other)).post("cases", LAMP, Idempotency_Key="same")[1]
    assert first["number"] != second["number"]


NUMBERS = ("HN20260302-99999", "..", "%00", "%2e%2e%2f", "'%20OR%201=1", "x" * 41, "哨", "%ff%fe")


def test_numbers_that_are_nobodys(desk):
    client = Keyed(key_for(desk))
    for number in NUMBERS:
        for path in (number, f"{number}/moves", f"{number}/timeline"):
            status, said = client.get(f"/api/v1/cases/{path}")
            assert status in (404, 422), path
            assert client.last.headers["Content-Type"] == "application/problem+json"
        _, said = client.post(f"/api/v1/cases/{number}/moves", {"move": "sign_in"})
        assert said["code"] in ("not-found", "invalid"), number


BAD_MOVES = (
    b"{", {}, {"move": ""}, {"move": "sign_in", "seen": 0}, {"move": "sign_in", "seen": 2**40},
    {"move": "sign_in", "leg": "x"}, {"move": "sign_in", "data": []}, {"move": "x" * 61}, {"move": "drop\x00"},
)  # fmt: skip


def test_bad_moves(desk):
    client = Keyed(key_for(desk))
    _, made = client.post("cases", LAMP)
    for body in BAD_MOVES:
        status, said = client.post(f"cases/{made['number']}/moves", body)
        assert status in (400, 422), (body, said)
    assert Case.objects.get(number=made["number"]).version == 1


def test_guessing_track_codes_is_slowed_down(huinan):
    from django.core.cache import cache

    cache.clear()
    client = Keyed()
    got = [client.get(f"track/0000-0000-0000-{n:04}")[0] for n in range(61)]
    assert got == [404] * 60 + [429]
    cache.clear()


def test_both_doors_say_the_same(desk, wsgi):
    """The direct path and Django's give the same answers, byte for byte but for numbers and codes."""
    key = key_for(desk)
    client = Keyed(key)
    for body in (b"{", {"body": ""}, {"body": "x", "item": "nope"}, {"body": "x", "nope": 1}):
        status, said, headers = wsgi.post("/api/v1/cases", body, key, accept_language="en")
        assert (status, said) == client.post("cases", body, Accept_Language="en")
        assert headers["Content-Type"] == client.last.headers["Content-Type"]
    status, said, headers = wsgi.post("/api/v1/cases", LAMP, key)
    again = client.post("cases", LAMP)
    assert (status, set(said)) == (again[0], set(again[1]))
    assert wsgi.post("/api/v1/cases", LAMP)[1] == Keyed().post("cases", LAMP)[1]


def test_a_lost_database_is_said_and_nothing_is_done(desk, wsgi, monkeypatch):
    from django.db import OperationalError

    from huying.api import writing

    def gone(*_args, **_more):
        raise OperationalError("the connection is lost")

    key = key_for(desk)
    monkeypatch.setattr(writing, "report", gone)
    monkeypatch.setattr("huying.api.direct._let_go", lambda: None)
    status, said, headers = wsgi.post("/api/v1/cases", LAMP, key, accept_language="en")
    assert (status, said["code"], headers["Retry-After"]) == (503, "unavailable", "10")
    assert Keyed(key).post("cases", LAMP)[0] == 503

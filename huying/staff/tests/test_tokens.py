"""API keys: shown once, found in one statement, within scopes, revoked, expired."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from huying import clock as now
from huying.ledger.models import Event
from huying.staff import actions_people, tokens
from huying.staff.events import Actor
from huying.staff.models import ApiToken
from huying.testing.access import sign_in
from huying.testing.cast import make_cast, mini_place
from huying.testing.statements import assert_statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast(mini_place())


@pytest.fixture
def made(cast):
    return tokens.create(cast.clerk, "x", ["cases:read", "places:read"], actor=Actor())


def test_the_text_is_long_random_and_not_kept(made):
    token, text = made
    assert text.startswith("hy_")
    assert len(text) >= 3 + 43
    assert text.encode() not in bytes(token.hash)
    assert len(bytes(token.hash)) == 32


def test_one_statement_once_it_is_in_use(cast, made):
    _token, text = made
    with assert_statements(2):
        tokens.verify(text)
    with assert_statements(1):
        found = tokens.verify(text, ["cases:read"])
        assert found.person.name == "clerk"


def test_scopes(made):
    _token, text = made
    assert tokens.verify(text, ["cases:read", "places:read"])
    assert tokens.verify(text, ["cases:read", "cases:move"]) is None


@pytest.mark.parametrize("forged", ["", "hy_", "hy_" + "A" * 43, "x" * 5000])
def test_a_forged_one(made, forged):
    assert tokens.verify(forged) is None


def test_a_changed_one(made):
    _token, text = made
    assert tokens.verify(text[:-1] + ("A" if text[-1] != "A" else "B")) is None


def test_revoked_and_expired_and_ended(cast, made, clock):
    token, text = made
    tokens.revoke(token, actor=Actor())
    assert tokens.verify(text) is None
    _short, text = tokens.create(
        cast.clerk, "y", ["open311"], actor=Actor(), expires=now.now() + timedelta(days=1)
    )
    assert tokens.verify(text)
    clock.advance(timedelta(days=1))
    assert tokens.verify(text) is None
    _third, text = tokens.create(cast.clerk, "z", ["open311"], actor=Actor())
    actions_people.end_person(cast.clerk, actor=Actor())
    assert tokens.verify(text) is None


def test_an_unknown_scope_is_refused(cast):
    with pytest.raises(ValidationError):
        tokens.create(cast.clerk, "x", ["everything"], actor=Actor())
    with pytest.raises(ValidationError):
        tokens.create(cast.clerk, "x", [], actor=Actor())


def test_making_and_revoking_is_on_the_ledger(cast, made):
    tokens.revoke(made[0], actor=Actor())
    found = Event.objects.filter(subject_id=cast.clerk.pk).order_by("id").values_list("kind", flat=True)
    assert list(found) == ["staff.token_made", "staff.token_revoked"]


def test_the_page_shows_the_text_once(cast):
    client = Client()
    sign_in(client, cast.admin)
    answer = client.post(
        "/admin/keys/", {"name": "importer", "username": "mini-clerk", "scopes": ["cases:write"]}
    )
    text = answer.context["text"]
    assert tokens.verify(text, ["cases:write"])
    assert text not in client.get("/admin/keys/").content.decode()


def test_a_key_for_somebody_of_another_place_is_refused(cast):
    client = Client()
    sign_in(client, cast.admin)
    fields = {"name": "x", "username": cast.outsider.username, "scopes": ["cases:write"]}
    assert client.post("/admin/keys/", fields).status_code == 422
    assert not ApiToken.objects.exists()

"""The outside sign-on, against a provider that really signs: in, linked, refused, and what must not work."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from django.test import Client
from joserfc.jwk import RSAKey

from huying.ledger.models import Event
from huying.staff import erasure, identities, signin
from huying.staff.models import Identity, Person
from huying.staff.tests import provider as providers
from huying.testing.access import sign_in
from huying.testing.cast import make_cast, mini_place

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(settings: Any) -> Any:
    settings.HUYING_DEMO = True
    return make_cast(mini_place())


@pytest.fixture
def outside(settings: Any) -> Any:
    with providers.running() as one:
        settings.HUYING_OIDC_ISSUER, settings.HUYING_OIDC_CLIENT = one.issuer, "huying"
        settings.HUYING_OIDC_SECRET, settings.HUYING_OIDC_RESIDENTS = "a-secret", False
        settings.HUYING_OIDC_SECOND = []
        yield one


def round_trip(client: Client, path: str = "/sign-in/outside/", change: Any = None) -> Any:
    """To the provider and back, as a browser goes; *change* may tamper with the way back."""
    away = client.get(path)
    assert away.status_code == 302, away.content.decode()
    back = httpx.get(away["Location"], follow_redirects=False).headers["Location"]
    back = back.replace("http://testserver", "")
    return client.get(change(back) if change else back)


def who(client: Client) -> str | None:
    found: str | None = client.session.get("_auth_user_id")
    return found


def linked(person: Person, provider: Any) -> None:
    identities.link(person, provider.issuer, provider.claims["sub"])


def test_somebody_linked_is_signed_in_and_lands_where_they_wanted(cast: Any, outside: Any) -> None:
    linked(cast.resident, outside)
    client = Client()
    answer = round_trip(client, "/sign-in/outside/?next=/me/")
    assert (answer.status_code, answer["Location"]) == (302, "/me/")
    assert who(client) == str(cast.resident.pk)
    told = Event.objects.filter(kind="staff.signed_in", subject_id=cast.resident.pk).latest("at")
    assert told.data["how"] == "outside"


def test_the_button_is_there_only_where_a_provider_is_named(cast: Any, outside: Any, settings: Any) -> None:
    assert b"/sign-in/outside/" in Client().get("/sign-in/").content
    settings.HUYING_OIDC_ISSUER = ""
    assert b"/sign-in/outside/" not in Client().get("/sign-in/").content
    assert Client().get("/sign-in/outside/").status_code == 404


def test_an_unknown_account_opens_nothing_unless_residents_may_come_that_way(
    cast: Any, outside: Any, settings: Any
) -> None:
    client = Client()
    before = Person.objects.count()
    assert round_trip(client).status_code == 403
    assert who(client) is None
    assert Person.objects.count() == before
    settings.HUYING_OIDC_RESIDENTS = True
    assert round_trip(client).status_code == 302
    made = Person.objects.get(pk=who(client))
    assert (made.kind, made.name, made.has_usable_password()) == ("resident", "测试甲", False)
    again = Client()
    round_trip(again)
    assert who(again) == str(made.pk)  # the second time it is the same person


def test_staff_link_their_own_account_and_may_end_it(cast: Any, outside: Any) -> None:
    client = Client()
    sign_in(client, cast.clerk)
    assert round_trip(client)["Location"] == "/me/"
    assert Identity.objects.get().person_id == cast.clerk.pk
    assert "已绑定" in client.get("/me/").content.decode()
    fresh = Client()
    round_trip(fresh)
    assert who(fresh) == str(cast.clerk.pk)
    client.post("/me/outside/end/")
    other = Client()
    assert round_trip(other).status_code == 403
    assert who(other) is None


def test_one_account_cannot_stand_for_two(cast: Any, outside: Any) -> None:
    linked(cast.resident, outside)
    client = Client()
    sign_in(client, cast.clerk)
    round_trip(client)
    assert list(Identity.objects.values_list("person_id", flat=True)) == [cast.resident.pk]
    assert who(client) == str(cast.clerk.pk)


def test_the_second_factor_is_still_asked_for(cast: Any, outside: Any, settings: Any) -> None:
    """Unless the provider says that it checked one, in a way that the operator accepts."""
    linked(cast.admin, outside)
    settings.HUYING_DEMO = False
    client = Client()
    round_trip(client)
    assert client.session[signin.SECOND] == signin.NEEDED
    settings.HUYING_OIDC_SECOND = ["mfa"]
    outside.claims["amr"] = ["pwd", "mfa"]
    client = Client()
    round_trip(client)
    assert client.session.get(signin.SECOND) != signin.NEEDED


def _other_key(provider: Any) -> None:
    provider.key = RSAKey.generate_key(2048, {"kid": "one"})


WRONG = {
    "signed by somebody else": _other_key,
    "for another program": lambda one: one.claims.update(aud="somebody-else"),
    "another issuer": lambda one: one.claims.update(iss="https://elsewhere.example"),
    "too old": lambda one: one.claims.update(exp=1_600_000_000, iat=1_599_999_000),
    "an answer to another question": lambda one: one.claims.update(nonce="not-ours"),
    "nobody": lambda one: one.claims.update(sub=""),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_does_not_hold_signs_nobody_in(cast: Any, outside: Any, what: str) -> None:
    linked(cast.resident, outside)
    WRONG[what](outside)
    client = Client()
    assert round_trip(client).status_code == 400
    assert who(client) is None


def test_a_forged_state_a_used_code_and_an_answer_nobody_asked_for(cast: Any, outside: Any) -> None:
    linked(cast.resident, outside)
    client = Client()
    forged = round_trip(client, change=lambda url: url.split("state=")[0] + urlencode({"state": "x" * 30}))
    assert forged.status_code == 400
    seen: list[str] = []
    round_trip(client, change=lambda url: seen.append(url) or url)
    assert who(client) == str(cast.resident.pk)
    stranger = Client()
    assert stranger.get(seen[0]).status_code == 400  # somebody else's way back, or the same a second time
    assert client.get(seen[0]).status_code == 400
    assert who(stranger) is None


def test_a_provider_that_is_gone_is_said_so(cast: Any, outside: Any, settings: Any) -> None:
    settings.HUYING_OIDC_ISSUER = "http://127.0.0.1:9"
    answer = Client().get("/sign-in/outside/")
    assert answer.status_code == 502
    assert "连不上" in answer.content.decode()


def test_what_is_kept_does_not_tell_who_it_is_and_goes_with_the_person(cast: Any, outside: Any) -> None:
    linked(cast.resident, outside)
    kept = Identity.objects.get()
    assert outside.claims["sub"].encode() not in bytes(kept.mark)
    erasure.wipe(cast.resident.place_id, ("person", cast.resident.pk), cast.resident.pk)
    assert not Identity.objects.exists()
    client = Client()
    assert round_trip(client).status_code == 403

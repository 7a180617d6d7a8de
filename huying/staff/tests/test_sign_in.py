"""Signing in: by name or number, the same words for every failure, slowed down, on the ledger, ended."""

import pytest
from django.test import Client
from django.urls import reverse

from huying.ledger.models import Event
from huying.staff import actions_people, signin, throttle
from huying.staff.events import Actor
from huying.staff.models import Session
from huying.testing.cast import PASSWORD, make_cast, mini_place

pytestmark = pytest.mark.django_db
URL = "/sign-in/"


@pytest.fixture
def cast():
    return make_cast(mini_place())


def enter(client, username, password=PASSWORD, **more):
    return client.post(URL, {"username": username, "password": password, **more})


def kinds(person):
    return list(Event.objects.filter(subject_id=person.pk).order_by("id").values_list("kind", flat=True))


def test_with_the_right_password(client, cast):
    client.get(URL)
    client.session["x"] = 1
    before = client.session.session_key
    answer = enter(client, "mini-officer")
    assert (answer.status_code, answer.url) == (302, "/")
    assert client.session.session_key != before
    assert client.get("/me/").status_code == 200
    assert kinds(cast.officer) == ["staff.signed_in"]
    assert client.session.get_expiry_age() == signin.IDLE_STAFF


def test_back_to_the_page_that_was_wanted_but_to_no_other_host(client, cast):
    assert client.get("/me/").url == "/sign-in/?next=%2Fme%2F"
    assert enter(client, "mini-officer", next="/me/").url == "/me/"
    assert enter(Client(), "mini-officer", next="https://evil.example/").url == "/"
    assert enter(Client(), "mini-officer", next="//evil.example/").url == "/"


def test_the_same_words_for_a_wrong_name_and_a_wrong_password(cast):
    wrong_name = enter(Client(), "nobody-here")
    wrong_password = enter(Client(), "mini-officer", "not the password")
    assert wrong_name.status_code == wrong_password.status_code == 422
    assert str(wrong_name.context["form"].errors) == str(wrong_password.context["form"].errors)
    assert kinds(cast.officer) == ["staff.sign_in_failed"]


def test_an_ended_account_and_a_system_do_not_sign_in(cast):
    cast.officer.kind = "service"
    cast.officer.save()
    assert enter(Client(), "mini-officer").status_code == 422
    actions_people.end_person(cast.clerk, actor=Actor())
    assert enter(Client(), "mini-clerk").status_code == 422


def test_ten_wrong_ones_lock_this_name_from_this_address_until_unlocked(cast):
    for _ in range(9):
        assert enter(Client(), "mini-officer", "wrong").status_code == 422
    assert enter(Client(), "mini-officer", "wrong").status_code == 429
    locked = enter(Client(), "mini-officer")
    assert locked.status_code == 429
    assert "html" in locked["Content-Type"]
    assert enter(Client(REMOTE_ADDR="10.9.9.9"), "mini-officer").status_code == 302
    assert enter(Client(), "mini-head").status_code == 302
    actions_people.unlock(cast.officer, actor=Actor())
    assert enter(Client(), "mini-officer").status_code == 302


def test_one_address_has_a_limit_over_all_names(cast, monkeypatch):
    monkeypatch.setattr(throttle, "PER_ADDRESS", 3)
    for number in range(3):
        assert enter(Client(), f"guess-{number}", "wrong").status_code == 422
    assert enter(Client(), "mini-officer").status_code == 429
    assert enter(Client(REMOTE_ADDR="10.9.9.9"), "mini-officer").status_code == 302


def test_a_resident_signs_in_by_number_and_the_number_is_kept_nowhere_in_clear(cast):
    from axes.models import AccessAttempt

    actions_people.change_person(cast.resident, phone="13800001234", actor=Actor())
    assert enter(Client(), "138 0000 1234").status_code == 302
    assert enter(Client(), "13800001234", "wrong").status_code == 422
    assert not AccessAttempt.objects.filter(username__contains="0000").exists()
    cast.resident.refresh_from_db()
    assert b"1234" not in bytes(cast.resident.phone_sealed)


def test_staff_do_not_sign_in_by_number(cast):
    actions_people.change_person(cast.officer, phone="13800001234", actor=Actor())
    assert enter(Client(), "13800001234").status_code == 422


def test_signing_out_is_a_post(client, cast):
    enter(client, "mini-officer")
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").status_code == 302
    assert client.get("/me/").status_code == 302
    assert kinds(cast.officer)[-1] == "staff.signed_out"


def test_a_handed_out_password_must_be_changed_first(client, cast):
    password = actions_people.reset_password(cast.officer, actor=Actor())
    enter(client, "mini-officer", password)
    answer = client.get("/me/")
    assert answer.status_code == 302
    assert answer.url.startswith("/me/password/")
    new = {"old": password, "password": "river-stone-42-lamp", "again": "river-stone-42-lamp"}
    assert client.post("/me/password/", new).status_code == 302
    assert client.get("/me/").status_code == 200


@pytest.mark.parametrize("poor", ["short1", "1234567890123", "password123", "mini-officer1"])
def test_a_poor_password_is_refused(client, cast, poor):
    enter(client, "mini-officer")
    answer = client.post("/me/password/", {"old": PASSWORD, "password": poor, "again": poor})
    assert answer.status_code == 422
    assert "password" in answer.context["form"].errors


class TestSessions:
    """One sees where one is signed in and can end it."""

    def test_changing_the_password_ends_the_other_sessions(self, cast):
        here, there = Client(), Client()
        enter(here, "mini-officer")
        enter(there, "mini-officer")
        new = {"old": PASSWORD, "password": "river-stone-42-lamp", "again": "river-stone-42-lamp"}
        assert here.post("/me/password/", new).status_code == 302
        assert here.get("/me/").status_code == 200
        assert there.get("/me/").status_code == 302

    def test_ending_one_and_all_others(self, cast):
        here, second, third = Client(), Client(), Client()
        for browser in (here, second, third):
            enter(browser, "mini-officer")
        assert Session.objects.filter(person_id=cast.officer.pk).count() == 3
        here.post("/me/sessions/", {"session": second.session.session_key})
        assert second.get("/me/").status_code == 302
        assert third.get("/me/").status_code == 200
        here.post("/me/sessions/")
        assert third.get("/me/").status_code == 302
        assert here.get("/me/").status_code == 200

    def test_nobody_ends_the_session_of_somebody_else(self, cast):
        mine, theirs = Client(), Client()
        enter(mine, "mini-officer")
        enter(theirs, "mini-head")
        mine.post("/me/sessions/", {"session": theirs.session.session_key})
        assert theirs.get("/me/").status_code == 200

    def test_an_ended_account_is_out_at_once(self, client, cast):
        enter(client, "mini-officer")
        actions_people.end_person(cast.officer, actor=Actor())
        assert client.get("/me/").status_code == 302

    def test_use_moves_the_end_but_not_with_every_request(self, client, cast, clock):
        from datetime import timedelta

        enter(client, "mini-officer")
        key = client.session.session_key
        before = Session.objects.get(pk=key)
        clock.advance(timedelta(minutes=4))
        client.get("/me/")
        assert Session.objects.get(pk=key).seen_at == before.seen_at
        clock.advance(timedelta(minutes=2))
        client.get("/me/")
        after = Session.objects.get(pk=key)
        assert after.seen_at > before.seen_at
        assert after.expire_date > before.expire_date


def test_acting_in_one_post(client, cast):
    from huying.testing.cast import hold

    second = hold(cast.officer, "head", None, cast.memory.organ_by_code("water").id)
    enter(client, "mini-officer")
    assert client.post("/me/post/", {"post": second.pk}).status_code == 302
    assert client.get("/me/").context["chosen"] == second.pk
    other = cast.head.holdings.get().post_id
    assert client.post("/me/post/", {"post": other}).status_code == 404
    client.post("/me/post/", {"post": ""})
    assert client.get("/me/").context["chosen"] is None


def test_language_and_large_type_are_kept(client, cast):
    enter(client, "mini-officer")
    answer = client.post("/me/settings/", {"language": "en", "elder_mode": "on"})
    assert answer.cookies["django_language"].value == "en"
    assert answer.cookies["huying_elder"].value == "1"
    fresh = enter(Client(), "mini-officer")
    assert fresh.cookies["django_language"].value == "en"


def test_urls_have_the_names_the_page_frame_uses():
    assert reverse("staff:sign_out") == "/sign-out/"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "Chrome · Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140 MicroMessenger/8.0", "WeChat · Android"),
        ("curl/8", ""),
    ],
)
def test_a_browser_in_two_words(agent, words):
    assert Session(agent=agent).browser == words

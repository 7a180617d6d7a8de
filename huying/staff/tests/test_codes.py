"""One-time codes and registering with one."""

from datetime import timedelta

import pytest
from django.test import Client

from huying.staff import codes
from huying.staff.models import OneTimeCode, Person
from huying.testing.cast import make_cast, mini_place

pytestmark = pytest.mark.django_db
PHONE = "13900005678"


@pytest.fixture(autouse=True)
def outbox():
    sent = []
    codes.use_sender(lambda phone, code, purpose: sent.append((phone, code, purpose)))
    yield sent
    codes.use_sender(None)


def test_a_code_works_once_and_is_not_kept_in_clear(outbox):
    assert codes.send("+86 139-0000-5678", "x").shown is None
    phone, code, _purpose = outbox[0]
    assert phone == PHONE
    row = OneTimeCode.objects.get()
    assert code.encode() not in bytes(row.code_hash)
    assert not codes.check(PHONE, "other", code)
    assert codes.check(PHONE, "x", code)
    assert not codes.check(PHONE, "x", code)


def test_five_wrong_tries_make_it_void(outbox):
    codes.send(PHONE, "x")
    code = outbox[0][1]
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(5):
        assert not codes.check(PHONE, "x", wrong)
    assert not codes.check(PHONE, "x", code)


def test_it_is_over_after_five_minutes(outbox, clock):
    codes.send(PHONE, "x")
    clock.advance(timedelta(minutes=5))
    assert not codes.check(PHONE, "x", outbox[0][1])


def test_only_the_last_one_counts(outbox, clock):
    codes.send(PHONE, "x")
    clock.advance(timedelta(seconds=61))
    codes.send(PHONE, "x")
    first, last = outbox[0][1], outbox[1][1]
    if first != last:
        assert not codes.check(PHONE, "x", first)
    assert codes.check(PHONE, "x", last)


def test_one_a_minute_and_five_an_hour_for_a_number(clock):
    for _ in range(5):
        codes.send(PHONE, "x")
        with pytest.raises(codes.CodeRefused, match="wait"):
            codes.send(PHONE, "x")
        clock.advance(timedelta(seconds=61))
    with pytest.raises(codes.CodeRefused, match="wait"):
        codes.send(PHONE, "x")
    clock.advance(timedelta(hours=1))
    codes.send(PHONE, "x")


def test_twenty_an_hour_for_an_address():
    for number in range(20):
        codes.send(f"139000056{number:02d}", "x", "10.0.0.1")
    with pytest.raises(codes.CodeRefused, match="wait"):
        codes.send("13911112222", "x", "10.0.0.1")
    codes.send("13911112222", "x", "10.0.0.2")


def test_what_is_not_a_number_is_refused():
    with pytest.raises(codes.CodeRefused, match="phone"):
        codes.send("12345", "x")


def test_without_a_sender_only_a_demonstration_shows_the_code(settings):
    codes.use_sender(None)
    settings.HUYING_DEMO = False
    with pytest.raises(codes.CodeRefused, match="no_sender"):
        codes.send(PHONE, "x")
    settings.HUYING_DEMO = True
    assert len(codes.send(PHONE, "x").shown) == 6


def test_old_ones_are_forgotten(clock):
    codes.send(PHONE, "x")
    assert codes.forget_old() == 0
    clock.advance(timedelta(days=2))
    assert codes.forget_old() == 1


class TestRegistering:
    """A resident makes an account with a code."""

    @pytest.fixture
    def cast(self):
        return make_cast(mini_place())

    def fill(self, code, **more):
        return {
            "phone": PHONE,
            "code": code,
            "name": "李四",
            "password": "river-stone-42-lamp",
            "agree": "on",
            **more,
        }

    def test_from_number_to_signed_in(self, cast, outbox):
        client = Client()
        assert client.post("/register/", {"phone": PHONE}).status_code == 200
        assert client.post("/register/", self.fill(outbox[0][1])).status_code == 302
        made = Person.objects.get(name="李四")
        assert (made.kind, made.place_id) == ("resident", cast.place.pk)
        assert PHONE not in made.username
        assert client.get("/me/").status_code == 200
        again = Client()
        answer = again.post("/sign-in/", {"username": PHONE, "password": "river-stone-42-lamp"})
        assert answer.status_code == 302

    def test_a_wrong_code_makes_nothing_and_counts(self, cast, outbox):
        Client().post("/register/", {"phone": PHONE})
        wrong = "000000" if outbox[0][1] != "000000" else "111111"
        assert Client().post("/register/", self.fill(wrong)).status_code == 422
        assert not Person.objects.filter(name="李四").exists()
        assert OneTimeCode.objects.get().tries == 1

    def test_a_poor_password_does_not_use_up_the_code(self, cast, outbox):
        Client().post("/register/", {"phone": PHONE})
        poor = self.fill(outbox[0][1], password="12345")
        assert Client().post("/register/", poor).status_code == 422
        assert Client().post("/register/", self.fill(outbox[0][1])).status_code == 302

    def test_a_number_has_one_account_and_only_its_holder_learns_so(self, cast, outbox, clock):
        Client().post("/register/", {"phone": PHONE})
        Client().post("/register/", self.fill(outbox[0][1]))
        clock.advance(timedelta(minutes=2))
        asked = Client().post("/register/", {"phone": PHONE})
        assert asked.status_code == 200
        answer = Client().post("/register/", self.fill(outbox[1][1]))
        assert answer.status_code == 422
        assert "phone" in answer.context["form"].errors

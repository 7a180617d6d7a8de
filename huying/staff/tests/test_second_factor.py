"""The second factor: who needs it, setting it up, using it, losing it."""

import time

import pytest
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from huying.staff import second_factor
from huying.staff.events import Actor
from huying.staff.models import Authenticator, RecoveryCode
from huying.testing.cast import PASSWORD, make_cast, mini_place

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(settings):
    settings.HUYING_DEMO = False
    return make_cast(mini_place())


def enter(client, username):
    return client.post("/sign-in/", {"username": username, "password": PASSWORD})


def code_of(device, step=0):
    generator = TOTP(device.bin_key, device.step, device.t0, device.digits)
    generator.time = time.time() + step * device.step
    return f"{generator.token():06d}"


def set_up(person):
    device = second_factor.begin(person)
    codes = second_factor.confirm(person, code_of(device, -1), actor=Actor())
    return Authenticator.objects.get(user=person, confirmed=True), codes


def test_the_database_alone_gives_nobody_a_second_factor(cast, settings):
    device, _codes = set_up(cast.desk)
    stolen = TOTPDevice.objects.get(pk=device.pk)  # the row as it stands in a backup
    # the secret itself, in any spelling, is not in the row; another key file makes another secret of it
    assert device.bin_key.hex() not in {str(value) for value in vars(stolen).values()}
    assert stolen.bin_key != device.bin_key
    here = device.bin_key
    settings.HUYING_LOOKUP_KEY = "7" * 32
    assert Authenticator.objects.get(pk=device.pk).bin_key != here


def test_an_authenticator_set_up_before_secrets_were_derived_still_works(cast):
    Authenticator.objects.create(
        user=cast.desk, name="app", confirmed=True, key="3132333435363738393031323334353637383930"
    )
    device = second_factor.device_of(cast.desk)
    assert device.bin_key == b"12345678901234567890"
    assert second_factor.check(cast.desk, code_of(device))


@pytest.mark.parametrize("member", ["desk", "secretary", "clerk", "inspector", "admin"])
def test_those_with_weighty_rights_need_it(cast, member):
    client = Client()
    enter(client, f"mini-{member}")
    answer = client.get("/me/")
    assert answer.status_code == 302
    assert answer.url.startswith("/sign-in/code/")
    assert client.get("/sign-in/code/").url == "/sign-in/set-up/"


@pytest.mark.parametrize("member", ["officer", "head", "grid_worker", "resident", "leader"])
def test_others_do_not(cast, member):
    client = Client()
    enter(client, f"mini-{member}")
    assert client.get("/me/").status_code == 200


def test_a_demonstration_asks_nobody_and_says_so(cast, settings):
    settings.HUYING_DEMO = True
    client = Client()
    enter(client, "mini-desk")
    answer = client.get("/me/")
    assert answer.status_code == 200


def test_setting_up_and_using_it(cast):
    client = Client()
    enter(client, "mini-desk")
    page = client.get("/sign-in/set-up/")
    assert "<svg" in page.content.decode()
    assert "style=" not in page.context["picture"]
    assert client.post("/sign-in/set-up/", {"code": "000000"}).status_code == 422
    TOTPDevice.objects.update(throttling_failure_count=0)  # the wait after a wrong one, tested below
    device = second_factor.pending(cast.desk)
    before = client.session.session_key
    done = client.post("/sign-in/set-up/", {"code": code_of(device, -1)})
    assert len(done.context["codes"]) == 10
    assert client.session.session_key != before
    assert client.get("/me/").status_code == 200

    again = Client()
    enter(again, "mini-desk")
    assert again.get("/me/").status_code == 302
    assert again.post("/sign-in/code/", {"code": "12"}).status_code == 422
    TOTPDevice.objects.update(throttling_failure_count=0)
    device.refresh_from_db()
    assert again.post("/sign-in/code/", {"code": code_of(device)}).status_code == 302
    assert again.get("/me/").status_code == 200


def test_a_code_works_only_once(cast):
    device, _codes = set_up(cast.desk)
    code = code_of(device)
    assert second_factor.check(cast.desk, code)
    assert not second_factor.check(cast.desk, code)


def test_guessing_is_slowed_down(cast):
    device, _codes = set_up(cast.desk)
    wrong = "000000" if code_of(device) != "000000" else "111111"
    assert not second_factor.check(cast.desk, wrong)
    assert not second_factor.check(cast.desk, code_of(device))  # even the right one has to wait now


def test_a_recovery_code_works_once(cast):
    _device, codes = set_up(cast.desk)
    client = Client()
    enter(client, "mini-desk")
    assert client.post("/sign-in/code/", {"code": codes[0].upper()}).status_code == 302
    assert client.get("/me/").status_code == 200
    other = Client()
    enter(other, "mini-desk")
    assert other.post("/sign-in/code/", {"code": codes[0]}).status_code == 422
    assert not RecoveryCode.objects.filter(code_hash=codes[1].encode()).exists()


def test_with_only_the_password_nobody_replaces_the_authenticator(cast):
    set_up(cast.desk)
    client = Client()
    enter(client, "mini-desk")
    assert client.get("/sign-in/set-up/").url == "/sign-in/code/"


def test_whoever_has_one_is_asked_even_without_weighty_rights(cast):
    set_up(cast.officer)
    client = Client()
    enter(client, "mini-officer")
    assert client.get("/me/").url.startswith("/sign-in/code/")


def test_a_right_gained_while_signed_in_asks_for_it(cast):
    from huying.testing.cast import hold

    client = Client()
    enter(client, "mini-officer")
    assert client.get("/me/").status_code == 200
    hold(cast.officer, "admin", cast.memory.top.id)
    assert client.get("/admin/people/").url.startswith("/sign-in/code/")
    asked = client.get("/admin/people/", headers={"HX-Request": "true"})
    assert asked.headers["HX-Redirect"].startswith("/sign-in/code/")


def test_a_lost_telephone(cast):
    set_up(cast.desk)
    second_factor.remove(cast.desk, actor=Actor())
    assert second_factor.device_of(cast.desk) is None
    assert not RecoveryCode.objects.filter(person=cast.desk).exists()

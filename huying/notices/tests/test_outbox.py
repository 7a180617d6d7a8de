"""What goes out of the house: when, by which way, and what happens when it does not go."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError

from huying.cases.actions import perform, report
from huying.cases.calls import Call, Reporter
from huying.cases.models import Case
from huying.cases.tests.test_lifecycle import STALL, a_point, told
from huying.cases.who import Actor
from huying.clock import now
from huying.ledger.erasure import erase
from huying.notices import choices, outbox, quiet
from huying.notices.models import Choice, Delivery, Notice
from huying.notices.tests.fixtures import Gateway
from huying.notices.tests.test_reader import DONE
from huying.staff import codes, contact


def with_phone(person: Any, phone: str = "13800000001") -> Any:
    contact.set_phone(person, phone)
    person.save()
    return person


def run_due() -> list[bool]:
    """What the worker does: hand over what is due, run the jobs."""
    outbox.hand_over()
    queued = Delivery.objects.filter(state="queued").order_by("id")
    return [outbox.send(row.place_id, row.id) for row in queued]


@pytest.mark.parametrize(
    ("hour", "urgency", "nights", "out"),
    [(10, 0, False, (2, 10)), (20, 1, False, (2, 20)), (21, 0, False, (3, 8)), (2, 1, False, (2, 8)),
     (23, 2, False, (2, 23)), (23, 0, True, (2, 23)), (8, 0, False, (2, 8))],
)  # fmt: skip
def test_at_night_what_is_not_urgent_waits_for_the_morning(
    hour: int, urgency: int, nights: bool, out: tuple[int, int]
) -> None:
    from zoneinfo import ZoneInfo

    zone = ZoneInfo("Asia/Shanghai")
    now = datetime(2026, 3, 2, hour, 0, tzinfo=zone).astimezone(UTC)
    found = quiet.send_at(now, urgency, nights=nights).astimezone(zone)
    assert (found.day, found.hour, found.minute) == (*out, 0)


def test_work_goes_to_the_officer_by_sms_without_saying_what_it_is(
    staff: Any, read_on: Any, gateway: Gateway, clock: Any
) -> None:
    staff.officer()
    with_phone(staff.people["officer-chengguan"])
    case = told(staff)
    read_on(staff.place.pk)
    assert run_due() == [True]
    [sent] = gateway.got
    assert (sent["to"], sent["template"], sent["params"]["number"]) == ("13800000001", "work", case.number)
    assert case.number in sent["text"]
    assert "菜市场" not in json.dumps(sent, ensure_ascii=False)
    row = Delivery.objects.get()
    assert (row.state, row.tries, str(row.id)) == ("sent", 1, sent["id"])
    assert run_due() == []


def test_the_queue_has_one_job_for_each_message(
    staff: Any, read_on: Any, gateway: Gateway, clock: Any
) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    staff.officer()
    with_phone(staff.people["officer-chengguan"])
    told(staff)
    read_on(staff.place.pk)
    assert (outbox.hand_over(), outbox.hand_over()) == (1, 0)
    [job] = ProcrastinateJob.objects.filter(task_name="huying.notices.deliver")
    assert job.args == {"place_id": staff.place.pk, "ident": str(Delivery.objects.get().id)}


def test_a_gateway_that_is_down_is_asked_again_until_it_is_too_often(
    staff: Any, read_on: Any, gateway: Gateway, clock: Any
) -> None:
    staff.officer()
    with_phone(staff.people["officer-chengguan"])
    told(staff)
    read_on(staff.place.pk)
    gateway.status = 503
    assert run_due() == [False]
    for _ in range(outbox.TRIES - 2):
        assert run_due() == [False]
    assert run_due() == [True]
    row = Delivery.objects.get()
    assert (row.state, row.problem, row.tries) == ("failed", "http-503", outbox.TRIES)
    gateway.status = 200
    assert outbox.again(row.place_id, row.id)
    assert run_due() == [True]
    assert len(gateway.got) == 1


def test_what_the_gateway_refuses_is_not_asked_again(
    staff: Any, read_on: Any, gateway: Gateway, clock: Any
) -> None:
    staff.officer()
    with_phone(staff.people["officer-chengguan"])
    told(staff)
    read_on(staff.place.pk)
    gateway.status = 302  # nor is a telephone number sent on to wherever it points
    assert run_due() == [True]
    assert Delivery.objects.get().problem == "http-302"


def test_what_was_read_in_the_meantime_is_not_sent(
    staff: Any, read_on: Any, gateway: Gateway, clock: Any
) -> None:
    officer = staff.officer()
    with_phone(staff.people["officer-chengguan"])
    case = told(staff)
    read_on(staff.place.pk)
    perform(staff.place.pk, case.id, "sign_in", officer, {})
    read_on(staff.place.pk)
    run_due()
    assert gateway.got == []
    assert Delivery.objects.get().state == "dropped"


def test_a_caller_without_an_account_gets_the_way_to_their_case(
    staff: Any, read_on: Any, gateway: Gateway, clock: Any, settings: Any
) -> None:
    settings.CSRF_TRUSTED_ORIGINS = ["https://huying.example.org"]
    place, officer = staff.place.pk, staff.officer()
    lon, lat = a_point(staff)
    call = Call(body=STALL, lon=lon, lat=lat, reporter=Reporter(None, "示例·王一", "13900000002"))
    made = report(place, call, Actor(channel="hotline"))
    perform(place, made.case_id, "sign_in", officer, {})
    perform(place, made.case_id, "done", officer, DONE)
    perform(place, made.case_id, "pass", staff.desk, {"solved": "solved", "public_reply": "摊位已清理。"})
    read_on(place)
    clock.set(now() + timedelta(seconds=1))
    run_due()
    [sent] = gateway.got
    assert (sent["to"], sent["template"]) == ("13900000002", "rate")
    assert sent["params"]["link"].startswith("https://huying.example.org/rate/")  # without signing in
    assert Notice.objects.filter(place_id=place, kind="rate").count() == 0


def test_nothing_goes_out_about_an_erased_case(
    staff: Any, read_on: Any, gateway: Gateway, clock: Any
) -> None:
    staff.officer()
    officer = with_phone(staff.people["officer-chengguan"])
    case = told(staff)
    read_on(staff.place.pk)
    outbox.hand_over()
    erase(staff.place.pk, ("case", case.id), "request", "pipl-47", officer.pk, now())
    assert Delivery.objects.count() == 0
    assert run_due() == []
    assert gateway.got == []


def test_erasing_a_person_leaves_nothing_of_them(
    staff: Any, read_on: Any, gateway: Gateway, clock: Any
) -> None:
    staff.officer()
    officer = with_phone(staff.people["officer-chengguan"])
    choices.save(officer, sms=True, mail=False, nights=True, address="li@example.org")
    told(staff)
    read_on(staff.place.pk)
    assert Notice.objects.filter(person_id=officer.pk).exists()
    erase(staff.place.pk, ("person", officer.pk), "request", "pipl-47", staff.desk.person_id, now())
    assert not any(m.objects.filter(person_id=officer.pk).exists() for m in (Notice, Delivery, Choice))


def test_mail_for_whoever_chose_it(staff: Any, read_on: Any, settings: Any, clock: Any) -> None:
    settings.HUYING_SMS_URL, settings.HUYING_MAIL, settings.HUYING_DEMO = "", True, False
    staff.officer()
    officer = staff.people["officer-chengguan"]
    with pytest.raises(ValidationError):
        choices.save(officer, sms=False, mail=True, nights=False, address="")
    choices.save(officer, sms=False, mail=True, nights=False, address="li@example.org")
    assert b"li@example.org" not in bytes(Choice.objects.get().mail_sealed)
    case = told(staff)
    read_on(staff.place.pk)
    assert run_due() == [True]
    [letter] = mail.outbox
    assert letter.to == ["li@example.org"]
    assert case.number in letter.subject
    assert Delivery.objects.get().state == "sent"


def test_one_time_codes_travel_sealed_and_leave_nothing(staff: Any, gateway: Gateway, clock: Any) -> None:
    codes.use_sender(outbox.send_code)
    try:
        sent = codes.send("13700000003", "register")
        assert sent.shown is None
        row = Delivery.objects.get()
        assert b"13700000003" not in bytes(row.sealed)
        assert run_due() == [True]
        [got] = gateway.got
        assert (got["to"], got["template"]) == ("13700000003", "code")
        assert codes.check("13700000003", "register", got["params"]["code"])
        row.refresh_from_db()
        assert (row.state, row.sealed) == ("sent", None)
    finally:
        codes.use_sender(None)


def test_a_code_that_is_over_is_not_sent(staff: Any, gateway: Gateway, clock: Any) -> None:
    outbox.send_code("13700000003", "123456", "register")
    clock.set(now() + codes.LIFETIME + timedelta(seconds=1))
    run_due()
    assert gateway.got == []
    assert Delivery.objects.get().sealed is None


def test_without_any_way_out_nothing_is_written_for_it(staff: Any, read_on: Any, settings: Any) -> None:
    settings.HUYING_SMS_URL, settings.HUYING_MAIL, settings.HUYING_DEMO = "", False, False
    staff.officer()
    with_phone(staff.people["officer-chengguan"])
    told(staff)
    read_on(staff.place.pk)
    assert Case.objects.count() == Notice.objects.count() == 1
    assert Delivery.objects.count() == 0

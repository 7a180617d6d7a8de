"""Appending: one statement, in a transaction, with the private part sealed."""

from datetime import datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from huying.ledger import keys, sealing
from huying.ledger.actions import Actor, Entry, append
from huying.ledger.errors import LedgerError
from huying.ledger.ids import uuid7
from huying.ledger.kinds import DEEPEST
from huying.ledger.models import Event, Key, Pending, Private
from huying.ledger.tests.conftest import AT, PLACE

pytestmark = pytest.mark.django_db


def nested(deep):
    return [nested(deep - 1)] if deep > 1 else ["x"]


def four(case, subject):
    return [
        Entry(
            "ledger.test_made",
            {"item": "a.1", "n": 3},
            AT,
            {"text": "井盖丢了"},
            case,
            subject=subject,
            version=1,
        ),
        *(
            Entry("ledger.test_moved", {"move": m}, AT, case_id=case, subject=subject)
            for m in ("a", "b", "c")
        ),
    ]


def test_four_events_with_a_new_key_are_one_statement():
    case = uuid7()
    subject = ("case", case)
    key = keys.new_key(PLACE, subject)
    person = uuid7()
    with CaptureQueriesContext(connection) as seen:
        ids = append(PLACE, four(case, subject), Actor(person, 12, None, "web"), new_keys=[key])
    assert len(seen) == 1
    rows = list(Event.objects.filter(place_id=PLACE, case_id=case).order_by("id"))
    assert [row.id for row in rows] == ids
    assert rows[0].data == {"item": "a.1", "n": 3}
    assert rows[0].at == AT
    assert (rows[0].person_id, rows[0].post_id, rows[0].behalf_id, rows[0].channel) == (
        person,
        12,
        None,
        "web",
    )
    assert (rows[0].subject_kind, rows[0].subject_id, rows[0].version) == ("case", case, 1)
    assert rows[1].commitment is None
    assert Pending.objects.get(place_id=PLACE).event_ids == ids
    held = Private.objects.get(place_id=PLACE, event_id=ids[0])
    kept = keys.find(PLACE, [subject])[subject]
    assert kept.clear == key.clear
    opened = sealing.open_sealed(
        PLACE, kept, bytes(held.sealed), f"event:{ids[0]}", bytes(rows[0].commitment)
    )
    assert opened == {"text": "井盖丢了"}


def test_events_without_anything_private_are_one_statement():
    with CaptureQueriesContext(connection) as seen:
        append(PLACE, [Entry("ledger.test_moved", {"move": "x"}, AT)], Actor())
    assert len(seen) == 1
    assert not Key.objects.exists()


def test_a_known_subject_costs_one_statement_more(write):
    case = write()
    entry = Entry(
        "ledger.test_moved", {"move": "note"}, AT, {"note": "已到现场"}, case, subject=("case", case)
    )
    with CaptureQueriesContext(connection) as seen:
        append(PLACE, [entry], Actor())
    assert len(seen) == 2
    assert Key.objects.count() == 1


def test_a_subject_without_a_key_gets_one():
    person = ("person", uuid7())
    with transaction.atomic():
        append(PLACE, [Entry("ledger.test_moved", {}, AT, {"note": "a"}, subject=person)], Actor())
        append(PLACE, [Entry("ledger.test_moved", {}, AT, {"note": "b"}, subject=person)], Actor())
    assert Key.objects.count() == 1


def test_nothing_stays_when_the_caller_rolls_back():
    case = uuid7()
    with transaction.atomic():
        append(PLACE, four(case, ("case", case)), Actor(), new_keys=[keys.new_key(PLACE, ("case", case))])
        assert Event.objects.count() == 4
        transaction.set_rollback(True)
    assert not Event.objects.exists()
    assert not Pending.objects.exists()
    assert not Key.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_it_is_refused():
    with pytest.raises(LedgerError, match="transaction"):
        append(PLACE, [Entry("ledger.test_moved", {}, AT)], Actor())
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (Entry("ledger.unheard_of", {}, AT), "no room registered"),
        (Entry("ledger.test_moved", {"colour": "red"}, AT), "not a field"),
        (Entry("ledger.test_moved", {"move": "路灯"}, AT), "not a code"),
        (Entry("ledger.test_moved", {"move": "two words"}, AT), "not a code"),
        (Entry("ledger.test_moved", {"move": "trailing\n"}, AT), "not a code"),
        (Entry("ledger.test_moved", {"move": "a" * 81}, AT), "not a code"),
        (Entry("ledger.test_moved", {"move": "13800138000"}, AT), "not a code"),
        (Entry("ledger.test_moved", {"move": 13800138000}, AT), "not a code"),
        (Entry("ledger.test_moved", {"move": "11010519491231002X"}, AT), "not a code"),
        (Entry("ledger.test_moved", {"move": ["ok", {"x": "not ok"}]}, AT), "not a code"),
        (Entry("ledger.test_moved", {"move": [{"some key": 1}]}, AT), "not a code"),
        (Entry("ledger.test_moved", {"move": float("nan")}, AT), "not a code"),
        (Entry("ledger.test_moved", {"move": b"x"}, AT), "cannot carry"),
        (Entry("ledger.test_moved", {"move": nested(DEEPEST + 1)}, AT), "too deep"),
        (Entry("ledger.test_moved", {}, datetime(2026, 1, 1)), "time zone"),  # noqa: DTZ001
        (Entry("ledger.test_moved", {}, AT, {"a": 1}), "needs a subject"),
        (Entry("ledger.test_moved", {}, AT, subject=("dog", uuid7())), "kind of subject"),
    ],
)
def test_what_does_not_belong_in_a_row_is_refused(entry, message):
    with pytest.raises(LedgerError, match=message) as told:
        append(PLACE, [entry], Actor())
    assert "13800138000" not in str(told.value)
    assert not Event.objects.exists()


def test_ids_times_and_nested_codes_are_kept():
    some = uuid7()
    data = {"move": [some, AT, {"legs": [1, 2.5, True, None, "a/b:c@d+e-f_g."]}]}
    [event_id] = append(PLACE, [Entry("ledger.test_moved", data, AT)], Actor())
    kept = Event.objects.get(place_id=PLACE, id=event_id).data
    assert kept == {"move": [str(some), AT.isoformat(), {"legs": [1, 2.5, True, None, "a/b:c@d+e-f_g."]}]}

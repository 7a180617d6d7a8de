"""What the ledger's tests share: key files of their own, and kinds of event to write."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from huying.ledger import keys, kinds
from huying.ledger.actions import Actor, Entry, append
from huying.ledger.ids import uuid7

PLACE = 7
AT = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)

kinds.register("ledger.test_made", "made %(item)s", ("item", "n"))
kinds.register("ledger.test_moved", "moved by %(move)s", ("move",))


@pytest.fixture(autouse=True)
def data_folder(tmp_path, settings):
    """A data folder with keys of its own."""
    settings.HUYING_DATA = tmp_path
    settings.HUYING_MASTER_KEY = settings.HUYING_LOOKUP_KEY = None
    keys.create_key_files()
    return tmp_path


@pytest.fixture
def write(db):
    """``write()`` makes a case with two events, one of them with something private; returns the case's id."""

    def write_one(place=PLACE, private=None, extra=0):
        case = uuid7()
        subject = ("case", case)
        entries = [
            Entry(
                "ledger.test_made",
                {"item": "a.1"},
                AT,
                private or {"text": "路灯坏了"},
                case,
                subject=subject,
                version=1,
            ),
            Entry("ledger.test_moved", {"move": "dispatch"}, AT, case_id=case, subject=subject, version=2),
        ]
        entries += [
            Entry("ledger.test_moved", {"move": f"m{n}"}, AT, case_id=case, subject=subject, version=3 + n)
            for n in range(extra)
        ]
        with transaction.atomic():
            append(place, entries, Actor(channel="web"), new_keys=[keys.new_key(place, subject)])
        return case

    return write_one


@pytest.fixture
def as_owner(db):
    """``as_owner(sql, params)`` does what the triggers forbid, as somebody with the owner's account could."""

    def execute(statement, params=()):
        with connection.cursor() as cursor:
            for table in ("ledger_event", "ledger_page"):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(statement, params)
            count = cursor.rowcount
            for table in ("ledger_event", "ledger_page"):
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        return count

    return execute


__all__ = ["AT", "PLACE"]

"""The place leads every key of this room, in the database itself (docs/decisions/keys.md)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from huying import clock
from huying.cases.models import Link
from huying.cases.tests.test_lifecycle import told
from huying.ledger.ids import uuid7


@pytest.mark.django_db
def test_the_place_leads_every_primary_key() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, a.attname FROM pg_constraint p JOIN pg_class c ON c.oid = p.conrelid"
            " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = p.conkey[1]"
            " WHERE p.contype = 'p' AND c.relname LIKE 'cases\\_%%'",
        )
        found = dict(cursor.fetchall())
    assert {"cases_case", "cases_leg", "cases_contact", "cases_asked", "cases_words"} <= set(found)
    assert {name: first for name, first in found.items() if first != "place_id"} == {}


def test_the_database_refuses_a_row_for_a_case_of_another_place(staff: Any) -> None:
    case = told(staff)
    more = {"case_id": case.id, "other_id": case.id, "kind": "related", "at": clock.now()}

    def put(place_id: int) -> None:
        with transaction.atomic():
            Link.objects.create(place_id=place_id, id=uuid7(), **more)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    put(case.place_id)
    with pytest.raises(IntegrityError):
        put(case.place_id + 1)

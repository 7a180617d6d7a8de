"""Erasing a person empties the account as well."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction

from huying.ledger.erasure import erase
from huying.staff import contact
from huying.staff.models import ApiToken, Person
from huying.testing.cast import make_cast, mini_place

pytestmark = pytest.mark.django_db


def test_nothing_of_an_erased_person_stays_but_the_id(settings: Any) -> None:
    settings.HUYING_DEMO = True
    cast = make_cast(mini_place())
    person = cast.resident
    with transaction.atomic():
        contact.set_phone(person, "13900000000")
        person.save()
    erase(cast.place.pk, ("person", person.pk), "request", "R-1", cast.admin.pk, datetime.now(UTC))
    left = Person.objects.get(pk=person.pk)
    assert (left.name, left.phone_sealed, left.phone_hash, left.is_active) == ("", None, None, False)
    assert "resident" not in left.username
    assert not left.has_usable_password()
    assert not ApiToken.objects.filter(person=person).exists()

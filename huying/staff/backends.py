"""Password sign-in: staff by user name, residents by user name or telephone number."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from huying.ledger.sql import first_row
from huying.staff import contact
from huying.staff.models import Person
from huying.staff.people import normal_phone

_COLUMNS = tuple(field.attname for field in Person._meta.concrete_fields)
_PERSON = (
    f"SELECT {', '.join(_COLUMNS)} FROM {Person._meta.db_table} "  # noqa: S608 - our own names
    "WHERE id = %(id)s::uuid AND is_active"
)


class PersonBackend(BaseBackend):
    """Finds the person and checks the password, taking as long when there is nobody of that name."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **other: Any,
    ) -> Person | None:
        """The active person whose password this is, or None."""
        if not username or not password:
            return None
        person = find(username)
        if person is None:
            make_password(password)  # so that an unknown name cannot be told by the time it takes
            return None
        right = person.check_password(password)
        return person if right and person.is_active and person.kind != Person.Kind.SERVICE else None

    def get_user(self, user_id: UUID) -> Person | None:
        """The active person with the id. One SQL statement, prepared, as every page of everybody asks it."""
        row = first_row(_PERSON, {"id": user_id})
        return None if row is None else Person.from_db("default", _COLUMNS, row)


def find(username: str) -> Person | None:
    """The person with that user name or, for residents, that telephone number."""
    name = username.strip()
    phone = normal_phone(name)
    if phone is not None:
        return Person.objects.filter(
            phone_hash=contact.phone_hash(phone), kind=Person.Kind.RESIDENT, is_active=True
        ).first()
    return Person.objects.filter(username=name).first()

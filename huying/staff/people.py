"""How people are made and found; no models are imported here, so that models can use it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import BaseUserManager

if TYPE_CHECKING:
    from huying.staff.models import Person

# A mainland mobile number (also one of a range that is not given out, as demonstrations use), with or
# without the country code and with separators people type.
_MOBILE = re.compile(r"^(?:\+?86)?(1\d{10})$")
_SEPARATORS = re.compile(r"[\s\-()（）]")


def normal_phone(typed: str) -> str | None:
    """The 11 digits of a mainland mobile number as typed in any usual way, or None when it is not one."""
    found = _MOBILE.match(_SEPARATORS.sub("", typed))
    return found.group(1) if found else None


class PersonManager(BaseUserManager["Person"]):
    """Makes people with an Argon2 password; used by Django's own commands and by `staff.actions`."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> Person:
        """A person with *username*; without a password nobody can sign in as them."""
        person = self.model(username=self.model.normalize_username(username), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

"""The types a form field may have, and how a value of each is cleaned. Values come out ready for JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huying.flow.guards import Guard
from huying.presets.definition import Words
from huying.presets.shape import unshowable
from huying.worktime import LimitError, parse_limit

if TYPE_CHECKING:
    from huying.presets.forms import Lookups

TYPES = (
    "text", "long", "number", "date", "datetime", "choice", "choices", "yesno", "photo", "files", "point",
    "organs", "organ", "item", "person", "duration", "money",
)  # fmt: skip
MANY = ("choices", "photo", "files", "organs")
ROUTE = "route"
LENGTHS = {"text": 200, "long": 4000}
COUNTS = {"choices": 50, "photo": 9, "files": 9, "organs": 30}
_NO_WORDS = Words("")
_TOKEN = re.compile(r"[A-Za-z0-9_.:-]{1,120}\Z")
_MONEY = Decimal("999999999999.99")


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose."""

    id: str
    label: Words


@dataclass(frozen=True, slots=True)
class FormField:
    """A field as the preset writes it. `min`/`max`: characters of a text, size of a number, count of a list.

    `when`: only asked (and only accepted) where the guard holds for the other values. `private`: shown only to
    those who work on the case, kept in the protected store. `staff`: only those who serve are asked for it."""

    id: str
    label: Words
    type: str
    required: bool = False
    choices: tuple[Choice, ...] = ()
    when: Guard | None = None
    min: float | None = None
    max: float | None = None
    hint: Words = _NO_WORDS
    private: bool = False
    line: int = 0
    under: tuple[str, ...] = ()  # of an item: only what stands under these rows of the catalogue
    staff: bool = False
    of: str = ""  # where its choices come from, when they do not stand here: "route" of duties.yaml


class FieldError(ValueError):
    """The value cannot be taken; the text is for whoever typed it."""


def is_empty(value: Any) -> bool:
    """Whether nothing was given: an unticked box (False) and a zero are something."""
    if isinstance(value, str):
        return not value.strip()
    return value is None or (isinstance(value, (list, tuple, dict)) and not value)


def clean_value(field: FormField, value: Any, lookups: Lookups) -> Any:
    """The value of a field that was given, made plain. Raises FieldError."""
    if field.type in MANY:
        return _many(field, value, lookups)
    cleaner = _CLEANERS.get(field.type, _reference)
    return cleaner(field, value, lookups)


def _string(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise FieldError(_("Write a text."))
    return str(value).strip()


def _text(field: FormField, value: Any, lookups: Lookups) -> str:
    text = _string(value).replace("\r\n", "\n").replace("\r", "\n")
    if field.type == "text":
        text = " ".join(text.split())
    if unshowable(text):
        raise FieldError(_("The text holds characters that cannot be shown."))
    most = int(field.max) if field.max is not None else LENGTHS[field.type]
    if len(text) > most:
        raise FieldError(
            ngettext("At most %(n)d character.", "At most %(n)d characters.", most) % {"n": most}
        )
    least = int(field.min or 0)
    if len(text) < least:
        raise FieldError(
            ngettext("At least %(n)d character.", "At least %(n)d characters.", least) % {"n": least}
        )
    return text


def _number(field: FormField, value: Any, lookups: Lookups) -> int | float:
    if isinstance(value, bool):
        raise FieldError(_("Write a number."))
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        raise FieldError(_("Write a number.")) from None
    if not number.is_finite() or abs(number) > 10**15:
        raise FieldError(_("Write a number."))
    if field.min is not None and number < Decimal(str(field.min)):
        raise FieldError(_("At least %(n)s.") % {"n": f"{field.min:g}"})
    if field.max is not None and number > Decimal(str(field.max)):
        raise FieldError(_("At most %(n)s.") % {"n": f"{field.max:g}"})
    return int(number) if number == number.to_integral_value() else float(number)


def _money(field: FormField, value: Any, lookups: Lookups) -> str:
    number = _number(field, str(value).replace(",", "").replace("，", ""), lookups)
    amount = Decimal(str(number))
    if amount != amount.quantize(Decimal("0.01")) or abs(amount) > _MONEY:
        raise FieldError(_("Write an amount in yuan with at most two decimals."))
    return str(amount.quantize(Decimal("0.01")))


def _date(field: FormField, value: Any, lookups: Lookups) -> str:
    try:
        return date.fromisoformat(_string(value)).isoformat()
    except ValueError:
        raise FieldError(_("Write a date such as 2026-05-01.")) from None


def _datetime(field: FormField, value: Any, lookups: Lookups) -> str:
    try:
        found = datetime.fromisoformat(_string(value))
    except ValueError:
        raise FieldError(_("Write a date and time such as 2026-05-01 14:30.")) from None
    zone: tzinfo = lookups.zone
    # A browser sends local time without a zone: it is the place's.
    return (found if found.tzinfo else found.replace(tzinfo=zone)).isoformat(timespec="seconds")


def _choice(field: FormField, value: Any, lookups: Lookups) -> str:
    text = _string(value)
    if text not in {choice.id for choice in field.choices}:
        raise FieldError(_("Choose one of the list."))
    return text


def _yesno(field: FormField, value: Any, lookups: Lookups) -> bool:
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower()
    if text in ("yes", "true", "1", "on", "是"):
        return True
    if text in ("no", "false", "0", "off", "否"):
        return False
    raise FieldError(_("Answer yes or no."))


def _point(field: FormField, value: Any, lookups: Lookups) -> dict[str, float]:
    if isinstance(value, str):
        value = value.replace(",", " ").split()
    elif isinstance(value, Mapping):
        if set(value) - {"lon", "lat"}:
            raise FieldError(_("A point has a longitude and a latitude."))
        value = [value.get("lon"), value.get("lat")]
    try:
        lon, lat = (float(part) for part in value)
    except (TypeError, ValueError):
        raise FieldError(_("A point has a longitude and a latitude.")) from None
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise FieldError(_("The point is not on the earth."))
    return {"lon": lon, "lat": lat}


def _duration(field: FormField, value: Any, lookups: Lookups) -> str:
    try:
        return str(parse_limit(_string(value)))
    except LimitError:
        raise FieldError(_("Write a time such as 2 work hours, 3 workdays or 24 hours.")) from None


def _organ(field: FormField, value: Any, lookups: Lookups) -> str:
    text = _string(value)
    if lookups.organs is not None and text not in lookups.organs:
        raise FieldError(_("Choose an organ of the list."))
    return _plain_code(text)


def _item(field: FormField, value: Any, lookups: Lookups) -> str:
    text = _string(value)
    if lookups.items is not None and text not in lookups.items:
        raise FieldError(_("Choose an item of the list."))
    return _plain_code(text)


def _reference(field: FormField, value: Any, lookups: Lookups) -> str:
    return _plain_code(_string(value))


def _plain_code(text: str) -> str:
    if not _TOKEN.match(text):
        raise FieldError(_("This is not a valid reference."))
    return text


def _many(field: FormField, value: Any, lookups: Lookups) -> list[str]:
    values = value if isinstance(value, (list, tuple)) else [value]
    one = {"choices": _choice, "organs": _organ}.get(field.type, _reference)
    found = list(dict.fromkeys(one(field, part, lookups) for part in values if not is_empty(part)))
    most = int(field.max) if field.max is not None else COUNTS[field.type]
    if len(found) > most:
        raise FieldError(ngettext("At most %(n)d entry.", "At most %(n)d entries.", most) % {"n": most})
    least = int(field.min or 0)
    if len(found) < least:
        raise FieldError(ngettext("At least %(n)d entry.", "At least %(n)d entries.", least) % {"n": least})
    return found


_CLEANERS = {
    "text": _text, "long": _text, "number": _number, "money": _money, "date": _date, "datetime": _datetime,
    "choice": _choice, "yesno": _yesno, "point": _point, "duration": _duration, "organ": _organ, "item": _item,
}  # fmt: skip

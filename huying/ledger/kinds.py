"""Kinds of event: what each is called in plain words, and which data it may carry.

Rooms register their kinds when they load. What is not registered is not written: this is what keeps free
text, names and telephone numbers out of rows that nobody can take back.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

from huying.ledger.errors import LedgerError

NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
# ASCII only: a code, an id or a time has no spaces and no Chinese.
CODE = re.compile(r"[\w.:@/+,()-]{0,80}", re.ASCII)  # owners too: pool:grid,stand-in · organ(item)
# A telephone number or a citizen's number is made of the same signs as a code, and is no code.
PERSONAL = re.compile(r"(?:\+?86-?)?1[3-9]\d{9}|[1-9]\d{5}(?:18|19|20)\d{2}[01]\d[0-3]\d{4}[\dXx]")
DEEPEST = 7  # an alarm within an event of the flow machine


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of event: *words* is a (lazily translated) sentence with %(field)s places from the data."""

    name: str
    words: str | Promise
    fields: frozenset[str]


_kinds: dict[str, Kind] = {}


def register(name: str, words: str | Promise, fields: Iterable[str] = ()) -> Kind:
    """Make a kind known. Registering the same again does nothing; another under the same name is an error."""
    if not NAME.fullmatch(name) or len(name) > 60:
        raise LedgerError(f"a kind is called room.what_happened, not {name!r}")
    kind = Kind(name, words, frozenset(fields))
    known = _kinds.get(name)
    if known is not None and known.fields != kind.fields:
        raise LedgerError(f"the kind {name} is registered twice with other fields")
    _kinds[name] = kind
    return kind


def get(name: str) -> Kind:
    """The kind of that name. LedgerError when no room registered it."""
    try:
        return _kinds[name]
    except KeyError:
        raise LedgerError(f"no room registered the kind of event {name!r}") from None


def known() -> list[Kind]:
    """All kinds, by name."""
    return [_kinds[name] for name in sorted(_kinds)]


def words(name: str, data: Mapping[str, Any]) -> str:
    """The event in plain words, in the current language; a field that is not there is left out as "–"."""
    kind = _kinds.get(name)
    if kind is None:
        return name
    return str(kind.words) % _Gaps(data)


class _Gaps(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "–"


def check(name: str, data: Mapping[str, Any]) -> None:
    """Refuse an unknown kind, an unknown field, and whatever is not a code, an id, a time or a number."""
    kind = _kinds.get(name)
    if kind is None:
        raise LedgerError(f"no room registered the kind of event {name!r}")
    if not data.keys() <= kind.fields:
        strange = ", ".join(sorted(data.keys() - kind.fields))
        raise LedgerError(f"{name}: not a field of this kind: {strange}")
    for field, value in data.items():
        if type(value) is str:  # the common case first: this is on the way of every call that comes in
            if not CODE.fullmatch(value) or (len(value) >= 11 and PERSONAL.fullmatch(value)):
                _refuse(name, field)
        elif value is not None and type(value) is not bool:
            _check_value(name, field, value, 1)


def _check_value(name: str, field: str, value: Any, depth: int) -> None:
    # By exact type first: an abstract class is asked last, because that takes longest.
    kind = type(value)
    if kind is str:
        if not CODE.fullmatch(value) or (len(value) >= 11 and PERSONAL.fullmatch(value)):
            _refuse(name, field)
    elif value is None or kind is bool:
        return
    elif kind is dict and depth <= DEEPEST:
        for inner, held in value.items():
            if not isinstance(inner, str):
                raise LedgerError(f"{name}: {field} has a key that is not text")
            _check_value(name, field, inner, depth + 1)
            _check_value(name, field, held, depth + 1)
    elif kind is list and depth <= DEEPEST:
        for held in value:
            _check_value(name, field, held, depth + 1)
    else:
        _check_rarer(name, field, value, depth)


def _check_rarer(name: str, field: str, value: Any, depth: int) -> None:
    if isinstance(value, str):
        if not CODE.fullmatch(value) or PERSONAL.fullmatch(value):
            _refuse(name, field)
    elif value is None or isinstance(value, bool | UUID):
        return
    elif isinstance(value, int):
        if PERSONAL.fullmatch(str(value)):
            _refuse(name, field)
    elif isinstance(value, float):
        if not math.isfinite(value):
            _refuse(name, field)
    elif isinstance(value, datetime):
        if value.tzinfo is None:
            raise LedgerError(f"{name}: the time in {field} needs a time zone")
    elif depth > DEEPEST:
        raise LedgerError(f"{name}: {field} is nested too deep")
    elif isinstance(value, Mapping):
        for inner, held in value.items():
            if not isinstance(inner, str):
                raise LedgerError(f"{name}: {field} has a key that is not text")
            _check_value(name, field, inner, depth + 1)
            _check_value(name, field, held, depth + 1)
    elif isinstance(value, list | tuple):
        for held in value:
            _check_value(name, field, held, depth + 1)
    else:
        raise LedgerError(f"{name}: {field} holds a {type(value).__name__}, which an event cannot carry")


def _refuse(name: str, field: str) -> None:
    # The value itself is not in the message: it may be just what must not be kept anywhere.
    raise LedgerError(f"{name}: {field} is not a code, an id or a time; free text belongs in `private`")

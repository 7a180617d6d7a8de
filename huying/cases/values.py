"""What came with a move: cleaned by the move's form, and sorted into what each reader of it needs.

Codes, dates and numbers go to the ledger and to guards; free text and contacts are sealed beside it; organs become
ids; a number of days becomes an extension.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from huying.cases.world import due_in
from huying.flow.definition import Move

if TYPE_CHECKING:
    from huying.cases.actions.state import Work

CODES = ("number", "date", "datetime", "choice", "choices", "yesno", "organ", "organs", "item", "duration")
FILES = ("photo", "files")


@dataclass(slots=True)
class Given:
    """A move's fields: ``for_machine`` as guards and limits see them, ``codes`` for the ledger, ``private`` sealed."""

    for_machine: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, Any] = field(default_factory=dict)
    private: dict[str, Any] = field(default_factory=dict)
    tokens: list[str] = field(default_factory=list)
    passed_on: list[str] = field(default_factory=list)  # of these, photos of what the move opens

    @property
    def missing(self) -> str:
        return _("Please fill this in.")

    @property
    def unusable(self) -> str:
        return _("This value cannot be used here.")


def clean_move(
    work: Work, move: Move, data: Mapping[str, Any], lang: str | None
) -> tuple[Given, dict[str, str]]:
    """The fields of a move, checked and sorted, and what is wrong with them by field."""
    schema = work.preset.move_form(work.flow.id, move.id)
    cleaned, errors = schema.clean(data, lang, work.facts)
    given = Given()
    extending = {effect.args[0] for effect in move.does if effect.do == "extend" and effect.args}
    for one in schema.fields:
        value = cleaned.all.get(one.id)
        if value is None:
            continue
        if one.type in FILES:
            given.tokens.extend(value if isinstance(value, list) else [value])
            given.for_machine[one.id] = value
        elif one.type in CODES and not one.private:
            seen = _for_machine(work, one.id, one.type, value, errors)
            if one.id in extending and isinstance(seen, int | float):
                seen = f"{int(seen)} workdays"
            given.for_machine[one.id] = seen
            given.codes[one.id] = value if one.type not in ("organ", "organs") else seen
        else:
            given.for_machine[one.id] = value
            given.private[one.id] = value
    if "organ" in given.codes:
        given.for_machine["organ_id"] = given.for_machine["organ"]
    due = work.preset.kinds[work.case.kind].due
    if due and isinstance(days := given.codes.get(due), int | float):
        # A new limit in workdays is reckoned once, here, like the first one when the case was opened.
        organ = work.leg.organ_id if work.leg is not None else work.case.organ_id
        given.for_machine["due"] = given.codes["due"] = due_in(work.memory, organ, work.now, days)
    return given, errors


def _for_machine(work: Work, name: str, kind: str, value: Any, errors: dict[str, str]) -> Any:
    if kind == "date":
        zone = ZoneInfo(work.preset.place.timezone)
        return datetime.combine(date.fromisoformat(value), time(23, 59, 59), zone).isoformat()
    if kind == "organ":
        return _organ(work, name, value, errors)
    if kind == "organs":
        found = [_organ(work, name, code, errors) for code in value]
        return [ident for ident in found if ident is not None]
    return value


def _organ(work: Work, name: str, code: str, errors: dict[str, str]) -> int | None:
    row = work.memory.organ_by_code(code)
    if row is None or not row.active:
        errors[name] = _("No such organ here.")
        return None
    return row.id

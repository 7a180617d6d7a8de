"""What a move came to, written: the case, the record and the note of the key in one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from huying.cases.actions.state import COLUMNS, Work
from huying.cases.models import Case
from huying.cases.store import MOVED, write_move
from huying.ledger import actions as ledger
from huying.ledger.actions import Entry

_MOVED = frozenset(MOVED)
# Columns that are written with every move; the others are compared by what they hold.
_ALWAYS = frozenset({"version", "changed_at", "token", "fields", "organ_ids"})


def write(work: Work, entries: Sequence[Entry], asked: Mapping[str, Any] | None = None) -> bool:
    """Write the case, the *entries* and those that effects left, and the note of the idempotency key; False when the
    key is taken, and then the transaction must be undone. One SQL statement, one more where a move changes what moves
    seldom do, or tells something private about another subject."""
    case = work.case
    changed = _changed(case, work.loaded)
    usual = _MOVED.issuperset(changed)
    if not usual:
        case.save(force_update=True, update_fields=changed)
    events = ledger.prepare(
        case.place_id, [*entries, *work.more_entries], work.actor.for_ledger(), new_keys=work.new_keys, held=work.held
    )  # fmt: skip
    return write_move(case.place_id, case if usual else None, events, asked)


def _changed(case: Case, loaded: Mapping[str, Any]) -> list[str]:
    """The columns that a move has changed: a case has sixty, a move touches a dozen."""
    return [name for name in COLUMNS if name in _ALWAYS or getattr(case, name) != loaded[name]]

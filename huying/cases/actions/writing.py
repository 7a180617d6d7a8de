"""What a move came to, written: the case, the record and the note of the key in one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from huying.cases.actions.state import Work
from huying.cases.store import write_move
from huying.ledger import actions as ledger
from huying.ledger.actions import Entry


def write(work: Work, entries: Sequence[Entry], asked: Mapping[str, Any] | None = None) -> bool:
    """Write the case, the *entries* and those that effects left, and the note of the idempotency key; False when the
    key is taken, and then the transaction must be undone. One SQL statement, one more where a move changes what moves
    seldom do, or tells something private about another subject."""
    case = work.case
    seldom = [name for name, value in work.loaded.items() if getattr(case, name) != value]
    if seldom:
        case.save(force_update=True, update_fields=seldom)
    events = ledger.prepare(
        case.place_id, [*entries, *work.more_entries], work.actor.for_ledger(), new_keys=work.new_keys, held=work.held
    )  # fmt: skip
    return write_move(case, events, asked)

"""What is kept up behind the ledger's pages: open counts for routing, and the words that search looks in.

Nothing here is in the intake path; a lost process loses nothing, because the reader's cursor moves with its work.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db import connection

from huying.cases.of_page import cases_of
from huying.cases.words import place_word, words_of
from huying.ledger import readers
from huying.ledger.rows import plain


def register() -> None:
    """Make the readers known to the ledger; called when the app is ready."""
    from huying.cases import boards, duties, tallies

    readers.register("cases.load", count_open)
    readers.register("cases.words", index_words)
    readers.register("cases.tally", tallies.tally)
    readers.register("cases.duties", duties.called_for, from_now=True)
    readers.register("cases.boards", boards.post)


def count_open(place_id: int, page: int, events: Sequence[Any]) -> None:
    """Add and take away open cases and legs by owner. One statement for a page."""
    change: Counter[str] = Counter()
    for event in events:
        data = event.data
        if was := data.get("was"):
            change[was] -= 1
        if (owner := data.get("owner")) and not data.get("closed"):
            change[owner] += 1
    rows = [(key, n) for key, n in sorted(change.items()) if n]
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_load (place_id, owner_key, n) SELECT %s, k, d FROM unnest(%s::text[], %s::int[]) AS t(k, d) "
            "ON CONFLICT (place_id, owner_key) DO UPDATE SET n = cases_load.n + EXCLUDED.n",
            [place_id, [key for key, _ in rows], [n for _, n in rows]],
        )


_TEXTS = ("case.reported", "case.erased")


def index_words(place_id: int, page: int, events: Sequence[Any]) -> None:
    """Words of the cases that came in (or were emptied) with this page. Two statements for a page."""
    cases = cases_of(place_id, events, [event for event in events if event.kind in _TEXTS])
    found = []
    for case in cases.values():
        words = words_of(f"{case.number} {case.title} {case.body} {case.address}")
        found.append((case.id, [place_word(place_id), *words]))
    if not found:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_words (place_id, case_id, words) SELECT %s, (x->>0)::uuid, array_to_tsvector("
            "ARRAY(SELECT jsonb_array_elements_text(x->1))) FROM jsonb_array_elements(%s::jsonb) AS x "
            "ON CONFLICT (place_id, case_id) DO UPDATE SET words = EXCLUDED.words",
            [place_id, plain(found)],
        )

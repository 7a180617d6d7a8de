"""The effect ``bulletin``: a numbered bulletin about the organ that answers an order, in the move's own transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from huying.cases import looks, naming, numbers
from huying.cases.actions.state import Work
from huying.cases.values import Given
from huying.cases.who import Actor
from huying.ledger.actions import Entry
from huying.ledger.ids import uuid7
from huying.presets.read_supervision import of as rules_of
from huying.supervise import telling
from huying.supervise.actions import copies_of
from huying.supervise.levels import level_look
from huying.supervise.models import Bulletin
from huying.supervise.words import fill, values_of


def issue(work: Work, event: dict[str, Any], given: Given, actor: Actor, now: datetime) -> list[UUID] | None:
    """Issue the bulletin: with the words that were sent, or (by the clock) with those of the preset."""
    case = work.case
    organ = case.organ_id
    if organ is None:
        return None
    rules = rules_of(work.memory.preset)
    lang = looks.lang()
    values = values_of(None, work.memory, organ) | {
        "number": case.number, "level": level_look(work.token.grade or case.grade or 1).label,
        "days": case.fields.get("days", ""), "report": case.fields.get("report", ""), "title": case.title,
        "item": naming.item_name(work.preset, case.item),
    }  # fmt: skip
    title = str(given.private.get("bulletin_title") or fill(rules.title, values, lang) or case.title)
    text = str(given.private.get("bulletin_text") or fill(rules.text, values, lang) or case.body)
    named = [row.id for row in map(work.memory.organ_by_code, rules.readers) if row is not None]
    readers = sorted({organ, *copies_of(case), *named, *(given.codes.get("bulletin_to") or ())})
    number = numbers.take(case.place_id, rules.numbering, now, work.preset.place.timezone)
    level = int(case.grade or 1)
    Bulletin.objects.create(
        place_id=case.place_id, id=uuid7(), number=number, case_id=case.id, order_number=case.number, organ_id=organ,
        level=level, title=title[:200], text=text, readers=readers, issued_at=now, by_id=actor.person_id,
    )  # fmt: skip
    work.more_entries.append(
        Entry(
            kind="supervise.bulletin", at=now, case_id=case.id, subject=("case", case.id),
            data={"number": number, "organ": organ, "level": level, "readers": readers},
            # By hand the words stand in the move itself.
            private=None if actor.person_id is not None else {"title": title[:200], "text": text},
        )
    )  # fmt: skip
    telling.bulletin(work.memory, case, readers, now)
    return None

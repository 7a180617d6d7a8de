"""Reading notices: a page of one's own in words, how many are unread, and what could not be sent."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from huying import clock
from huying.cases.models import Case
from huying.cases.naming import step_name
from huying.cases.sight import visible
from huying.notices.actions import mine
from huying.notices.kinds import ABOUT, KINDS, About, look_of
from huying.notices.models import Delivery, Notice
from huying.notices.words import case_url
from huying.presets.queries import compiled
from huying.staff.sight import Sight
from huying.ui.choices import Look

PAGE = 30
COUNT_MOST = 100


@dataclass(frozen=True, slots=True)
class Line:
    """A notice as shown. Without a case (moved out of sight, or erased) there are no words about it."""

    id: UUID
    look: Look
    title: str
    number: str
    step: str
    due_at: datetime | None
    at: datetime
    times: int
    unread: bool
    url: str
    state: str  # "", "erased" or "hidden"


def unread(sight: Sight) -> int:
    """How many notices the person has not read, counted up to ``COUNT_MOST``. One SQL statement."""
    rows = mine(sight).filter(read_at=None)
    return len(rows.values_list("id")[:COUNT_MOST])


def page(
    sight: Sight, *, only_unread: bool = False, after: str = "", size: int = PAGE
) -> tuple[list[Line], str]:
    """One page of the person's notices, newest first, and the cursor of the next. Two SQL statements.

    A cursor that this did not make is taken as none.
    """
    rows = mine(sight)
    if only_unread:
        rows = rows.filter(read_at=None)
    if after and (cursor := _unpack(after)):
        at, ident = cursor
        rows = rows.filter(Q(at__lt=at) | Q(at=at, id__lt=ident))
    found = list(rows.order_by("-at", "-id")[: size + 1])
    more = _pack(found[size - 1]) if len(found) > size else ""
    return _lines(sight, found[:size]), more


def _lines(sight: Sight, rows: Sequence[Notice]) -> list[Line]:
    ids = {row.case_id for row in rows if row.kind not in ABOUT}
    cases = {case.id: case for case in visible(sight).filter(id__in=ids)} if ids else {}
    others = {
        kind: about(sight, found)
        for kind, about in ABOUT.items()
        if (found := [row.case_id for row in rows if row.kind == kind])
    }
    return [
        _other(row, others[row.kind].get(row.case_id))
        if row.kind in ABOUT
        else _line(row, cases.get(row.case_id), resident=sight.is_resident)
        for row in rows
    ]


def _other(row: Notice, about: About | None) -> Line:
    """A notice that is about no case."""
    line = Line(
        row.id, look_of(row.kind), "", "", "", None, row.at, row.times, row.read_at is None, "", "hidden"
    )
    return (
        line
        if about is None
        else replace(line, title=about.title, number=about.number, url=about.url, state="")
    )


def _line(row: Notice, case: Case | None, *, resident: bool) -> Line:
    bare = Line(
        row.id, look_of(row.kind), "", "", "", None, row.at, row.times, row.read_at is None, "", "hidden"
    )
    if case is None:
        return bare
    url = case_url(case, resident=resident or case.reporter_id == row.person_id)
    if case.erased_at is not None:
        return replace(bare, number=case.number, url=url, state="erased")
    step, due = "", None
    if row.kind in KINDS and KINDS[row.kind].duty:
        step, due = _step(case, row), row.data.get("due") if row.read_at is None else None
    return replace(
        bare, title=case.title, number=case.number, url=url, state="", step=step,
        due_at=datetime.fromisoformat(due) if due else None,
    )  # fmt: skip


def _step(case: Case, row: Notice) -> str:
    if row.leg_id is not None:
        return ""  # an organ's part has steps of its own; the case's page names them
    return step_name(compiled(case.edition_id).flow_of(case.kind), str(row.data.get("step") or ""))


def _pack(row: Notice) -> str:
    text = json.dumps([row.at.isoformat(), str(row.id)])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _unpack(cursor: str) -> tuple[datetime, UUID] | None:
    try:
        at, ident = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        moment = datetime.fromisoformat(at)
        return (moment, UUID(ident)) if moment.tzinfo is not None else None
    except (ValueError, TypeError, AttributeError):
        return None


def failed(place_id: int, size: int = 50) -> list[Delivery]:
    """What could not be sent in this place (and one-time codes, which belong to none), newest first. One statement."""
    rows = Delivery.objects.filter(place_id__in=(0, place_id), state=Delivery.State.FAILED)
    return list(rows.order_by("-changed_at")[:size])


def figures(place_id: int, days: int = 7) -> dict[str, Any]:
    """How many messages of the last days stand where. One SQL statement."""
    rows = Delivery.objects.filter(place_id__in=(0, place_id), at__gte=clock.now() - timedelta(days=days))
    return dict(rows.values_list("state").annotate(n=Count("id")))

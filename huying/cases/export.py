"""Lists as files: what somebody sees, as CSV or as an Excel sheet, in the words of the place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from huying import clock
from huying.cases import lists, looks, naming
from huying.cases.inbox import short_where
from huying.cases.lists import Filter
from huying.cases.models import Case
from huying.cases.sight import visible
from huying.places.info import PlaceMemory
from huying.presets.queries import compiled
from huying.staff.sight import Sight
from huying.ui.moments import in_full

MOST = 10_000
CHUNK = 500
# A cell that begins so is read as a formula by spreadsheets; an apostrophe before it makes it text.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula, without signs that a sheet cannot hold."""
    text = "".join(sign for sign in text if sign in "\t\n\r" or ord(sign) >= 32)
    return f"'{text}" if text.startswith(FORMULA) else text


def heads() -> list[str]:
    """The heads of the columns."""
    return [
        _("Number"), _("Title"), _("Description"), _("Kind of call"), _("Item"), _("Place"), _("Address"), _("Step"),
        _("With"), _("Came by"), _("Urgency"), _("Confidential"), _("Came in"), _("Limit"), _("Overdue"),
        _("Closed at"), _("Result"), _("Rating"), _("Also affected"),
    ]  # fmt: skip


def ids(sight: Sight, wanted: Filter, memory: PlaceMemory) -> list[UUID]:
    """The cases of a list as it stands now, in its order, at most ``MOST``. One SQL statement."""
    if wanted.scope in ("mine", "after"):
        held = sorted(sight.owner_keys)
        found = lists.work_ids(sight, held, wanted, memory, MOST)
        return list(dict.fromkeys(row[0] for row in found))
    return list(lists.select(sight, wanted, memory).values_list("id", flat=True)[:MOST])


def rows(sight: Sight, chosen: Sequence[UUID], memory: PlaceMemory) -> Iterator[list[str]]:
    """A row of texts for each case, read in pieces; who lost sight of one meanwhile does not get it.

    One SQL statement for every ``CHUNK`` cases.
    """
    now = clock.now()
    for start in range(0, len(chosen), CHUNK):
        part = chosen[start : start + CHUNK]
        found = {case.id: case for case in visible(sight).filter(id__in=part)}
        for ident in part:
            if ident in found:
                yield [safe(text) for text in _row(found[ident], memory, now)]


def _row(case: Case, memory: PlaceMemory, now: datetime) -> list[str]:
    preset: Any = compiled(case.edition_id)
    flow = preset.flow_of(case.kind)
    late = case.closed_at is None and case.due_at is not None and case.due_at < now
    return [
        case.number, case.title, case.body, str(looks.call_look(case.call).label), naming.item_name(preset, case.item),
        short_where(memory, case), case.address, naming.step_name(flow, case.step),
        naming.owner_name(memory, case.owner_key), looks.channel_name(preset, case.channel),
        str(looks.urgency_look(case.urgency).label), _("yes") if case.confidential else _("no"),
        in_full(case.reported_at), in_full(case.due_at), _("yes") if late else _("no"), in_full(case.closed_at),
        str(looks.result_look(case.result).label) if case.result else "", looks.rating_name(case.satisfaction),
        str(case.joins or ""),
    ]  # fmt: skip

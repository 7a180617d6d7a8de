"""Reading reports: each read is within one place and within what the person may read, with a stated number of statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from huying.places import memory as places
from huying.presets.report_definition import ReportKind
from huying.reports import access
from huying.reports.models import Address, Paper, Receipt, Report
from huying.staff.models import Person
from huying.staff.sight import Sight

PAGE = 30
State = Report.State
# What lists need: not the content, which may be long.
LISTED = (
    "place_id", "id", "kind", "edition_id", "division_id", "start", "end", "state", "title", "number", "data_at", "made_at",
    "made_by", "issued_at", "corrects_id", "version", "scheduled", "seq", "year",
)  # fmt: skip


def offices(sight: Sight) -> list[tuple[ReportKind, list[int]]]:
    """The kinds of reports that the person writes or issues, with the divisions for which they do. No statement."""
    if not sight.place_id or not sight.can(access.EDIT, access.ISSUE):
        return []
    memory = places.of(sight.place_id)
    found = []
    for kind in access.kinds(memory).values():
        mine = [row.id for row in access.divisions(memory, kind) if access.may_edit(sight, kind, row.id)]
        if mine:
            found.append((kind, mine))
    return found


def _written(sight: Sight) -> Q:
    rule = Q(pk__in=[])
    for kind, divisions in offices(sight):
        rule |= Q(kind=kind.code, division_id__in=divisions)
    return rule


def _addressed(sight: Sight) -> Q:
    keys = access.keys_of(sight)
    if not keys:
        return Q(pk__in=[])
    to = Address.objects.filter(place_id=sight.place_id, key__in=keys).values("report_id")
    return Q(state=State.ISSUED, id__in=to)


def visible(sight: Sight) -> QuerySet[Report]:
    """The reports that the person may open: those of their office in any state, and issued ones addressed to them."""
    if not sight.place_id or sight.person_id is None:
        return Report.objects.none()
    return Report.objects.filter(_written(sight) | _addressed(sight), place_id=sight.place_id)


def readable(sight: Sight, ids: Iterable[UUID]) -> list[Report]:
    """Those of the reports that the person may open, without their content. One SQL statement."""
    return list(visible(sight).filter(id__in=list(ids)).only(*LISTED))


def one(sight: Sight, ident: UUID) -> Report:
    """The report. One SQL statement. Raises Report.DoesNotExist, also when it is not for this person."""
    return visible(sight).get(id=ident)


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of reports, with those that the person has opened; ``after`` leads to the next page, "" on the last."""

    rows: Sequence[Report]
    opened: frozenset[UUID]
    after: str


def page(sight: Sight, *, kind: str = "", state: str = "", after: str = "", size: int = PAGE) -> Listed:
    """One page of the reports that the person may open, latest period first. Two SQL statements.

    A cursor that this did not make is taken as none.
    """
    if sight.person_id is None:
        return Listed([], frozenset(), "")
    rows = visible(sight)
    if kind:
        rows = rows.filter(kind=kind)
    if state:
        rows = rows.filter(state=state)
    day, _comma, ident = after.partition(",")
    try:
        mark = (datetime.fromisoformat(day).date(), UUID(ident)) if after else None
    except ValueError:
        mark = None
    if mark is not None:
        rows = rows.filter(Q(start__lt=mark[0]) | Q(start=mark[0], id__lt=mark[1]))
    found = list(rows.only(*LISTED).order_by("-start", "-id")[: size + 1])
    more = f"{found[size - 1].start.isoformat()},{found[size - 1].id}" if len(found) > size else ""
    found = found[:size]
    opened = Receipt.objects.filter(
        place_id=sight.place_id, person_id=sight.person_id, report_id__in=[row.id for row in found]
    )
    return Listed(
        found, frozenset(opened.values_list("report_id", flat=True)) if found else frozenset(), more
    )


def unread(sight: Sight, most: int = 100) -> int:
    """How many issued reports are addressed to the person that they have not opened, up to *most*. One statement."""
    if sight.person_id is None or not access.keys_of(sight):
        return 0
    opened = Receipt.objects.filter(place_id=sight.place_id, person_id=sight.person_id).values("report_id")
    rows = Report.objects.filter(_addressed(sight), place_id=sight.place_id).exclude(id__in=opened)
    return len(rows.values_list("id")[:most])


def paper(report: Report, form: str) -> Paper | None:
    """The file of an issued report. One SQL statement."""
    return Paper.objects.filter(place_id=report.place_id, report_id=report.id, form=form).first()


def papers(report: Report) -> dict[str, str]:
    """The hashes of an issued report's papers, by form. One statement."""
    rows = Paper.objects.filter(place_id=report.place_id, report_id=report.id)
    return dict(rows.values_list("form", "sha256"))


def corrections(report: Report) -> list[Report]:
    """Issued reports that correct this one, oldest first. One SQL statement."""
    rows = Report.objects.filter(place_id=report.place_id, corrects_id=report.id, state=State.ISSUED)
    return list(rows.only(*LISTED).order_by("id"))


def corrected(report: Report) -> Report | None:
    """The report that this one corrects. One SQL statement where there is one."""
    if report.corrects_id is None:
        return None
    return Report.objects.only(*LISTED).get(place_id=report.place_id, id=report.corrects_id)


def receipts(report: Report) -> list[tuple[str, datetime | None]]:
    """The readers of an issued report and when each first opened it: openers first. Three SQL statements."""
    from huying.reports.readers import people

    held = dict(
        Receipt.objects.filter(place_id=report.place_id, report_id=report.id).values_list("person_id", "at")
    )
    keys = Address.objects.filter(place_id=report.place_id, report_id=report.id).values_list("key", flat=True)
    wanted: set[Any] = people(report.place_id, keys) | set(held)
    names = dict(Person.objects.filter(place_id=report.place_id, id__in=wanted).values_list("id", "name"))
    found = [(names.get(ident, ""), held.get(ident)) for ident in wanted]
    return sorted(found, key=lambda row: (row[1] is None, row[1] or report.made_at, row[0]))

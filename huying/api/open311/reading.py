"""What is told of reports: public facts to everybody, more to a key whose person sees the case.

Confidential cases and reports of wrongdoing never appear here. Without a key a report is its item, status, dates and
the centre of its grid; text and photos only once they were approved for publication.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from huying import clock
from huying.api.open311.answers import GeoReportError
from huying.api.open311.services import OTHER
from huying.cases import naming
from huying.cases.models import Case
from huying.cases.sight import tellable, visible
from huying.files import queries as files
from huying.places.info import PlaceMemory
from huying.presets.queries import compiled
from huying.staff.sight import Sight

WINDOW = timedelta(days=90)
MOST = 1000  # rows


@dataclass(frozen=True, slots=True)
class Wanted:
    """Filters of GET requests; *numbers* overrides all others, as the standard says."""

    numbers: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    start: datetime | None = None
    end: datetime | None = None
    states: frozenset[str] = field(default_factory=frozenset)


def wanted_of(query: Any, zone: str) -> Wanted:
    """The filters of a query string. Raises GeoReportError."""
    numbers, codes = _several(query, "service_request_id"), _several(query, "service_code")
    states = frozenset(_several(query, "status"))
    if states - {"open", "closed"}:
        raise GeoReportError(400, _("status is open or closed"))
    start, end = _moment(query, "start_date", zone), _moment(query, "end_date", zone)
    if start and end and not timedelta(0) <= end - start <= WINDOW:
        raise GeoReportError(400, _("start_date and end_date span at most 90 days"))
    if start is None and end is not None:
        start = end - WINDOW
    elif start is not None and end is None:
        end = start + WINDOW
    elif start is None:
        start = clock.now() - WINDOW
    return Wanted(numbers[:MOST], codes[:MOST], start, end, states)


def _several(query: Any, name: str) -> tuple[str, ...]:
    found = [part.strip() for value in query.getlist(name) for part in value.split(",")]
    if any("\x00" in one for one in found):
        raise GeoReportError(400, _("%(name)s cannot be understood") % {"name": name})
    return tuple(one for one in found if one)


def _moment(query: Any, name: str, zone: str) -> datetime | None:
    text = query.get(name, "").strip()
    if not text:
        return None
    if len(text) > 6 and text[-6] == " ":
        text = f"{text[:-6]}+{text[-5:]}"  # a plus sign that was not escaped in the address
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is None:
            found = found.replace(tzinfo=ZoneInfo(zone))
        if not 1971 <= found.year <= 9000:
            raise ValueError(text)
    except ValueError:
        raise GeoReportError(
            400, _("%(name)s is not a time such as 2026-03-02T08:00:00+08:00") % {"name": name}
        ) from None
    return found


def public_cases(place_id: int) -> QuerySet[Case]:
    """The cases of which public facts may be told."""
    return tellable(place_id)


def find(place_id: int, wanted: Wanted) -> list[Case]:
    """The cases asked for, newest first, at most 1,000. One SQL statement."""
    rows = public_cases(place_id)
    if wanted.numbers:
        return list(rows.filter(number__in=wanted.numbers).order_by("-id")[:MOST])
    if wanted.codes:
        items = [code for code in wanted.codes if code != OTHER]
        rule = Q(item__in=items)
        if OTHER in wanted.codes:
            rule |= Q(item="")
        rows = rows.filter(rule)
    if wanted.start is not None:
        rows = rows.filter(reported_at__gte=wanted.start)
    if wanted.end is not None:
        rows = rows.filter(reported_at__lte=wanted.end)
    if wanted.states == {"open"}:
        rows = rows.filter(closed_at=None)
    elif wanted.states == {"closed"}:
        rows = rows.filter(closed_at__isnull=False)
    return list(rows.order_by("-id")[:MOST])


def told(
    request: HttpRequest, cases: Sequence[Case], memory: PlaceMemory, sight: Sight | None
) -> list[dict[str, Any]]:
    """The cases as GeoReport requests. At most two SQL statements: whose sight they lie in, published photos."""
    seen: set[UUID] = set()
    if sight is not None and cases:
        seen = set(visible(sight).filter(id__in=[case.id for case in cases]).values_list("id", flat=True))
    photos = _photos(request, [case for case in cases if case.public], memory.place_id)
    shown = _shown(memory)
    return [
        _told(case, memory, shown, inside=case.id in seen, photo=photos.get(case.id, "")) for case in cases
    ]


def _shown(memory: PlaceMemory) -> frozenset[str]:
    """The facts that the place's preset makes public."""
    return frozenset(memory.preset.place.public.get("show", ())) if memory.preset is not None else frozenset()


def _told(
    case: Case, memory: PlaceMemory, shown: Iterable[str], *, inside: bool, photo: str
) -> dict[str, Any]:
    preset = compiled(case.edition_id)
    zone = ZoneInfo(preset.place.timezone)

    def local(moment: datetime | None) -> datetime | None:
        return None if moment is None else moment.astimezone(zone)

    item = inside or "item" in shown
    ident = case.grid_id if case.grid_id is not None else case.division_id
    area = memory.divisions.get(ident) if ident is not None else None
    lon, lat = (
        (case.lon, case.lat)
        if inside
        else (area.centre if area is not None and area.centre else (None, None))
    )
    address = ""
    if area is not None and (inside or "division" in shown):
        address = memory.full_name(area.id)
    description = case.body if inside else case.public_text if case.public else ""
    closed = case.closed_at is not None
    return {
        "service_request_id": case.number,
        "status": "closed" if closed else "open",
        "status_notes": case.reply if inside or case.public else "",
        "service_name": (naming.item_name(preset, case.item) or _("Something else")) if item else "",
        "service_code": (case.item or OTHER) if item else "",
        "description": description,
        "agency_responsible": naming.owner_name(memory, case.owner_key) if inside else "",
        "service_notice": "",
        "requested_datetime": local(case.reported_at) if inside or "reported_at" in shown else None,
        "updated_datetime": local(case.closed_at if closed and not inside else case.changed_at),
        "expected_datetime": local(case.promised_at) if inside else None,
        "address": f"{address} {case.address}".strip() if inside else address,
        "address_id": None,
        "zipcode": None,
        "lat": lat,
        "long": lon,
        "media_url": photo,
    }  # fmt: skip


def _photos(request: HttpRequest, cases: Sequence[Case], place_id: int) -> dict[UUID, str]:
    """The address of the first published photo of each case. One SQL statement, none without cases."""
    if not cases:
        return {}
    numbers = {case.id: case.number for case in cases}
    found = {}
    for ident, rows in files.of_cases(place_id, list(numbers)).items():
        for one in rows:
            if one.public_ok and one.erased_at is None:
                try:
                    path = reverse("cases:public_photo", args=[numbers[ident], one.id])
                except NoReverseMatch:
                    break
                found[ident] = request.build_absolute_uri(path)
                break
    return found

"""Reference data over REST: the place, its divisions and grids, its items and organs. From memory, no SQL."""

from __future__ import annotations

import base64
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router
from ninja.params.functions import Query

from huying.api import out_reference as out
from huying.api.problems import Problem
from huying.api.service import Key, caller, documented, lang
from huying.api.shapes import STORABLE
from huying.places import coords
from huying.places import memory as places
from huying.places.info import PlaceMemory

router = Router(tags=["reference"])


def _memory(request: HttpRequest) -> PlaceMemory:
    return places.of(caller(request).place_id)


@router.get(
    "/places", response=out.PlacesOut, auth=Key("places:read"), summary="The place of the key",
    operation_id="listPlaces", url_name="places", openapi_extra=documented(scope="places:read"),
)  # fmt: skip
def list_places(request: HttpRequest) -> Any:
    """The place that the key belongs to: its tiers from low to high, layers of grids, kinds of case."""
    memory = _memory(request)
    preset = memory.preset
    kinds = [] if preset is None else [
        {"code": code, "name": kind.name.text(lang())} for code, kind in preset.kinds.items()
    ]  # fmt: skip
    return {
        "places": [
            {
                "code": memory.code, "name": memory.name, "region": memory.region, "edition": memory.edition_id,
                "tiers": list(memory.tiers), "layers": list(memory.layers), "kinds": kinds,
            }
        ]
    }  # fmt: skip


@router.get(
    "/divisions", response=out.DivisionPage, auth=Key("places:read"), summary="Divisions and grids",
    operation_id="listDivisions", url_name="divisions",
    openapi_extra=documented("bad-cursor", "invalid", scope="places:read"),
)  # fmt: skip
def list_divisions(
    request: HttpRequest,
    parent: str = Query(
        "", max_length=40, pattern=STORABLE, description="Code: only what lies directly below."
    ),
    tier: str = Query("", max_length=40, pattern=STORABLE),
    layer: str = Query("", max_length=40, pattern=STORABLE, description="Only grids of this layer."),
    q: str = Query("", max_length=40, pattern=STORABLE, description="Part of a name or code."),
    outlines: Literal["true", "false"] = "false",
    cursor: str = Query("", max_length=40, pattern=STORABLE),
    limit: int = Query(500, ge=1, le=2000),
) -> Any:
    """Divisions and grids in force, in the order of their ids, a page at a time."""
    memory = _memory(request)
    above = None
    if parent:
        above = memory.by_code(parent)
        if above is None:
            raise Problem("invalid", errors={"parent": _("No such division here.")})
    after = _after(cursor)
    rows = [
        row
        for row in sorted(memory.divisions.values(), key=lambda row: row.id)
        if row.active and row.id > after and (above is None or row.parent_id == above.id)
        and (not tier or row.tier == tier) and (not layer or row.layer == layer)
        and (not q or q in row.name or q in row.code)
    ]  # fmt: skip
    more = len(rows) > limit
    shown = [out.division_row(memory, row, outlines == "true") for row in rows[:limit]]
    return {"divisions": shown, "next": _cursor(rows[limit - 1].id) if more else None}


def _cursor(ident: int) -> str:
    return base64.urlsafe_b64encode(str(ident).encode()).decode().rstrip("=")


def _after(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        found = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except ValueError:
        raise Problem("bad-cursor") from None
    if not found.isdecimal() or _cursor(int(found)) != cursor:
        raise Problem("bad-cursor")
    return int(found)


@router.get(
    "/divisions/at", response=out.AtOut, auth=Key("places:read"), summary="What lies at a point",
    operation_id="divisionAt", url_name="division_at", openapi_extra=documented("invalid", scope="places:read"),
)  # fmt: skip
def division_at(
    request: HttpRequest,
    lon: float = Query(..., ge=-180, le=180, allow_inf_nan=False),
    lat: float = Query(..., ge=-90, le=90, allow_inf_nan=False),
    system: Literal["wgs84", "gcj02", "bd09"] = "wgs84",
) -> Any:
    """The division and the grids at a point; `outside` when nothing of the place holds it."""
    memory = _memory(request)
    point = coords.to_wgs84(lon, lat, system)
    found = memory.locate(*point)
    return {
        "division": out.division(memory, found.division.id if found.division else None),
        "grid": out.division(memory, found.grid.id if found.grid else None),
        "layers": {
            layer: {"code": grid.code, "name": grid.name} for layer, grid in memory.locate_layers(*point).items()
        },
        "on_border": found.on_border, "outside": found.outside,
    }  # fmt: skip


@router.get(
    "/items", response=out.ItemsOut, auth=Key("items:read"), summary="Items of the handbook",
    operation_id="listItems", url_name="items", openapi_extra=documented("invalid", scope="items:read"),
)  # fmt: skip
def list_items(
    request: HttpRequest,
    parent: str | None = Query(None, max_length=60, pattern=STORABLE, description="Code; empty for the top."),
    field: str = Query("", max_length=60, pattern=STORABLE),
    leaf: Literal["", "true", "false"] = "",
    q: str = Query("", max_length=40, pattern=STORABLE, description="Part of a name, code or keyword."),
) -> Any:
    """The handbook's tree of items with handlers, limits, evidence and keywords, as a flat list with parents."""
    preset = _memory(request).preset
    rows = [] if preset is None else [
        row
        for row in preset.items.values()
        if (parent is None or row.parent == parent) and (not field or row.field == field)
        and (not leaf or row.leaf == (leaf == "true"))
        and (not q or q in str(row.name) or q in row.code or any(q in word for word in row.keywords))
    ]  # fmt: skip
    return {"items": [out.item_row(row) for row in rows]}


@router.get(
    "/organs", response=out.OrgansOut, auth=Key("organs:read"), summary="Organs",
    operation_id="listOrgans", url_name="organs", openapi_extra=documented("invalid", scope="organs:read"),
)  # fmt: skip
def list_organs(
    request: HttpRequest,
    division: str = Query("", max_length=40, pattern=STORABLE),
    q: str = Query("", max_length=40, pattern=STORABLE, description="Part of a name, code or duty."),
) -> Any:
    """The organs that can be given a case."""
    memory = _memory(request)
    where = memory.by_code(division) if division else None
    if division and where is None:
        raise Problem("invalid", errors={"division": _("No such division here.")})
    return {
        "organs": [
            out.organ_row(memory, row)
            for row in memory.organs.values()
            if row.active and (where is None or row.division_id == where.id)
            and (not q or q in row.name or q in row.code or q in row.short or q in row.duties)
        ]
    }  # fmt: skip

"""What the reading calls about places, items and organs answer: models (for the OpenAPI document) and the functions that fill them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ninja import Field, Schema

from huying.places.info import DivisionInfo, OrganInfo, PlaceMemory


class CodeName(Schema):
    code: str
    name: str


class PlaceOut(Schema):
    code: str
    name: str
    region: str
    edition: int | None
    tiers: list[str]
    layers: list[str]
    kinds: list[CodeName]


class PlacesOut(Schema):
    places: list[PlaceOut]


class DivisionOut(Schema):
    code: str
    name: str
    full_name: str
    tier: str
    layer: str
    parent: str | None
    centre: list[float] | None = Field(description="lon, lat in WGS 84 degrees.")
    schematic: bool = Field(description="The outline is a sketch, not a survey.")
    outline: dict[str, Any] | None = Field(None, description="GeoJSON geometry, with ``outlines=true``.")


class DivisionPage(Schema):
    divisions: list[DivisionOut]
    next: str | None


class AtOut(Schema):
    division: CodeName | None
    grid: CodeName | None
    layers: dict[str, CodeName]
    on_border: bool
    outside: bool


class ItemOut(Schema):
    code: str
    name: str
    parent: str | None
    leaf: bool = Field(description="Only a leaf can be chosen for a case.")
    field: str
    handler: str
    co_handlers: list[str]
    grade: int | None
    limits: dict[str, str]
    evidence: list[str]
    keywords: list[str]
    source: str
    grounds: str
    standard_code: str
    grid: bool = Field(description="On the list of what grid workers may be given.")
    auto: bool = Field(description="May be dispatched automatically.")


class ItemsOut(Schema):
    items: list[ItemOut]


class OrganOut(Schema):
    code: str
    name: str
    short: str
    tier: str
    division: str | None
    parent: str | None
    seat: bool
    duties: str


class OrgansOut(Schema):
    organs: list[OrganOut]


def code_name(code: str | None, name: str) -> dict[str, str] | None:
    return {"code": code, "name": name} if code else None


def division(memory: PlaceMemory, ident: int | None) -> dict[str, str] | None:
    row: DivisionInfo | None = memory.divisions.get(ident) if ident is not None else None
    return None if row is None else {"code": row.code, "name": row.name}


def organ(memory: PlaceMemory, ident: int | None) -> dict[str, str] | None:
    row: OrganInfo | None = memory.organs.get(ident) if ident is not None else None
    return None if row is None else {"code": row.code, "name": row.name}


def division_row(memory: PlaceMemory, one: DivisionInfo, outlines: bool) -> dict[str, Any]:
    """A division or grid."""
    parent = memory.divisions.get(one.parent_id) if one.parent_id is not None else None
    outline: Mapping[str, Any] | None = one.outline if outlines else None
    return {
        "code": one.code, "name": one.name, "full_name": memory.full_name(one.id), "tier": one.tier,
        "layer": one.layer, "parent": None if parent is None else parent.code,
        "centre": None if one.centre is None else list(one.centre), "schematic": one.schematic, "outline": outline,
    }  # fmt: skip


def organ_row(memory: PlaceMemory, one: OrganInfo) -> dict[str, Any]:
    """An organ."""
    place = memory.divisions.get(one.division_id) if one.division_id is not None else None
    above = memory.organs.get(one.parent_id) if one.parent_id is not None else None
    return {
        "code": one.code, "name": one.name, "short": one.short, "tier": one.tier,
        "division": None if place is None else place.code, "parent": None if above is None else above.code,
        "seat": one.seat, "duties": one.duties,
    }  # fmt: skip


def item_row(one: Any) -> dict[str, Any]:
    """A row of the handbook."""
    return {
        "code": one.code, "name": str(one.name), "parent": one.parent or None, "leaf": one.leaf, "field": one.field,
        "handler": one.handler, "co_handlers": list(one.co_handlers), "grade": one.grade,
        "limits": dict(one.limits), "evidence": list(one.evidence), "keywords": list(one.keywords),
        "source": one.source, "grounds": one.grounds, "standard_code": one.standard_code, "grid": one.grid,
        "auto": one.auto,
    }  # fmt: skip

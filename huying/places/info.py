"""What memory holds about a place: plain frozen rows and the questions that other rooms ask of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from huying.places.geometry import Areas
from huying.presets.definition import Preset
from huying.worktime import Calendar, read_calendar
from huying.worktime.hours import WEEKDAYS

GENERAL = "general"  # the layer in which every case has exactly one grid
ALWAYS_OPEN = "always"  # an organ's calendar that never closes, such as a hotline
GRID = "grid"  # the tier of grids of any layer


def in_language(text: Any, language: str) -> str:
    """A preset's text, plain or {zh, en}, in *language*; in the other one when that is all there is."""
    if not isinstance(text, Mapping):
        return str(text)
    return str(text.get(language[:2]) or text.get("zh") or text.get("en") or "")


@dataclass(frozen=True, slots=True)
class DivisionInfo:
    """A division or grid as memory holds it."""

    id: int
    code: str
    tier: str
    layer: str
    name: str
    short: str
    parent_id: int | None
    path: str
    urban_rural: str
    outline: Mapping[str, Any] | None
    centre: tuple[float, float] | None
    schematic: bool
    active: bool

    @property
    def is_grid(self) -> bool:
        """Whether it is a grid of some layer."""
        return bool(self.layer)

    @property
    def ancestors(self) -> tuple[int, ...]:
        """Ids from the top down to itself."""
        return tuple(int(part) for part in self.path.split("/") if part)


@dataclass(frozen=True, slots=True)
class OrganInfo:
    """An organ as memory holds it."""

    id: int
    code: str
    name: str
    short: str
    tier: str
    division_id: int | None
    parent_id: int | None
    seat: bool
    duties: str
    calendar: str
    phone: str
    active: bool


@dataclass(frozen=True, slots=True)
class RoleInfo:
    """A role of the preset: what its holders may do. Rights are explained in docs/roles.md."""

    code: str
    name: str
    names: Any
    tier: str
    rights: frozenset[str]
    layer: str

    def name_in(self, language: str) -> str:
        """The name in a language such as "zh-hans" or "en"."""
        return in_language(self.names, language)


@dataclass(frozen=True, slots=True)
class Located:
    """Where a point lies. `grid` is None when no grid holds it; `division` is then the lowest outline that
    does.

    `on_border` says that several answers were possible and the lowest id was taken; `outside` that nothing
    of the
    place holds the point, so nobody may invent a grid for it.
    """

    grid: DivisionInfo | None
    division: DivisionInfo | None
    on_border: bool
    outside: bool


class PlaceMemory:
    """Everything about one place that is read often. Rows that were ended are kept, marked `active=False`."""

    def __init__(
        self,
        *,
        place_id: int,
        code: str,
        name: str,
        region: str,
        edition_id: int | None,
        version: int,
        settings: Mapping[str, Any],
        divisions: Sequence[DivisionInfo],
        codes: Mapping[str, int],
        organs: Sequence[OrganInfo],
        holidays: Mapping[date, bool],
        hours: Mapping[int | None, Sequence[Sequence[tuple[int, int]]]],
    ) -> None:
        self.place_id = place_id
        self.code = code
        self.name = name
        self.region = region
        self.edition_id = edition_id
        self.version = version
        self.settings = settings
        self.divisions: Mapping[int, DivisionInfo] = {row.id: row for row in divisions}
        self.organs: Mapping[int, OrganInfo] = {row.id: row for row in organs}
        self.holidays = holidays
        self.hours = hours
        self._calendars: dict[int | str | None, Calendar] = {}
        self._codes = codes
        self._organ_codes = {row.code: row for row in organs}
        children: dict[int | None, list[DivisionInfo]] = {}
        for row in divisions:
            if row.active:
                children.setdefault(row.parent_id, []).append(row)
        self._children = {parent: tuple(rows) for parent, rows in children.items()}

    # — divisions —

    def division(self, division_id: int) -> DivisionInfo:
        """The division with the id, also when it was ended. Raises KeyError."""
        return self.divisions[division_id]

    def by_code(self, code: str) -> DivisionInfo | None:
        """The division or grid that bears *code* now, whatever the scheme."""
        found = self._codes.get(code)
        return None if found is None else self.divisions[found]

    def children(self, division_id: int | None) -> tuple[DivisionInfo, ...]:
        """Active divisions and grids directly below, by id; None gives the top."""
        return self._children.get(division_id, ())

    def ancestor(self, division_id: int, tier: str) -> DivisionInfo | None:
        """The division itself or the one above it that is of *tier*."""
        for ident in reversed(self.divisions[division_id].ancestors):
            if self.divisions[ident].tier == tier:
                return self.divisions[ident]
        return None

    def full_name(self, division_id: int) -> str:
        """Names from the top down, run together, as addresses are written."""
        return "".join(self.divisions[ident].name for ident in self.divisions[division_id].ancestors)

    def below(self, division_id: int) -> Iterator[DivisionInfo]:
        """Active divisions and grids at or under the division, top first."""
        row = self.divisions[division_id]
        if row.active:
            yield row
        for child in self.children(division_id):
            yield from self.below(child.id)

    @cached_property
    def top(self) -> DivisionInfo | None:
        """The highest division: the county, city or zone itself."""
        tops = self.children(None)
        return tops[0] if tops else None

    @cached_property
    def tiers(self) -> tuple[str, ...]:
        """Tier codes of the place from low to high."""
        return tuple(self.settings.get("tiers", ()))

    @cached_property
    def grids(self) -> Mapping[str, tuple[DivisionInfo, ...]]:
        """Active grids by layer."""
        found: dict[str, list[DivisionInfo]] = {}
        for row in self.divisions.values():
            if row.layer and row.active:
                found.setdefault(row.layer, []).append(row)
        return {layer: tuple(rows) for layer, rows in sorted(found.items())}

    @cached_property
    def layers(self) -> tuple[str, ...]:
        """Codes of the layers that have grids."""
        return tuple(self.grids)

    @cached_property
    def layers_shown(self) -> tuple[str, ...]:
        """Layers in the order in which maps show them: the general one first."""
        return tuple(sorted(self.layers, key=lambda layer: (layer != GENERAL, layer)))

    # — organs and roles —

    def organ(self, organ_id: int) -> OrganInfo:
        """The organ with the id, also when it was ended. Raises KeyError."""
        return self.organs[organ_id]

    def organ_by_code(self, code: str) -> OrganInfo | None:
        """The organ with the code, also when it was ended."""
        return self._organ_codes.get(code)

    @cached_property
    def centre(self) -> OrganInfo | None:
        """The place's centre, whose desk is the desk of the highest division."""
        return self.organ_by_code(str(self.settings.get("centre", "")))

    @cached_property
    def roles(self) -> Mapping[str, RoleInfo]:
        """Roles of the edition in force, by code."""
        return {
            code: RoleInfo(
                code=code,
                name=in_language(role.get("name", code), "zh"),
                names=role.get("name", code),
                tier=str(role.get("tier", "")),
                rights=frozenset(role.get("rights", ())),
                layer=str(role.get("layer", "")),
            )
            for code, role in self.settings.get("roles", {}).items()
        }

    @cached_property
    def preset(self) -> Preset | None:
        """The compiled edition in force, or None before the first one is published."""
        if self.edition_id is None:
            return None
        from huying.presets import queries

        return queries.edition(self.edition_id)

    # — when is it open —

    def calendar(self, organ_id: int | None = None) -> Calendar:
        """The calendar of the place, or of an organ that has office hours or a named calendar of its own."""
        named = self.organs[organ_id].calendar if organ_id is not None else ""
        own = organ_id if organ_id in self.hours else (named or None)
        if own not in self._calendars:
            self._calendars[own] = self._build_calendar(own)
        return self._calendars[own]

    def calendar_of(self, owner: str | None) -> Calendar:
        """The calendar in which whoever holds a step has their limits counted, by owner key.

        An organ's own; for the desk of the highest division that of the centre, whose desk it is; for everybody else,
        and where nobody is meant, the place's.
        """
        kind, _, number = (owner or "").partition(":")
        if kind == "organ" and number.isdigit() and int(number) in self.organs:
            return self.calendar(int(number))
        if kind == "desk" and self.centre is not None and self.top is not None and number == str(self.top.id):
            return self.calendar(self.centre.id)
        return self.calendar(None)

    def _build_calendar(self, own: int | str | None) -> Calendar:
        plain = dict(self.settings.get("calendar") or {})
        if isinstance(own, str):
            if own == ALWAYS_OPEN:
                return Calendar.round_the_clock()
            # A name that the preset does not explain means the place's own hours.
            plain = dict((self.settings.get("calendars") or {}).get(own) or plain)
        hours = self.hours.get(own if isinstance(own, int) else None)
        if hours is not None and not isinstance(own, str):
            plain.pop("seasons", None)
            plain["hours"] = dict(zip(WEEKDAYS, hours, strict=True))
        return read_calendar(plain, self.holidays)

    # — where is it —

    @cached_property
    def _grid_areas(self) -> Mapping[str, Areas]:
        return {
            layer: Areas([(row.id, row.outline) for row in rows if row.outline])
            for layer, rows in self.grids.items()
        }

    @cached_property
    def _division_areas(self) -> Areas:
        return Areas(
            [
                (row.id, row.outline)
                for row in self.divisions.values()
                if row.active and row.outline and not row.layer
            ]
        )

    def locate(self, lon: float, lat: float, layer: str = GENERAL) -> Located:
        """The grid of *layer* and the division at a WGS 84 point; on a border the lowest id, flagged."""
        areas = self._grid_areas.get(layer)
        found, border = areas.at(lon, lat) if areas else ([], False)
        if found:
            grid = self.divisions[found[0]]
            parent = None if grid.parent_id is None else self.divisions[grid.parent_id]
            return Located(grid, parent, border or len(found) > 1, outside=False)
        around, border = self._division_areas.at(lon, lat)
        if not around:
            return Located(None, None, on_border=False, outside=True)
        depths = {ident: len(self.divisions[ident].ancestors) for ident in around}
        deepest = max(depths.values())
        at_depth = [ident for ident in around if depths[ident] == deepest]
        return Located(None, self.divisions[at_depth[0]], border or len(at_depth) > 1, outside=False)

    def locate_layers(self, lon: float, lat: float) -> Mapping[str, DivisionInfo]:
        """The grid at the point in each layer that has one there."""
        found = ((layer, self.locate(lon, lat, layer).grid) for layer in self.layers)
        return {layer: grid for layer, grid in found if grid is not None}

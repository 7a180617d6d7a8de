"""Where a new call belongs: its place, its item, and whose duty it is, with the reasons.

Nothing is invented: a call without a point, an address that is known or a chosen division stays unplaced, and a
text that matches no item stays without one; both go to the centre's desk.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from huying.cases import figures as figures_of
from huying.cases import learning
from huying.cases.calls import Call, CallRefused, title_of
from huying.cases.figures import Figures, Ruling, pack, ruling_for
from huying.places.info import GENERAL, PlaceMemory
from huying.suggest import ItemInfo, Suggester, Suggestion
from huying.suggest.likeness import signature as signature_of

SHOWN = 3  # items suggested
LOOK_EVERY = 2.0  # seconds between two looks at the model files


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the call is about. ``how``: gps, map, address, chosen, or none (then nothing is known)."""

    division_id: int | None = None
    grid_id: int | None = None
    path: str = ""
    how: str = "none"
    on_border: bool = False
    outside: bool = False

    @property
    def placed(self) -> bool:
        return self.division_id is not None and not self.outside


@dataclass(frozen=True, slots=True)
class Routing:
    """What was worked out before anything is written; recorded with the case as the decision's grounds."""

    spot: Spot
    item: str
    organ_id: int | None
    sure: bool
    confidence: float
    suggestion: dict[str, Any]
    signature: bytes = b""
    ruling: Ruling | None = None
    figures: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Held:
    edition: int | None
    mark: tuple[int, int]
    looked: float
    suggester: Suggester


class Suggesters:
    """One suggester for each place and edition, kept in memory."""

    def __init__(self) -> None:
        self._held: dict[int, _Held] = {}
        self._lock = threading.Lock()

    def of(self, memory: PlaceMemory) -> Suggester:
        held = self._held.get(memory.place_id)
        now = time.monotonic()
        if held is not None and held.edition == memory.edition_id and now - held.looked < LOOK_EVERY:
            return held.suggester
        with self._lock:
            mark = learning.model_mark(memory.place_id)
            if held is not None and held.edition == memory.edition_id and held.mark == mark:
                held.looked = now
                return held.suggester
            made = learning.suggester(memory.place_id, item_infos(memory))
            self._held[memory.place_id] = _Held(memory.edition_id, mark, now, made)
            return made


suggesters = Suggesters()


def item_infos(memory: PlaceMemory) -> list[ItemInfo]:
    """The items that calls are about, as the text model knows them."""
    preset = memory.preset
    if preset is None:
        return []
    return [
        ItemInfo(
            code=item.code,
            name=item.name,
            path=tuple(preset.items[code].name for code in item.path[:-1]),
            keywords=tuple(item.keywords),
            field=item.field,
            organ=item.handler,
        )
        for item in preset.called
    ]


def place_of(memory: PlaceMemory, call: Call) -> Spot:
    """Division and general grid of a call: by its point, else by the division that was chosen, else by address."""
    if call.lon is not None and call.lat is not None:
        found = memory.locate(call.lon, call.lat)
        if found.outside:
            return Spot(how="map", outside=True)
        deepest = found.grid or found.division
        return Spot(
            division_id=None if found.division is None else found.division.id,
            grid_id=None if found.grid is None else found.grid.id,
            path="" if deepest is None else deepest.path,
            how="map",
            on_border=found.on_border,
        )
    if call.division_id is not None:
        if call.division_id not in memory.divisions:
            raise CallRefused({"division_id": _("There is no such village or community here.")})
        row = memory.division(call.division_id)
        if row.layer and row.layer == GENERAL and row.parent_id is not None:
            return Spot(row.parent_id, row.id, row.path, "chosen")
        return Spot(row.id, None, row.path, "chosen")
    if call.address:
        row_by_name = _by_address(memory, call.address)
        if row_by_name is not None:
            return Spot(row_by_name.id, None, row_by_name.path, "address")
    return Spot()


def _by_address(memory: PlaceMemory, address: str) -> Any:
    """The one lowest division whose name stands in the address; None when there is none or more than one."""
    hits = [
        row
        for row in memory.divisions.values()
        if row.active and not row.layer and row.short and row.short in address
    ]
    if not hits:
        return None
    deepest = max(len(row.ancestors) for row in hits)
    low = [row for row in hits if len(row.ancestors) == deepest]
    if len(low) > 1:
        # "the village of X in the town of Y": keep those whose town is named as well
        named = {row.id for row in hits}
        low = [row for row in low if row.parent_id in named]
    return low[0] if len(low) == 1 else None


def route(memory: PlaceMemory, call: Call) -> Routing:
    """Place, item and organ for a call. No SQL statement while the figures are fresh."""
    spot = place_of(memory, call)
    title = title_of(call)
    text_signature = signature_of(title + call.body)
    figures = figures_of.of(memory.place_id)
    preset = memory.preset
    if call.item:
        if preset is None or call.item not in preset.items or not preset.items[call.item].leaf:
            raise CallRefused({"item": _("There is no such item here.")})
        shown: dict[str, Any] = {"chosen": call.item}
        best, confidence = call.item, 1.0
    else:
        found = suggesters.of(memory).suggest(title, call.body, limit=SHOWN)
        shown = plain(found)
        best, confidence = (found.items[0].code, found.items[0].confidence) if found.items else ("", 0.0)
    ruling = ruling_for(figures, best, spot.path, text_signature) if best else None
    organ_id, loads = (ruling.organ_id, {}) if ruling is not None else _handler(memory, figures, best, spot)
    threshold = float(memory.settings.get("routing", {}).get("threshold", 0.6))
    automatic = bool(memory.settings.get("routing", {}).get("auto", False))
    sure = automatic and bool(best) and confidence >= threshold and spot.placed and organ_id is not None
    if ruling is not None:
        shown["as_in"] = ruling.number
    if loads:
        shown["open"] = loads
    return Routing(
        spot=spot,
        item=best if sure or call.item else "",
        organ_id=organ_id,
        sure=sure,
        confidence=confidence,
        suggestion=shown,
        signature=pack(text_signature),
        ruling=ruling,
        figures=loads,
    )


def addressed(memory: PlaceMemory, call: Call) -> Routing:
    """Of a paper that goes to an organ by name: nothing is suggested, since nothing has to be found out."""
    preset = memory.preset
    if call.item and (preset is None or call.item not in preset.items):
        raise CallRefused({"item": _("There is no such item here.")})
    return Routing(place_of(memory, call), call.item, call.organ_id, False, 0.0, {})


def plain(found: Suggestion) -> dict[str, Any]:
    """A suggestion as it is stored with the case and shown to the desk."""
    return {
        "items": [[s.code, round(s.confidence, 3), list(s.reasons)[:5]] for s in found.items],
        "organs": [[s.code, round(s.confidence, 3)] for s in found.organs],
        "field": found.field,
    }


def organ_of(memory: PlaceMemory, handler: str, division_id: int | None) -> int | None:
    """The organ that a handler names: an organ's code, or ``division@town``: the organ of that division."""
    if not handler:
        return None
    if "@" in handler:
        tier = handler.split("@", 1)[1]
        if division_id is None:
            return None
        division = memory.ancestor(division_id, tier)
        if division is None:
            return None
        for organ in memory.organs.values():
            if organ.active and organ.division_id == division.id:
                return organ.id
        return None
    organ_row = memory.organ_by_code(handler)
    return None if organ_row is None else organ_row.id


def _handler(
    memory: PlaceMemory, figures: Figures, code: str, spot: Spot
) -> tuple[int | None, dict[str, int]]:
    """The item's handler here; where the handbook names several (``a|b``), the one with the least open."""
    preset = memory.preset
    if not code or preset is None:
        return None, {}
    names = [name.strip() for name in preset.items[code].handler.split("|") if name.strip()]
    organs = [
        organ for organ in (organ_of(memory, name, spot.division_id) for name in names) if organ is not None
    ]
    loads = {memory.organ(organ).code: figures.open.get(f"organ:{organ}", 0) for organ in organs}
    if not organs:
        return None, {}
    return min(organs, key=lambda organ: (loads[memory.organ(organ).code], organs.index(organ))), loads

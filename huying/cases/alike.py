"""Open cases alike, proposed as a group before they are sent on: the same item, near, within days. Nobody is grouped by
itself; one press does what choosing them in the list and merging them by hand would do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import cos, hypot, radians
from typing import Any

from huying.cases import bulk
from huying.cases.figures import unpack
from huying.cases.models import Case
from huying.cases.queries import Offer
from huying.cases.sight import CLOSED_CALLS, visible
from huying.cases.who import Actor
from huying.places.info import PlaceMemory
from huying.suggest.likeness import similarity

MERGE = "merge"
RIGHT = "bulk"
METRES_A_DEGREE = 111_320
LOOKED, MOST = 100, 10


@dataclass(frozen=True, slots=True)
class Alike:
    """A case alike: how far away (None: in the same grid, without a point), and how much its words are alike (0 to 1)."""

    case: Case
    pick: str
    away: int | None
    likeness: float


@dataclass(frozen=True, slots=True)
class Proposal:
    """Cases that may be merged into one, the move that does it, and the field of the move that names the one."""

    move: str
    other: str
    offer: Offer
    rows: tuple[Alike, ...]


def proposal(case: Case, offers: Sequence[Offer], actor: Actor, memory: PlaceMemory) -> Proposal | None:
    """What could be grouped under *case* by this actor, most alike first; None when there is nothing.

    No SQL statement unless the case itself stands where cases may be merged and has an item; else three.
    """
    preset, sight = memory.preset, actor.sight
    offer = next((one for one in offers if one.leg_id is None and _other(one)), None)
    if offer is None or preset is None or sight is None or not sight.can(RIGHT) or not case.item:
        return None
    if case.confidential or case.call in CLOSED_CALLS:
        return None
    reach = timedelta(days=preset.place.similar_days)
    rows = visible(sight).filter(
        kind=case.kind, item=case.item, closed_at=None, lead_id=None, erased_at=None, confidential=False,
        reported_at__range=(case.reported_at - reach, case.reported_at + reach),
    ).exclude(id=case.id).exclude(call__in=CLOSED_CALLS)  # fmt: skip
    metres = preset.place.similar_metres
    if case.lon is None or case.lat is None:
        rows = rows.filter(path=case.path, lon=None)
    else:
        lat = metres / METRES_A_DEGREE
        lon = lat / max(0.01, cos(radians(case.lat)))
        rows = rows.filter(
            lon__range=(case.lon - lon, case.lon + lon), lat__range=(case.lat - lat, case.lat + lat)
        )
    near = {one.id: one for one in rows[:LOOKED] if (away := _away(case, one)) is None or away <= metres}
    picks = [bulk.Pick(one.id, None, one.version) for one in near.values()]
    flow = preset.flow_of(case.kind).id
    own = unpack(case.signature)
    found = [
        Alike(
            one.case,
            one.pick.text,
            _away(case, one.case),
            round(similarity(own, unpack(one.case.signature)), 2),
        )
        for one in bulk.choose(picks[: bulk.MOST], actor, memory)
        if (flow, offer.move.id) in one.offers
    ]
    found.sort(key=lambda row: (-row.likeness, row.away or 0, row.case.number))
    return Proposal(f"{flow}/{offer.move.id}", _other(offer), offer, tuple(found[:MOST])) if found else None


def _other(offer: Offer) -> str:
    """The field that names the case into which a move merges; "" for a move that merges nothing."""
    return next((effect.args[0] for effect in offer.move.does if effect.do == MERGE and effect.args), "")


def _away(case: Case, other: Case) -> int | None:
    """Metres between two cases; None when one of them has no point."""
    if case.lon is None or case.lat is None or other.lon is None or other.lat is None:
        return None
    east = (other.lon - case.lon) * METRES_A_DEGREE * cos(radians(case.lat))
    return round(hypot(east, (other.lat - case.lat) * METRES_A_DEGREE))


def fields_of(found: Proposal) -> list[Any]:
    """What the move asks for besides the one case: its reason, say."""
    return [
        one
        for one in bulk.fields_of(found.offer)
        if one.id != found.other and one.id in found.offer.move.needs
    ]

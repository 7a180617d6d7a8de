"""Working on many cases at once: which moves all of them offer. Each is then performed by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from huying import clock
from huying.cases.models import Case, Leg
from huying.cases.queries import Offer, offers_of
from huying.cases.sight import visible
from huying.cases.who import Actor
from huying.places.info import PlaceMemory
from huying.presets.queries import compiled

MOST = 50
FILES = ("photo", "files")


@dataclass(frozen=True, slots=True)
class Pick:
    """A chosen line: the case, the organ's part if it is one, and the version that was looked at."""

    case_id: UUID
    leg_id: UUID | None
    seen: int

    @property
    def text(self) -> str:
        """As the tick box sends it."""
        return f"{self.case_id}:{self.leg_id or ''}:{self.seen}"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A pick that the person may see, with the moves they may make on it now by (flow, move)."""

    pick: Pick
    case: Case
    offers: dict[tuple[str, str], Offer]


def parse(texts: Sequence[str]) -> list[Pick]:
    """The picks that the boxes sent, each once, at most ``MOST``; nonsense is left out."""
    found: dict[tuple[UUID, UUID | None], Pick] = {}
    for text in texts:
        case, _, rest = text.partition(":")
        leg, _, seen = rest.partition(":")
        try:
            pick = Pick(UUID(case), UUID(leg) if leg else None, int(seen))
        except ValueError:
            continue
        if 0 <= pick.seen < 2**31:
            found.setdefault((pick.case_id, pick.leg_id), pick)
    return list(found.values())[:MOST]


def choose(picks: Sequence[Pick], actor: Actor, memory: PlaceMemory) -> list[Chosen]:
    """The picks with what may be done on each; those that the person may not see are left out. Two SQL statements."""
    if actor.sight is None or not picks:
        return []
    ids = [pick.case_id for pick in picks]
    cases = {case.id: case for case in visible(actor.sight).filter(id__in=ids)}
    legs: dict[UUID, list[Leg]] = {}
    for leg in Leg.objects.filter(place_id=memory.place_id, case_id__in=ids).order_by("id"):
        legs.setdefault(leg.case_id, []).append(leg)
    now, found = clock.now(), []
    for pick in picks:
        case = cases.get(pick.case_id)
        if case is None:
            continue
        preset = compiled(case.edition_id)
        own, parts = offers_of(case, legs.get(case.id, []), actor, memory, preset, now)
        flow = preset.flow_of(case.kind).id
        if pick.leg_id is not None:
            own, flow = [], ""
            for part in parts:
                if part.leg.id == pick.leg_id:
                    own, flow = list(part.offers), part.leg.flow
        found.append(Chosen(pick, case, {(flow, offer.move.id): offer for offer in own}))
    return found


def common(chosen: Sequence[Chosen]) -> list[tuple[tuple[str, str], Offer]]:
    """The moves that every chosen line offers and that can be made without a file of its own for each."""
    if not chosen:
        return []
    shared = set.intersection(*(set(one.offers) for one in chosen))
    return [
        (key, offer)
        for key, offer in chosen[0].offers.items()
        if key in shared and not any(field.type in FILES and field.required for field in offer.fields)
    ]


def fields_of(offer: Offer) -> list[Any]:
    """The fields of a move's form that make sense for many cases: everything but files."""
    return [field for field in offer.fields if field.type not in FILES]


def at_version(chosen: Sequence[Chosen]) -> list[Chosen]:
    """The same lines as they stand now, so that a second try goes by what is shown now."""
    return [replace(one, pick=replace(one.pick, seen=one.case.version)) for one in chosen]

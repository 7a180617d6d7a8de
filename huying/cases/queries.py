"""Reading one case: everything that its page shows, with a fixed number of SQL statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from huying import clock
from huying.cases import facts as facts_of
from huying.cases import naming, timeline, tracks
from huying.cases.models import Case, Contact, Leg, Link, Named, ReadMark
from huying.cases.sight import may_see, tellable
from huying.cases.store import legs_of, numbered
from huying.cases.who import Actor
from huying.cases.world import CaseWorld, spot_of
from huying.files import queries as files
from huying.files.models import Attachment
from huying.flow import machine
from huying.flow.definition import Flow, Move
from huying.flow.token import Token
from huying.ledger import queries as ledger
from huying.ledger.rows import put
from huying.places import memory as places
from huying.places.info import PlaceMemory
from huying.presets.queries import compiled
from huying.staff.models import Person
from huying.staff.sight import Sight


@dataclass(frozen=True, slots=True)
class Offer:
    """A move that this person may make now: on the case, or on one organ's part of it."""

    move: Move
    name: str
    form: Any  # the move's FormSchema
    leg_id: UUID | None = None
    templates: Sequence[Any] = ()

    @property
    def fields(self) -> Sequence[Any]:
        fields: Sequence[Any] = self.form.fields
        return fields


@dataclass(frozen=True, slots=True)
class LegView:
    """An organ's part as shown: who, where it stands, and what this person may do with it."""

    leg: Leg
    organ: str
    step: str
    offers: Sequence[Offer] = ()


@dataclass(frozen=True, slots=True)
class Related:
    """A linked case that this person may see too."""

    number: str
    title: str
    kind: str
    step: str
    closed: bool
    sort: str = ""  # of a paper of the authorities: what it is called


@dataclass(frozen=True, repr=False)  # it holds what people wrote; no log line may
class CaseView:
    """What the page of a case shows to one person."""

    case: Case
    preset: Any
    memory: PlaceMemory
    flow: Flow
    inside: bool
    owner: str
    step: str
    stages: Sequence[tuple[str, str]]
    item: str
    item_path: Sequence[str]
    where: str
    offers: Sequence[Offer]
    legs: Sequence[LegView]
    lines: Sequence[timeline.Line]
    attachments: Sequence[Any]
    related: Sequence[Related]
    now: datetime
    mine: bool
    has_contact: bool = False
    contacts: int = 0
    rulings: Sequence[Any] = field(default_factory=tuple)

    @property
    def overdue(self) -> bool:
        return self.case.closed_at is None and self.case.due_at is not None and self.case.due_at < self.now

    @property
    def suggested(self) -> list[dict[str, Any]]:
        """The suggestion with names, for the desk: item, confidence in per cent, reasons, organ."""
        found = []
        for code, score, reasons in (self.case.suggestion or {}).get("items", []):
            row = self.preset.items.get(code)
            if row is None:
                continue
            organ = self.memory.organ_by_code(row.handler)
            found.append(
                {
                    "code": code,
                    "name": str(row.name),
                    "percent": round(score * 100),
                    "reasons": reasons,
                    "organ": organ.name if organ is not None else "",
                }
            )
        return found


def by_number(place_id: int, number: str) -> Case:
    """The case with the number. One SQL statement. Raises Case.DoesNotExist; sight is not checked here."""
    return numbered(place_id, number)


def by_track(typed: str) -> Case | None:
    """The case that a track code opens, the caller's or that of somebody who joined, or None. At most two statements."""
    return opened_by(typed)[0]


def opened_by(typed: str) -> tuple[Case | None, UUID | None]:
    """The case that a track code opens, and of somebody who joined whose contact it is. At most two statements.

    Who joined follows the case; its caller's moves are not theirs.
    """
    code = tracks.cleaned(typed)
    if code is None:
        return None, None
    hashed = tracks.hash_of(code)
    own = Case.objects.filter(track_hash=hashed).first()
    if own is not None:
        return own, None
    joined = Contact.objects.filter(track_hash=hashed).select_related("case").first()
    return (None, None) if joined is None else (joined.case, joined.id)


def seen_by(case: Case, actor: Actor, legs: Sequence[Leg] = ()) -> bool:
    """Whether the actor may see the case. At most two SQL statements, none when their duty already answers."""
    if case.id in actor.holds or case.id in actor.joined or actor.system:
        return True
    sight = actor.sight
    if sight is None:
        return False
    keys = [leg.owner_key for leg in legs]
    if may_see(sight, case, leg_keys=keys):
        return True
    person = sight.person_id
    if person is None:
        return False
    own = {"place_id": case.place_id, "case_id": case.id, "person_id": person}
    joined = [person] if Contact.objects.filter(**own).exists() else []
    named = [person] if Named.objects.filter(**own).exists() else []
    return bool(joined or named) and may_see(sight, case, leg_keys=keys, named=named, joined=joined)


def is_inside(case: Case, actor: Actor, legs: Sequence[Leg]) -> bool:
    """Whether the actor reads the case as staff (by duty), not as its caller."""
    sight = actor.sight
    if sight is None or sight.is_resident:
        return False
    if case.reporter_id is not None and case.reporter_id == sight.person_id:
        keys = [case.owner_key, *(leg.owner_key for leg in legs)]
        return any(key in sight.owner_keys for key in keys if not key.startswith("person:"))
    return True


def is_caller(case: Case, actor: Actor) -> bool:
    """Whether it is the caller who asks, and not somebody who joined."""
    return case.id in actor.holds or (actor.person_id is not None and case.reporter_id == actor.person_id)


def may_open(attachment: Attachment, case: Case, actor: Actor, inside: bool) -> bool:
    """Whether a photo or file of the case is for the actor's eyes: pages show no other, and no other is handed out.

    Who handles the case opens all. Its caller opens what is not kept to those who handle it; who joined opens none.
    """
    if attachment.case_id != case.id or attachment.erased_at is not None:
        return False
    return inside or (not attachment.private and is_caller(case, actor))


def view(case: Case, actor: Actor, *, as_caller: bool = False) -> CaseView:
    """Everything that the page of *case* shows to *actor*. Raises Case.DoesNotExist when it is not for their eyes.

    *as_caller* shows what its caller reads, also to staff who reported it themselves. At most nine SQL statements, whatever the case holds.
    """
    place_id, now = case.place_id, clock.now()
    legs = legs_of(place_id, case.id)
    if not seen_by(case, actor, legs):
        raise Case.DoesNotExist("no such case")
    inside = not as_caller and is_inside(case, actor, legs)
    memory, preset = places.of(place_id), compiled(case.edition_id)
    flow = preset.flow_of(case.kind)
    story = ledger.history(place_id, case.id, private=True)
    people = {h.event.person_id for h in story if h.event.person_id} if inside else set()
    names = dict(Person.objects.filter(id__in=people).values_list("id", "name")) if people else {}
    offers, leg_views = offers_of(case, legs, actor, memory, preset, now)
    attachments = [a for a in files.of_case(place_id, case.id) if may_open(a, case, actor, inside)]
    contacts = list(
        Contact.objects.filter(place_id=place_id, case_id=case.id).values_list("join", "person_id")
    )
    sight = actor.sight
    return CaseView(
        case=case, preset=preset, memory=memory, flow=flow, inside=inside,
        owner=naming.owner_name(memory, case.owner_key), step=naming.step_name(flow, case.step),
        stages=naming.stages(flow, case.step), item=naming.item_name(preset, case.item),
        item_path=naming.item_path(preset, case.item), where=where(memory, case), offers=offers, legs=leg_views,
        lines=timeline.lines(case, story, legs, memory, preset, names, inside=inside), attachments=attachments,
        related=related(case, sight, preset) if inside and sight is not None else (), now=now,
        mine=is_caller(case, actor),
        has_contact=any(not join for join, _ in contacts), contacts=len(contacts),
    )  # fmt: skip


def where(memory: PlaceMemory, case: Case) -> str:
    """The place of a case in words: divisions from the town down, then the address."""
    ident = case.grid_id or case.division_id
    names = ""
    if ident is not None and ident in memory.divisions:
        chain = [memory.division(one) for one in memory.division(ident).ancestors]
        names = " ".join(row.name for row in (chain[1:] or chain))
    return f"{names} {case.address}".strip()


def offers_of(
    case: Case, legs: Sequence[Leg], actor: Actor, memory: PlaceMemory, preset: Any, now: datetime
) -> tuple[list[Offer], list[LegView]]:
    """The moves that the actor may make now, on the case and on each part. No SQL statement."""
    flow: Flow = preset.flow_of(case.kind)
    token = Token.from_json(case.token)
    item_row = preset.items.get(case.item) if case.item else None
    facts = facts_of.of_case(case, item_row, now, joint=token.legs_run > 0)

    def world(organ_id: int | None, parent: str = "") -> CaseWorld:
        return CaseWorld(
            memory=memory, case_id=case.id, division_id=case.division_id,
            grid_id=case.grid_id, reporter_id=case.reporter_id, organ_id=organ_id, parent_key=parent,
            point=spot_of(case),
        )  # fmt: skip

    kept = preset.kept_moves(case.kind)
    offers = [
        _offer(preset, flow, move)
        for move in machine.available(flow, token, world(case.organ_id), facts, actor)
        if move.id not in kept
    ]
    views = []
    for leg in legs:
        leg_flow = preset.flows[leg.flow]
        own: list[Offer] = []
        if leg.closed_at is None:
            leg_facts = {**facts, **leg.fields, "organ_id": leg.organ_id}
            found = machine.available(
                leg_flow, Token.from_json(leg.token), world(leg.organ_id, case.owner_key), leg_facts, actor
            )
            own = [_offer(preset, leg_flow, move, leg.id) for move in found]
        organ = memory.organ(leg.organ_id).name if leg.organ_id in memory.organs else ""
        views.append(LegView(leg, organ, naming.step_name(leg_flow, leg.step), own))
    return offers, views


def _offer(preset: Any, flow: Flow, move: Move, leg_id: UUID | None = None) -> Offer:
    return Offer(
        move, naming.move_name(flow, move.id), preset.move_form(flow.id, move.id), leg_id,
        preset.templates_for(move.id),
    )  # fmt: skip


def related(case: Case, sight: Sight, preset: Any) -> list[Related]:
    """Linked cases that the person may see. Two SQL statements."""
    from huying.cases.sight import visible

    links = list(
        Link.objects.filter(Q(case_id=case.id) | Q(other_id=case.id), place_id=case.place_id).values_list(
            "case_id", "other_id", "kind"
        )[:50]
    )
    kinds = {(b if a == case.id else a): kind for a, b, kind in links}
    if not kinds:
        return []
    rows = visible(sight).filter(id__in=list(kinds))
    found = []
    for row in rows:
        own = compiled(row.edition_id)
        kind = own.kinds[row.kind]
        found.append(
            Related(
                row.number, row.title, kinds[row.id], naming.step_name(own.flow_of(row.kind), row.step),
                row.closed_at is not None, kind.name.text("en" if naming.english() else "zh") if kind.right else "",
            )
        )  # fmt: skip
    return found


def mark_read(case: Case, person_id: UUID) -> None:
    """Remember that the person has read the case as it stands. One SQL statement."""
    mark = ReadMark(
        place_id=case.place_id, person_id=person_id, case_id=case.id, version=case.version, at=clock.now()
    )  # fmt: skip
    put([mark], ("place_id", "person_id", "case_id"))


def unread(place_id: int, person_id: UUID, cases: Sequence[Case]) -> set[UUID]:
    """Which of the cases the person has not read as they stand. One SQL statement."""
    read = dict(
        ReadMark.objects.filter(
            place_id=place_id, person_id=person_id, case_id__in=[case.id for case in cases]
        ).values_list("case_id", "version")
    )
    return {case.id for case in cases if read.get(case.id, 0) < case.version}


def similar_open(
    place_id: int, text: str, lon: float, lat: float, *, most: int = 5
) -> list[tuple[Case, float, float]]:
    """Open cases near a point that read alike: (case, metres away, likeness 0 to 1), best first.

    Within the preset's radius and days; confidential cases and reports of wrongdoing are never offered. One statement.
    """
    from math import cos, hypot, radians

    from huying.cases.figures import unpack
    from huying.suggest.likeness import signature, similarity

    memory = places.of(place_id)
    preset = memory.preset
    if preset is None:
        return []
    metres, days = preset.place.similar_metres, preset.place.similar_days
    d_lat = metres / 111_320
    d_lon = d_lat / max(0.01, cos(radians(lat)))
    rows = tellable(place_id).filter(
        closed_at=None, lon__range=(lon - d_lon, lon + d_lon), lat__range=(lat - d_lat, lat + d_lat),
        reported_at__gte=clock.now() - timedelta(days=days),
    )[:200]  # fmt: skip
    own = signature(text)
    found: list[tuple[Case, float, float]] = []
    for case in rows:
        assert case.lon is not None
        assert case.lat is not None
        away = hypot((case.lon - lon) * 111_320 * cos(radians(lat)), (case.lat - lat) * 111_320)
        alike = similarity(own, unpack(case.signature)) if own else 0.0
        if away <= metres and (alike >= 0.08 or not own):
            found.append((case, float(round(away)), round(alike, 2)))
    found.sort(key=lambda row: (-row[2], row[1]))
    return found[:most]

"""The only writers of rosters beside the import. What is opened for a household is a case, made by ``report()``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from huying import clock
from huying.cases.actions import Reported
from huying.cases.who import Actor
from huying.ledger import actions as ledger
from huying.ledger.ids import uuid7
from huying.places import memory as places
from huying.presets.roster_definition import Roster
from huying.rosters import queries
from huying.rosters.models import Entry, Household, Pairing
from huying.staff.models import Holding, Person


class RosterRefused(Exception):
    """Nothing has changed. ``code``: not-keeper, no-post, elsewhere, full, not-paired."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def pair(
    place_id: int, roster: Roster, household_id: UUID, holding: Holding, actor: Actor, *, now: datetime | None = None
) -> Pairing:  # fmt: skip
    """Pair a household with whoever holds a post; whoever had it before has it no longer.

    Raises RosterRefused (not-keeper, no-post, elsewhere, full) and Household.DoesNotExist.
    """
    now = now or clock.now()
    memory = places.of(place_id)
    with transaction.atomic():
        household = Household.objects.select_for_update().get(place_id=place_id, id=household_id)
        if actor.sight is None or not queries.keeps(actor.sight, roster, household.path, memory):
            raise RosterRefused("not-keeper")
        if holding.place_id != place_id or holding.post.role not in roster.who:
            raise RosterRefused("no-post")
        if not queries.covers(memory, holding.post, household.path):
            raise RosterRefused("elsewhere")
        same = {"place_id": place_id, "roster": roster.id, "household_id": household_id}
        there = Pairing.objects.filter(**same).first()
        mine = {"post_id": holding.post_id, "person_id": holding.person_id}
        if there is not None and (there.post_id, there.person_id) == (holding.post_id, holding.person_id):
            return there
        lock_person(place_id, holding.person_id)
        held = Pairing.objects.filter(
            place_id=place_id, roster=roster.id, person_id=holding.person_id
        ).count()
        if held >= roster.most:
            raise RosterRefused("full")
        made, _new = Pairing.objects.update_or_create(
            **same,
            defaults={**mine, "grid_id": household.grid_id, "path": household.path, "since": now},
            create_defaults={
                **mine, "id": uuid7(), "grid_id": household.grid_id, "path": household.path, "since": now,
                "visited_at": queries.last_visit(place_id, roster, household_id),
            },
        )  # fmt: skip
        told = {
            "roster": roster.id, "household": str(household_id), "post": holding.post_id,
            "person": str(holding.person_id),
        }  # fmt: skip
        _tell(place_id, "roster.paired", told, household_id, actor, now)
    return made


def release(
    place_id: int, roster: Roster, household_id: UUID, actor: Actor, *, now: datetime | None = None
) -> None:
    """Leave a household without anybody. Raises RosterRefused (not-keeper, not-paired)."""
    now = now or clock.now()
    with transaction.atomic():
        rows = Pairing.objects.select_for_update().filter(
            place_id=place_id, roster=roster.id, household_id=household_id
        )
        held = rows.first()
        if held is None:
            raise RosterRefused("not-paired")
        if actor.sight is None or not queries.keeps(actor.sight, roster, held.path, places.of(place_id)):
            raise RosterRefused("not-keeper")
        rows.delete()
        _tell(
            place_id, "roster.released", {"roster": roster.id, "household": str(household_id)}, household_id, actor, now
        )  # fmt: skip


def opened(
    place_id: int, roster: Roster, household_id: UUID, kind: str, made: Reported, actor: Actor, now: datetime | None = None
) -> None:  # fmt: skip
    """Note, in the transaction in which it was opened, for which household a case is; a visit counts from then on."""
    if made.again:
        return
    now = now or clock.now()
    Entry.objects.create(
        place_id=place_id, id=uuid7(), roster=roster.id, household_id=household_id, case_id=made.case_id, kind=kind,
        at=now,
    )  # fmt: skip
    if kind in roster.visit:
        Pairing.objects.filter(place_id=place_id, roster=roster.id, household_id=household_id).update(
            visited_at=now
        )
    told = {"roster": roster.id, "household": str(household_id), "kind": kind}
    _tell(place_id, "roster.opened", told, household_id, actor, now, case_id=made.case_id)


def lock_person(place_id: int, person_id: UUID) -> None:
    """Let only one transaction at a time give this person households: the most may not be passed by two at once."""
    list(
        Person.objects.select_for_update(no_key=True)
        .filter(place_id=place_id, pk=person_id)
        .values_list("pk")
    )


def _tell(
    place_id: int, kind: str, data: Mapping[str, Any], household_id: UUID, actor: Actor, now: datetime, *,
    case_id: UUID | None = None,
) -> None:  # fmt: skip
    subject = ("case", case_id) if case_id is not None else ("household", household_id)
    entry = ledger.Entry(kind=kind, data=data, at=now, case_id=case_id, subject=subject)
    ledger.append(place_id, [entry], actor.for_ledger())

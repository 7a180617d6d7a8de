"""The ledger reader: turns a page's events into notices, messages to be sent, and reminders to report in.

It runs in the transaction that moves the reader's cursor, so that every event leads to its notices exactly once,
however often the process dies. A page costs at most fourteen SQL statements, however many events it has.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from huying import clock
from huying.cases.models import Case, Contact, Leg
from huying.cases.of_page import cases_of
from huying.cases.world import CaseWorld, spot_of
from huying.flow.definition import RELATIONS
from huying.flow.token import Token
from huying.flow.words import SpellingError, parse_relation
from huying.ledger.pages import Event
from huying.notices import behind, pools, writing
from huying.notices.drafts import EVENTS, Draft, Worked, work_out
from huying.places import memory as places
from huying.places.info import PlaceMemory
from huying.presets.queries import compiled

FRESH = timedelta(days=3)
"""Older events (an import, a reader that was off for long) end what was told, but tell nothing new."""

Caller = tuple[UUID | None, UUID, bool]
"""(person with an account, contact, whether they joined)"""


def follow(place_id: int, page: int, events: Sequence[Event]) -> None:
    """Work one page of a place off. Called by the ledger, in the transaction that moves the cursor."""
    found = [event for event in events if event.case_id is not None and event.kind in EVENTS]
    if not found:
        return
    now = clock.now()
    cases = cases_of(place_id, events, found)
    worked = work_out(found, cases, _leg_flows(place_id, found), now - FRESH)
    memory = places.of(place_id)
    told = _recipients(memory, cases, worked, now)
    writing.end(place_id, worked.over, now)
    writing.tell(memory, cases, told, now)
    writing.await_arrival(memory, cases, worked.sent)
    pools.note(place_id, worked.filled, worked.left, now)


def _leg_flows(place_id: int, events: Sequence[Event]) -> dict[UUID, str]:
    ids = {event.leg_id for event in events if event.leg_id is not None}
    if not ids:
        return {}
    return dict(Leg.objects.filter(place_id=place_id, id__in=ids).values_list("id", "flow"))


def _recipients(
    memory: PlaceMemory, cases: dict[UUID, Case], worked: Worked, now: datetime
) -> list[writing.Told]:
    drafts = worked.drafts
    if not drafts:
        return []
    _resolve_words(memory, cases, drafts)
    _add_legs(memory.place_id, drafts)
    people = behind.people(memory, {key for draft in drafts for key in draft.to if key}, now)
    callers = _callers(memory.place_id, drafts)
    hidden = subjects(memory, cases.values())
    told = []
    for draft in drafts:
        case = cases[draft.case_id]
        persons: set[UUID] = set()
        for key in draft.to:
            persons |= people.get(key, frozenset())
        persons -= hidden.get(case.id, frozenset())
        contacts: set[UUID] = set()
        if draft.callers:
            if case.reporter_id is not None:
                persons.add(case.reporter_id)
            for person, contact, joined in callers.get(case.id, ()):
                if joined and not draft.joined:
                    continue
                if person is not None:
                    persons.add(person)
                else:
                    contacts.add(contact)
        if draft.actor_id is not None:
            persons.discard(draft.actor_id)
        told.append(writing.Told(draft, frozenset(persons), frozenset(contacts)))
    return told


def _resolve_words(memory: PlaceMemory, cases: dict[UUID, Case], drafts: Sequence[Draft]) -> None:
    """Relations and roles that a flow's timer names, such as ``above(owner)`` or a role, become owner keys."""
    tokens = _tokens(
        memory.place_id, {draft.case_id for draft in drafts if any(map(_is_relation, draft.words))}
    )
    for draft in drafts:
        case = cases[draft.case_id]
        for word in draft.words:
            if _is_relation(word):
                if key := _related(memory, case, tokens[case.id], word):
                    draft.to.add(key)
            else:
                persons = behind.in_role(memory, word, case.path)
                draft.to |= {f"person:{person}" for person in persons}


def _is_relation(word: str) -> bool:
    return word.partition("(")[0].partition("@")[0].strip() in RELATIONS


def _tokens(place_id: int, ids: set[UUID]) -> dict[UUID, Token]:
    """How the cases stand. One statement, none without cases."""
    rows = Case.objects.filter(place_id=place_id, id__in=ids).values_list("id", "token") if ids else []
    return {ident: Token.from_json(token) for ident, token in rows}


def _related(memory: PlaceMemory, case: Case, token: Token, word: str) -> str | None:
    flow = compiled(case.edition_id).flow_of(case.kind)
    try:
        relation = parse_relation(word, flow.tiers)
    except SpellingError:  # a published edition was checked; one from before the check may still say it
        return None
    world = CaseWorld(
        memory=memory, case_id=case.id, division_id=case.division_id,
        grid_id=case.grid_id, reporter_id=case.reporter_id, organ_id=case.organ_id,
        subject_organ_id=case.subject_organ_id, point=spot_of(case),
    )  # fmt: skip
    if relation.kind == "above" and relation.of is not None and relation.of.kind == "owner":
        relation = type(relation)("above", (case.owner_key,), of=relation.of, text=relation.text)
    facts: dict[str, Any] = {**case.fields, "organ_id": case.organ_id}
    return world.resolve(relation, token, facts, None)


def _add_legs(place_id: int, drafts: Sequence[Draft]) -> None:
    """Where several organs work on a case, what is said to its owner is said to them too."""
    wanted = {draft.case_id for draft in drafts if draft.legs}
    if not wanted:
        return
    keys: dict[UUID, set[str]] = {}
    rows = Leg.objects.filter(place_id=place_id, case_id__in=wanted, closed_at=None)
    for case_id, key in rows.values_list("case_id", "owner_key"):
        keys.setdefault(case_id, set()).add(key)
    for draft in drafts:
        if draft.legs:
            draft.to |= keys.get(draft.case_id, set())


def _callers(place_id: int, drafts: Sequence[Draft]) -> dict[UUID, list[Caller]]:
    wanted = {draft.case_id for draft in drafts if draft.callers}
    if not wanted:
        return {}
    found: dict[UUID, list[Caller]] = {}
    rows = Contact.objects.filter(place_id=place_id, case_id__in=wanted).order_by("id")
    for case_id, person, ident, joined, phone in rows.values_list(
        "case_id", "person_id", "id", "join", "phone_hash"
    ):
        if person is not None or phone is not None:
            found.setdefault(case_id, []).append((person, ident, joined))
    return found


def subjects(memory: PlaceMemory, cases: Any) -> dict[UUID, frozenset[UUID]]:
    """Whom a case is about: they do not see it, so they are not told of it either."""
    found: dict[UUID, frozenset[UUID]] = {}
    organs = {case.subject_organ_id for case in cases if case.subject_organ_id is not None}
    posted = behind.in_organs(memory, organs) if organs else []
    for case in cases:
        persons = {person for person, _a, _r, _d, organ in posted if organ == case.subject_organ_id and organ}
        if case.subject_person_id is not None:
            persons.add(case.subject_person_id)
        if persons:
            found[case.id] = frozenset(persons)
    return found

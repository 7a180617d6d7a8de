"""Opening a paper of the authorities: a case of a kind that takes a right, addressed to an organ, about a case or none.

Its form says what it needs by the types of its fields: the first organ is whom it goes to, several organs are those who
get it to read, the first long text is what it says. Everything else travels as fields of the new case.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from huying.cases.actions.report import Reported, report
from huying.cases.calls import Call, CallRefused
from huying.cases.kinds import roles_of
from huying.cases.models import Case, Link, Named
from huying.cases.sight import CLOSED_CALLS
from huying.cases.who import Actor
from huying.ledger.actions import Entry
from huying.ledger.ids import uuid7
from huying.places import memory as places
from huying.places.info import PlaceMemory
from huying.staff import seats


def open_paper(
    place_id: int, kind: str, codes: Mapping[str, Any], texts: Mapping[str, Any], actor: Actor, now: datetime, *,
    about: Case | None = None, author_key: str = "", key: str | None = None,
) -> tuple[Reported, list[Entry]]:  # fmt: skip
    """Open a case of *kind*, and the link to the case it is *about*; the entries that go to the ledger with it.

    *codes* are the cleaned fields with ids of organs, *texts* the free ones. *author_key*: who it comes from, else the
    seat from which the actor has the right. Runs in the caller's transaction. Raises CallRefused.
    """
    memory = places.of(place_id)
    preset = memory.preset
    if preset is None or kind not in preset.kinds:
        raise CallRefused({"kind": _("There is no such kind of case here.")})
    form = preset.form_of(kind)
    roles = roles_of(form)
    to = next((codes.get(one.id) for one in form.fields if one.type == "organ"), None)
    readers: set[int] = set()
    for one in form.fields:
        if one.type == "organs":
            readers.update(codes.get(one.id) or ())
    organ = memory.organs.get(to) if to else None
    top = memory.top
    area = organ.division_id if organ is not None and organ.division_id is not None else top and top.id
    closed = about is not None and (about.confidential or about.call in CLOSED_CALLS)
    title = str(texts.get(roles.get("title", "title")) or "")
    if not title and about is not None and not closed:
        # Not the caller's own words: those who get a copy need not see the case.
        item = preset.items.get(about.item)
        title = f"{preset.kinds[kind].name}：{item.name if item is not None else ''} {about.number}"
    subject_organ = about.subject_organ_id if about is not None else None
    call = Call(
        body=str(texts.get(roles.get("body", "body")) or ""), title=title[:200],
        kind=kind, anonymous=True, confidential=closed, division_id=area or None,
        item=about.item if about is not None and about.item in preset.items else "",
        urgency=about.urgency if about is not None else 0, organ_id=to, readers=tuple(sorted(readers - {to})),
        author_key=author_key or author_of(memory, actor, preset.kinds[kind].right),
        # Whoever the case is about does not read the paper about it either, unless it is them who have to answer.
        subject_organ_id=subject_organ if subject_organ != to else None,
        subject_person_id=about.subject_person_id if about is not None else None,
        fields={name: value for name, value in codes.items() if value not in (None, "", [])},
    )  # fmt: skip
    made = report(place_id, call, actor, now=now, key=key, parent_id=about.id if about is not None else None)
    if made.again:
        return made, []
    if closed and actor.person_id is not None:
        Named.objects.create(
            place_id=place_id, id=uuid7(), case_id=made.case_id, person_id=actor.person_id, by_id=actor.person_id, at=now
        )  # fmt: skip
    if about is None:
        return made, []
    Link.objects.create(
        place_id=place_id, id=uuid7(), case_id=about.id, other_id=made.case_id, kind=kind[:20], at=now
    )
    linked = {"other": made.case_id, "kind": kind[:20]}
    return made, [Entry(kind="case.linked", data=linked, at=now, case_id=about.id)]


def author_of(memory: PlaceMemory, actor: Actor, right: str) -> str:
    """The owner key of the seat from which the actor has *right*: theirs alone where several hold the post, and that of
    whoever stands in for them. The person themselves where no post gives the right.
    """
    sight = actor.sight
    if sight is None:
        return ""
    for key in sight.seats:  # their own first
        seat = seats.parse(key)
        role = memory.roles.get(seat.role) if seat is not None else None
        if role is not None and right in role.rights:
            return key
    return f"person:{sight.person_id}"

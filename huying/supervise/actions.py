"""What this room writes: orders without a case or by a rule, signing for a copy, naming an organ, dismissing.

An order is a case: it is opened by ``cases`` and moves by its flow. One transaction for each call.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from huying import clock
from huying.cases.actions import Refused, Reported, perform
from huying.cases.actions.opening import open_paper
from huying.cases.models import Case
from huying.cases.queries import seen_by
from huying.cases.who import Actor
from huying.ledger import actions as ledger
from huying.places import memory as places
from huying.supervise.kinds import kinds_at, supervising_move
from huying.supervise.models import Copy, NamedOrgan, Trigger


def issue(
    place_id: int, actor: Actor, codes: Mapping[str, Any], texts: Mapping[str, Any], *, about: Case | None = None,
    author_key: str = "", extra: Mapping[str, Any] | None = None, key: str | None = None, now: datetime | None = None,
) -> Reported:  # fmt: skip
    """Issue an order to an organ, about a case or about how it works in general.

    *codes* are the form's cleaned fields with ids of organs, *texts* the free ones; *extra* goes on record with it (the
    rule, the special report). Raises CallRefused.
    """
    now = now or clock.now()
    kind = kinds_at(place_id)[0]
    with transaction.atomic():
        made, entries = open_paper(
            place_id,
            kind,
            {**codes, **(extra or {})},
            texts,
            actor,
            now,
            about=about,
            author_key=author_key,
            key=key,
        )
        if made.again:
            return made
        if extra:
            told = {
                "organ": codes.get("to_organ"), "level": int(codes.get("level") or 1), "about": about.id if about else None,
                **{name: _code(extra[name]) for name in ("rule", "report", "times") if extra.get(name)},
            }  # fmt: skip
            entries.append(ledger.Entry(kind="supervise.issued", data=told, at=now, case_id=made.case_id))
        if entries:
            ledger.append(place_id, entries, actor.for_ledger())
    return made


def supervise(
    case: Case, actor: Actor, data: Mapping[str, Any], *, key: str | None = None, seen: int | None = None
) -> UUID:
    """One key: the move of the case's own flow that opens an order. Answers the order's case.

    Raises what ``perform`` raises, and Refused when the flow has no such move where the case stands.
    """
    move = supervising_move(case)
    if move is None:
        raise Refused("unknown-move")
    done = perform(case.place_id, case.id, move, actor, data, key=key, seen=seen)
    if done.opened:
        return done.opened[0]
    # The same form was sent before: the order is the one that was opened then.
    from huying.cases.models import Link

    kinds = kinds_at(case.place_id)
    link = (
        Link.objects.filter(place_id=case.place_id, case_id=case.id, kind__in=kinds).order_by("-at").first()
    )
    if link is None:
        raise Refused("unknown-move")
    return link.other_id


def sign_for(case: Case, organ_id: int, actor: Actor, *, now: datetime | None = None) -> bool:
    """An organ signs for the copy that it got; False when it had signed before. Raises Refused."""
    now = now or clock.now()
    sight = actor.sight
    if sight is None or organ_id not in sight.organs or not seen_by(case, actor):
        raise Refused("not-allowed")
    with transaction.atomic():
        copy = Copy.objects.select_for_update().filter(
            place_id=case.place_id, case_id=case.id, organ_id=organ_id
        ).first()  # fmt: skip
        if copy is None:
            if organ_id not in copies_of(case):
                raise Refused("not-allowed")
            copy = Copy(place_id=case.place_id, case_id=case.id, organ_id=organ_id, at=case.reported_at)
        if copy.signed_at is not None:
            return False
        copy.signed_at, copy.signed_by = now, sight.person_id
        Copy.objects.bulk_create(
            [copy], update_conflicts=True, unique_fields=["place_id", "case_id", "organ_id"],
            update_fields=["signed_at", "signed_by"],
        )  # fmt: skip
        entry = ledger.Entry(
            kind="supervise.signed", data={"organ": organ_id}, at=now, case_id=case.id, version=None
        )
        ledger.append(case.place_id, [entry], actor.for_ledger())
    return True


def copies_of(case: Case) -> tuple[int, ...]:
    """The organs that got a copy of an order."""
    found: Sequence[int] = case.fields.get("copies") or ()
    return tuple(one for one in found if isinstance(one, int))


def named_in_report(
    place_id: int, organ_id: int, number: str, *, days: int = 60, now: datetime | None = None,
    actor: Actor | None = None,
) -> bool:  # fmt: skip
    """A special report that was just issued names an organ: for *days* days, failing again leads to what the rule says.

    *number* is the report's. Answers False when the report had named it before. Runs in the caller's
    transaction.
    """
    now = now or clock.now()
    organ = places.of(place_id).organ(organ_id)
    until = now + timedelta(days=days)
    with transaction.atomic():
        _row, made = NamedOrgan.objects.get_or_create(
            place_id=place_id, organ_id=organ.id, number=number, defaults={"at": now, "until": until}
        )
        if made:
            entry = ledger.Entry(
                kind="supervise.named",
                data={"organ": organ.id, "report": _code(number), "until": until},
                at=now,
            )
            ledger.append(place_id, [entry], (actor or Actor("clock", system=True)).for_ledger())
    return made


def _code(value: Any) -> Any:
    """A number of a paper as the ledger keeps it: codes only, so the words of a Chinese number are left out."""
    return (
        "".join(one if one.isascii() else "-" for one in value).strip("-")
        if isinstance(value, str)
        else value
    )


def dismiss(trigger: Trigger, actor: Actor, reason: str, *, now: datetime | None = None) -> None:
    """Whoever was asked does not issue the order, and says why. Raises Refused."""
    _may_answer(trigger, actor)
    if len(reason.strip()) < 2:
        raise Refused("missing-fields", {"reason": ""})
    now = now or clock.now()
    with transaction.atomic():
        _answer(trigger, Trigger.State.DISMISSED, actor, now)
        entry = ledger.Entry(
            kind="supervise.dismissed", data={"rule": trigger.rule, "organ": trigger.organ_id},
            private={"reason": reason.strip()[:1000]}, at=now, case_id=trigger.case_id, subject=("case", trigger.case_id),
        )  # fmt: skip
        ledger.append(trigger.place_id, [entry], actor.for_ledger())


def follow(trigger: Trigger, order_id: UUID, actor: Actor, *, now: datetime | None = None) -> None:
    """Whoever was asked issued the order. Raises Refused."""
    _may_answer(trigger, actor)
    _answer(trigger, Trigger.State.ISSUED, actor, now or clock.now(), order_id)


def _may_answer(trigger: Trigger, actor: Actor) -> None:
    if trigger.state != Trigger.State.SUGGESTED or not actor.owns(trigger.to_key):
        raise Refused("not-allowed")


def _answer(trigger: Trigger, state: str, actor: Actor, now: datetime, order_id: UUID | None = None) -> None:
    done = Trigger.objects.filter(
        place_id=trigger.place_id, id=trigger.id, state=Trigger.State.SUGGESTED
    ).update(state=state, at=now, by_id=actor.person_id, order_id=order_id)
    if not done:
        raise Refused("not-allowed")

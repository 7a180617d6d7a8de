"""Posts and who holds them, absences, delegates."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from huying import clock
from huying.ledger.actions import Actor
from huying.places import memory
from huying.staff import events
from huying.staff.models import Absence, Delegate, Holding, Person, Post


def make_post(
    place_id: int,
    role: str,
    division_id: int | None = None,
    organ_id: int | None = None,
    name: str = "",
) -> Post:
    """The post of *role* at a division, an organ or both; the one that is there already, opened again if
    ended.

    Raises ValidationError for a role that the place's preset does not have, or a division or organ of
    elsewhere.
    """
    known = memory.of(place_id)
    found = known.roles.get(role)
    if found is None:
        raise ValidationError({"role": _("The place has no such role.")})
    if division_id is None and organ_id is None:
        raise ValidationError({"division": _("A post is at a division, at an organ, or at both.")})
    division = None if division_id is None else known.divisions.get(division_id)
    organ = None if organ_id is None else known.organs.get(organ_id)
    if division_id is not None and (division is None or not division.active):
        raise ValidationError({"division": _("There is no such division.")})
    if organ_id is not None and (organ is None or not organ.active):
        raise ValidationError({"organ": _("There is no such organ.")})
    if division is not None and found.tier and division.tier != found.tier:
        raise ValidationError({"division": _("This role belongs to another tier.")})
    if not name:
        where = organ.short if organ else division.name if division else ""
        name = f"{where}{found.name}"
    at: dict[str, Any] = {"division_id": division_id, "organ_id": organ_id}
    post, _made = Post.objects.get_or_create(
        place_id=place_id,
        role=role,
        **at,
        defaults={"name": name[:120]},
    )
    if not post.active:
        post.active = True
        post.save(update_fields=["active"])
    return post


def take_post(
    person: Person,
    post: Post,
    *,
    actor: Actor,
    slot: str = Holding.Slot.A,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Holding:
    """Let *person* hold *post* from *since* (now). Raises ValidationError when not possible."""
    if post.place_id != person.place_id:
        raise ValidationError({"person": _("This person belongs to another place.")})
    if not person.is_active:
        raise ValidationError({"person": _("This account was ended.")})
    since = since or clock.now()
    if until is not None and until <= since:
        raise ValidationError({"until": _("The end comes before the beginning.")})
    try:
        with transaction.atomic():
            Post.objects.select_for_update().get(pk=post.pk)  # two who take a post at once take two seats
            holding = Holding.objects.create(
                place_id=post.place_id, post=post, person=person, slot=slot, since=since, until=until
            )
            data: dict[str, Any] = {
                "post": post.pk,
                "role": post.role,
                "division": post.division_id,
                "organ": post.organ_id,
                "slot": str(slot),
            }
            events.write(events.POST_TAKEN, person, actor, data)
    except IntegrityError:
        raise ValidationError({"person": _("This person holds the post already.")}) from None
    return holding


def leave_post(holding: Holding, *, actor: Actor) -> None:
    """End a holding now."""
    with transaction.atomic():
        holding.until = max(clock.now(), holding.since)
        holding.save(update_fields=["until"])
        data = {"post": holding.post_id, "role": holding.post.role, "slot": holding.slot}
        events.write(events.POST_LEFT, holding.person, actor, data)


def end_post(post: Post, *, actor: Actor) -> None:
    """Close a post; whoever holds it leaves it."""
    with transaction.atomic():
        holdings = Holding.objects.filter(post=post, until=None).select_related("post", "person")
        for holding in holdings:
            leave_post(holding, actor=actor)
            events.write(events.POST_ENDED, holding.person, actor, {"post": post.pk, "role": post.role})
        post.active = False
        post.save(update_fields=["active"])


def set_absence(
    person: Person,
    since: datetime,
    until: datetime | None,
    reason: str = Absence.Reason.LEAVE,
    *,
    actor: Actor,
) -> Absence:
    """Note that *person* is away, so that stand-ins act. Raises ValidationError when the end is not later."""
    if until is not None and until <= since:
        raise ValidationError({"until": _("The end comes before the beginning.")})
    if person.place_id is None:
        raise ValidationError({"person": _("This person belongs to another place.")})
    with transaction.atomic():
        absence = Absence.objects.create(
            place_id=person.place_id, person=person, since=since, until=until, reason=reason
        )
        data = {"absence": absence.pk, "since": since, "until": until, "reason": str(reason)}
        events.write(events.ABSENT, person, actor, data)
    return absence


def end_absence(absence: Absence, *, actor: Actor) -> None:
    """The person is back now; an absence that lies ahead is taken away."""
    now = clock.now()
    with transaction.atomic():
        if absence.since >= now:
            absence_id = absence.pk
            absence.delete()
        else:
            absence_id = absence.pk
            absence.until = now
            absence.save(update_fields=["until"])
        events.write(events.BACK, absence.person, actor, {"absence": absence_id})


def make_delegate(person: Person, body: str, division_id: int, *, actor: Actor) -> Delegate:
    """Note that *person* speaks for a division as a delegate of *body* (party, congress, cppcc)."""
    if person.place_id is None or division_id not in memory.of(person.place_id).divisions:
        raise ValidationError({"division": _("There is no such division.")})
    with transaction.atomic():
        found, made = Delegate.objects.get_or_create(
            place_id=person.place_id, person=person, kind=body, division_id=division_id
        )
        if made:
            data = {"body": body, "division": division_id}
            events.write(events.DELEGATE_MADE, person, actor, data)
    return found


def end_delegate(delegate: Delegate, *, actor: Actor) -> None:
    """The person no longer speaks for the division."""
    with transaction.atomic():
        data = {"body": delegate.kind, "division": delegate.division_id}
        events.write(events.DELEGATE_ENDED, delegate.person, actor, data)
        delegate.delete()

"""Posts and who holds them, absences, delegates."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from huying import clock
from huying.ledger.actions import Actor
from huying.places import memory
from huying.places.info import PlaceMemory
from huying.staff import events
from huying.staff.models import Absence, Delegate, Holding, Person, Post

Spot = tuple[str, int | None, int | None]
"""A role, and the division and the organ at which it serves."""


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
    return make_posts(place_id, [(role, division_id, organ_id)], name)[0]


def make_posts(place_id: int, spots: Sequence[Spot], name: str = "") -> list[Post]:
    """The posts at all the *spots*, in their order, as ``make_post`` makes each. One SQL statement when they are there,
    three when some are new, one more when some are opened again."""
    known = memory.of(place_id)
    own = {spot: _name(known, *spot) for spot in spots}
    names = {spot: name or title for spot, title in own.items()}
    found = _posts_at(place_id, names)
    new = [
        Post(place_id=place_id, role=role, division_id=division_id, organ_id=organ_id, name=title[:120])
        for (role, division_id, organ_id), title in names.items()
        if (role, division_id, organ_id) not in found
    ]
    if new:
        Post.objects.bulk_create(new, ignore_conflicts=True)  # somebody may make one of them just now
        found = _posts_at(place_id, names)
    ended = [post for post in found.values() if not post.active]
    for post in ended:
        post.active = True
    if ended:
        Post.objects.filter(pk__in=[post.pk for post in ended]).update(active=True)
    return [found[spot] for spot in spots]


def _posts_at(place_id: int, spots: Collection[Spot]) -> dict[Spot, Post]:
    """Those of the spots' posts that are there. One SQL statement."""
    there = Q(division_id__in={division for _role, division, _organ in spots if division}) | Q(
        organ_id__in={organ for _role, _division, organ in spots if organ}
    )
    rows = Post.objects.filter(there, place_id=place_id, role__in={role for role, _division, _organ in spots})
    found = {(post.role, post.division_id, post.organ_id): post for post in rows}
    return {spot: post for spot, post in found.items() if spot in spots}


def _name(known: PlaceMemory, role: str, division_id: int | None, organ_id: int | None) -> str:
    """What such a post is called. Raises ValidationError where there can be none."""
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
    where = organ.short if organ else division.name if division else ""
    return f"{where}{found.name}"


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
    return take_posts(person, [post], actor=actor, slot=slot, since=since, until=until)[0]


def take_posts(
    person: Person,
    posts: Sequence[Post],
    *,
    actor: Actor,
    slot: str = Holding.Slot.A,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Holding]:
    """Let *person* hold all the *posts*, which are different ones, or none of them. Raises ValidationError.

    Four SQL statements beside the savepoint, however many posts.
    """
    if any(post.place_id != person.place_id for post in posts):
        raise ValidationError({"person": _("This person belongs to another place.")})
    if not person.is_active:
        raise ValidationError({"person": _("This account was ended.")})
    since = since or clock.now()
    if until is not None and until <= since:
        raise ValidationError({"until": _("The end comes before the beginning.")})
    holdings = [
        Holding(place_id=post.place_id, post=post, person=person, slot=slot, since=since, until=until)
        for post in posts
    ]
    told = [
        {
            "post": post.pk,
            "role": post.role,
            "division": post.division_id,
            "organ": post.organ_id,
            "slot": str(slot),
        }
        for post in posts
    ]
    try:
        with transaction.atomic():
            # Two who take a post at once take two seats; those who take several wait for each other in one order.
            rows = Post.objects.select_for_update().filter(pk__in=[post.pk for post in posts])
            list(rows.order_by("pk").values_list("pk"))
            Holding.seat_all(holdings)
            Holding.objects.bulk_create(holdings)
            events.write_all(events.POST_TAKEN, person, actor, told)
    except IntegrityError:
        raise ValidationError({"person": _("This person holds the post already.")}) from None
    return holdings


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

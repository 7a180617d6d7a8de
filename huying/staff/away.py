"""Being away: what somebody should know before they declare it, and whose absences a head may see and end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from huying.staff.models import Absence, Holding, Person
from huying.staff.sight import Sight, in_force

MANAGE = "manage_people"
HEAD = ("handle", "overview")  # together, in an organ: its head
MOST = 100


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A post in which nobody would act: ``away`` are the others who hold it, all of them away at that time."""

    post: str
    away: Sequence[str]


def coming(person: Person, now: datetime) -> QuerySet[Absence]:
    """The person's absences that run or lie ahead, the next one first. One SQL statement."""
    return _not_over(now).filter(person=person).order_by("since", "id")


def overlapping(person: Person, since: datetime, until: datetime | None) -> list[Absence]:
    """Absences of the same person that lie in that time too. One SQL statement."""
    rows = Absence.objects.filter(_within(since, until), person=person)
    return list(rows.order_by("since", "id"))


def uncovered(person: Person, since: datetime, until: datetime | None) -> list[Uncovered]:
    """The posts of *person* in which nobody else would act from *since* to *until*. Three SQL statements."""
    own = list(
        Holding.objects.filter(
            in_force(since), person=person, place_id=person.place_id or 0, slot=Holding.Slot.A, post__active=True
        ).select_related("post").order_by("post_id")
    )  # fmt: skip
    others = list(
        Holding.objects.filter(
            in_force(since), post__in=[one.post_id for one in own], place_id=person.place_id or 0, person__is_active=True
        ).exclude(person=person).select_related("person").order_by("slot", "person__name")
    )  # fmt: skip
    gone = set(
        Absence.objects.filter(
            _within(since, until), person__in={one.person_id for one in others}
        ).values_list("person_id", flat=True)
    )
    found = []
    for held in own:
        with_them = [one.person for one in others if one.post_id == held.post_id]
        if all(one.pk in gone for one in with_them):
            found.append(Uncovered(held.post.name or held.post.role, [one.name for one in with_them]))
    return found


def led_by(sight: Sight, now: datetime) -> QuerySet[Absence]:
    """Absences that run or lie ahead and that this person may see and end: of everybody for whoever manages people, of
    their organs for heads, of nobody for others. One SQL statement."""
    rows = _not_over(now).filter(place_id=sight.place_id)
    if sight.person_id is not None:
        rows = rows.exclude(person_id=sight.person_id)
    if not sight.can(MANAGE):
        if not all(sight.can(right) for right in HEAD):
            return rows.none()
        here = Holding.objects.filter(in_force(now), post__organ_id__in=sight.organs, post__active=True)
        rows = rows.filter(person__in=here.values("person_id"))
    return rows.select_related("person").order_by("since", "id")[:MOST]


def leads(sight: Sight) -> bool:
    """Whether anybody else's absences are this person's business."""
    return sight.can(MANAGE) or (bool(sight.organs) and all(sight.can(right) for right in HEAD))


def _not_over(now: datetime) -> QuerySet[Absence]:
    return Absence.objects.filter(Q(until=None) | Q(until__gt=now))


def _within(since: datetime, until: datetime | None) -> Q:
    rule = Q(until=None) | Q(until__gt=since)
    return rule if until is None else rule & Q(since__lt=until)

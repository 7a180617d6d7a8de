"""Reads of rosters, each with a stated number of SQL statements.

Who sees what: an address is for those paired with it (or standing in for them), for the keepers of the roster in their own
area, and for whoever sees the area by duty. Figures are of grids, towns and villages, never of people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from huying import clock
from huying.cases.lists import pack_id, unpack_id
from huying.cases.models import Case, Link
from huying.cases.sight import visible
from huying.places import memory as places
from huying.places.info import DivisionInfo, PlaceMemory
from huying.presets import read_rosters
from huying.presets.roster_definition import Roster
from huying.rosters.models import Entry, Household, Pairing
from huying.staff.acting import ActingPost, acting_posts
from huying.staff.models import Holding, Person, Post
from huying.staff.sight import Sight, in_force

PAGE = 30
ENTRIES = 20  # of one household, newest first
OPENED = "opened"  # the link from a case to what a move opened out of it
MANAGE = "manage_people"  # whoever manages posts sees to rosters everywhere
_MONTHS = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}


@dataclass(frozen=True, slots=True)
class Mine:
    """One of somebody's households: ``visited`` in the running period, ``stand_in`` for whoever has it."""

    roster: Roster
    household: Household
    pairing: Pairing
    visited: bool
    stand_in: bool


@dataclass(frozen=True, slots=True)
class Covered:
    """How far a roster covers a division or grid."""

    division: DivisionInfo
    households: int
    paired: int
    visited: int

    @property
    def unpaired(self) -> int:
        """Households that nobody looks after now."""
        return self.households - self.paired


def rosters_of(place_id: int) -> Mapping[str, Roster]:
    """The rosters of a place by id. From memory, no SQL statement."""
    return read_rosters.of(places.of(place_id).preset)


def since(roster: Roster, now: datetime, memory: PlaceMemory) -> datetime:
    """When the running period of a roster began: the first midnight of it, by the place's own clock."""
    zone = memory.calendar().zone
    day = now.astimezone(zone).date()
    if roster.period == "week":
        first = day - timedelta(days=day.weekday())
    else:
        months = _MONTHS[roster.period]
        first = date(day.year, (day.month - 1) // months * months + 1, 1)
    return datetime.combine(first, time(), zone)


# — who may do what —


def covers(memory: PlaceMemory, post: Post | ActingPost, path: str) -> bool:
    """Whether households under *path* lie where a post serves; the post of an organ may look after any of its area."""
    division = memory.divisions.get(post.division_id) if post.division_id is not None else None
    organ = memory.organs.get(post.organ_id) if post.organ_id is not None else None
    if division is None and organ is not None:
        at = organ.division_id
        division = memory.divisions.get(at) if at is not None else memory.top
    return division is not None and path.startswith(division.path)


def kept_areas(sight: Sight, roster: Roster, memory: PlaceMemory) -> list[DivisionInfo]:
    """The divisions in which somebody pairs households of the roster by hand."""
    if sight.can(MANAGE):
        return [memory.top] if memory.top is not None else []
    ids = (key.rpartition("@") for key in sight.keys_in_order if key.startswith("post:"))
    found = [int(at) for role, _at, at in ids if role[5:] in roster.kept_by and at.isdigit()]
    return [memory.divisions[one] for one in found if one in memory.divisions]


def keeps(sight: Sight, roster: Roster, path: str, memory: PlaceMemory) -> bool:
    """Whether somebody may pair the households under *path*."""
    return any(path.startswith(row.path) for row in kept_areas(sight, roster, memory))


def serves(sight: Sight, roster: Roster) -> bool:
    """Whether somebody has a post whose holders have households of their own."""
    return not sight.roles.isdisjoint(roster.who)


def reads(sight: Sight, roster: Roster, path: str, memory: PlaceMemory) -> bool:
    """Whether somebody may read the list of households and their figures under *path*."""
    return sight.sees_path(path) or keeps(sight, roster, path, memory)


def areas(sight: Sight, roster: Roster, memory: PlaceMemory) -> list[DivisionInfo]:
    """The outermost divisions whose coverage somebody may read."""
    seen = [memory.divisions[int(path.rstrip("/").rpartition("/")[2])] for path in sight.paths]
    found = {row.id: row for row in [*seen, *kept_areas(sight, roster, memory)]}
    return [
        row
        for row in found.values()
        if not any(row.path != other.path and row.path.startswith(other.path) for other in found.values())
    ]


# — one's own households —


def _own(person: Person, rosters: Mapping[str, Roster], at: datetime) -> tuple[Q, set[int]]:
    """The pairings that somebody acts for now, and the posts in which it is as a stand-in. One SQL statement."""
    roles = {role for one in rosters.values() for role in one.who}
    posts = [post for post in acting_posts(person, at) if post.role in roles]
    stand_in = {post.id for post in posts if post.stand_in}
    own = Q(person_id=person.pk, post_id__in=[post.id for post in posts if not post.stand_in])
    return own | Q(post_id__in=list(stand_in)), stand_in


def mine(
    person: Person, cursor: str = "", *, only_due: bool = False, now: datetime | None = None, size: int = PAGE
) -> tuple[list[Mine], str]:
    """Somebody's households in the order in which they were paired, those of whoever they stand in for too, and the cursor
    of the next page. *only_due*: not visited in the running period. Three SQL statements.
    """
    now = now or clock.now()
    place_id = person.place_id or 0
    memory, rosters = places.of(place_id), rosters_of(place_id)
    rule, stand_in = _own(person, rosters, now)
    rows = Pairing.objects.filter(rule, place_id=place_id, roster__in=list(rosters))
    begun = {one.id: since(one, now, memory) for one in rosters.values()}
    if only_due:
        late = Q()
        for ident, moment in begun.items():
            late |= Q(roster=ident) & (Q(visited_at=None) | Q(visited_at__lt=moment))
        rows = rows.filter(late)
    if cursor:
        rows = rows.filter(id__gt=unpack_id(cursor))
    found = list(rows.order_by("id")[: size + 1])
    after = pack_id(found[size - 1].id) if len(found) > size else ""
    homes = _households(place_id, [one.household_id for one in found[:size]])
    return [
        Mine(
            rosters[one.roster], homes[one.household_id], one, _visited(one, begun), one.post_id in stand_in
        )
        for one in found[:size]
    ], after  # fmt: skip


def _visited(one: Pairing, begun: Mapping[str, datetime]) -> bool:
    return one.visited_at is not None and one.visited_at >= begun[one.roster]


def _households(place_id: int, ids: Sequence[UUID]) -> dict[UUID, Household]:
    return {row.id: row for row in Household.objects.filter(place_id=place_id, id__in=ids)}


def household_of(person: Person, sight: Sight, household_id: UUID) -> tuple[Household, list[Mine]]:
    """A household, and the pairings of it that somebody acts for (none for those who only read).

    Three SQL statements. Raises Household.DoesNotExist, also for one that is not for these eyes.
    """
    now = clock.now()
    memory, rosters = places.of(sight.place_id), rosters_of(sight.place_id)
    row = Household.objects.get(place_id=sight.place_id, id=household_id)
    rule, stand_in = _own(person, rosters, now)
    held = Pairing.objects.filter(
        rule, place_id=sight.place_id, household_id=household_id, roster__in=list(rosters)
    )
    begun = {one.id: since(one, now, memory) for one in rosters.values()}
    own = [Mine(rosters[one.roster], row, one, _visited(one, begun), one.post_id in stand_in) for one in held]
    if not own and not any(reads(sight, one, row.path, memory) for one in rosters.values()):
        raise Household.DoesNotExist
    return row, own


def entries(sight: Sight, household_id: UUID) -> list[tuple[Entry, Case | None]]:
    """What was opened for a household, newest first, with the cases that the viewer may see. Two SQL statements."""
    rows = list(
        Entry.objects.filter(place_id=sight.place_id, household_id=household_id).order_by("-id")[:ENTRIES]
    )
    cases = (
        {row.id: row for row in visible(sight).filter(id__in=[one.case_id for one in rows])} if rows else {}
    )
    return [(one, cases.get(one.case_id)) for one in rows]


def grown(sight: Sight, entries: Iterable[Entry]) -> dict[UUID, list[Case]]:
    """What was opened out of those entries' cases (a matter out of a note), as far as the viewer may see it, by the
    entry's case, oldest first. Two SQL statements, none without entries."""
    ids = [one.case_id for one in entries]
    if not ids:
        return {}
    links = list(
        Link.objects.filter(place_id=sight.place_id, case_id__in=ids, kind=OPENED).values_list(
            "case_id", "other_id"
        )
    )
    seen = (
        {row.id: row for row in visible(sight).filter(id__in=[other for _case, other in links])}
        if links
        else {}
    )
    made: dict[UUID, list[Case]] = {}
    for case_id, other in sorted(links, key=lambda one: one[1]):
        if other in seen:
            made.setdefault(case_id, []).append(seen[other])
    return made


def last_visit(place_id: int, roster: Roster, household_id: UUID) -> datetime | None:
    """When a household of the roster was visited last. One SQL statement."""
    rows = Entry.objects.filter(
        place_id=place_id, household_id=household_id, roster=roster.id, kind__in=roster.visit
    )
    return rows.order_by("-id").values_list("at", flat=True).first()


# — coverage —


def _in_force(now: datetime) -> Any:
    """Whether a pairing's person holds its post now."""
    return Exists(
        Holding.objects.filter(
            in_force(now), post_id=OuterRef("post_id"), person_id=OuterRef("person_id"), person__is_active=True
        )
    )  # fmt: skip


def coverage(
    roster: Roster, at: DivisionInfo, memory: PlaceMemory, now: datetime | None = None
) -> tuple[Covered, list[Covered]]:
    """A roster's figures at a division and directly below it (a grid stands for itself). Two SQL statements."""
    now = now or clock.now()
    homes = Household.objects.filter(place_id=memory.place_id, path__startswith=at.path)
    total = dict(homes.values_list("grid_id").annotate(n=Count("id")))
    begun = since(roster, now, memory)
    held = Pairing.objects.filter(
        _in_force(now), place_id=memory.place_id, roster=roster.id, path__startswith=at.path
    )
    paired = {
        grid: (n, visited)
        for grid, n, visited in held.values_list("grid_id").annotate(
            n=Count("id"), visited=Count("id", filter=Q(visited_at__gte=begun))
        )
    }
    below = [_sum(row, total, paired, memory) for row in memory.children(at.id)]
    return _sum(at, total, paired, memory), [row for row in below if row.households]


def _sum(
    at: DivisionInfo, total: Mapping[int, int], paired: Mapping[int, tuple[int, int]], memory: PlaceMemory
) -> Covered:
    ids = [one for one in total if one in memory.divisions and memory.divisions[one].path.startswith(at.path)]
    pairs = [paired.get(one, (0, 0)) for one in ids]
    return Covered(
        at,
        sum(total[one] for one in ids),
        sum(one for one, _v in pairs),
        sum(visited for _n, visited in pairs),
    )


@dataclass(frozen=True, slots=True)
class Line:
    """A household of a grid's list: who looks after it in the roster ("" for nobody now)."""

    household: Household
    pairing: Pairing | None
    who: str
    visited: bool


def lines(
    roster: Roster, grid: DivisionInfo, memory: PlaceMemory, cursor: str = "", *, unpaired: bool = False, size: int = PAGE
) -> tuple[list[Line], str]:  # fmt: skip
    """The households of a grid in the order in which they came in, and the cursor of the next page. Three SQL statements."""
    now = clock.now()
    held = Pairing.objects.filter(_in_force(now), place_id=memory.place_id, roster=roster.id)
    homes: QuerySet[Household] = Household.objects.filter(place_id=memory.place_id, grid_id=grid.id)
    if unpaired:
        homes = homes.filter(~Exists(held.filter(household_id=OuterRef("id"))))
    if cursor:
        homes = homes.filter(id__gt=unpack_id(cursor))
    found = list(homes.order_by("id")[: size + 1])
    shown = found[:size]
    pairs = {one.household_id: one for one in held.filter(household_id__in=[row.id for row in shown])}
    names = dict(
        Person.objects.filter(pk__in=[one.person_id for one in pairs.values()]).values_list("pk", "name")
    )
    begun = {roster.id: since(roster, now, memory)}
    made = []
    for row in shown:
        one = pairs.get(row.id)
        made.append(
            Line(
                row,
                one,
                names.get(one.person_id, "") if one else "",
                one is not None and _visited(one, begun),
            )
        )
    return made, pack_id(shown[-1].id) if len(found) > size else ""


def who_has(roster: Roster, row: Household) -> tuple[str, str]:
    """Name and sign-in name of who looks after a household in a roster now, or empty. One SQL statement."""
    held = Pairing.objects.filter(
        _in_force(clock.now()), place_id=row.place_id, roster=roster.id, household_id=row.id
    )
    found = Person.objects.filter(pk__in=held.values("person_id")).values_list("name", "username").first()
    return found or ("", "")


def holders(
    roster: Roster, path: str | None, memory: PlaceMemory, usernames: Iterable[str] | None = None
) -> list[Holding]:
    """Who may look after households under *path* (None: anywhere): first holders of the roster's roles whose posts serve
    there. One SQL statement."""
    rows = Holding.objects.filter(
        in_force(clock.now()), place_id=memory.place_id, slot=Holding.Slot.A, post__role__in=list(roster.who),
        post__active=True, person__is_active=True,
    ).select_related("post", "person")  # fmt: skip
    if usernames is not None:
        rows = rows.filter(person__username__in=list(usernames))
    return [
        row for row in rows.order_by("person__name", "id") if path is None or covers(memory, row.post, path)
    ]

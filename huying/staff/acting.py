"""In which posts a person acts now. Every page asks it first, so it is plain SQL, planned once per connection.

Built by Django's query classes anew for each request, the same question took a fifth of an inbox page's time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from huying import clock
from huying.ledger.sql import prepared
from huying.staff import seats
from huying.staff.models import Absence, Delegate, Emergency, Holding, Person, Post


@dataclass(frozen=True, slots=True)
class ActingPost:
    """A post in which a person acts now; `stand_in` when he does so as B."""

    id: int
    role: str
    division_id: int | None
    organ_id: int | None
    name: str
    stand_in: bool


def _in_force(row: str) -> str:
    """That the stretch since–until of a row holds the moment, as `sight.in_force` says it for Django's queries."""
    at = "%(at)s::timestamptz"
    return f"{row}.since <= {at} AND ({row}.until IS NULL OR {row}.until > {at})"


_TABLE = {
    model.__name__: model._meta.db_table for model in (Absence, Delegate, Emergency, Holding, Person, Post)
}
_FORCES = {f"{row}_in_force": _in_force(row) for row in "haxe"}
_EMERGENCY = """
    SELECT FROM {Emergency} e JOIN places_division over ON over.id = e.division_id
    LEFT JOIN places_division own ON own.id = p.division_id
    LEFT JOIN places_organ o ON o.id = p.organ_id LEFT JOIN places_division seat ON seat.id = o.division_id
    WHERE e.place_id = a.place_id AND {e_in_force} AND starts_with(coalesce(own.path, seat.path), over.path)
""".format(**_TABLE, **_FORCES)
# With each post the seats of it that are held now, those below zero whose holder is not at work as A: absent, or in an
# emergency over the area of the post, in which no A counts as holding it alone.
_HELD = """
SELECT h.post_id, p.role, p.division_id, p.organ_id, p.name, h.slot = 'B', h.seat, ARRAY(
  SELECT CASE WHEN w.is_active
  AND NOT EXISTS (SELECT FROM {Absence} x WHERE x.person_id = a.person_id AND {x_in_force})
  AND NOT EXISTS ({emergency})
  THEN a.seat ELSE -a.seat END
  FROM {Holding} a JOIN {Person} w ON w.id = a.person_id
  WHERE a.post_id = h.post_id AND a.slot = 'A' AND {a_in_force} AND w.is_active
), (
  SELECT max(a.seat) FROM {Holding} a WHERE a.post_id = h.post_id AND a.slot = 'A' AND a.since <= %(at)s::timestamptz
)
FROM {Holding} h JOIN {Post} p ON p.id = h.post_id
WHERE h.person_id = %(person)s::uuid AND h.place_id = %(place)s::smallint AND p.active AND {h_in_force}
ORDER BY h.post_id
""".format(**_TABLE, **_FORCES, emergency=_EMERGENCY)  # noqa: S608 - our own names
_DELEGATIONS = (
    f"SELECT kind, division_id FROM {_TABLE['Delegate']} "  # noqa: S608 - our own names
    "WHERE person_id = %(person)s::uuid AND place_id = %(place)s::smallint ORDER BY id"
)


def acting_posts(person: Person, at: datetime | None = None) -> list[ActingPost]:
    """The posts in which *person* acts *at* that moment (now). One SQL statement.

    A stand-in acts while the post has no A at work (each is absent, was ended, or there is none), and beside the A
    while an emergency is declared for the post's area.
    """
    return [post for post, _seats, acts in held_posts(person, at) if acts]


def held_posts(person: Person, at: datetime | None = None) -> list[tuple[ActingPost, list[str], bool]]:
    """The posts that somebody holds or stands in for, with the keys of the seats that they speak for, and whether they act.

    A stand-in of one of several holders speaks for that seat alone while the others are at work. One SQL statement.
    """
    with prepared() as cursor:
        cursor.execute(_HELD, {**_who(person), "at": (at or clock.now()).isoformat()})
        rows = cursor.fetchall()
    found = []
    for *post, seat, present, most in rows:
        one, manned = ActingPost(*post), seats.Manned.of(present, most)
        numbers = manned.stood_in() if one.stand_in else manned.own(seat)
        keys = [seats.key_of(one.role, one.division_id, one.organ_id, number) for number in numbers]
        found.append((one, keys, not (one.stand_in and manned.at_work)))
    return found


def delegations(person: Person) -> list[tuple[str, int]]:
    """For which divisions *person* was elected or appointed to speak: (kind, division id). One SQL statement."""
    with prepared() as cursor:
        cursor.execute(_DELEGATIONS, _who(person))
        return list(cursor.fetchall())


def _who(person: Person) -> dict[str, UUID | int]:
    return {"person": person.pk, "place": person.place_id or 0}

"""In which posts a person acts now. Every page asks it first, so it is plain SQL, planned once per connection.

Built by Django's query classes anew for each request, the same question took a fifth of an inbox page's time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from huying import clock
from huying.ledger.sql import prepared
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
# A stand-in (h, slot B) acts unless somebody is at work as A: in force, active, not absent. In an emergency over the
# area of the post no A counts as holding it alone.
_ACTING = """
SELECT h.post_id, p.role, p.division_id, p.organ_id, p.name, h.slot = 'B'
FROM {Holding} h JOIN {Post} p ON p.id = h.post_id
WHERE h.person_id = %(person)s::uuid AND h.place_id = %(place)s::smallint AND p.active AND {h_in_force}
AND (h.slot = 'A' OR NOT EXISTS (
  SELECT FROM {Holding} a JOIN {Person} w ON w.id = a.person_id
  WHERE a.post_id = h.post_id AND a.slot = 'A' AND {a_in_force} AND w.is_active
  AND NOT EXISTS (SELECT FROM {Absence} x WHERE x.person_id = a.person_id AND {x_in_force})
  AND NOT EXISTS ({emergency})
))
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
    with prepared() as cursor:
        cursor.execute(_ACTING, {**_who(person), "at": (at or clock.now()).isoformat()})
        return [ActingPost(*row) for row in cursor.fetchall()]


def delegations(person: Person) -> list[tuple[str, int]]:
    """For which divisions *person* was elected or appointed to speak: (kind, division id). One SQL statement."""
    with prepared() as cursor:
        cursor.execute(_DELEGATIONS, _who(person))
        return list(cursor.fetchall())


def _who(person: Person) -> dict[str, UUID | int]:
    return {"person": person.pk, "place": person.place_id or 0}

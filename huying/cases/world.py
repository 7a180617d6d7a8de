"""The place as the flow machine sees it: who owns what, and when limits end.

One ``CaseWorld`` serves one start or move of one case: it holds the place's memory and what is known of the case. It
only looks things up. In whose office hours a limit counts is said by `PlaceMemory.calendar_of`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from huying.cases.routing import organ_of
from huying.cases.who import Actor
from huying.flow.definition import (
    DAYS,
    HOURS,
    MINUTES,
    WORK_HOURS,
    WORK_MINUTES,
    WORKDAYS,
    By,
    Limit,
    Relation,
    Span,
)
from huying.flow.token import Token
from huying.places.info import GENERAL, GRID, PlaceMemory
from huying.worktime import Calendar, Unit, due, parse_limit, resume, share_point
from huying.worktime import Limit as WorkLimit

Facts = Mapping[str, Any]
AUTHOR = (
    "author_key"  # among a case's fields: the owner key of who opened it in a post, such as seat:leader@3/1
)
NOBODY = UUID(int=0)
_WORKING, _NATURAL = Unit.WORK_MINUTE, Unit.MINUTE


@dataclass(slots=True)
class CaseWorld:
    """What the machine may ask while it moves one case (or one leg of it)."""

    memory: PlaceMemory
    case_id: UUID
    division_id: int | None = None
    grid_id: int | None = None
    reporter_id: UUID | None = None
    organ_id: int | None = None  # the lead organ; of a leg: its own
    parent_key: str = ""  # of a leg: the owner key of its case
    subject_organ_id: int | None = None  # whom the case is about, where that is an organ
    point: tuple[float, float] | None = None  # lon, lat: for grids of other layers than the general one

    # — owners —

    def resolve(self, relation: Relation, token: Token, facts: Facts, actor: Any) -> str | None:
        """The owner key that a relation means now; None when there is none."""
        kind = relation.kind
        if kind == "author" and (author := facts.get(AUTHOR)):
            return str(author)
        if kind in ("reporter", "author"):
            return f"person:{self.reporter_id}" if self.reporter_id is not None else f"caller:{self.case_id}"
        if kind == "organ":
            word = relation.args[0] if relation.args else ""
            if word == "actor":
                key = _acting_key(actor)
                return key if key is not None and key.startswith("organ:") else None
            organ = self.subject_organ_id if word == "subject" else facts.get("organ_id") or self.organ_id
            return f"organ:{organ}" if organ else None
        if kind == "grid" and relation.args and relation.args[0] != GENERAL:
            return self._in_layer(relation.args[0])
        if kind == "grid":
            return f"division:{self.grid_id}" if self.grid_id is not None else None
        if kind == "pool":
            name = "pool:" + ",".join(relation.args)
            if relation.tier is None:
                return name
            at = self._division(relation.tier, token)
            return None if at is None else f"{name}@{at}"
        if kind == "parent":
            return self.parent_key or None
        if kind == "actor":
            return _acting_key(actor)
        if kind == "above":
            return self._above(relation, token, facts, actor)
        division = self._division(relation.tier, token)
        if division is None:
            return None
        if kind == "desk":
            return f"desk:{division}"
        if kind == "division":
            return f"division:{division}"
        if kind == "post":
            return f"post:{relation.args[0]}@{division}"
        return None

    def _in_layer(self, layer: str) -> str | None:
        """The grid of another layer that holds the case's point; None without a point, or where the layer ends."""
        if self.point is None:
            return None
        found = self.memory.locate(*self.point, layer).grid
        return f"division:{found.id}" if found is not None else None

    def _division(self, tier: str | None, token: Token) -> int | None:
        """The division of a tier that the case lies in; the top one also holds what is not placed."""
        wanted = token.tier if tier in (None, "here") else tier
        if wanted == GRID and self.grid_id is not None:
            return self.grid_id  # posts in the grid itself: post(…)@grid
        if self.division_id is not None:
            row = self.memory.ancestor(self.division_id, wanted or "")
            if row is not None:
                return row.id
        top = self.memory.top
        return top.id if top is not None and top.tier == wanted else None

    def _above(self, relation: Relation, token: Token, facts: Facts, actor: Any) -> str | None:
        inner = relation.of
        if inner is None:
            return None
        key = inner.args[0] if inner.args else self.resolve(inner, token, facts, actor)
        if not key:
            return None
        kind, _, rest = key.partition(":")
        number = rest.rpartition("@")[2]
        if not number.isdigit():
            return None
        if kind == "organ":
            parent = self.memory.organ(int(number)).parent_id
            return f"organ:{parent}" if parent is not None else None
        up = self.memory.division(int(number)).parent_id
        return None if up is None else f"desk:{up}"

    def centre(self) -> str:
        """The desk that gets whatever has no owner: the top division's."""
        top = self.memory.top
        return f"desk:{top.id}" if top is not None else "desk:0"

    def matches(self, by: By, token: Token, actor: Actor | None, facts: Facts) -> bool:
        """Whether the actor is meant: as owner, by a role seen in the case's area, or by a relation."""
        if actor is None or actor.system:
            return False
        if by.kind == "owner":
            return token.owner is not None and self._holds(token.owner, actor)
        if by.kind == "role":
            return self._in_role(by.name, actor)
        if by.kind == "right":
            return actor.has(by.name)  # whoever moves a case sees it: that is checked before
        if by.relation is not None:
            key = self.resolve(by.relation, token, facts, actor)
            return key is not None and self._holds(key, actor)
        return False

    def _holds(self, key: str, actor: Actor) -> bool:
        kind, _, rest = key.partition(":")
        if kind == "caller" or key == f"person:{self.reporter_id}":
            return self.case_id in actor.holds or (
                self.reporter_id is not None and actor.person_id == self.reporter_id
            )
        if kind == "pool":
            members, at, _number = rest.partition("@")
            return actor.owns(key) or (not at and self._claim_key(members.split(","), actor) is not None)
        return actor.owns(key)

    def _in_role(self, role: str, actor: Actor) -> bool:
        if actor.sight is None or role not in actor.sight.roles:
            return False
        path = self.path
        return any(path.startswith(seen) for seen in actor.sight.paths) or bool(
            self.organ_id and self.organ_id in actor.sight.organs
        )

    @property
    def path(self) -> str:
        """The path of the deepest division known of the case."""
        ident = self.grid_id if self.grid_id is not None else self.division_id
        if ident is None:
            return self.memory.top.path if self.memory.top is not None else ""
        return self.memory.division(ident).path

    def claim(self, pool: Relation, token: Token, actor: Actor | None) -> str | None:
        """As whom the actor claims from the pool: their organ where organs may, else they themselves."""
        if actor is None or (
            pool.tier is not None and not actor.owns(self.resolve(pool, token, {}, actor) or "")
        ):
            return None
        division = self._division(pool.tier, token) if pool.tier is not None else None
        return self._claim_key(list(pool.args), actor, division)

    def _claim_key(self, members: list[str], actor: Actor, division: int | None = None) -> str | None:
        sight = actor.sight
        if sight is None:
            return None
        keys = sight.keys_in_order
        for member in members:
            if member in ("organs", "organ"):
                for key in keys:
                    if key.startswith("organ:"):
                        return key
            elif member == "paired":
                for organ_id in sorted(sight.organs):
                    if f"organ:{organ_id}" in sight.owner_keys and self._paired(organ_id, division):
                        return f"organ:{organ_id}"
            elif member == "grid":
                if self.grid_id is not None and f"division:{self.grid_id}" in sight.owner_keys:
                    return f"division:{self.grid_id}"
            elif member in sight.roles and sight.person_id is not None:
                # As the post, so that a stand-in finds it too; whoever has the role without a post, as a person.
                return self._post_key(member, keys, division) or f"person:{sight.person_id}"
            else:
                organ = self.memory.organ_by_code(member)
                if organ is not None and f"organ:{organ.id}" in sight.owner_keys:
                    return f"organ:{organ.id}"
        return None

    def _post_key(self, role: str, keys: list[str], division: int | None) -> str | None:
        """The post of that role in which somebody claims: of the pool's division, or below it."""
        for key in keys:
            number = key.removeprefix(f"post:{role}@")
            if number == key or not number.isdigit() or int(number) not in self.memory.divisions:
                continue
            if division is None or division in self.memory.division(int(number)).ancestors:
                return key
        return None

    def _paired(self, organ_id: int, division: int | None) -> bool:
        """Whether organs.csv pairs the organ with the division."""
        preset = self.memory.preset
        row = preset.organs.get(self.memory.organ(organ_id).code) if preset is not None else None
        return row is not None and division is not None and self.memory.division(division).code in row.paired

    # — time —

    def span(self, limit: Limit, token: Token, facts: Facts) -> Span | None:
        """The item's limit for a phase, or the place's window for reopening."""
        if limit.kind != "item":
            return None
        preset = self.memory.preset
        grades = preset.place.grades if preset is not None else {}
        text = limit_text(facts.get("item_row"), token.grade, limit.name or "handle", grades)
        return span_of(text) if text else None

    def calendar(self, owner: str | None) -> Calendar:
        """The office hours of whoever holds the step; of the case as a whole the place's, of a part its organ's."""
        if owner is None and self.parent_key:
            return self.memory.calendar(self.organ_id)
        return self.memory.calendar_of(owner)

    def after(self, start: datetime, span: Span, owner: str | None, share: float = 1.0) -> datetime:
        """*share* of *span* after *start* in the owner's office hours."""
        limit = _limit(span)
        if share == 1.0:
            return due(limit, start, self.calendar(owner))
        return share_point(limit, start, share, self.calendar(owner))

    def left(self, now: datetime, due: datetime, working: bool, owner: str | None) -> float:
        """Seconds until *due*; office hours only when *working*. Less than 0 when it is past."""
        if not working:
            return (due - now).total_seconds()
        calendar = self.calendar(owner)
        return (calendar.worked(due) - calendar.worked(now)) / 1_000_000

    def later(self, now: datetime, left: float, working: bool, owner: str | None) -> datetime:
        """The moment *left* seconds (office hours only when *working*) after *now*."""
        return resume(timedelta(seconds=left), now, self.calendar(owner), _WORKING if working else _NATURAL)

    def today(self, now: datetime) -> date:
        """The day of the place's calendar."""
        return now.astimezone(self.memory.calendar().zone).date()

    def begins(self, day: date) -> datetime:
        """Midnight in the place's zone."""
        return datetime.combine(day, time(), self.memory.calendar().zone)


def limit_text(item: Any, grade: Any, phase: str, grades: Mapping[int, Mapping[str, str]]) -> str | None:
    """The limit of a phase as it is written: the item's own; that of the grade (*grades*, of the place) where the item has
    none, or where the case has another grade than its item."""
    own = item.limits.get(phase) if item is not None else None
    its_grade = item.grade if item is not None else None
    which: Any = grade if grade is not None else its_grade
    graded = grades.get(which, {}).get(phase)
    regraded = grade is not None and its_grade is not None and grade != its_grade
    return (graded or own) if regraded else (own or graded)


def due_in(memory: PlaceMemory, organ_id: int | None, now: datetime, workdays: Any) -> str:
    """The moment *workdays* from *now* by the calendar of the organ, as cases keep it among their fields."""
    owner = f"organ:{organ_id}" if organ_id is not None else None
    return (
        CaseWorld(memory=memory, case_id=NOBODY)
        .after(now, Span(float(workdays), "workdays"), owner)
        .isoformat()
    )


def spot_of(case: Any) -> tuple[float, float] | None:
    """Where a case's point lies (lon, lat); None where it has none."""
    return None if case.lon is None or case.lat is None else (case.lon, case.lat)


def _acting_key(actor: Actor | None) -> str | None:
    if actor is None or actor.sight is None:
        return None
    for prefix in ("organ:", "desk:", "division:"):
        for key in actor.sight.keys_in_order:
            if key.startswith(prefix):
                return key
    return f"person:{actor.sight.person_id}" if actor.sight.person_id is not None else None


@lru_cache(maxsize=256)
def _limit(span: Span) -> WorkLimit:
    return parse_limit(span.text())


@lru_cache(maxsize=256)
def span_of(text: str) -> Span:
    """A limit as it is written in presets ("2 work hours", "3个工作日"). Raises LimitError."""
    limit = parse_limit(text)
    return Span(limit.amount, _UNITS[limit.unit])


_UNITS = {
    Unit.WORK_MINUTE: WORK_MINUTES, Unit.WORK_HOUR: WORK_HOURS, Unit.WORKDAY: WORKDAYS,
    Unit.MINUTE: MINUTES, Unit.HOUR: HOURS, Unit.DAY: DAYS,
}  # fmt: skip

__all__ = ["AUTHOR", "CaseWorld", "due_in", "organ_of", "span_of", "spot_of"]

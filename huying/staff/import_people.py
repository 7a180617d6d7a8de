"""People and their posts from a CSV table: exact errors, all or nothing, trial run."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from huying.ledger.actions import Actor
from huying.places import memory
from huying.places.changes import Change, Outcome
from huying.places.info import PlaceMemory
from huying.places.tables import Defects, Row, decode, read_table
from huying.staff import actions_people, actions_posts
from huying.staff.models import Holding, Person

COLUMNS = ("username", "name", "role"), ("division", "organ", "slot", "phone", "post")


class _DryRun(Exception):
    """Rolls a trial run back."""


@dataclass
class Imported:
    """What an import did. `passwords` are shown once: user name → password to be changed at the first
    sign-in."""

    outcome: Outcome
    passwords: dict[str, str]


def import_people(
    place_id: int, content: bytes, file: str, *, actor: Actor, dry_run: bool = False
) -> Imported:
    """Add people and posts: one line for each post that somebody holds, so a person may stand in several
    lines.

    Columns: username, name, role (code), division and/or organ (codes), slot (A or B), phone, post (its
    name).
    People who are there keep their account and get the post. Raises ImportRefused and does nothing then.
    """
    rows = read_table(decode(content, file), file, *COLUMNS)
    defects = Defects(file)
    done = Imported(Outcome(), {})
    with suppress(_DryRun), transaction.atomic():
        place = memory.of(place_id)
        known = {
            person.username: person
            for person in Person.objects.filter(username__in={row["username"] for row in rows})
        }
        for row in rows:
            _line(place, row, known, defects, done, actor)
        defects.refuse()
        if dry_run:
            raise _DryRun
    if dry_run:
        done.passwords.clear()
    return done


def _line(
    place: PlaceMemory,
    row: Row,
    known: dict[str, Person],
    defects: Defects,
    done: Imported,
    actor: Actor,
) -> None:
    division = place.by_code(row["division"]) if row["division"] else None
    organ = place.organ_by_code(row["organ"]) if row["organ"] else None
    before = len(defects.found)
    for column in ("username", "name", "role"):
        if not row[column]:
            defects.add(row.line, column, _("the cell is empty"), _("fill it in"))
    if row["role"] and row["role"] not in place.roles:
        roles = ", ".join(place.roles)
        defects.add(
            row.line, "role", _("the place has no such role"), _("use one of: %(roles)s") % {"roles": roles}
        )
    if row["division"] and division is None:
        defects.add(
            row.line,
            "division",
            _("there is no division with the code %(code)s") % {"code": row["division"]},
            _("add it, or correct the code"),
        )
    if row["organ"] and organ is None:
        defects.add(
            row.line,
            "organ",
            _("there is no organ with the code %(code)s") % {"code": row["organ"]},
            _("add it, or correct the code"),
        )
    if row["slot"] not in ("", "A", "B"):
        defects.add(row.line, "slot", _("a slot is A or B"), _("write A or B, or leave it empty"))
    person = known.get(row["username"])
    if person is not None and (person.place_id != place.place_id or person.name != row["name"]):
        defects.add(
            row.line,
            "username",
            _("this user name belongs to somebody else"),
            _("choose another user name"),
        )
    if len(defects.found) > before:
        return
    try:
        if person is None:
            person = actions_people.create_person(
                place.place_id, row["username"], row["name"], phone=row["phone"], actor=actor
            )
            known[person.username] = person
            done.passwords[person.username] = actions_people.reset_password(person, actor=actor)
            done.outcome.changes.append(Change("people", "add", person.username, person.name))
        post = actions_posts.make_post(
            place.place_id,
            row["role"],
            division.id if division else None,
            organ.id if organ else None,
            row["post"],
        )
        if not Holding.objects.filter(post=post, person=person, until=None).exists():
            actions_posts.take_post(person, post, actor=actor, slot=row["slot"] or "A")
            done.outcome.changes.append(Change("posts", "add", row["role"], f"{person.name} · {post.name}"))
    except ValidationError as problem:
        for column, words in problem.message_dict.items():
            for word in words:
                defects.add(row.line, column if column in row.cells else "", word, _("correct it"))

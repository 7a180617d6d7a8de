"""Cases of other kinds than calls in a demonstration: findings, disputes, errands… opened by those whose roles open them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from huying.cases.actions import Reported, report
from huying.cases.calls import from_form
from huying.cases.kinds import roles_of
from huying.cases.who import GRID, WEB, Actor
from huying.flow.definition import Move
from huying.places.info import GENERAL
from huying.staff.sight import Sight
from huying.testing.demo.filling import Pen, fill
from huying.testing.demo.messages import Generator, Message

if TYPE_CHECKING:
    from huying.testing.demo.life import Life

SHARE = 0.3  # of the calls that are to show nothing in particular
_NO_MOVE = Move("", "")
_USUAL = (
    "body",
    "title",
    "place",
    "address",
    "call",
    "item",
    "photos",
    "after_photos",
    "anonymous",
    "confidential",
)
HOME = "grid"


def kinds(life: Life) -> list[str]:
    """The kinds that somebody of the crew may open."""
    preset = life.memory.preset
    if preset is None:
        return []
    held = {role for sight in life.crew.sights for role in sight.roles if role in preset.roles}
    opened = {kind for role in held for kind in preset.roles[role].opens}
    return [kind for kind in preset.kinds if kind in opened]


def openers(life: Life, kind: str) -> list[Sight]:
    """Who may open a kind; those who serve in a grid first, as most is seen there."""
    preset = life.memory.preset
    assert preset is not None
    roles = {code for code, role in preset.roles.items() if kind in role.opens}
    return [sight for sight in life.crew.sights if not roles.isdisjoint(sight.roles)]


def message(life: Life, generator: Generator, kind: str) -> Message:
    """What is said when such a case is opened: about an item that its form lets one choose."""
    preset = life.memory.preset
    assert preset is not None
    under = {code for one in preset.form_of(kind).fields if one.type == "item" for code in one.under}
    made = generator.one(call="help", grid_item=not under, staffed=True)
    fitting = [item for item in preset.leaves if not under.isdisjoint(item.path)]
    if not fitting:
        return made
    item = life.rng.choice(fitting)
    title, body = generator.told(item, "help", made)
    return replace(made, title=title, body=body, item=item.code)


def come_in(life: Life, at: datetime, kind: str, said: Message) -> tuple[Reported, Sight | None]:
    """Open the case; what was answered, and the account of whoever opened it."""
    rng, preset = life.rng, life.memory.preset
    assert preset is not None
    people = openers(life, kind)
    here = [one for one in people if f"division:{said.grid_id}" in one.owner_keys] if said.grid_id else []
    person = rng.choice(here or people)
    form = preset.form_of(kind)
    roles = roles_of(form)
    pen = Pen(
        rng=rng,
        calendar=life.calendar,
        now=at,
        item=said.item,
        about={"item": said.title, "place": said.address},
        limits=life.limits,
    )
    usual = {roles.get(role, role) for role in _USUAL}
    asked = tuple(one.id for one in form.fields if one.id not in usual)
    values: dict[str, Any] = fill(form.pick((), asked), replace(_NO_MOVE, asks=asked), pen)
    for one in form.fields:
        if one.required and one.id in asked and one.id not in values and one.when is None:
            values |= fill(form.pick((), (one.id,)), replace(_NO_MOVE, needs=(one.id,)), pen)
    values |= {
        roles[role]: text
        for role, text in (("body", said.body), ("title", said.title), ("address", said.address))
        if role in roles
    }
    if "item" in roles and said.item:
        values[roles["item"]] = said.item
    if "place" in roles and said.lon is not None:
        values[roles["place"]] = {"lon": said.lon, "lat": said.lat}
    own = sorted(int(key[9:]) for key in person.owner_keys if key.startswith("division:"))
    serves = [life.memory.division(one) for one in own]
    grid = next((row for row in serves if row.tier == HOME), None)
    call = from_form(
        kind, values, form=form, person_id=person.person_id, kinds_of_call=preset.kinds[kind].calls,
        division_id=grid.id if grid is not None and grid.layer != GENERAL else said.division_id,
    )  # fmt: skip
    channel = GRID if grid is not None else WEB
    return report(life.place_id, call, Actor(channel=channel, sight=person), now=at), person

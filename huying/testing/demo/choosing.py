"""Which move somebody makes: the one that leads to what is to be shown, else what such people usually do."""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from huying.cases.queries import Offer
from huying.cases.routing import organ_of
from huying.cases.who import Actor
from huying.flow.definition import Move
from huying.presets.queries import compiled
from huying.testing.demo import routes

if TYPE_CHECKING:
    from huying.testing.demo.life import Held, Life

WAITS: Any = object()  # nobody's move comes next
TONES = {"primary": 16.0, "plain": 1.0, "danger": 0.5}
# Moves that are rarer than their tone says. Names that a preset does not use do no harm.
RARE = {
    "void": 0.15,
    "merge": 0.25,
    "refuse": 0.4,
    "beyond": 0.3,
    "rework_joint": 0.2,
    "transfer": 0.3,
    "split": 0.3,
    "redo": 0.3,
    "redo_county": 0.3,
}
RETURNS = 40.0  # how much likelier the rightful refusal of what is not one's duty is
MISROUTES = 0.1
ANSWERS = 60.0  # a question is mostly answered, not dispatched

Choice = tuple[Actor, Offer]


def towards_goal(life: Life, held: Held, now: datetime) -> Any:
    """The next move to what is to be shown, by whoever may make it; WAITS when it is not anybody's; None: no way."""
    assert held.goal is not None
    flow = compiled(held.case.edition_id).flow_of(held.case.kind)
    edge = routes.next_edge(flow, held.case.step, held.goal)
    if edge is None:
        held.goal = None
        return None
    if edge == routes.WAIT:
        return WAITS if flow.steps[held.case.step].legs is not None else None
    for actor in life.actors(held, held.case):
        for offer in life.offers(held, actor, now):
            if offer.leg_id is None and offer.move.id == edge:
                return actor, offer
    held.goal = None
    return None


def usual(life: Life, held: Held, leg: Any, now: datetime) -> Choice | None:
    """What the owner usually does at this step; None when it waits for the parts, or nobody is there."""
    row = held.case if leg is None else leg
    actor = life.owner(held, row)
    if actor is None:
        return None
    preset = compiled(held.case.edition_id)
    if leg is None and preset.flow_of(held.case.kind).steps[row.step].legs is not None:
        return None
    wanted = None if leg is None else leg.id
    offers = [o for o in life.offers(held, actor, now) if o.leg_id == wanted and o.move.to is not None]
    offers = [o for o in offers if _possible(life, held, o.move)]
    if not offers:
        return None
    misplaced = leg is None and wrong(life, held)  # an organ is asked for its part because it is to help
    weights = [_weight(held, one.move, misplaced) for one in offers]
    return actor, life.rng.choices(offers, weights)[0]


def aside(life: Life, held: Held, now: datetime) -> Choice | None:
    """A move that does not move the case on, by one of those who may."""
    if held.case.closed_at is not None and not held.case.owner_key:
        return None
    actors = life.actors(held, held.case)
    actor = life.rng.choice(actors)
    offers = [o for o in life.offers(held, actor, now) if o.move.to is None and _possible(life, held, o.move)]
    if not offers:
        return None
    return actor, life.rng.choices(offers, [RARE.get(o.move.id, 1.0) for o in offers])[0]


def _possible(life: Life, held: Held, move: Move) -> bool:
    """Nobody sends work to where nobody serves, names another case when there is none, or makes the clock's moves."""
    if move.after_limit and move.tone != "primary":
        return False
    if "other" in move.needs and not other_number(life, held):
        return False
    if move.to is None:
        return True
    preset = compiled(held.case.edition_id)
    step = preset.flow_of(held.case.kind).steps.get(move.to)
    owner = step.owner if step is not None else None
    return owner is None or owner.kind != "grid" or life.crew.staffs(held.case.grid_id)


def _weight(held: Held, move: Move, misplaced: bool) -> float:
    weight = TONES.get(move.tone, 1.0) * RARE.get(move.id, 1.0)
    own = {*move.needs, *move.asks}
    own |= {
        "tier"
    }  # where a case stands is no situation: what is the same at each tier may be a move for each
    if any(sign == "=" and name not in own for name, sign, _ in move.when.comparisons):
        weight *= 30  # it is there for just this situation
    if misplaced and "return_reason" in move.needs:
        weight *= RETURNS
    if move.result == "answered" and held.case.call == "consult":
        weight *= ANSWERS
    return weight


def duty(life: Life, held: Held) -> tuple[str, str, tuple[str, ...]]:
    """What the case is really about and whose duty that is: item, organ's code, organs that may help (it first)."""
    preset = compiled(held.case.edition_id)
    item = held.message.item or held.case.item
    if item not in preset.items:
        shown = (held.case.suggestion or {}).get("items") or []
        item = shown[0][0] if shown else life.rng.choice(preset.called).code
        held.message = _about(held, item)
    row = preset.items[item]
    codes: list[str] = []
    for handler in (*row.handler.split("|"), *row.co_handlers):
        organ = organ_of(life.memory, handler.strip(), held.case.division_id)
        if organ is not None:
            codes.append(life.memory.organ(organ).code)
    seats = [organ.code for organ in life.memory.organs.values() if organ.seat and organ.active]
    life.rng.shuffle(seats)
    every = tuple(dict.fromkeys([*codes, *seats]))
    return item, (codes[0] if codes else every[0] if every else ""), every


def _about(held: Held, item: str) -> Any:
    from dataclasses import replace

    return replace(held.message, item=item)


def wrong(life: Life, held: Held) -> bool:
    """Whether the case lies with an organ whose duty it is not."""
    if held.case.organ_id is None or not held.message.item:
        return False
    _, right, _ = duty(life, held)
    return life.memory.organ(held.case.organ_id).code != right


def misroutes(life: Life, held: Held, offer: Offer) -> bool:
    """Whether the desk sends it to the wrong organ this time (once for each case)."""
    if "organ" not in offer.move.asks or held.goal is not None or wrong(life, held):
        return False
    return life.rng.random() < MISROUTES


def other_number(life: Life, held: Held) -> str:
    """Another open case to link or merge with, about the same where there is one; "" when there is none."""
    same, others = "", ""
    for one in islice(reversed(life.held.values()), 60):
        case = one.case
        if case.id == held.case.id or case.closed_at is not None or case.lead_id or case.confidential:
            continue
        if case.call == "report" or case.id.int == 0:
            continue
        others = others or case.number
        if case.item and case.item == held.case.item:
            same = case.number
            break
    return same or others

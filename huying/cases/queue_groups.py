"""Into which tabs a desk's queue falls, worked out from the place's own flows: what kind of decision a step asks for.

Tabs that stand for the place's own steps bear their names (梳理, 研判, 分派); those that stand for a request of
somebody else (to approve, to send again) bear the platform's. A desk has tabs only for what can come to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from huying.cases import naming
from huying.flow.definition import Flow, Relation, Step
from huying.places.info import PlaceMemory

TAKE, NEW, WORK, SEND, SETTLE, APPROVE, JOINT, SHELF, VERIFY, OTHER = (
    "take", "new", "work", "send", "settle", "approve", "joint", "shelf", "verify", "other",
)  # fmt: skip
GROUPS = {
    TAKE: (_("To take"), "inbox"),
    NEW: (_("To send out"), "send"),
    WORK: (_("Ours to do"), "tools"),
    SEND: (_("To send again"), "arrow-back-up"),
    SETTLE: (_("Whose duty"), "scale"),
    APPROVE: (_("To approve"), "rubber-stamp"),
    VERIFY: (_("To verify"), "clipboard-check"),
    JOINT: (_("Several at work"), "arrows-split-2"),
    SHELF: (_("On the shelf"), "clock-pause"),
    OTHER: (_("Other"), "dots"),
}  # fmt: skip
OWN_NAMES = (TAKE, NEW, WORK, VERIFY, JOINT, OTHER)  # tabs that bear the names of their steps,
NAMES_MOST = 2  # if there are no more than these
SHOWN_EMPTY = (TAKE, NEW, SEND, SETTLE, APPROVE, VERIFY)
_AFTER_WORK = ("verify", "close", "rate", "archive")
_BEFORE_WORK = ("report", "accept")

Place = tuple[str, str]  # of a case: kind and step; of a part: flow and step


def group_of(flow: Flow, step: Step) -> str:
    """The kind of decision that a desk's step asks for."""
    arriving = [move for move in flow.moves if move.to == step.id]
    leaving = [move for move in flow.moves if step.id in move.sources]
    if step.phase in _BEFORE_WORK:
        return TAKE
    if step.phase == "verify":
        return VERIFY
    if any(effect.do == "precedent" for move in leaving for effect in move.does):
        return SETTLE
    if step.legs is not None:
        return JOINT
    if step.phase == "dispatch":
        came = {flow.steps[one].phase for move in arriving for one in move.sources if one in flow.steps}
        return NEW if came.intersection(_BEFORE_WORK) else SEND
    if any(effect.do == "pause" for move in arriving for effect in move.does):
        return SHELF
    if step.phase != "handle":
        return OTHER
    # A request is granted or not, and the work goes on where it was; what is finished from here is the desk's own work.
    on = {flow.steps[move.to].phase for move in leaving if move.to and move.to != step.id}
    return WORK if on.intersection(_AFTER_WORK) else APPROVE


@dataclass(frozen=True, slots=True)
class Sorted:
    """What the desks of an edition decide: steps of cases and of parts with their group, their tiers and their names."""

    cases: Mapping[Place, str] = field(default_factory=dict)
    parts: Mapping[Place, str] = field(default_factory=dict)
    tiers: Mapping[tuple[str, str], frozenset[str]] = field(
        default_factory=dict
    )  # group, name of a step → "" is any


_held: dict[tuple[int, bool], Sorted] = {}
HELD_MOST = 16  # editions


def sorted_of(memory: PlaceMemory) -> Sorted:
    """What the desks of the place decide; worked out once for each edition and language."""
    preset, edition = memory.preset, memory.edition_id
    if preset is None or edition is None:
        return Sorted()
    key = (edition, naming.english())
    if key not in _held:
        if len(_held) >= HELD_MOST:
            _held.clear()
        _held[key] = _worked_out(preset)
    return _held[key]


def _worked_out(preset: Any) -> Sorted:
    cases: dict[Place, str] = {}
    parts: dict[Place, str] = {}
    tiers: dict[tuple[str, str], frozenset[str]] = {}
    kinds: dict[str, list[str]] = {}
    for code in preset.kinds:
        kinds.setdefault(preset.flow_of(code).id, []).append(code)
    for flow in preset.flows.values():
        for step in flow.steps.values():
            if step.auto or step.end or not _desk_at(step.owner):
                continue
            group = group_of(flow, step)
            if flow.id in kinds:
                cases |= {(kind, step.id): group for kind in kinds[flow.id]}
            else:
                parts[flow.id, step.id] = group
            if (
                _first_of(flow, step).kind == "desk"
            ):  # one that a desk holds only for want of somebody gives no name
                name = (group, naming.step_name(flow, step.id))
                tiers[name] = tiers.get(name, frozenset()) | _desk_at(step.owner)
    return Sorted(cases, parts, tiers)


def _desk_at(owner: Relation | None) -> frozenset[str]:
    """The tiers at which a desk may hold a step; "" for whichever tier it has come to."""
    if owner is None:
        return frozenset()
    return frozenset(
        "" if one.tier in (None, "here") else str(one.tier) for one in owner.each() if one.kind == "desk"
    )


def _first_of(flow: Flow, step: Step) -> Relation:
    """Who is asked first to hold the step; for whoever held another step, who that is."""
    assert step.owner is not None
    held = flow.steps.get(step.owner.args[0]) if step.owner.kind == "holder" and step.owner.args else None
    return step.owner if held is None or held.owner is None else held.owner


def words(memory: PlaceMemory, desks: Iterable[str]) -> dict[str, Any]:
    """The tabs that desks (owner keys) have, in order, with their words: the steps' own names where there are few."""
    numbers = [int(key.partition(":")[2]) for key in desks]
    here = {memory.divisions[one].tier for one in numbers if one in memory.divisions} | {""}
    found: dict[str, list[str]] = {}
    for (group, name), tiers in sorted_of(memory).tiers.items():
        if not here.isdisjoint(tiers):
            found.setdefault(group, []).append(name)
    return {
        group: " · ".join(found[group]) if group in OWN_NAMES and len(found[group]) <= NAMES_MOST else label
        for group, (label, _icon) in GROUPS.items()
        if group in found
    }

"""What is done in a simulation, and who gets it: drawn from what calibration found, by chances that have names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from huying.flow.definition import Move, Step
from huying.flow.draft import Draft
from huying.flow.guards import CAN_BE_TRUE, Env
from huying.flow.token import Token
from huying.whatif.calibrate import DRAW, Model, chooses_organ, contexts, kind_of
from huying.whatif.chance import pick, uniform
from huying.whatif.parts import Part
from huying.whatif.setting import Setting
from huying.whatif.stays import CALLER, Course

TIME, CHOICE, ITEM, ORGAN, OWNER, DATE, PARTS, SPREAD = range(8)  # what a uniform number is for


class Drawing:
    """The draws of one replication: the same seed, case and step give the same, whatever happens elsewhere."""

    def __init__(self, model: Model, setting: Setting, courses: Sequence[Course], seed: int) -> None:
        self.model, self.setting, self.courses, self.seed = model, setting, courses, seed
        self._masks: dict[tuple[Any, ...], bool] = {}

    def u(self, part: Part, purpose: int) -> float:
        """The uniform number of a part at the step where it is, for one purpose."""
        return uniform(self.seed, part.case, part.leg, part.entry, purpose)

    def move(self, part: Part, at: float) -> tuple[Move, str] | None:
        """Which move is made and where it leads; None where the record has none that is possible now."""
        setting, model = self.setting, self.model
        course = self.courses[part.case]
        duty = setting.responsible(part.item, course.path)
        wrong = bool(duty) and kind_of(part.owner) == "organ" and part.owner != duty
        again = part.seen[part.step] > 1
        key = (part.flow, part.step)
        weights: dict[tuple[str, str], float] = {}
        for context in contexts(key, again, wrong, course.call, part.owner):
            counts = model.branches.get(context)
            if not counts:
                continue
            total = sum(weights.values())
            drawn = {one: DRAW * weight / total for one, weight in weights.items()} if total else {}
            weights = {one: drawn.get(one, 0.0) + counts.get(one, 0) for one in {**drawn, **counts}}
        flow = setting.flows[part.flow]
        possible: list[tuple[tuple[Move, str], float]] = []
        for one, weight in sorted(weights.items()):
            move = flow.by_id.get(one[0])
            if (
                move is not None
                and move.to is not None
                and part.step in move.sources
                and self.holds(part, move, at)
            ):
                possible.append(((move, one[1]), weight))
        if not possible:
            return None
        return pick(possible, self.u(part, CHOICE))

    def holds(self, part: Part, move: Move, at: float) -> bool:
        """Whether the move's guard can hold, with what is known here; the rest may be anything."""
        names = move.when.names
        if not names or "item" in move.needs:
            known = {"overdue"} & names
        else:
            known = {name for name in names if name.partition(".")[0] in ("overdue", "item")}
        if not known:
            return True
        overdue = part.due is not None and part.due < at
        key = (part.flow, move.id, overdue, part.item)
        found = self._masks.get(key)
        if found is None:
            row = self.setting.items.get(part.item)
            facts: dict[str, Any] = {"overdue": overdue, "item": {}}
            if row is not None:
                facts["item"] = {
                    "code": row.code,
                    "field": row.field,
                    "grid": row.grid,
                    "auto": row.auto,
                    "fixed": row.fixed,
                }
            flow = self.setting.flows[part.flow]
            env = Env(Draft(flow, Token(part.flow, part.step)), {}, facts, flow.settle_index)
            found = self._masks[key] = bool(move.when.mask(env, frozenset(names - known)) & CAN_BE_TRUE)
        return found

    def item(self, part: Part, step: Step, move: Move) -> None:
        """The item that is said with a move, where the case has none yet."""
        if part.item or part.leg or "item" not in {*move.needs, *move.asks}:
            return
        key, call = (part.flow, step.id), self.courses[part.case].call
        for context in ((key, move.id, call), (key, move.id), (key,)):
            counts = self.model.items.get(context)
            if counts and sum(counts.values()) >= (5 if len(context) > 2 else 1):
                part.item = pick(sorted(counts.items()), self.u(part, ITEM))
                return

    def owner(self, part: Part, step: Step, move: Move | None) -> str:
        """Who gets a step that is entered by a move."""
        relation = step.owner
        course = self.courses[part.case]
        kind = relation.kind if relation is not None else ""
        if kind in ("reporter", "author"):
            return CALLER
        if kind == "organ":
            if part.leg or (part.organ and not chooses_organ(move)):
                return part.organ
            return self._organ(part, course)
        if kind == "grid":
            last = [one for one in course.path.split("/") if one]
            return f"division:{last[-1]}" if last else "division:0"
        for context in (((part.flow, step.id), course.town), ((part.flow, step.id),)):
            counts = self.model.owners.get(context)
            if counts:
                return pick(sorted(counts.items()), self.u(part, OWNER))
        return f"{kind}:0"

    def _organ(self, part: Part, course: Course) -> str:
        """To whom the case goes: mostly where it belongs, now and then elsewhere, as on record."""
        model, u = self.model, self.u(part, ORGAN)
        duty = self.setting.responsible(part.item, course.path)
        again = part.sent
        if not duty:
            counts = (
                model.by_item.get(part.item)
                or model.elsewhere
                or Counter({o: n for row in model.by_item.values() for o, n in row.items()})
            )
            return pick(sorted(counts.items()), u) if counts else part.organ
        off, kept = model.routed[again, True], model.routed[again, False]
        share = (off + 0.5) / (off + kept + 1) if off + kept else 0.0
        if u >= share or not model.elsewhere:
            return duty
        others = [(one, float(n)) for one, n in sorted(model.elsewhere.items()) if one != duty]
        return pick(others, u / share) if others else duty

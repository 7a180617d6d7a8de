"""What a simulation knows of the place: its flows, items, office hours, and who is responsible. In plain values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from huying.cases.world import span_of
from huying.flow.definition import Flow, Span, Step
from huying.whatif.hours import Hours
from huying.whatif.stays import CALLER
from huying.worktime import Calendar


@dataclass(slots=True)
class Setting:
    """The place as a simulation sees it. ``calendar`` and ``handler`` answer by owner key and by (item, path)."""

    flows: Mapping[str, Flow]
    kinds: Mapping[str, str]  # kind of case → its flow
    items: Mapping[str, Any]  # rows of the catalogue, by code
    calendar: Callable[[str], Calendar]
    handler: Callable[[str, str], str]  # the responsible organ's owner key, "" for none
    since: float
    until: float
    # what a question changes
    step_limits: Mapping[tuple[str, str], Span] = field(default_factory=dict)
    item_limits: Mapping[tuple[str, str], Span] = field(default_factory=dict)  # (item, phase)
    routes: Mapping[str, str] = field(default_factory=dict)  # item → owner key
    staff: Mapping[str, float] = field(default_factory=dict)  # owner key → how many times as many people
    full: frozenset[str] = frozenset()  # owners for whom more people is taken to save time in proportion
    _hours: dict[int, tuple[Calendar, Hours]] = field(default_factory=dict)
    _by_owner: dict[str, Hours] = field(default_factory=dict)

    def hours(self, owner: str) -> Hours:
        """The office hours of an owner."""
        found = self._by_owner.get(owner)
        if found is None:
            calendar = self.calendar(owner)
            # The calendar is kept beside its table: an id is only unique while the object lives.
            held = self._hours.get(id(calendar))
            if held is None:
                held = self._hours[id(calendar)] = (calendar, Hours(calendar, self.since, self.until))
            found = self._by_owner[owner] = held[1]
        return found

    def spent(self, owner: str, start: float, end: float) -> float:
        """How long something took whoever had it: office hours, the caller's by the clock on the wall."""
        return end - start if owner == CALLER else self.hours(owner).between(start, end)

    def later(self, owner: str, at: float, seconds: float) -> float:
        """The reverse of `spent`."""
        if owner == CALLER or seconds == float("inf"):
            return at + seconds
        return self.hours(owner).after(at, seconds)

    def responsible(self, item: str, path: str) -> str:
        """Whose duty an item is at that place, "" when it is not known."""
        return self.routes.get(item) or (self.handler(item, path) if item else "")

    def step(self, flow: str, step: str) -> Step | None:
        """A step, or None when this edition does not know it (any more)."""
        found = self.flows.get(flow)
        return None if found is None else found.steps.get(step)

    def span(self, flow: str, step: Step, item: str) -> Span | str | None:
        """The limit of a step for an item: a span, or "agreed" where a date is agreed each time, or None."""
        own = self.step_limits.get((flow, step.id))
        if own is not None:
            return own
        for limit in step.limit.each() if step.limit is not None else ():
            if limit.kind == "span" and limit.span is not None:
                return limit.span
            if limit.kind == "item":
                phase = limit.name or "handle"
                changed = self.item_limits.get((item, phase))
                if changed is not None:
                    return changed
                row = self.items.get(item) if item else None
                text = row.limits.get(phase) if row is not None else None
                if text:
                    return span_of(text)
            elif limit.kind != "none":
                return "agreed"
        return None

    def changed(self, **over: Any) -> Setting:
        """A copy with other rules; office hours are looked up anew."""
        return replace(self, _by_owner={}, _hours=dict(self._hours), **over)


def setting_of(memory: Any, since: float, until: float) -> Setting:
    """The setting of a place from its memory, for the time from *since* to *until*."""
    from huying.cases.routing import organ_of

    preset = memory.preset
    kept: dict[tuple[str, str], str] = {}

    def handler(item: str, path: str) -> str:
        key = (item, path)
        if key not in kept:
            row = preset.items.get(item)
            parts = [int(part) for part in path.split("/") if part]
            there = [
                part for part in parts if part in memory.divisions and not memory.divisions[part].is_grid
            ]
            kept[key] = ""
            # Where the handbook names several, the first one is meant; who really got it is in the record.
            for name in row.handler.split("|") if row is not None and row.handler else ():
                organ = organ_of(memory, name.strip(), there[-1] if there else None)
                if organ is not None:
                    kept[key] = f"organ:{organ}"
                    break
        return kept[key]

    kinds = {code: kind.flow for code, kind in preset.kinds.items()}
    return Setting(preset.flows, kinds, preset.items, memory.calendar_of, handler, since, until)

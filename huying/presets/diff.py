"""What changed between two editions, for people."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from huying.flow.definition import Flow, Move, Step
from huying.presets.definition import Item, Organ, Preset, Role, Words
from huying.presets.fields import FormField
from huying.presets.indicator_definition import Indicator, Score

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
_ZH = {ADDED: "新增", REMOVED: "删除", CHANGED: "改为"}
_AREAS = {
    "place": "地方设置", "role": "角色", "word": "用词", "division": "区划", "grid": "网格", "organ": "单位",
    "item": "事项", "kind": "种类", "flow": "流程", "step": "步骤", "move": "动作", "form": "表单",
    "field": "表单字段", "template": "模板", "indicator": "指标", "score": "综合评分",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `area` is a key such as item or step, `key` says which one, `what` which part of it."""

    how: str
    area: str
    key: str
    what: str = ""
    before: str = ""
    after: str = ""

    def text(self, lang: str = "zh") -> str:
        """One line."""
        if lang.lower().startswith("en"):
            head = f"{self.area} {self.key}"
            if self.how == CHANGED:
                return f"{head}: {self.what} {self.before or '—'} → {self.after or '—'}"
            return f"{head}: {self.how}" + (
                f" ({self.after or self.before})" if self.after or self.before else ""
            )
        head = f"{_AREAS[self.area]} {self.key}"
        if self.how == CHANGED:
            return f"{head}：{self.what} {self.before or '—'} → {self.after or '—'}"
        name = self.after or self.before
        return f"{head}：{_ZH[self.how]}" + (f"（{name}）" if name else "")

    def __str__(self) -> str:
        return self.text()


def diff(old: Preset, new: Preset) -> list[Change]:
    """Every difference that matters to people, area by area in the order of `_AREAS`."""
    found: list[Change] = list(_parts("place", old.code, _place(old), _place(new)))
    found += _compare("role", old.roles, new.roles, _role)
    found += _compare("word", old.words, new.words, lambda one: {"zh": one.zh, "en": one.en})
    found += _compare(
        "division", old.divisions, new.divisions, lambda one: _plain(one, "name", "tier", "parent")
    )
    found += _compare(
        "grid", old.grids, new.grids, lambda one: _plain(one, "name", "layer", "parent", "outline")
    )
    found += _compare("organ", old.organs, new.organs, _organ)
    found += _compare("item", old.items, new.items, _item)
    found += _compare(
        "kind", old.kinds, new.kinds, lambda one: _plain(one, "name", "flow", "form", "numbering", "calls")
    )
    found += _compare("flow", old.flows, new.flows, _flow)
    for ident in old.flows.keys() & new.flows.keys():
        before, after = old.flows[ident], new.flows[ident]
        found += _compare("step", _named(ident, before.steps), _named(ident, after.steps), _step)
        found += _compare("move", _named(ident, before.by_id), _named(ident, after.by_id), _move)
    found += _compare("form", old.forms, new.forms, lambda one: {"title": one.title})
    for ident in old.forms.keys() & new.forms.keys():
        fields = [{one.id: one for one in preset.forms[ident].fields} for preset in (old, new)]
        found += _compare("field", _named(ident, fields[0]), _named(ident, fields[1]), _field)
    pairs = [{f"{one.move}.{one.id}": one for one in preset.templates} for preset in (old, new)]
    found += _compare("template", pairs[0], pairs[1], lambda one: _plain(one, "name", "field", "text"))
    old_ones, new_ones = old.indicators, new.indicators
    found += _compare("indicator", old_ones.indicators, new_ones.indicators, _indicator)
    found += _compare("score", old_ones.scores, new_ones.scores, _score)
    order = list(_AREAS)
    return sorted(found, key=lambda one: order.index(one.area))


def _compare(
    area: str, old: Mapping[str, Any], new: Mapping[str, Any], parts: Callable[[Any], dict[str, Any]]
) -> Iterator[Change]:
    for key in [*old, *(key for key in new if key not in old)]:
        if key not in new:
            yield Change(REMOVED, area, key, before=_name(old[key]))
        elif key not in old:
            yield Change(ADDED, area, key, after=_name(new[key]))
        else:
            yield from _parts(area, key, parts(old[key]), parts(new[key]))


def _parts(area: str, key: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Change]:
    for what in old:
        if old[what] != new[what]:
            if what == "outline":
                yield Change(CHANGED, area, key, what, f"{len(old[what])}", f"{len(new[what])}")
            else:
                yield Change(CHANGED, area, key, what, _text(old[what]), _text(new[what]))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_text(one)}" for key, one in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(_text(one) for one in value)
    return "" if value is None else str(value)


def _name(one: Any) -> str:
    return str(one if isinstance(one, Words) else getattr(one, "name", "") or getattr(one, "title", ""))


def _named(prefix: str, rows: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{prefix}.{key}": one for key, one in rows.items()}


def _plain(one: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(one, name) for name in names}


def _place(preset: Preset) -> dict[str, Any]:
    names = (
        "name", "tiers", "centre", "calendar", "numbering", "routing_threshold", "routing_auto", "similar_metres",
        "similar_days", "reopen_window", "public",
    )  # fmt: skip
    return {**_plain(preset.place, *names), "channels": [one.code for one in preset.place.channels]}


def _role(one: Role) -> dict[str, Any]:
    return {**_plain(one, "name", "tier", "layer", "organs"), "rights": sorted(one.rights)}


def _organ(one: Organ) -> dict[str, Any]:
    return _plain(one, "name", "short", "tier", "division", "parent", "seat", "duties")


def _item(one: Item) -> dict[str, Any]:
    names = (
        "name", "parent", "field", "handler", "co_handlers", "grade", "evidence", "keywords", "source", "grounds",
        "standard_code", "grid", "auto", "kinds", "fixed",
    )  # fmt: skip
    return {
        **_plain(one, *names),
        **{f"{phase} limit": one.limits.get(phase) for phase in ("accept", "arrive", "handle")},
    }


def _flow(one: Flow) -> dict[str, Any]:
    return _plain(one, "name", "kind", "tiers", "stages", "settles", "first")


def _step(one: Step) -> dict[str, Any]:
    return {
        **_plain(one, "name", "stage", "phase", "auto", "after_close", "end"),
        "owner": one.owner.text if one.owner else "",
        "limit": one.limit.text if one.limit else "",
        "legs": f"{one.legs.flow} ({one.legs.join})" if one.legs else "",
    }


def _move(one: Move) -> dict[str, Any]:
    return {
        **_plain(one, "name", "sources", "to", "needs", "asks", "auto", "closes", "result"),
        "when": one.when.text,
        "by": tuple(by.relation.text if by.relation else by.name or by.kind for by in one.by),
        "does": tuple(effect.text for effect in one.does),
    }


def _field(one: FormField) -> dict[str, Any]:
    return {
        **_plain(one, "label", "type", "required", "min", "max", "private"),
        "when": one.when.text if one.when else "",
        "choices": tuple(choice.id for choice in one.choices),
    }


def _indicator(one: Indicator) -> dict[str, Any]:
    return {
        **_plain(
            one, "name", "meaning", "exclusions", "basis", "unit", "direction", "levels", "good", "fair"
        ),
        "numerator": one.numerator.text,
        "denominator": one.denominator.text if one.denominator else "",
    }


def _score(one: Score) -> dict[str, Any]:
    weights = {name: f"{weight:g}" for name, weight in one.weights.items()}
    return {**_plain(one, "name", "meaning", "levels", "good", "fair"), "weights": weights}

"""What the checker of flows must know of the place."""

from __future__ import annotations

from huying.flow.checker import FACTS, Context, check_flow
from huying.flow.source import Problem
from huying.presets.definition import Preset
from huying.presets.rights import RIGHTS

#: Facts that the cases room supplies besides those the language names.
CASE_FACTS = frozenset({"sure", "placed", "in_grid", "urgency", "joins", "overdue", "joint_work", "organ_id"})


def flow_context(preset: Preset, broken: frozenset[str] = frozenset()) -> Context:
    """The place as the checker sees it; what stands in a broken file is not checked (None)."""
    forms_sound = not any(name.startswith("forms/") for name in broken)
    fields: dict[str, tuple[str, ...] | None] = {}
    for form in preset.forms.values():
        for one in form.fields:
            chosen = tuple(choice.id for choice in one.choices) if one.type in ("choice", "choices") else None
            before = fields.get(one.id)
            # The same field may stand in several forms: all their choices are known.
            fields[one.id] = tuple(dict.fromkeys((*(before or ()), *chosen))) if chosen else before
    sound_items = "catalogue.csv" not in broken
    return Context(
        roles=None if "roles.yaml" in broken else frozenset(preset.roles),
        organs=None if "organs.csv" in broken else frozenset(preset.organs),
        forms=frozenset(preset.forms) if forms_sound else None,
        items=frozenset(preset.items) if sound_items else None,
        kinds=None if "kinds.yaml" in broken else frozenset(preset.kinds),
        fields=fields if forms_sound else None,
        grades=tuple(sorted({item.grade for item in preset.leaves if item.grade is not None}))
        if sound_items
        else (),
        flows=preset.flows,
        words=None if "vocabulary.yaml" in broken else frozenset(preset.words),
        layers=None if "grids.csv" in broken else frozenset(grid.layer for grid in preset.grids.values()),
        rights=frozenset(RIGHTS),
        scores=_scores(preset) if preset.reviews is not None and "reviews.yaml" not in broken else None,
        facts=FACTS | CASE_FACTS,
    )


def _scores(preset: Preset) -> frozenset[str]:
    """The rules of reviews.yaml by which moves may take points."""
    rules = preset.reviews.rules if preset.reviews is not None else ()
    return frozenset(rule.id for rule in rules if rule.scored)


def flow_problems(preset: Preset, broken: frozenset[str] = frozenset()) -> list[Problem]:
    """Every problem of every flow in this place."""
    context = flow_context(preset, broken)
    return [one for flow in preset.flows.values() for one in check_flow(flow, context)]

"""What each move asks for: the fields named in `needs` and `asks`, taken from the forms of the preset."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from huying.flow.definition import Flow
from huying.presets.definition import Preset, Words
from huying.presets.fields import FormField
from huying.presets.forms import FormSchema, Lookups

MOVES_FORM = "moves"


def find_field(
    name: str, flow: Flow, forms: Mapping[str, FormSchema], own: str | None, kind_form: str | None
) -> FormField | None:
    """Where a name of `needs` comes from: the move's own form, then the form “moves”, then the form of the kind (for
    legs, the form “leg”), then any other in file order."""
    order: Iterable[str] = (own or "", MOVES_FORM, "leg" if flow.leg else "", kind_form or "", *forms)
    for ident in order:
        form = forms.get(ident)
        if form is not None and name in form.ids:
            return form[name]
    return None


def move_forms(preset: Preset) -> dict[tuple[str, str], FormSchema]:
    """A form for every move of every flow. `needs` must be given, `asks` may be."""
    kind_form = {kind.flow: kind.form for kind in preset.kinds.values()}
    lookups = next((form.lookups for form in preset.forms.values()), Lookups())
    made = {}
    for flow in preset.flows.values():
        for move in flow.moves:
            wanted = (*move.needs, *(name for name in move.asks if name not in move.needs))
            fields = [
                find_field(name, flow, preset.forms, move.form, kind_form.get(flow.id)) for name in wanted
            ]
            whole = FormSchema(
                f"{flow.id}.{move.id}",
                Words(move.name, move.en),
                tuple(one for one in fields if one),
                lookups,
            )
            made[flow.id, move.id] = whole.pick(move.needs, move.asks, ident=whole.id)
    return made

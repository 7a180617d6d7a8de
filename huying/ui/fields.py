"""One way to show a form field, whether it comes from a Django form or from a preset's form schema.

A schema field is a mapping: id, label, type, and optionally required, choices, hint, value, errors, max, min, when,
placeholder, rows, draft, map, upload, accept, whole (all choices to press, however many). Labels, hints and choice
labels may be text or {zh, en}.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language

#: type of a schema field → template in ui/fields/
KINDS = {
    "text": "input",
    "phone": "input",
    "number": "input",
    "date": "input",
    "datetime": "input",
    "password": "input",
    "money": "money",
    "duration": "duration",
    "long": "long",
    "choice": "choice",
    "choices": "choices",
    "yesno": "yesno",
    "photo": "photo",
    "files": "photo",
    "point": "point",
    "organ": "pick",
    "organs": "pick",
    "item": "pick",
    "items": "pick",
    "person": "pick",
    "people": "pick",
    "division": "pick",
    "stars": "stars",
    "rating": "rating",
    "hidden": "hidden",
}
INPUT_TYPES = {
    "phone": "tel",
    "number": "number",
    "date": "date",
    "datetime": "datetime-local",
    "password": "password",
}
MULTIPLE = {"choices", "organs", "items", "people", "photo", "files"}
FEW = 6  # so many choices are shown as rows to press, more as a list to search


@dataclass
class FieldView:
    """What a field template reads."""

    name: str
    id: str
    label: str
    kind: str  # template
    type: str
    required: bool = False
    hint: str = ""
    value: Any = ""
    errors: list[str] = field(default_factory=list)
    choices: list[dict[str, Any]] = field(default_factory=list)
    multiple: bool = False
    inline: bool = False
    when: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
    bound: BoundField | None = None
    group: bool = False  # several controls under one label: fieldset and legend

    @property
    def described(self) -> str:
        """Value of aria-describedby: ids of the hint and of the error, whichever are there."""
        parts = ([f"{self.id}-hint"] if self.hint else []) + ([f"{self.id}-error"] if self.errors else [])
        return " ".join(parts)


def words_of(label: Any) -> str:
    """Text of a label that may be text, lazy text, or {zh, en}: the current language, else whatever is there."""
    if label is None:
        return ""
    if isinstance(label, Mapping):
        language = (get_language() or "zh").split("-")[0]
        return str(label.get(language) or label.get("zh") or next(iter(label.values()), ""))
    return str(label)


def _as_values(value: Any) -> set[str]:
    if value is None or value == "":
        return set()
    if isinstance(value, (list, tuple, set, frozenset)):
        return {str(v) for v in value}
    return {str(value)}


def _choice(raw: Any, chosen: set[str]) -> dict[str, Any]:
    if isinstance(raw, Mapping):
        value = str(raw.get("id", raw.get("value", "")))
        return {
            "value": value,
            "label": words_of(raw.get("label", raw.get("name", value))),
            "hint": words_of(raw.get("hint", "")),
            "icon": raw.get("icon", ""),
            "tone": raw.get("tone", ""),
            "group": words_of(raw.get("group", "")),
            "keys": words_of(raw.get("keys", "")),
            "chosen": value in chosen,
        }
    if isinstance(raw, (tuple, list)):
        value, label = str(raw[0]), words_of(raw[1])
    else:
        value = label = str(raw)
    return {"value": value, "label": label, "chosen": value in chosen}


def _input_value(kind: str, value: Any) -> str:
    if value is None:
        return ""
    if kind == "datetime" and isinstance(value, datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).strftime("%Y-%m-%dT%H:%M")
    if kind == "date" and isinstance(value, (date, datetime)):
        return value.strftime("%Y-%m-%d")
    return str(value)


def _errors(raw: Any) -> list[str]:
    if not raw:
        return []
    return [str(raw)] if isinstance(raw, (str, Promise)) else [str(e) for e in raw]


def from_schema(raw: Mapping[str, Any], *, prefix: str = "", **over: Any) -> FieldView:
    """The view of a schema field. `prefix` keeps ids apart where several forms stand on one page.

    Raises ValueError for a type that has no template, so that a new type is not silently a text box.
    """
    raw = {**raw, **over}
    kind = str(raw.get("type", "text"))
    if kind not in KINDS:
        raise ValueError(f"field {raw.get('id')!r}: unknown type {kind!r}")
    name = str(raw.get("name", raw["id"]))
    value = raw.get("value", raw.get("default", ""))
    template = KINDS[kind]
    choices = [_choice(c, _as_values(value)) for c in raw.get("choices") or []]
    multiple = kind in MULTIPLE
    many = len(choices) > FEW and not raw.get("whole")  # a list to tick off stands there whole
    if template in ("choice", "choices") and many and not any(c.get("icon") for c in choices):
        template = "pick"
    view = FieldView(
        name=name,
        id=f"{prefix or 'f'}-{name}",
        label=words_of(raw.get("label", name)),
        kind=template,
        type=kind,
        required=bool(raw.get("required")),
        hint=words_of(raw.get("hint", "")),
        value=value,
        errors=_errors(raw.get("errors")),
        choices=choices,
        multiple=multiple,
        inline=all(len(c["label"]) <= 6 for c in choices),
        when=str(raw.get("when") or ""),
        group=template in ("choice", "choices", "stars", "rating", "photo", "point", "duration")
        or (template == "yesno" and bool(raw.get("required"))),
        extra={
            "input_type": INPUT_TYPES.get(kind, "text"),
            "max": raw.get("max"),
            "min": raw.get("min"),
            "rows": raw.get("rows", 5),
            "placeholder": words_of(raw.get("placeholder", "")),
            "draft": raw.get("draft", ""),
            "autocomplete": raw.get("autocomplete", ""),
            "upload": raw.get("upload"),
            "accept": raw.get("accept", "image/*" if kind == "photo" else ""),
            "map": raw.get("map"),
            "templates": raw.get("templates") or [],
        },
    )
    if template == "input":
        view.value = _input_value(kind, value)
    if template == "duration":
        number, _, unit = str(value or "").partition(" ")
        view.extra |= {"number": number, "unit": unit}
    if template == "photo":
        # Already uploaded: ids, or {id, url, name}.
        view.value = [v if isinstance(v, Mapping) else {"id": v} for v in (value or [])]
    if template == "yesno":
        view.value = {True: "yes", False: "no"}.get(value, str(value or ""))
    return view


def from_bound(bound: BoundField, *, prefix: str = "", **over: Any) -> FieldView:
    """The view of a Django form's field; its own widget draws the control inside our label, hint and errors."""
    widget = bound.field.widget
    kind = "bound"
    if isinstance(widget, (forms.CheckboxSelectMultiple, forms.RadioSelect)):
        kind = "bound-choices"
    elif isinstance(widget, forms.CheckboxInput):
        kind = "bound-check"
    view = FieldView(
        name=bound.html_name,
        id=bound.auto_id
        if isinstance(bound.auto_id, str) and bound.auto_id
        else f"{prefix or 'f'}-{bound.html_name}",
        label=words_of(over.get("label", bound.label)),
        kind="hidden-bound" if bound.is_hidden else kind,
        type="bound",
        required=bound.field.required,
        hint=words_of(over.get("hint", bound.help_text)),
        errors=[str(e) for e in bound.errors],
        group=kind == "bound-choices",
        bound=bound,
    )
    attrs: dict[str, Any] = {"id": view.id}
    if kind == "bound":
        select = isinstance(widget, forms.Select)
        attrs["class"] = " ".join(
            filter(None, [widget.attrs.get("class"), "form-select" if select else "form-control"])
        )
        if select and (over.get("pick") or len(getattr(widget, "choices", ())) > 12):
            attrs["data-pick"] = ""
    if over.get("draft"):
        attrs["data-draft"] = over["draft"]
    if view.errors:
        attrs["aria-invalid"] = "true"
    if view.described:
        attrs["aria-describedby"] = view.described
    view.extra["attrs"] = attrs
    return view


def view_of(raw: Any, **over: Any) -> FieldView:
    """The view of a field from any of the two sources; a FieldView stays what it is."""
    if isinstance(raw, FieldView):
        return raw
    if isinstance(raw, BoundField):
        return from_bound(raw, **over)
    return from_schema(raw, **over)


def all_errors(fields: Iterable[Any]) -> list[tuple[FieldView, str]]:
    """Every error with its field, in order, for the summary above a form."""
    return [(v, e) for v in map(view_of, fields) for e in v.errors]

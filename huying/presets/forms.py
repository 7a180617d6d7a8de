"""Forms of a preset: one schema for page, API and import. Knows nothing of how it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta, timezone, tzinfo
from typing import Any, NamedTuple

from django.utils import translation
from django.utils.translation import gettext as _

from huying.flow.guards import Env
from huying.presets.definition import Words
from huying.presets.fields import COUNTS, LENGTHS, FieldError, FormField, clean_value, is_empty


@dataclass(frozen=True)
class Lookups:
    """What references may point at: codes of organs and of items that can be chosen (None: not checked here), and
    the zone of local times."""

    organs: frozenset[str] | None = None
    items: frozenset[str] | None = None
    zone: tzinfo = field(default=timezone(timedelta(hours=8)))


class Cleaned(NamedTuple):
    """What a form gave: `public` and `private` values by field id, ready for JSON; fields left empty are absent."""

    public: dict[str, Any]
    private: dict[str, Any]

    @property
    def all(self) -> dict[str, Any]:
        """Both together; for guards and for whoever may see everything."""
        return {**self.public, **self.private}


class _Nothing:
    """A token without state, for guards of forms: they see only fields and facts."""

    tier_index = grade = round = entry = step = result = join = None
    closed = paused = legs_due = False
    extensions = 0
    legs: Mapping[str, int] = {}


@dataclass(frozen=True)
class FormSchema:
    """A form: its id, title and fields, in order."""

    id: str
    title: Words
    fields: tuple[FormField, ...]
    lookups: Lookups = Lookups()
    file: str = ""

    def __getitem__(self, ident: str) -> FormField:
        for one in self.fields:
            if one.id == ident:
                return one
        raise KeyError(ident)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of its fields, in order."""
        return tuple(one.id for one in self.fields)

    def pick(self, required: Iterable[str], optional: Iterable[str] = (), ident: str = "") -> FormSchema:
        """A form of some of the fields: the first must be given, the others may be."""
        must = tuple(required)
        chosen = [replace(self[name], required=True) for name in must if name in self.ids]
        for name in optional:
            if name in self.ids and name not in must:
                one = self[name]
                # A condition together with “required” means: required where the condition holds.
                chosen.append(replace(one, required=one.required and one.when is not None))
        return replace(self, id=ident or self.id, fields=tuple(chosen))

    def asked(
        self, one: FormField, values: Mapping[str, Any], facts: Mapping[str, Any] | None = None
    ) -> bool:
        """Whether the field is to be shown for these values."""
        return one.when is None or one.when.holds(Env(_Nothing(), values, facts or {}, {}))

    def clean(
        self, data: Mapping[str, Any], lang: str | None = None, facts: Mapping[str, Any] | None = None
    ) -> tuple[Cleaned, dict[str, str]]:
        """Check `data` and make it plain: (what was given, errors by field id). `facts` are what guards may see
        besides the fields of this form. Unknown fields are errors. A field whose condition does not hold is an
        error only if something was given for it. Messages are in `lang` (None: the language in force)."""
        with translation.override(lang or translation.get_language()):
            return self._clean(data, facts or {})

    def _clean(self, data: Mapping[str, Any], facts: Mapping[str, Any]) -> tuple[Cleaned, dict[str, str]]:
        errors = {str(key): _("This field is not part of the form.") for key in data if key not in self.ids}
        values: dict[str, Any] = {}
        for one in self.fields:
            given = data.get(one.id)
            if is_empty(given):
                continue
            try:
                value = clean_value(one, given, self.lookups)
            except FieldError as error:
                errors[one.id] = str(error)
                continue
            if not is_empty(value):
                values[one.id] = value
        # Conditions see only clean values, and a field that falls away no longer counts for the ones after it.
        for one in self.fields:
            if not self.asked(one, values, facts):
                if values.pop(one.id, False) is not False or one.id in errors:
                    errors[one.id] = _("This is not asked here.")
            elif one.required and one.id not in values and one.id not in errors:
                errors[one.id] = _("Please fill this in.")
        cleaned = Cleaned(
            {one.id: values[one.id] for one in self.fields if one.id in values and not one.private},
            {one.id: values[one.id] for one in self.fields if one.id in values and one.private},
        )
        return cleaned, errors

    def json_schema(self, lang: str = "zh") -> dict[str, Any]:
        """The form as JSON Schema (2020-12), for OpenAPI. Conditions are told in words; the server checks them."""
        properties = {one.id: _field_schema(one, lang) for one in self.fields}
        required = [one.id for one in self.fields if one.required and one.when is None]
        schema: dict[str, Any] = {
            "title": self.title.text(lang),
            "type": "object",
            "properties": properties,
            "additionalProperties": False,
        }
        if required:
            schema["required"] = required
        return schema


def _field_schema(one: FormField, lang: str) -> dict[str, Any]:
    made: dict[str, Any] = {"title": one.label.text(lang), **_TYPE_SCHEMAS[one.type]}
    notes = [one.hint.text(lang)] if str(one.hint) else []
    if one.when is not None:
        notes.append(f"only when: {one.when.text}")
    if notes:
        made["description"] = " · ".join(notes)
    if one.private:
        made["x-private"] = True
    if one.type == "choice":
        made["enum"] = [choice.id for choice in one.choices]
    elif one.type == "choices":
        made["items"] = {"type": "string", "enum": [choice.id for choice in one.choices]}
    if one.type in LENGTHS:
        made["maxLength"] = int(one.max) if one.max is not None else LENGTHS[one.type]
        if one.min:
            made["minLength"] = int(one.min)
    elif one.type in COUNTS:
        made["maxItems"] = int(one.max) if one.max is not None else COUNTS[one.type]
        if one.min:
            made["minItems"] = int(one.min)
    elif one.type == "number":
        made |= {
            key: value for key, value in (("minimum", one.min), ("maximum", one.max)) if value is not None
        }
    return made


_CODE = {"type": "string", "maxLength": 120}
_LIST = {"type": "array", "items": _CODE}
_TYPE_SCHEMAS: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "long": {"type": "string"},
    "number": {"type": "number"},
    "money": {"type": "string", "pattern": r"^-?\d{1,12}(\.\d{1,2})?$"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "choice": {"type": "string"},
    "choices": {"type": "array"},
    "yesno": {"type": "boolean"},
    "photo": _LIST,
    "files": _LIST,
    "point": {
        "type": "object",
        "properties": {
            "lon": {"type": "number", "minimum": -180, "maximum": 180},
            "lat": {"type": "number", "minimum": -90, "maximum": 90},
        },
        "required": ["lon", "lat"],
        "additionalProperties": False,
    },
    "organs": _LIST,
    "organ": _CODE,
    "item": _CODE,
    "person": _CODE,
    "duration": {"type": "string", "maxLength": 40},
}

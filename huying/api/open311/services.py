"""What can be reported: each item that can be chosen is a service, and one more lets the platform sort the call."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from huying.api.open311.answers import GeoReportError
from huying.places.info import PlaceMemory
from huying.presets.definition import Preset
from huying.presets.forms import FormSchema

KIND = "request"
OTHER = "other"  # the service without an item: the platform suggests, the centre decides
# Fields of the form that GeoReport has parameters of its own for, or that only those who serve fill in.
_NOT_ATTRIBUTES = frozenset(
    ("photos", "body", "title", "place", "address", "item", "urgency", "reporter_name", "reporter_phone",
     "reporter_address", "after_photos", "division", "handled_now")
)  # fmt: skip
_DATATYPES = {
    "text": "string", "long": "text", "number": "number", "money": "number", "date": "datetime",
    "datetime": "datetime", "choice": "singlevaluelist", "choices": "multivaluelist", "yesno": "singlevaluelist",
}  # fmt: skip


def preset_of(memory: PlaceMemory) -> Preset:
    """The place's edition in force. Raises GeoReportError when the place takes no reports."""
    preset: Preset | None = memory.preset
    if preset is None or KIND not in preset.kinds:
        raise GeoReportError(404, _("This place takes no reports yet."))
    return preset


def form_of(memory: PlaceMemory) -> FormSchema:
    """The form that a report fills in. Raises GeoReportError."""
    return preset_of(memory).form_of(KIND)


def services(memory: PlaceMemory) -> list[dict[str, Any]]:
    """GET services."""
    preset = preset_of(memory)
    found = [_service(OTHER, _("Something else"), _("The platform suggests where it belongs."), "", "")]
    for item in preset.called:
        names = [str(preset.items[code].name) for code in item.path if code in preset.items]
        found.append(
            _service(
                item.code, str(item.name), " / ".join(names), ",".join(item.keywords), (names or [""])[0]
            )
        )
    return found


def _service(code: str, name: str, description: str, keywords: str, group: str) -> dict[str, Any]:
    return {
        "service_code": code, "service_name": name, "description": description, "metadata": True,
        "type": "realtime", "keywords": keywords, "group": group,
    }  # fmt: skip


def check_code(memory: PlaceMemory, code: str) -> None:
    """Raise GeoReportError unless *code* is a service."""
    items = preset_of(memory).items
    if code != OTHER and (code not in items or not items[code].leaf):
        raise GeoReportError(404, _("service_code was not found"))


def attribute_fields(form: FormSchema) -> list[Any]:
    """The fields of the form that are asked for as attributes."""
    return [one for one in form.fields if one.id not in _NOT_ATTRIBUTES and one.type in _DATATYPES]


def definition(memory: PlaceMemory, code: str, lang: str) -> dict[str, Any]:
    """GET services/{code}: the further fields of the place's form."""
    check_code(memory, code)
    found = []
    for order, one in enumerate(attribute_fields(form_of(memory)), 1):
        values = [{"key": choice.id, "name": choice.label.text(lang)} for choice in one.choices]
        if one.type == "yesno":
            values = [{"key": "true", "name": _("yes")}, {"key": "false", "name": _("no")}]
        found.append(
            {
                "variable": True, "code": one.id, "datatype": _DATATYPES[one.type],
                "required": one.required and one.when is None, "datatype_description": one.hint.text(lang),
                "order": order, "description": one.label.text(lang), "values": values,
            }
        )  # fmt: skip
    return {"service_code": code, "attributes": found}

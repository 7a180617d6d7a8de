"""GeoReport answers and errors as XML or JSON.

XML is built as a tree and never by pasting strings; characters that XML 1.0 cannot hold are left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from xml.etree import ElementTree  # only ever written, never parsed

from django.http import HttpRequest, HttpResponse

XML, JSON = "xml", "json"
_TYPES = {XML: "text/xml; charset=utf-8", JSON: "application/json; charset=utf-8"}
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# The element name of each entry of a list.
_ENTRY = {
    "services": "service", "attributes": "attribute", "values": "value", "service_requests": "request",
    "endpoints": "endpoint", "formats": "format", "errors": "error",
}  # fmt: skip


class GeoReportError(Exception):
    """What is answered instead, in the format of the standard: a status and a sentence."""

    def __init__(self, status: int, description: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.headers = dict(headers or {})


def format_of(request: HttpRequest, given: str | None) -> str:
    """The format by the address, else by ``Accept``; XML, which the standard requires, otherwise."""
    if given:
        return given
    accepted = request.headers.get("Accept", "")
    return JSON if "json" in accepted and "xml" not in accepted else XML


def answer(
    kind: str, root: str, content: Any, status: int = 200, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """*content* under *root* as an answer of the format *kind*. Lists have their elements named by the standard."""
    if kind == JSON:
        body = json.dumps(content, ensure_ascii=False, default=_plain).encode()
    else:
        body = ElementTree.tostring(_element(root, content), encoding="utf-8", xml_declaration=True)
    return HttpResponse(body, status=status, content_type=_TYPES[kind], headers=dict(headers or {}))


def failure(kind: str, error: GeoReportError) -> HttpResponse:
    """An error as the standard has it."""
    content = [{"code": error.status, "description": error.description}]
    return answer(kind, "errors", content, error.status, error.headers)


def _element(name: str, content: Any) -> ElementTree.Element:
    made = ElementTree.Element(name)
    if isinstance(content, Mapping):
        made.extend(_element(key, value) for key, value in content.items())
    elif isinstance(content, Sequence) and not isinstance(content, str):
        made.extend(_element(_ENTRY[name], one) for one in content)
    elif content is not None:
        made.text = _NOT_XML.sub("", _text(content))
    return made


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(_plain(value)) if isinstance(value, datetime) else str(value)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    raise TypeError(type(value).__name__)

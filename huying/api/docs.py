"""The page that shows the OpenAPI document to people: plain HTML of our own, nothing from elsewhere, no script."""

from __future__ import annotations

import json
import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET

from huying.api.problems import CONTENT_TYPE, PROBLEMS
from huying.api.service import api

_CODE = re.compile(r"`+([^`]+)`+")
_BOLD = re.compile(r"\*\*([^*]+)\*\*")


@require_GET
def docs(request: HttpRequest) -> HttpResponse:
    """Every call with its parameters, bodies, answers and problems."""
    document = api.get_openapi_schema(path_prefix="/api/v1/")
    schemas = document["components"]["schemas"]
    groups: dict[str, list[dict[str, Any]]] = {tag["name"]: [] for tag in document["tags"]}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            groups[operation["tags"][0]].append(_operation(path, method, operation, schemas))
    return render(
        request, "api/docs.html",
        {
            "title": document["info"]["title"], "intro": [_text(p) for p in document["info"]["description"].split("\n\n")],
            "groups": [
                {"name": tag["name"], "text": tag["description"], "operations": groups[tag["name"]]}
                for tag in document["tags"]
            ],
            "problems": [{"code": code, "status": status, "text": text} for code, (status, text) in PROBLEMS.items()],
        },
    )  # fmt: skip


def _operation(path: str, method: str, operation: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    body = operation.get("requestBody", {}).get("content", {})
    sent = next(iter(body.values()))["schema"] if body else None
    answers, codes = [], []
    for status, answer in operation["responses"].items():
        content = answer.get("content", {})
        if CONTENT_TYPE in content:
            codes += answer["description"].split(", ")
        elif int(status) < 300:
            schema = next(iter(content.values()))["schema"] if content else None
            answers.append({"status": status, "fields": _fields(schema, schemas) if schema else []})
    example = _resolved(sent, schemas).get("example") if sent else None
    return {
        "id": operation["operationId"], "method": method.upper(), "path": path, "summary": operation["summary"],
        "text": [_text(part) for part in operation.get("description", "").split("\n\n")],
        "scope": operation.get("x-scope", ""), "body_type": next(iter(body), ""),
        "parameters": [
            {
                "name": one["name"], "where": one["in"], "required": one["required"],
                "type": _type(one["schema"], schemas), "text": _text(one.get("description", "")),
            }
            for one in operation["parameters"]
        ],
        "fields": _fields(sent, schemas) if sent else [],
        "example": json.dumps(example, ensure_ascii=False, indent=2) if example else "",
        "answers": answers, "codes": sorted(codes),
    }  # fmt: skip


def _resolved(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        found: dict[str, Any] = schemas[schema["$ref"].rsplit("/", 1)[-1]]
        return found
    return schema


def _fields(schema: dict[str, Any], schemas: dict[str, Any]) -> list[dict[str, Any]]:
    found = _resolved(schema, schemas)
    required = set(found.get("required", ()))
    return [
        {
            "name": name, "type": _type(one, schemas), "required": name in required,
            "text": _text(one.get("description", "")),
        }
        for name, one in found.get("properties", {}).items()
    ]  # fmt: skip


def _type(one: dict[str, Any], schemas: dict[str, Any]) -> str:
    """A schema in a few words, such as ``string ≤ 200`` or ``list of CaseRow``."""
    if "$ref" in one:
        return str(one["$ref"].rsplit("/", 1)[-1])
    if "enum" in one:
        return " | ".join(str(value) if value != "" else "“”" for value in one["enum"])
    if "anyOf" in one:
        parts = [_type(part, schemas) for part in one["anyOf"]]
        return " | ".join(part for part in parts if part != "null") + (" | null" if "null" in parts else "")
    kind = one.get("type", "")
    if kind == "array":
        return f"[{_type(one.get('items', {}), schemas)}]"
    words = [str(one.get("format") or kind)]
    if "maxLength" in one:
        words.append(f"≤ {one['maxLength']}")
    if "minimum" in one or "maximum" in one:
        words.append(f"{one.get('minimum', '')}…{one.get('maximum', '')}")
    return " ".join(words)


def _text(given: str) -> SafeString:
    """Plain text with its `code` and **bold** marks as HTML; everything else is escaped."""
    made = _BOLD.sub(r"<strong>\1</strong>", _CODE.sub(r"<code>\1</code>", escape(given)))
    return mark_safe(made)  # noqa: S308 - escaped above

"""What goes wrong, said to programs: RFC 9457 ``application/problem+json`` with codes that never change.

``code`` is for machines, ``title`` and ``detail`` are sentences in the language of the request, ``errors`` says by
field what to mend. A missing case and one that is not for the asker's eyes are the same 404.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import Field, Schema

CONTENT_TYPE = "application/problem+json"


class FieldError(Schema):
    field: str
    message: str


class ProblemOut(Schema):
    """RFC 9457 problem: ``code`` never changes, ``title`` and ``detail`` come in the language asked for."""

    type: str
    title: str
    status: int
    code: str
    detail: str | None = None
    errors: list[FieldError] | None = None
    version: int | None = Field(None, description="Of a stale case: its version now.")
    step: str | None = None
    scope: str | None = Field(None, description="The scope that the key lacks.")


# code: (status, sentence). The codes are part of the interface: add, never change.
PROBLEMS: dict[str, tuple[int, Any]] = {
    "malformed": (400, gettext_lazy("This request cannot be understood.")),
    "bad-cursor": (400, gettext_lazy("This cursor was not given by this list.")),
    "unauthorized": (401, gettext_lazy("A valid key is needed: Authorization: Bearer …")),
    "missing-scope": (403, gettext_lazy("The key does not have the scope that this needs.")),
    "not-allowed": (403, gettext_lazy("This is not yours to do.")),
    "not-found": (404, gettext_lazy("There is nothing here, or it is not yours to see.")),
    "method-not-allowed": (405, gettext_lazy("This method is not used here.")),
    "key-reused": (409, gettext_lazy("This idempotency key was already used with another body.")),
    "stale": (409, gettext_lazy("The case has moved on since you looked at it.")),
    "too-large": (413, gettext_lazy("The request is too large.")),
    "unsupported-media-type": (
        415,
        gettext_lazy("Send JSON (or a form with a file, where files are taken)."),
    ),
    "invalid": (422, gettext_lazy("Please check what is marked.")),
    "unknown-move": (422, gettext_lazy("This move cannot be made now; ask for the moves again.")),
    "guard-failed": (422, gettext_lazy("The conditions for this move are not met.")),
    "kept-by-room": (
        422,
        gettext_lazy("This is done on the task's own screen, because more follows from it."),
    ),
    "missing-fields": (422, gettext_lazy("Something is missing; please fill it in.")),
    "not-admitted": (422, gettext_lazy("This item is not on the list of what grid workers may be given.")),
    "refused": (422, gettext_lazy("This cannot be done now.")),
    "file-refused": (422, gettext_lazy("This file cannot be accepted.")),
    "too-many-requests": (429, gettext_lazy("Too many requests; wait a little.")),
    "internal": (500, gettext_lazy("Something went wrong here. It has been noted; please try again.")),
    "unavailable": (
        503,
        gettext_lazy("The database cannot be reached. Nothing was done; try again shortly."),
    ),
    "store-full": (507, gettext_lazy("The server has no room left for files.")),
}


class Problem(Exception):
    """An answer that says what is wrong. *more* goes into the answer as it is (such as ``version``)."""

    def __init__(
        self,
        code: str,
        *,
        detail: str = "",
        errors: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(code)
        self.code = code if code in PROBLEMS else "refused"
        self.detail = detail
        self.errors = dict(errors or {})
        self.headers = dict(headers or {})
        self.more = more

    @property
    def status(self) -> int:
        """The HTTP status."""
        return PROBLEMS[self.code][0]

    def body(self) -> dict[str, Any]:
        """The answer's members, in the language in force."""
        said: dict[str, Any] = {
            "type": f"urn:huying:problem:{self.code}",
            "title": str(PROBLEMS[self.code][1]),
            "status": self.status,
            "code": self.code,
        }
        if self.detail:
            said["detail"] = self.detail
        if self.errors:
            said["errors"] = [{"field": name, "message": text} for name, text in self.errors.items()]
        return {**said, **self.more}

    def encoded(self) -> bytes:
        """The body as bytes."""
        return json.dumps(self.body(), ensure_ascii=False, separators=(",", ":")).encode()


def of_validation(found: Iterable[Mapping[str, Any]]) -> Problem:
    """What pydantic found wrong, by field."""
    if any(one["type"] in ("json_invalid", "json_type") for one in found):
        return Problem("malformed", detail=_("The body is not valid JSON."))
    errors: dict[str, str] = {}
    for one in found:
        where = ".".join(str(part) for part in one["loc"] if part not in ("body", "query", "path")) or "body"
        errors.setdefault(where, _sentence(one))
    return Problem("invalid", errors=errors)


def _sentence(one: Mapping[str, Any]) -> str:
    given = one.get("ctx") or {}
    kind = one["type"]
    if kind == "missing":
        return _("Please fill this in.")
    if kind == "extra_forbidden":
        return _("There is no such field.")
    if kind == "string_too_long":
        return _("At most %(n)s characters.") % {"n": given.get("max_length")}
    if kind == "string_too_short":
        return _("At least %(n)s characters.") % {"n": given.get("min_length")}
    if kind == "string_pattern_mismatch":
        return _("The text holds a character that cannot be stored.")
    if kind in ("literal_error", "enum"):
        return _("One of: %(values)s.") % {"values": str(given.get("expected", "")).replace(" or ", ", ")}
    if kind == "too_long":
        return _("At most %(n)s entries.") % {"n": given.get("max_length")}
    if kind.startswith(("less_than", "greater_than")):
        return _("The number is out of range.")
    return _("This value cannot be used here.")

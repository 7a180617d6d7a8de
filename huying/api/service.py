"""The NinjaAPI of /api/v1/ and what all its calls share: keys, problems, language, size limits, its document."""

from __future__ import annotations

import logging
from copy import deepcopy
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.renderers import JSONRenderer
from ninja.security import HttpBearer

from huying.api import language
from huying.api.auth import Caller, caller_of
from huying.api.problems import CONTENT_TYPE, PROBLEMS, Problem, ProblemOut, of_validation
from huying.api.shapes import CallIn, MoveIn
from huying.api.writing import Answer, Asked
from huying.cases import naming

log = logging.getLogger("huying.api")

DESCRIPTION = """\
Calls come in, become cases, are routed, handled, verified and rated. This interface does what the screens do, by the \
same rules: a key acts as the person it was made for, sees what that person sees, and may make the moves that this \
person may make now.

**Keys.** `Authorization: Bearer hy_…`; made by an administrator, shown once, with scopes and an end. A revoked key \
stops within 5 seconds. **Limit.** 2,000 requests a second for each key \
and server process, with bursts of ten seconds' worth, unless the deployment says otherwise (`HUYING_API_RATE`); more \
are answered 429 with `Retry-After`.

**Sending twice.** With an `Idempotency-Key` header (1 to 80 printable ASCII characters) the same body gets the same \
answer, marked `Idempotency-Replayed: true`; another body gets 409 `key-reused`. **Versions.** Send the `version` that \
you looked at as `seen` with a move; when the case has moved on, 409 `stale` says how it stands now and nothing is \
changed.

**Problems** come as `application/problem+json` with a `code` that never changes and sentences in the language of \
`Accept-Language` (zh-hans, en). What does not exist and what is not yours to see are the same 404. Names and \
telephones of callers are never given out here. Times carry a zone; coordinates are WGS 84 degrees unless said \
otherwise.
"""


class Renderer(JSONRenderer):
    """JSON with Chinese characters as they are."""

    json_dumps_params = {"ensure_ascii": False, "separators": (",", ":")}


class Key(HttpBearer):
    """A bearer key that has a scope."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Caller:
        """The caller, also as ``request.caller``. Raises Problem."""
        caller = caller_of(request.headers.get("Authorization"), self.scope)
        request.caller = caller  # type: ignore[attr-defined]  # a note of ours on Django's request
        return caller

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """Not used: ``__call__`` does it, so that every failure is a Problem."""
        raise NotImplementedError


def translated(node: Any) -> None:
    """Put summaries and descriptions of a document into the language in force, paragraph by paragraph."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name in ("summary", "description") and isinstance(value, str) and value:
                node[name] = "\n\n".join(_(part) for part in paragraphs(value))
            else:
                translated(value)
    elif isinstance(node, list):
        for one in node:
            translated(one)


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, each on one line."""
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]


class Api(NinjaAPI):
    """NinjaAPI whose document also tells of bodies, headers and problems that are handled without it."""

    def get_openapi_schema(self, **options: Any) -> Any:
        """The OpenAPI 3.1 document."""
        document = super().get_openapi_schema(**options)
        components = document["components"]
        models: tuple[type[Any], ...] = (CallIn, MoveIn, ProblemOut)
        for model in models:
            schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
            components["schemas"].update(schema.pop("$defs", {}))
            components["schemas"][model.__name__] = schema
        components["securitySchemes"] = {
            "Key": {"type": "http", "scheme": "bearer", "description": "A key made by an administrator."}
        }
        document["tags"] = [
            {"name": "cases", "description": "Calls and what becomes of them."},
            {"name": "track", "description": "What a caller may follow with the code; no key."},
            {"name": "reference", "description": "Places, divisions, grids, items, organs."},
        ]
        # Operations share what they were declared with, so the words are put into a copy.
        for name in document:
            document[name] = deepcopy(document[name])
        translated(document)
        return document


api = Api(
    title="Huying 呼应",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api",
    docs_url=None,
    openapi_url="/openapi.json",
    renderer=Renderer(),
)

_ALWAYS = ("too-many-requests", "internal", "unavailable")


def documented(
    *codes: str, scope: str = "", body: str = "", keyed: bool = False, multipart: bool = False
) -> dict[str, Any]:
    """The part of an operation's document that ninja does not know: problems, the body, the idempotency key."""
    by_status: dict[int, list[str]] = {}
    for code in (*(("unauthorized", "missing-scope") if scope else ()), *codes, *_ALWAYS):
        by_status.setdefault(PROBLEMS[code][0], []).append(code)
    extra: dict[str, Any] = {
        "responses": {
            status: {
                "description": ", ".join(found),
                "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemOut"}}},
            }
            for status, found in sorted(by_status.items())
        },
        "parameters": [
            {
                "in": "header", "name": "Accept-Language", "required": False,
                "schema": {"type": "string"}, "example": "en", "description": "Language of names and problems: zh-hans or en.",
            }
        ],
    }  # fmt: skip
    if scope:
        extra["x-scope"] = scope
    if keyed:
        extra["parameters"].append(
            {
                "in": "header", "name": "Idempotency-Key", "required": False,
                "schema": {"type": "string", "minLength": 1, "maxLength": 80, "pattern": "^[!-~]+$"},
                "description": "The same key with the same body gets the same answer.",
            }
        )  # fmt: skip
    if body:
        schema = {"$ref": f"#/components/schemas/{body}"}
        extra["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    if multipart:
        extra["requestBody"] = {
            "required": True,
            "content": {
                "multipart/form-data": {
                    "schema": {
                        "type": "object", "required": ["file"],
                        "properties": {"file": {"type": "string", "format": "binary"}},
                    }
                }
            },
        }  # fmt: skip
    return extra


def caller(request: HttpRequest) -> Caller:
    """Who asks; only behind ``Key``."""
    found: Caller = request.caller  # type: ignore[attr-defined]  # noted by Key
    return found


def lang() -> str:
    """The language of the answer as presets name it."""
    return "en" if naming.english() else "zh"


def asked(request: HttpRequest) -> Asked:
    """A Django request as the writing calls take it. Raises Problem."""
    try:
        return Asked(request.headers.get, request.body, language.of_preset(lang()))
    except RequestDataTooBig:
        raise Problem("too-large") from None


def http(answer: Answer) -> HttpResponse:
    """An answer of the writing calls as Django's."""
    return HttpResponse(
        answer.body, status=answer.status, content_type=answer.content_type,
        headers={"Cache-Control": "no-store", **answer.headers},
    )  # fmt: skip


def told(problem: Problem) -> HttpResponse:
    """A problem as Django's answer."""
    return HttpResponse(
        problem.encoded(), status=problem.status, content_type=CONTENT_TYPE,
        headers={"Cache-Control": "no-store", **problem.headers},
    )  # fmt: skip


@api.exception_handler(Problem)
def _problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    return told(problem)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return told(of_validation(error.errors))


@api.exception_handler(Http404)
def _missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return told(Problem("not-found"))


@api.exception_handler(HttpError)
def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    return told(Problem("malformed" if error.status_code == 400 else "internal"))


@api.exception_handler(Exception)
def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    if isinstance(error, RequestDataTooBig):
        return told(Problem("too-large"))
    if isinstance(error, OperationalError | InterfaceError):
        log.error("the database failed: %s", error)
        return told(Problem("unavailable", headers={"Retry-After": "10"}))
    log.error("%s: a call failed", "database" if isinstance(error, DatabaseError) else "api", exc_info=error)
    return told(Problem("internal"))

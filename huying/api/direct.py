"""The two writing calls straight from WSGI, past Django's middleware and routing (docs/decisions/intake-path.md).

A process of the web server answers them here and hands everything else on. What middleware would have done and
matters to a program with a bearer key is done here: the language, the size limit, the security headers, and
problem+json for whatever goes wrong. Cookies, sessions, forms and pages play no part.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.signals import request_finished
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.utils import translation

from huying.api import language
from huying.api.problems import CONTENT_TYPE, Problem
from huying.api.writing import MOST_BODY, Answer, Asked, make_move, take_call

log = logging.getLogger("huying.api")

CASES = "/api/v1/cases"
_MOVES = re.compile(r"/api/v1/cases/([^/]{1,120})/moves\Z")
_HEADERS = {
    "Content-Type": "CONTENT_TYPE",
    "Authorization": "HTTP_AUTHORIZATION",
    "Idempotency-Key": "HTTP_IDEMPOTENCY_KEY",
}
_REASONS = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}
_ALWAYS = [
    ("X-Content-Type-Options", "nosniff"),
    ("Cache-Control", "no-store"),
    ("Vary", "Accept-Language"),
]

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def serving(otherwise: Wsgi) -> Wsgi:
    """A WSGI application that answers the two writing calls itself and gives the rest to *otherwise*."""
    always = list(_ALWAYS)
    if settings.SECURE_HSTS_SECONDS:
        always.append(
            ("Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains")
        )

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "POST":
            return otherwise(environ, start_response)
        path = environ.get("PATH_INFO", "")
        number = ""
        if path != CASES:
            found = _MOVES.match(path) if path.startswith(CASES) else None
            if found is None:
                return otherwise(environ, start_response)
            # WSGI gives the path's bytes as if they were Latin-1; numbers may hold Chinese characters.
            number = found.group(1).encode("latin-1", "replace").decode("utf-8", "replace")
        if settings.SECURE_SSL_REDIRECT and environ.get("HTTP_X_FORWARDED_PROTO") != "https":
            return otherwise(environ, start_response)  # which sends it to https
        try:
            answer = answered(environ, number)
        finally:
            give_back()
        start_response(
            _REASONS[answer.status],
            [
                ("Content-Type", answer.content_type),
                ("Content-Length", str(len(answer.body))),
                *always,
                *answer.headers.items(),
            ],
        )
        return [answer.body]

    return application


def give_back() -> None:
    """Give the connection back to the pool, as after every other request.

    The server ends threads that had nothing to do for a while; a connection that ended with its thread would be
    missing from the pool for good.
    """
    request_finished.send(sender=give_back)


def answered(environ: dict[str, Any], number: str) -> Answer:
    """The answer to one of the writing calls, whatever happens."""

    def header(name: str) -> str | None:
        found: str | None = environ.get(_HEADERS[name])
        return found

    code = language.of_header(environ.get("HTTP_ACCEPT_LANGUAGE", ""))
    # Set rather than overridden: every request sets its own, and the thread has none to go back to.
    translation.activate(code)
    try:
        asked = Asked(header, _body(environ), language.of_preset(code))
        return make_move(asked, number) if number else take_call(asked)
    except Problem as problem:
        return told(problem)
    except (OperationalError, InterfaceError) as error:
        _let_go()
        log.error("the database failed: %s", error)
        return told(Problem("unavailable", headers={"Retry-After": "10"}))
    except Exception as error:
        if isinstance(error, DatabaseError):
            _let_go()
        log.exception("a writing call failed")
        return told(Problem("internal"))


def told(problem: Problem) -> Answer:
    """A problem as an answer."""
    return Answer(problem.status, problem.encoded(), problem.headers, CONTENT_TYPE)


def _let_go() -> None:
    """A connection that failed is not used again."""
    try:
        connection.close()
    except Exception:
        log.debug("closing a failed connection failed", exc_info=True)


def _body(environ: dict[str, Any]) -> bytes:
    try:
        length = int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        raise Problem("malformed") from None
    if length > MOST_BODY:
        raise Problem("too-large")
    stream = environ["wsgi.input"]
    # Without a length the server gives what came; one byte more than allowed shows that it is too much.
    body: bytes = stream.read(length) if length > 0 else stream.read(MOST_BODY + 1)
    return body

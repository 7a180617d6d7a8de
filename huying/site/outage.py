"""When the database is gone, say so: 503 in both languages, and nothing half done."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import connection
from django.db.utils import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from huying.site.errors import outage

log = logging.getLogger("huying.outage")


def _gone(problem: BaseException) -> bool:
    """True when *problem* means that the server cannot be reached or is full, not that a statement was wrong."""
    state = getattr(problem.__cause__, "sqlstate", None)
    # No state at all: never connected, or the connection broke. 08 connection, 53 resources (disk, memory,
    # connections), 57P server shutting down or starting up.
    return state is None or state[:2] in {"08", "53"} or state[:3] == "57P"


class OutageMiddleware:
    """Outermost: turns a lost database in any middleware or view into the 503 page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        try:
            return self.get_response(request)
        except (OperationalError, InterfaceError) as problem:
            return self._answer(request, problem)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        """A view met a lost database."""
        if isinstance(problem, OperationalError | InterfaceError) and _gone(problem):
            return self._answer(request, problem)
        return None

    def _answer(self, request: HttpRequest, problem: Exception) -> HttpResponse:
        log.error("database unreachable: %s", type(problem.__cause__ or problem).__name__)
        connection.close()
        return outage(request)

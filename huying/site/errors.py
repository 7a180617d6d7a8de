"""The pages for what goes wrong. A room's template ``errors/<status>.html`` is used when there is one.

The page for a vanished database and the one of last resort are plain files of this package and touch neither
the database nor the session, because those may be what is broken.
"""

from __future__ import annotations

import sys
from functools import cache
from http import HTTPStatus
from pathlib import Path

from django.db.utils import DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import TemplateDoesNotExist, loader
from django.utils.translation import gettext as _

PLAIN = Path(__file__).parent / "templates" / "site"


@cache
def _plain(name: str) -> str:
    return (PLAIN / name).read_text(encoding="utf-8")


def wants_json(request: HttpRequest) -> bool:
    """True for programs: addresses of the interfaces, or a stated wish for JSON."""
    return request.path.startswith("/api/") or request.headers.get("Accept", "").startswith(
        "application/json"
    )


def answer(request: HttpRequest, status: int, title: str, advice: str) -> HttpResponse:
    """An error as a page for people and as JSON for programs."""
    if wants_json(request):
        return JsonResponse(
            {"error": {"code": HTTPStatus(status).name.lower(), "message": f"{title} {advice}"}},
            status=status,
        )
    context = {"status": status, "title": title, "advice": advice}
    for name in (f"errors/{status}.html", "site/error.html"):
        try:
            return HttpResponse(loader.render_to_string(name, context, request), status=status)
        except TemplateDoesNotExist:
            continue
    return HttpResponse(_plain("last_resort.html"), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return answer(request, 400, _("This request cannot be understood."), _("Go back and try again."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return answer(
        request,
        403,
        _("You may not see or do this."),
        _("Sign in as somebody who may, or ask your administrator."),
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404; the same whether something does not exist or may not be seen."""
    return answer(
        request,
        404,
        _("There is nothing here."),
        _("The address may be mistyped, or what was here is not yours to see."),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without its token, in words that say what to do."""
    return answer(
        request,
        403,
        _("This form was open too long or came from another page."),
        _("Reload the page and send it again."),
    )


def database_gone(problem: BaseException | None) -> bool:
    """True when *problem* means that the server cannot be reached or is full, not that a statement was
    wrong.
    """
    if not isinstance(problem, OperationalError | InterfaceError):
        return False
    state = getattr(problem.__cause__, "sqlstate", None)
    # No state: never connected, or the connection broke. 08: connection, 25006: became read-only, 53: disk,
    # memory or connections used up, 57P: server stopping or starting.
    return state is None or state[:2] in {"08", "53"} or state[:3] == "57P" or state == "25006"


# Out of range, a moment that there is not, a character that cannot be kept.
_UNKEEPABLE = {"22003", "22008", "22021", "22P05"}


def unkeepable(problem: BaseException | None) -> bool:
    """True when what was sent holds something that no database keeps, such as a NUL or a number of thirty digits."""
    if not isinstance(problem, DataError):
        return False
    state = getattr(problem.__cause__, "sqlstate", None)
    return state in _UNKEEPABLE or (state is None and "NUL" in str(problem))


def server_error(request: HttpRequest) -> HttpResponse:
    """500, 503 when it was the database that vanished, or 400 when nobody could keep what was sent; without context
    processors, for they may be what failed.
    """
    problem = sys.exc_info()[1]  # Django calls this while it handles the exception
    if database_gone(problem):
        return outage(request)
    if unkeepable(problem):
        return bad_request(request, problem if isinstance(problem, Exception) else DataError())
    if wants_json(request):
        return JsonResponse(
            {"error": {"code": "internal_server_error", "message": "Something went wrong here."}}, status=500
        )
    return HttpResponse(_plain("last_resort.html"), status=500)


def outage(request: HttpRequest) -> HttpResponse:
    """503: the database cannot be reached."""
    if wants_json(request):
        answered: HttpResponse = JsonResponse(
            {
                "error": {
                    "code": "service_unavailable",
                    "message": "The database cannot be reached. Try again shortly.",
                }
            },
            status=503,
        )
    else:
        answered = HttpResponse(_plain("outage.html"), status=503)
    answered["Retry-After"] = "10"
    answered["Cache-Control"] = "no-store"
    return answered

"""What stands between signing in and doing anything: second factor, forced new password, idle time."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import resolve, reverse
from django.urls.exceptions import Resolver404
from django.utils.http import urlencode

from huying.staff import second_factor, signin

# Reachable while something is still to be done; everything else waits.
OPEN = {
    "staff:second",
    "staff:second_set_up",
    "staff:password",
    "staff:sign_out",
    "healthz",
    "set_language",
}


class StaffMiddleware:
    """Runs after Django's authentication; a visitor without a session costs nothing here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Send on those who have something to do first, note that the session is in use."""
        if request.session.get("_auth_user_id"):
            first = self._first(request)
            if first is not None and _name(request) not in OPEN:
                return go(request, first)
            signin.touch(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A page asked for rights that need the second factor."""
        if isinstance(exception, second_factor.SecondFactorNeeded):
            return go(request, "staff:second")
        return None

    @staticmethod
    def _first(request: HttpRequest) -> str | None:
        if request.session.get(signin.SECOND) == signin.NEEDED:
            return "staff:second"
        if request.session.get(signin.MUST_CHANGE):
            return "staff:password"
        return None


def go(request: HttpRequest, name: str) -> HttpResponse:
    """Send the browser to the page *name* and back here afterwards, also when HTMX asked."""
    back = request.get_full_path() if request.method == "GET" and not _is_htmx(request) else ""
    where = reverse(name) + (f"?{urlencode({'next': back})}" if back and back != "/" else "")
    if _is_htmx(request):
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = where
        return answer
    return HttpResponseRedirect(where)


def _is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _name(request: HttpRequest) -> str:
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return ""

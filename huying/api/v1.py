"""The routers of /api/v1/ put together, and its addresses."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, re_path
from django.views.decorators.csrf import csrf_exempt

from huying.api import v1_cases, v1_reference
from huying.api.problems import Problem
from huying.api.service import api, told

api.add_router("", v1_cases.router)
api.add_router("", v1_reference.router)


def _with_problems(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """What ninja answers itself (405) as a problem too."""

    @csrf_exempt
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = view(request, *args, **kwargs)
        if found.status_code != 405:
            return found
        return told(Problem("method-not-allowed", headers={"Allow": found.headers.get("Allow", "")}))

    return answered


@csrf_exempt
def missing(request: HttpRequest) -> HttpResponse:
    """404 for whatever no call answers."""
    return told(Problem("not-found"))


def patterns() -> list[URLPattern]:
    """The addresses of the calls and of the document, without the root that ninja keeps for itself."""
    found: list[URLPattern] = []
    given: list[Any] = api.urls[0]
    for pattern in given:
        # Ninja finds its own address by the name of a root view, at which nothing is.
        pattern.callback = missing if pattern.name == "api-root" else _with_problems(pattern.callback)
        found.append(pattern)
    return [*found, re_path(r"^.*$", missing, name="missing")]

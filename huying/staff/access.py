"""Who may open a page: the guard that views of any room put on."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from huying.staff import sight
from huying.staff.models import Person
from huying.staff.second_factor import SecondFactorNeeded

View = Callable[..., HttpResponse]


def person_of(request: HttpRequest) -> Person:
    """Who is signed in; for views that only somebody signed in reaches."""
    assert isinstance(request.user, Person)
    return request.user


def signed_in(view: View) -> View:
    """Only for those signed in; others are sent to sign in and come back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return to_sign_in(request)
        return view(request, *args, **kwargs)

    return guarded


def needs(*rights: str) -> Callable[[View], View]:
    """Only for those whose sight has at least one of *rights* (403 otherwise)."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return to_sign_in(request)
            seen = sight.of(request)
            if not seen.can(*rights):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return wrap


def sight_of(request: HttpRequest) -> sight.Sight | None:
    """The sight of whoever is signed in; None for visitors and while a second factor is missing: the frame with its
    entries is drawn on those pages too.
    """
    if not request.user.is_authenticated:
        return None
    try:
        return sight.of(request)
    except SecondFactorNeeded:
        return None


def having(*rights: str) -> Callable[[HttpRequest], bool]:
    """Whether whoever is signed in has at least one of *rights*: which entries of the navigation are shown."""

    def shown(request: HttpRequest) -> bool:
        seen = sight_of(request)
        return seen is not None and seen.can(*rights)

    return shown


def serving(*rights: str) -> Callable[[HttpRequest], bool]:
    """As ``having``, but never for residents, whatever rights the place gives them."""

    def shown(request: HttpRequest) -> bool:
        seen = sight_of(request)
        return seen is not None and not seen.is_resident and seen.can(*rights)

    return shown


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """The way to the sign-in page and back; an HTMX request gets 401, which the scripts put into words."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=401)
    back = request.get_full_path() if request.method == "GET" else "/"
    return HttpResponseRedirect(f"{reverse('staff:sign_in')}?{urlencode({'next': back})}")


def next_of(request: HttpRequest, otherwise: str = "/") -> str:
    """Where to go afterwards: the `next` that came along if it is an address of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    fine = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if wanted and fine else otherwise

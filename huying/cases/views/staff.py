"""The guard of staff screens."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from huying.cases.models import Case
from huying.cases.queries import by_number
from huying.cases.views.common import memory_of
from huying.staff import sight as sights
from huying.staff.access import to_sign_in

Answer = TypeVar("Answer", bound=HttpResponseBase)


def staff_page(view: Callable[..., Answer]) -> Callable[..., Answer | HttpResponse]:
    """Only for people who serve the place: visitors are sent to sign in, residents have pages of their own (403)."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> Answer | HttpResponse:
        if not request.user.is_authenticated:
            return to_sign_in(request)
        if sights.of(request).is_resident:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def case_of(request: HttpRequest, number: str) -> Case:
    """The case with the number at the request's place; sight is checked by whoever shows it. Raises Http404."""
    try:
        return by_number(memory_of(request).place_id, number)
    except Case.DoesNotExist:
        raise Http404("no such case") from None

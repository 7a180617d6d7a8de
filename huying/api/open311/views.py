"""The addresses of GeoReport v2. Each answers in XML or JSON, errors included."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from huying.api import auth
from huying.api.auth import Caller
from huying.api.open311 import reading, services, taking
from huying.api.open311.answers import GeoReportError, answer, failure, format_of
from huying.api.problems import Problem
from huying.cases import naming
from huying.places import memory as places
from huying.places.current import first_place_id
from huying.places.info import PlaceMemory
from huying.places.models import Place

log = logging.getLogger("huying.api")

# When the shape of these answers last changed (GeoReport's discovery asks for it).
CHANGESET = "2026-03-01T00:00:00+08:00"


@dataclass(slots=True)
class Asked:
    """A request with its format, place and, if a key came along, who asks."""

    request: HttpRequest
    format: str
    memory: PlaceMemory
    caller: Caller | None

    @property
    def lang(self) -> str:
        """The language as presets name it."""
        return "en" if naming.english() else "zh"


def georeport(*methods: str) -> Callable[[Any], Any]:
    """A view of GeoReport: finds format, key and place, and says in the standard's way what goes wrong."""

    def wrap(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @wraps(view)
        def answered(request: HttpRequest, format: str | None = None, **kwargs: Any) -> HttpResponse:
            kind = format_of(request, format)
            try:
                if request.method not in methods:
                    raise GeoReportError(
                        405, _("This method is not used here."), {"Allow": ", ".join(methods)}
                    )
                caller = _caller(request)
                return view(Asked(request, kind, _place(request, caller), caller), **kwargs)
            except GeoReportError as error:
                return failure(kind, error)
            except Problem as problem:
                status = 403 if problem.status == 401 else problem.status
                return failure(kind, GeoReportError(status, str(problem.body()["title"]), problem.headers))
            except (SuspiciousOperation, BadRequest, MultiPartParserError, UnreadablePostError):
                return failure(kind, GeoReportError(400, _("This request cannot be understood.")))
            except (OperationalError, InterfaceError):
                log.error("the database failed")
                text = _("The database cannot be reached. Nothing was done; try again shortly.")
                return failure(kind, GeoReportError(503, text, {"Retry-After": "10"}))
            except DatabaseError:
                log.exception("a GeoReport call failed")
                return failure(
                    kind,
                    GeoReportError(500, _("Something went wrong here. It has been noted; please try again.")),
                )

        return answered

    return wrap


def _caller(request: HttpRequest) -> Caller | None:
    """Who asks, by ``api_key`` (address or form) or a bearer header; None without. Raises Problem, GeoReportError."""
    text = request.GET.get("api_key") or (request.POST.get("api_key") if request.method == "POST" else "")
    header = request.headers.get("Authorization", "")
    if not text and header.lower().startswith("bearer "):
        text = header[7:].strip()
    if not text:
        return None
    if not text.isascii():
        raise GeoReportError(403, _("api_key is not valid"))
    try:
        caller = auth.of_key(text)
        caller.needs("open311")
    except Problem as problem:
        if problem.code == "unauthorized":
            raise GeoReportError(403, _("api_key is not valid")) from None
        raise
    return caller


def _place(request: HttpRequest, caller: Caller | None) -> PlaceMemory:
    code = request.GET.get("jurisdiction_id") or (
        request.POST.get("jurisdiction_id") if request.method == "POST" else ""
    )
    if code:
        found = None
        if len(code) <= 40 and "\x00" not in code:
            found = Place.objects.filter(code=code).values_list("id", flat=True).first()
        if found is None:
            raise GeoReportError(404, _("jurisdiction_id was not found"))
        if caller is not None and caller.place_id != found:
            raise GeoReportError(403, _("This key belongs to another jurisdiction."))
        return places.of(found)
    place_id = caller.place_id if caller is not None else first_place_id()
    if not place_id:
        raise GeoReportError(404, _("There is no place here yet."))
    return places.of(place_id)


@georeport("GET")
def discovery(asked: Asked) -> HttpResponse:
    """Where what is, and how to get a key."""
    root = asked.request.build_absolute_uri(
        reverse("api:discovery", kwargs={"format": "xml"}).rpartition("/")[0]
    )
    content = {
        "changeset": CHANGESET,
        "contact": _("Ask the administrator of %(place)s.") % {"place": asked.memory.name},
        "key_service": _("Keys are made by an administrator of the place, with the scope open311."),
        "endpoints": [
            {
                "specification": "http://wiki.open311.org/GeoReport_v2",
                "url": root,
                "changeset": CHANGESET,
                "type": "production",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }
    return answer(asked.format, "discovery", content)


@georeport("GET")
def service_list(asked: Asked) -> HttpResponse:
    """GET services."""
    return answer(asked.format, "services", services.services(asked.memory))


@georeport("GET")
def service(asked: Asked, code: str) -> HttpResponse:
    """GET services/{code}."""
    return answer(asked.format, "service_definition", services.definition(asked.memory, code, asked.lang))


@georeport("GET", "POST")
def requests(asked: Asked) -> HttpResponse:
    """GET and POST requests."""
    if asked.request.method == "POST":
        made = taking.take(asked.request, asked.memory, asked.caller, asked.lang)
        return answer(asked.format, "service_requests", made, 201)
    preset = asked.memory.preset
    wanted = reading.wanted_of(
        asked.request.GET, preset.place.timezone if preset is not None else "Asia/Shanghai"
    )
    found = reading.find(asked.memory.place_id, wanted)
    return answer(asked.format, "service_requests", _told(asked, found))


@georeport("GET")
def one(asked: Asked, number: str) -> HttpResponse:
    """GET requests/{id}."""
    return answer(asked.format, "service_requests", _told(asked, _found(asked, number)))


@georeport("GET")
def token(asked: Asked, number: str) -> HttpResponse:
    """GET tokens/{id}: numbers are given at once, so a number is its own token."""
    found = _found(asked, number)
    content = [{"service_request_id": found[0].number, "token": number}]
    return answer(asked.format, "service_requests", content)


def _found(asked: Asked, number: str) -> list[Any]:
    found = []
    if len(number) <= 40 and "\x00" not in number:
        found = reading.find(asked.memory.place_id, reading.Wanted(numbers=(number,)))
    if not found:
        raise GeoReportError(404, _("service_request_id was not found"))
    return found


def _told(asked: Asked, cases: list[Any]) -> list[dict[str, Any]]:
    sight = asked.caller.sight if asked.caller is not None else None
    return reading.told(asked.request, cases, asked.memory, sight)

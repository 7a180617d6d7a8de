"""POST requests: a GeoReport form becomes a call, by the same door as every other."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from huying.api.auth import Caller
from huying.api.open311.answers import GeoReportError
from huying.api.open311.services import KIND, OTHER, attribute_fields, check_code, form_of, preset_of
from huying.cases import tracks
from huying.cases.actions import KeyReused, Reported, report
from huying.cases.calls import Call, CallRefused, from_form
from huying.cases.who import API, Actor
from huying.files import actions as staging
from huying.files.errors import FileError
from huying.places.info import PlaceMemory
from huying.staff import sight as sights
from huying.staff.throttle import address_of

MOST_AN_HOUR = 20  # reports from one address without a key
MOST_MEDIA = 6
_ATTRIBUTE = re.compile(r"attribute\[([^\]]{1,60})\](\[\])?\Z")
_LENGTHS = {"first_name": 20, "last_name": 20, "phone": 20, "email": 100, "address_string": 200}


def take(request: HttpRequest, memory: PlaceMemory, caller: Caller | None, lang: str) -> list[dict[str, Any]]:
    """Make a case of the form. Raises GeoReportError."""
    if caller is not None:
        if not caller.sight.can("report"):
            raise GeoReportError(403, _("The person behind this key may not report."))
        actor = caller.actor
    else:
        # Whether somebody without an account may report is the preset's word: the right of the role "visitor".
        if not sights.anonymous(memory.place_id).can("report"):
            raise GeoReportError(403, _("api_key is needed here"))
        if _too_many(request):
            raise GeoReportError(403, _("Too many reports came from your address in the last hour."))
        actor = Actor(channel=API)
    call = _call(request, memory, caller, lang)
    sender = f"open311:{uuid4()}"
    tokens = _staged(request, memory, sender)
    if tokens:
        call = _with_photos(call, tokens)
    key = request.headers.get("Idempotency-Key") if caller is not None else None
    try:
        made = report(memory.place_id, call, actor, key=key, files_key=sender)
    except CallRefused as refused:
        raise GeoReportError(400, "; ".join(f"{_named(n)}: {t}" for n, t in refused.errors.items())) from None
    except FileError as error:
        raise GeoReportError(400, f"media: {error}") from None
    except KeyReused:
        raise GeoReportError(409, _("This idempotency key was already used with another body.")) from None
    notice = _notice(made)
    if request.POST.get("media_url"):
        # An address that anybody may send is not fetched from inside the network.
        notice += " " + _("media_url was not fetched; send photos as the field media.")
    return [{"service_request_id": made.number, "service_notice": notice, "account_id": None}]


def _notice(made: Reported) -> str:
    words = [_("Track code: %(code)s.") % {"code": tracks.shown(made.track_code)}]
    if made.promised_at is not None:
        words.append(
            _("An answer is promised by %(time)s.")
            % {"time": date_format(localtime(made.promised_at), "Y-m-d H:i")}
        )
    return " ".join(words)


def _call(request: HttpRequest, memory: PlaceMemory, caller: Caller | None, lang: str) -> Call:
    sent = request.POST
    code = sent.get("service_code", "").strip()
    if not code:
        raise GeoReportError(400, _("service_code was not provided"))
    check_code(memory, code)
    for name, most in _LENGTHS.items():
        if len(sent.get(name, "")) > most:
            raise GeoReportError(
                400, _("%(name)s has more than %(n)d characters") % {"name": name, "n": most}
            )
    if any("\x00" in value for name in sent for value in (name, *sent.getlist(name))):
        raise GeoReportError(400, _("The text holds a character that cannot be stored."))
    values: dict[str, Any] = _attributes(request, memory, lang)
    values["body"] = sent.get("description", "")
    if not values["body"].strip():
        raise GeoReportError(400, _("description was not provided"))
    values["item"] = "" if code == OTHER else code
    values["address"] = sent.get("address_string", "")
    if point := _point(sent.get("lat", ""), sent.get("long", "")):
        values["place"] = point
    values["reporter_name"] = " ".join(
        part for part in (sent.get("last_name", "").strip(), sent.get("first_name", "").strip()) if part
    )
    values["reporter_phone"] = sent.get("phone", "")
    values["reporter_address"] = sent.get(
        "email", ""
    )  # the only other way to reach them; sealed with the rest
    if not (point or values["address"].strip()):
        raise GeoReportError(400, _("lat and long, or address_string, were not provided"))
    mine = caller is not None and (caller.sight.is_resident or bool(caller.sight.delegations))
    kinds = preset_of(memory).kinds[KIND].calls
    return from_form(
        KIND, values, person_id=caller.person_id if caller is not None and mine else None, kinds_of_call=kinds
    )


def _attributes(request: HttpRequest, memory: PlaceMemory, lang: str) -> dict[str, Any]:
    """``attribute[code]=value``, checked by the place's form. Raises GeoReportError."""
    form = form_of(memory)
    known = {one.id: one for one in attribute_fields(form)}
    given: dict[str, Any] = {}
    for name in request.POST:
        found = _ATTRIBUTE.match(name)
        if found is None:
            continue
        field = known.get(found.group(1))
        if field is None:
            raise GeoReportError(400, _("attribute %(name)s is not asked here") % {"name": found.group(1)})
        values = [value for value in request.POST.getlist(name) if value != ""]
        if field.type == "choices":
            given[field.id] = values
        elif values:
            given[field.id] = values[0] == "true" if field.type == "yesno" else values[0]
    cleaned, errors = form.pick([], list(known)).clean(given, lang)
    if errors:
        raise GeoReportError(400, "; ".join(f"attribute[{name}]: {text}" for name, text in errors.items()))
    return dict(cleaned.all)


def _point(lat: str, lon: str) -> dict[str, float] | None:
    if not lat.strip() and not lon.strip():
        return None
    try:
        point = {"lon": float(lon), "lat": float(lat)}
    except ValueError:
        raise GeoReportError(400, _("lat and long are not numbers")) from None
    if not (-180 <= point["lon"] <= 180 and -90 <= point["lat"] <= 90):
        raise GeoReportError(400, _("lat and long are not on the earth"))
    return point


def _staged(request: HttpRequest, memory: PlaceMemory, sender: str) -> list[str]:
    sent = request.FILES.getlist("media")
    if len(sent) > MOST_MEDIA:
        raise GeoReportError(400, _("At most %(n)s photos.") % {"n": MOST_MEDIA})
    try:
        return [staging.stage(memory.place_id, one, sender).token for one in sent]
    except FileError as error:
        raise GeoReportError(400, f"media: {error}") from None


def _with_photos(call: Call, tokens: list[str]) -> Call:
    from dataclasses import replace

    return replace(call, photos=tuple(tokens))


def _named(name: str) -> str:
    """A field of a call as GeoReport names it."""
    return {"body": "description", "lon": "long", "item": "service_code", "address": "address_string"}.get(
        name, name
    )


def _too_many(request: HttpRequest) -> bool:
    name = f"open311.report:{address_of(request)}"
    cache.add(name, 0, 3600)
    try:
        return bool(cache.incr(name) > MOST_AN_HOUR)
    except ValueError:  # it ran out between the two calls
        return False

"""Where forms send photos and files: they are staged at once, and claimed by the report or move that carries them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.cache import cache
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huying.cases.views.common import files_key, memory_of
from huying.files import actions
from huying.files.errors import FileError, StoreFull
from huying.staff.throttle import address_of

# A visitor can throw away the session and begin anew, so that the address is counted too. Each process counts for
# itself; the disk has a limit of its own (files.errors.StoreFull).
VISITOR_MOST = 120
VISITOR_SECONDS = 3600


@require_POST
def upload(request: HttpRequest) -> JsonResponse:
    """Take one file (multipart field ``file``): answers {"id": token, "name", "kind"}, or {"error": sentence}.

    422 for a file that cannot be accepted, 413 for too large a body, 429 for too many, 507 when the disk is full.
    """
    memory = memory_of(request)
    if not request.user.is_authenticated and _too_many(request):
        return _refused(_("Too many files from this address. Please try again in an hour."), 429)
    try:
        sent = request.FILES.get("file")
    except RequestDataTooBig:
        return _refused(_("The file is too big."), 413)
    if sent is None:
        return _refused(_("No file was sent."), 422)
    try:
        staged = actions.stage(memory.place_id, sent, files_key(request))
    except FileError as error:
        return _refused(str(error), 507 if isinstance(error, StoreFull) else 422)
    return JsonResponse({"id": staged.token, "name": staged.name, "kind": staged.kind}, status=201)


def stage_sent(request: HttpRequest, fields: Sequence[Any], values: dict[str, Any]) -> dict[str, str]:
    """Stage what a form sent along by itself, without script: inputs ``<field>_files`` of photo and file fields.

    The tokens are put with those that *values* holds already. Answers what is wrong, by field.
    """
    errors: dict[str, str] = {}
    place_id = memory_of(request).place_id
    for one in fields:
        if one.type not in ("photo", "files"):
            continue
        for sent in request.FILES.getlist(f"{one.id}_files"):
            if not sent.size:
                continue
            try:
                token = actions.stage(place_id, sent, files_key(request)).token
            except FileError as error:
                errors[one.id] = str(error)
            else:
                values[one.id] = [*values.get(one.id, []), token]
    return errors


def _refused(text: str, status: int) -> JsonResponse:
    return JsonResponse({"error": text}, status=status)


def _too_many(request: HttpRequest) -> bool:
    name = f"cases.upload:{address_of(request)}"
    cache.add(name, 0, VISITOR_SECONDS)
    try:
        return bool(cache.incr(name) > VISITOR_MOST)
    except ValueError:  # it ran out between the two calls
        return False

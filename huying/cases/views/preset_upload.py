"""A whole preset through the browser: taken away as a ZIP, changed, sent back, looked at, published."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from huying.cases import handbook
from huying.cases.views.admin_presets import RIGHTS, edition_of
from huying.cases.views.common import memory_of
from huying.cases.views.edition_outcome import shown_or_published
from huying.presets.actions import other_place
from huying.presets.archive import MAX_ARCHIVE, read_archive, write_archive
from huying.presets.definition import Preset
from huying.presets.diff import diff
from huying.presets.reader import load
from huying.staff.access import needs


@never_cache
@require_GET
@needs(*RIGHTS)
def download(request: HttpRequest, number: int) -> HttpResponse:
    """The files of an edition as a ZIP."""
    preset = edition_of(request, number)
    return HttpResponse(
        write_archive(preset.files), content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{preset.code}-{number}.zip"'},
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "POST"])
@needs("manage_presets")
def upload(request: HttpRequest) -> HttpResponse:
    """Check a ZIP (``file``) and show what it would change; publish it when the form comes back with ``publish``.

    422 with every defect, 409 when another edition came into force meanwhile.
    """
    memory = memory_of(request)
    if memory.preset is None:
        raise Http404("no edition")
    context: dict[str, Any] = {"base": memory.edition_id, "most": MAX_ARCHIVE // 1000}
    answer: HttpResponse | int = 200
    if request.method == "POST":
        data = _sent(request)
        if not data:
            context["nothing"], answer = True, 422
        else:
            # The form for publishing carries the file itself: it is read and checked again, whatever was shown before.
            hidden = [("archive", base64.b64encode(data).decode())]
            draft = _draft(memory.preset, data)
            answer = shown_or_published(
                request, memory, draft, hidden, context, note="", back=reverse("cases:presets")
            )
    if isinstance(answer, HttpResponse):
        return answer
    return render(request, "cases/admin/preset_upload.html", context, status=answer)


def _sent(request: HttpRequest) -> bytes:
    file = request.FILES.get("file")
    if file is not None:
        return bytes(file.read(MAX_ARCHIVE + 1))
    try:
        return base64.b64decode(request.POST.get("archive", ""), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _draft(preset: Preset, data: bytes) -> handbook.Draft:
    files, problems = read_archive(data)
    if problems:
        return handbook.Draft({}, (), problems)
    new, problems = load(files)
    if new is None:
        return handbook.Draft({}, (), problems)
    return handbook.Draft(dict(new.files), diff(preset, new), [*problems, *other_place(new, preset.code)])

"""Reads of attachments. Sight is decided by whoever asks (the cases room): nothing here looks at the
reader."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO
from uuid import UUID

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

from huying.files import store
from huying.files.errors import Gone
from huying.files.images import THUMB_MIME
from huying.files.models import Attachment, Kind


def of_case(place_id: int, case_id: UUID) -> list[Attachment]:
    """A case's attachments in the order they came, erased ones included (their names and bytes are gone).
    1 statement."""
    return list(Attachment.objects.filter(place_id=place_id, case_id=case_id).order_by("id"))


def of_cases(place_id: int, case_ids: Iterable[UUID]) -> dict[UUID, list[Attachment]]:
    """The same for several cases of a place; cases without any are missing. 1 statement."""
    found: dict[UUID, list[Attachment]] = {}
    for row in Attachment.objects.filter(place_id=place_id, case_id__in=list(case_ids)).order_by("id"):
        found.setdefault(row.case_id, []).append(row)
    return found


def get(place_id: int, attachment_id: UUID) -> Attachment | None:
    """One attachment, or None. 1 statement."""
    return Attachment.objects.filter(place_id=place_id, id=attachment_id).first()


def open_bytes(attachment: Attachment, thumb: bool = False) -> IO[bytes]:
    """The content (or a photo's thumbnail, WebP), open for reading. Raises ``Gone``."""
    if attachment.erased_at is not None:
        raise Gone
    path = store.read_path(attachment.place_id, attachment.id, thumb and attachment.kind == Kind.PHOTO)
    return path.open("rb")


def serve(
    attachment: Attachment, thumb: bool = False, request: HttpRequest | None = None
) -> HttpResponseBase:
    """The answer to a browser that may see this file: photos to look at, anything else to download only.

    With ``request`` an unchanged file is answered with 304. Kept by the reader's own browser, which must
    ask again each time, so that losing sight or erasing takes effect at once. Raises ``Gone``.
    """
    photo = attachment.kind == Kind.PHOTO
    small = thumb and photo
    content = open_bytes(attachment, small)
    # Content never changes under an id, so the id is the tag.
    tag = f'"{attachment.id.hex}{"-t" if small else ""}"'
    if request is not None:
        unchanged = get_conditional_response(request, etag=tag)
        if unchanged is not None and unchanged.status_code == 304:
            content.close()
            return _headed(unchanged, tag)
    response = FileResponse(
        content,
        as_attachment=not photo,
        filename=attachment.name or str(attachment.id),
        content_type=THUMB_MIME if small else attachment.mime,
    )
    return _headed(response, tag)


def _headed(response: HttpResponseBase, tag: str) -> HttpResponseBase:
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Content-Type-Options"] = "nosniff"
    # Should a browser ever show it as a page after all, it can run and load nothing.
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response

"""A limit on how much of a request is taken in, before anything is written to a temporary file."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

from huying.files.sniff import MB, MOST

MOST_BODY = 3 * max(MOST.values())
"""Most bytes of files in one request."""


class SizeLimit(FileUploadHandler):
    """First in FILE_UPLOAD_HANDLERS: Django itself limits form fields, but takes files of any size.

    Raises ``RequestDataTooBig``, which Django answers with 400 unless the site says more about it.
    """

    taken = 0

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        """Refuse by the declared length, so that an honest browser is told before it sends everything."""
        if content_length > MOST_BODY:
            raise RequestDataTooBig(f"at most {MOST_BODY // MB} MB of files in one request")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Count on over all files of the request, and refuse one that is bigger than any kind may be."""
        self.taken += len(raw_data)
        if self.taken > MOST_BODY or start + len(raw_data) > max(MOST.values()):
            raise RequestDataTooBig(f"at most {max(MOST.values()) // MB} MB a file")
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""
        return None

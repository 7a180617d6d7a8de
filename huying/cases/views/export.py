"""The list as filtered, as a file: within sight, on record, streamed."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator, Sequence
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from huying import clock
from huying.cases import export, inbox
from huying.cases.actions.exported import exported
from huying.cases.views.common import actor_of, memory_of
from huying.cases.views.staff import staff_page
from huying.places.info import PlaceMemory
from huying.staff import sight as sights
from huying.staff.sight import Sight

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@never_cache
@require_GET
@staff_page
def as_csv(request: HttpRequest) -> HttpResponseBase:
    """The list as CSV (UTF-8 with the mark that Excel wants). Statements: two, and one for every 500 rows."""
    sight, memory, chosen = _chosen(request, "csv")
    language = translation.get_language() or "zh-hans"
    response = StreamingHttpResponse(
        _lines(sight, chosen, memory, language), content_type="text/csv; charset=utf-8"
    )
    return _named(response, "csv")


@never_cache
@require_GET
@staff_page
def as_xlsx(request: HttpRequest) -> HttpResponseBase:
    """The list as an Excel sheet, written row by row into a temporary file."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    sight, memory, chosen = _chosen(request, "xlsx")
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Cases"))
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABCDEFGHIJ", (20, 36, 60, 10, 24, 18, 24, 10, 22, 14), strict=True):
        sheet.column_dimensions[letter].width = width
    bold = []
    for head in export.heads():
        cell = WriteOnlyCell(sheet, value=head)
        cell.font = Font(bold=True)
        bold.append(cell)
    sheet.append(bold)
    for row in export.rows(sight, chosen, memory):
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, value=text)
            cell.data_type = "s"  # text, whatever it looks like
            cells.append(cell)
        sheet.append(cells)
    file = tempfile.TemporaryFile()  # noqa: SIM115  the response closes it
    book.save(file)
    file.seek(0)
    return _named(FileResponse(file, content_type=XLSX), "xlsx")


def _chosen(request: HttpRequest, form: str) -> tuple[Sight, PlaceMemory, Sequence[UUID]]:
    sight, memory = sights.of(request), memory_of(request)
    if not sight.can("export"):
        raise PermissionDenied
    chosen = export.ids(sight, inbox.filter_of(request.GET, sight, memory), memory)
    exported(memory.place_id, actor_of(request), len(chosen), form)
    return sight, memory, chosen


def _lines(sight: Sight, chosen: Sequence[UUID], memory: PlaceMemory, language: str) -> Iterator[str]:
    # The body is drawn when the middleware that chose the language is gone.
    with translation.override(language):
        buffer = io.StringIO()
        writer = csv.writer(buffer)
        buffer.write("\ufeff")
        writer.writerow(export.heads())
        for row in export.rows(sight, chosen, memory):
            writer.writerow(row)
            if buffer.tell() > 16_384:
                yield buffer.getvalue()
                buffer.seek(0)
                buffer.truncate()
        yield buffer.getvalue()


def _named(response: StreamingHttpResponse | FileResponse, ext: str) -> HttpResponseBase:
    day = timezone.localtime(clock.now()).strftime("%Y%m%d-%H%M")
    response.headers["Content-Disposition"] = f'attachment; filename="cases-{day}.{ext}"'
    response.headers["Cache-Control"] = "no-store"
    return response

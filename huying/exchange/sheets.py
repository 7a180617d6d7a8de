"""Rows of the first sheet of an Excel file, as texts. Formulas count as the value that was last shown for them."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from huying.exchange.errors import CannotRead

MOST_BYTES = 1_000_000_000  # of all parts of the file, unpacked
MOST_RATIO = 300  # a file that unpacks to more than so many times its size is a bomb


def rows(path: Path) -> Iterator[list[str]]:
    """The rows of the first sheet. Raises CannotRead."""
    from openpyxl import load_workbook

    _not_a_bomb(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except Exception as problem:  # whatever a damaged file makes the library raise
        raise CannotRead(
            _("This is not an Excel file that can be read: %(problem)s") % {"problem": problem}
        ) from None
    try:
        sheet = book.worksheets[0] if book.worksheets else None
        for row in sheet.iter_rows(values_only=True) if sheet is not None else ():
            cells = [_text(value) for value in row]
            while cells and not cells[-1]:
                cells.pop()
            yield cells
    finally:
        book.close()


def _not_a_bomb(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as parts:
            whole = sum(one.file_size for one in parts.infolist())
    except (zipfile.BadZipFile, OSError) as problem:
        raise CannotRead(
            _("This is not an Excel file that can be read: %(problem)s") % {"problem": problem}
        ) from None
    if whole > MOST_BYTES or whole > MOST_RATIO * max(path.stat().st_size, 10_000):
        raise CannotRead(_("The file unpacks to far more than its size; it was not opened."))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)

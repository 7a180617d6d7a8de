"""Reads CSV tables that people prepared in a spreadsheet; every defect names line, column, what and how to
mend it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

MAX_BYTES = 20_000_000
MAX_CELL = 2_000_000  # an outline is one long cell


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One defect of an import. `line` counts from 1 with the heading as line 1; 0 means the file as a
    whole."""

    file: str
    line: int
    column: str
    what: str
    mend: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        column = f" [{self.column}]" if self.column else ""
        return f"{where}{column}: {self.what} → {self.mend}"


class ImportRefused(Exception):
    """The import has defects, so nothing of it was done. `problems` lists them in order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass
class Defects:
    """Collects the problems of one file."""

    file: str
    found: list[Problem] = field(default_factory=list)

    def add(self, line: int, column: str, what: str, mend: str) -> None:
        """Note a defect."""
        self.found.append(Problem(self.file, line, column, what, mend))

    def refuse(self) -> None:
        """Raise ImportRefused if anything was noted."""
        if self.found:
            raise ImportRefused(self.found)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: its number and its cells by column, trimmed."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


def decode(content: bytes, file: str) -> str:
    """Text of an uploaded file: UTF-8 (with or without a mark) or, as Chinese spreadsheets save it, GB 18030.

    Raises ImportRefused.
    """
    defects = Defects(file)
    if len(content) > MAX_BYTES:
        defects.add(0, "", _("the file is larger than 20 MB"), _("split it into several files"))
        defects.refuse()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    defects.add(0, "", _("the file is not a text file"), _("save it as CSV (UTF-8) or GeoJSON"))
    defects.refuse()
    raise AssertionError("unreachable")


def read_table(text: str, file: str, required: Sequence[str], optional: Sequence[str] = ()) -> list[Row]:
    """The lines of a CSV with a heading. Empty lines are skipped. Raises ImportRefused."""
    defects = Defects(file)
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff")), strict=True)
    rows: list[Row] = []
    try:
        heading = [cell.strip() for cell in next(reader, [])]
        _check_heading(heading, required, optional, defects)
        last = reader.line_num
        for cells in reader:
            line, last = last + 1, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(heading):
                defects.add(
                    line,
                    "",
                    _("the line has %(found)s cells and the heading has %(wanted)s")
                    % {"found": len(cells), "wanted": len(heading)},
                    _("add or remove commas, or put a cell that holds a comma in double quotes"),
                )
                continue
            rows.append(Row(line, {name: cell.strip() for name, cell in zip(heading, cells, strict=True)}))
    except csv.Error as problem:
        defects.add(
            reader.line_num,
            "",
            _("the line cannot be read: %(problem)s") % {"problem": problem},
            _("check the double quotes in this line"),
        )
    defects.refuse()
    return rows


def _check_heading(
    heading: Sequence[str], required: Sequence[str], optional: Sequence[str], defects: Defects
) -> None:
    for column in required:
        if column not in heading:
            defects.add(
                1,
                column,
                _("the column is missing"),
                _("the first line must name the columns: %(columns)s") % {"columns": ", ".join(required)},
            )
    for number, column in enumerate(heading, 1):
        if column in heading[: number - 1]:
            defects.add(1, column, _("the column stands there twice"), _("remove one of them"))
        elif column not in required and column not in optional:
            allowed = ", ".join([*required, *optional])
            defects.add(
                1,
                column,
                _("the column is not known"),
                _("remove it or use one of: %(columns)s") % {"columns": allowed},
            )
    defects.refuse()

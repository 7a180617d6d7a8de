"""CSV files with exact line numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from huying.flow.source import Problem
from huying.presets.problems import problem

MAX_CELL = 200_000
csv.field_size_limit(max(csv.field_size_limit(), MAX_CELL))


class Row:
    """One line of a table: stripped cells by column, and the line (from 1) where it begins."""

    __slots__ = ("cells", "line")

    def __init__(self, cells: dict[str, str], line: int) -> None:
        self.cells = cells
        self.line = line

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def many(self, column: str) -> tuple[str, ...]:
        """The cell as a list: parts between “;” (or “；”), without empty ones."""
        return tuple(part.strip() for part in self[column].replace("；", ";").split(";") if part.strip())


def read_table(
    text: str, file: str, required: Sequence[str], optional: Sequence[str]
) -> tuple[list[Row], list[Problem]]:
    """The rows of a table whose first line names its columns. Empty lines are skipped."""
    problems: list[Problem] = []
    lines = _lines(text, file, problems)
    first = next(lines, None)
    if first is None:
        return [], [*problems, problem("empty-table", file, 1)]
    known = (*required, *optional)
    heading = [cell.strip() for cell in first[1]]
    for i, name in enumerate(heading):
        if name not in known:
            problems.append(problem("unknown-column", file, first[0], name=name, like=(name, known)))
        elif name in heading[:i]:
            problems.append(problem("duplicate-column", file, first[0], name=name))
    for name in required:
        if name not in heading:
            problems.append(problem("missing-column", file, first[0], name=name))
    if problems:
        return [], problems
    rows = []
    for line, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(heading) and any(cell.strip() for cell in cells[len(heading) :]):
            problems.append(problem("extra-cells", file, line, count=len(cells), wanted=len(heading)))
            continue
        rows.append(Row({name: cell.strip() for name, cell in zip(heading, cells, strict=False)}, line))
    if not rows and not problems:
        problems.append(problem("empty-table", file, 1))
    return rows, problems


def _lines(text: str, file: str, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        begins = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            problems.append(problem("csv-syntax", file, begins, why=error))
            return
        if cells:
            yield begins, cells

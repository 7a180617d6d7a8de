"""Reading messages from CSV or Excel files, row by row, with what is wrong with each.

Files may be UTF-8 (with or without a mark) or GB18030; a huge file is never held in memory. A row's problems are
codes; ``reasons`` puts them into words.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _

from huying import clock
from huying.cases.calls import ADDRESS_MAX, BODY_MAX, TITLE_MAX
from huying.exchange import sheets
from huying.exchange.columns import KINDS, mapping
from huying.exchange.errors import CannotRead

ENCODINGS = ("utf-8-sig", "gb18030")
CELL_MAX = 1_000_000  # characters that a cell may have and still be looked at
NUMBER_MAX = 80
NAME_MAX = 40
PHONE_MAX = 20
OLDEST = datetime(1990, 1, 1)  # noqa: DTZ001 - compared with local times
PIECE = 1 << 20
FORMULA = ("'=", "'+", "'-", "'@")  # how spreadsheets' formulas are made harmless when lists are written
_FORMATS = (
    "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d",
    "%Y年%m月%d日 %H:%M:%S", "%Y年%m月%d日 %H:%M", "%Y年%m月%d日 %H时%M分", "%Y年%m月%d日", "%Y.%m.%d %H:%M:%S", "%Y.%m.%d %H:%M",
    "%Y.%m.%d", "%Y%m%d%H%M%S", "%Y%m%d",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One message of a file. ``line``: where it begins (a sheet's row); ``problems``: codes, empty when it is usable."""

    line: int
    cells: tuple[str, ...]
    number: str = ""
    title: str = ""
    body: str = ""
    time: datetime | None = None
    user: str = ""
    phone: str = ""
    address: str = ""
    call: str = "help"
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    """A file that can be read: its heads and which column is what."""

    path: Path
    heads: tuple[str, ...]
    columns: Mapping[str, int]
    encoding: str
    zone: ZoneInfo
    _kinds: Mapping[str, str] = field(default_factory=lambda: KINDS)

    def rows(self) -> Iterator[Row]:
        """Its rows with their problems, in order."""
        for line, cells in _lines(self.path, self.encoding):
            if line == 0:
                continue
            if any(cell.strip() for cell in cells):
                yield self._row(line, cells)

    def _row(self, line: int, cells: Sequence[str]) -> Row:
        wrong: list[str] = []

        def of(name: str) -> str:
            at = self.columns.get(name)
            text = cells[at] if at is not None and at < len(cells) else ""
            text = text[1:] if text.startswith(FORMULA) else text
            return text.replace("\r\n", "\n").replace("\r", "\n").strip()

        if len(cells) > len(self.heads):
            wrong.append("columns")
        values = {name: of(name) for name in self.columns}
        if any(len(value) > CELL_MAX for value in values.values()):
            return Row(line, tuple(cells), problems=("huge",))
        if any("\x00" in value or "\ufffd" in value for value in values.values()):
            wrong.append("characters")
        title, body = " ".join(values.get("title", "").split()), values.get("text", "")
        if not body:
            body = title
        elif len(title) > TITLE_MAX:
            title, body = title[:TITLE_MAX], f"{title}\n{body}"
        if not body:
            wrong.append("empty")
        elif len(body) > BODY_MAX:
            wrong.append("long")
        number = values.get("number", "")
        if "number" in self.columns and not number:
            wrong.append("number")
        elif len(number) > NUMBER_MAX:
            wrong.append("number-long")
        time = None
        if "time" in self.columns:
            time = moment(values["time"], self.zone)
            if time is None:
                wrong.append("time")
            elif time > clock.now() + timedelta(days=1):
                wrong.append("time-ahead")
        call = values.get("call", "")
        if call and call.lower() not in self._kinds:
            wrong.append("call")
        if len(values.get("address", "")) > ADDRESS_MAX:
            wrong.append("address")
        return Row(
            line, tuple(cells), number or fingerprint(values), title, body, time, values.get("user", "")[:NAME_MAX],
            values.get("phone", "")[:PHONE_MAX], values.get("address", ""), self._kinds.get(call.lower(), "help"),
            tuple(wrong),
        )  # fmt: skip


def open_source(
    path: Path, *, columns: Mapping[str, str] | None = None, encoding: str = "", zone: str = "Asia/Shanghai"
) -> Source:
    """Look at a file: heads, columns, encoding. Raises CannotRead."""
    try:
        there = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise CannotRead(_("There is no time zone “%(zone)s”.") % {"zone": zone}) from None
    if not path.is_file():
        raise CannotRead(_("There is no file %(path)s.") % {"path": path})
    sheet = path.suffix.lower() in (".xlsx", ".xlsm")
    if not sheet and zipfile.is_zipfile(path):
        raise CannotRead(_("This is an Excel file; its name should end with .xlsx."))
    found = "" if sheet else encoding_of(path, encoding)
    first = next((cells for _line, cells in _lines(path, found)), None)
    if not first or not any(cell.strip() for cell in first):
        raise CannotRead(_("The file is empty."))
    heads = tuple(cell.strip() for cell in first)
    return Source(path, heads, mapping(heads, columns), found, there)


def encoding_of(path: Path, given: str = "") -> str:
    """The encoding in which all of the file can be read. Raises CannotRead."""
    tried = (given,) if given else ENCODINGS
    for name in tried:
        try:
            decoder = codecs.getincrementaldecoder(name)()
        except LookupError:
            raise CannotRead(_("There is no encoding “%(name)s”.") % {"name": name}) from None
        try:
            with path.open("rb") as file:
                while piece := file.read(PIECE):
                    decoder.decode(piece)
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return name
    raise CannotRead(
        _("The file is not written in %(names)s; save it as UTF-8 or name its encoding with --encoding.")
        % {"names": ", ".join(tried)}
    )


def _lines(path: Path, encoding: str) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of every row; the heads have line 0."""
    if not encoding:
        for at, cells in enumerate(sheets.rows(path)):
            yield (0 if at == 0 else at + 1), cells
        return
    csv.field_size_limit(100 * CELL_MAX)
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file)
        line = 0
        try:
            for at, cells in enumerate(reader):
                yield (0 if at == 0 else line + 1), cells
                line = reader.line_num
        except csv.Error as problem:
            raise CannotRead(
                _("Line %(line)s cannot be read: %(problem)s") % {"line": reader.line_num, "problem": problem}
            ) from None


def moment(text: str, zone: ZoneInfo) -> datetime | None:
    """The moment that a cell means, of *zone* unless it says otherwise; None when it means none."""
    text = " ".join(text.replace("T", " ").split())
    for form in _FORMATS:
        try:
            found = datetime.strptime(text, form)  # noqa: DTZ007 - the zone is put on below
        except ValueError:
            continue
        return found.replace(tzinfo=zone) if found >= OLDEST else None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    found = found if found.tzinfo else found.replace(tzinfo=zone)
    return found if found >= OLDEST.replace(tzinfo=zone) else None


def fingerprint(values: Mapping[str, str]) -> str:
    """What stands for the number of a message whose file has none: the same message has the same one."""
    text = "\x1f".join(f"{name}={values[name]}" for name in sorted(values))
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:40]


def reasons(problems: Sequence[str]) -> str:
    """The problems of a row in words."""
    words = {
        "empty": _("neither title nor text"),
        "long": _("the text has more than %(max)s characters") % {"max": BODY_MAX},
        "huge": _("a cell has more than %(max)s characters") % {"max": CELL_MAX},
        "number": _("no number"),
        "number-long": _("the number has more than %(max)s characters") % {"max": NUMBER_MAX},
        "number-twice": _("the number stands at another message of this file"),
        "time": _("the time cannot be read"),
        "time-ahead": _("the time lies in the future"),
        "call": _("unknown kind of call"),
        "address": _("the address has more than %(max)s characters") % {"max": ADDRESS_MAX},
        "columns": _("more cells than the head has"),
        "characters": _("characters that cannot be stored"),
        "refused": _("the place does not take it"),
    }
    return "; ".join(words.get(one, one) for one in problems)


def usable(path: Path) -> list[Row]:
    """All usable rows of a file, with columns and encoding guessed. Raises CannotRead."""
    return [row for row in open_source(path).rows() if not row.problems]

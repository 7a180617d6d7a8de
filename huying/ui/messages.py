"""Catalogues of interface words without GNU gettext: extract, compile, check. Pure functions over folders.

    python -m huying.ui.messages extract [ROOM…]   update every (or the named) room's django.po
    python -m huying.ui.messages compile           write the .mo files (they are git-ignored)
    python -m huying.ui.messages check             what is missing, stale, fuzzy or broken; exit 1 if anything

A room is a folder of huying/ with words for people. Source strings are English; zh_Hans is complete.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

LANGUAGE = "zh_Hans"
KEYWORDS: dict[str, tuple[object, ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
SKIPPED = {"tests", "migrations", "node_modules", "static", "assets", "__pycache__"}
MARKS = re.compile(r"%\(\w+\)[a-z]|(?<!\{)\{\w*\}(?!\})")
#: A fixed date, so that updating a catalogue changes only what has changed.
DATE = datetime(2026, 1, 1, tzinfo=UTC)

Key = tuple[str | None, str]


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a catalogue. kind: untranslated, fuzzy, missing, obsolete or broken."""

    room: str
    kind: str
    text: str

    def __str__(self) -> str:
        return f"{self.room}: {self.kind}: {self.text!r}"


def rooms(root: Path) -> list[Path]:
    """Folders of huying/ that have a catalogue or any word that needs one, by name."""
    packages = sorted(p.parent for p in (root / "huying").glob("*/__init__.py"))
    return [p for p in packages if (p / "locale").is_dir() or any(m.id for m in extract_room(p))]


def catalogue_of(room: Path) -> Path:
    """Where a room's catalogue lies."""
    return room / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def _sources(room: Path) -> Iterator[Path]:
    for path in sorted(room.rglob("*")):
        if path.suffix in (".py", ".html", ".txt") and not SKIPPED & set(path.relative_to(room).parts):
            yield path


def _python_of(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return text if "gettext" in text else ""
    # A template becomes text in which only the calls of gettext are left.
    return templatize(text, origin=str(path))


def extract_room(room: Path) -> Catalog:
    """Every string that the room's Python and templates mark for translation, with the files it stands in."""
    found = Catalog(locale=LANGUAGE, project="Huying", creation_date=DATE, revision_date=DATE, fuzzy=False)
    for path in _sources(room):
        if path.suffix != ".py" and "templates" not in path.parts:
            continue
        place = path.relative_to(room.parent.parent).as_posix()
        source = BytesIO(_python_of(path).encode())
        # Babel's annotations know neither the (1, "c") of a context nor a place without a line; Babel itself does.
        for _line, message, _comments, context in extract("python", source, keywords=KEYWORDS):  # type: ignore[arg-type]
            found.add(message, locations=[(place, None)], context=context)  # type: ignore[list-item]
    return found


def read_catalogue(path: Path) -> Catalog:
    """The catalogue in a file, an empty one when there is none yet."""
    if not path.is_file():
        return Catalog(locale=LANGUAGE, project="Huying", creation_date=DATE, revision_date=DATE, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def update_room(room: Path) -> Catalog:
    """Brings a room's catalogue up to date: translations are kept, new strings added empty, unused ones dropped."""
    path = catalogue_of(room)
    old = read_catalogue(path)
    new = extract_room(room)
    for message in new:
        if not message.id:
            continue
        former = old.get(message.id, context=message.context)
        if former is not None and former.string:
            message.string = former.string
            message.flags |= former.flags & {"fuzzy"}
    new.header_comment = f"# Interface words of the room {room.name}: English source, simplified Chinese."
    text = BytesIO()
    write_po(text, new, width=110, include_lineno=False, sort_output=True, ignore_obsolete=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.is_file() or path.read_bytes() != text.getvalue():
        path.write_bytes(text.getvalue())
    return new


def extract_all(root: Path) -> list[Path]:
    """Updates every room's catalogue and returns their paths."""
    return [catalogue_of(room) for room in rooms(root) if update_room(room) is not None]


def compile_all(root: Path) -> list[Path]:
    """Writes the .mo of each catalogue that is newer than its .mo; returns those written."""
    written = []
    for room in rooms(root):
        source = catalogue_of(room)
        goal = source.with_suffix(".mo")
        if not source.is_file():
            continue
        if goal.is_file() and goal.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        # Into place at once: another process may be starting with the same folder.
        half = goal.with_suffix(f".{os.getpid()}.part")
        with half.open("wb") as file:
            write_mo(file, read_catalogue(source))
        half.replace(goal)
        written.append(goal)
    return written


def _texts(value: object) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, (list, tuple)) else (str(value or ""),)


def _keys(catalogue: Catalog) -> dict[Key, Message]:
    return {(m.context, _texts(m.id)[0]): m for m in catalogue if m.id}


def faults_of(room: Path) -> list[Fault]:
    """Everything wrong with a room's catalogue: stale, untranslated, fuzzy, or with other marks than the source."""
    wanted = _keys(extract_room(room))
    there = _keys(read_catalogue(catalogue_of(room)))
    faults = [Fault(room.name, "missing", key[1]) for key in wanted if key not in there]
    faults += [Fault(room.name, "obsolete", key[1]) for key in there if key not in wanted]
    for key, message in there.items():
        strings = _texts(message.string)
        if not all(strings):
            faults.append(Fault(room.name, "untranslated", key[1]))
        elif message.fuzzy:
            faults.append(Fault(room.name, "fuzzy", key[1]))
        elif set(MARKS.findall(strings[0])) - set(MARKS.findall(" ".join(_texts(message.id)))):
            faults.append(Fault(room.name, "broken", key[1]))
    return faults


def untranslated(root: Path) -> list[Fault]:
    """All faults of all rooms; empty when every word of the interface is there in Chinese."""
    return [fault for room in rooms(root) for fault in faults_of(room)]


def main(arguments: list[str]) -> int:
    """The command; see the top of this file."""
    root = Path(__file__).resolve().parents[2]
    match arguments:
        case ["extract", *names]:
            for room in rooms(root):
                if not names or room.name in names:
                    update_room(room)
            faults = [f for f in untranslated(root) if not names or f.room in names]
        case ["compile"]:
            compile_all(root)
            return 0
        case ["check", *names]:
            faults = [f for f in untranslated(root) if not names or f.room in names]
        case _:
            sys.stderr.write(__doc__ or "")
            return 2
    for fault in faults:
        sys.stdout.write(f"{fault}\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

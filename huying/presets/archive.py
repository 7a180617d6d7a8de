"""A preset as one ZIP file: for sending it through a browser and taking it away again."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping

from huying.flow.source import Problem
from huying.presets.files import MAX_FILE, MAX_FILES
from huying.presets.problems import problem

MAX_ARCHIVE = 700_000  # bytes; the largest preset we ship takes a seventh of it
MAX_WHOLE = 24_000_000  # bytes of all files together
# A folder of notes that some systems put in beside what was packed.
_ADDED = "__MACOSX"
_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError)


def read_archive(data: bytes) -> tuple[dict[str, bytes], list[Problem]]:
    """Name (with “/”) → bytes of each file. A single folder around all files is taken off.

    Nothing is written anywhere, and no more is unpacked than a preset may hold, whatever the archive says of its sizes.
    """
    if len(data) > MAX_ARCHIVE:
        return {}, [problem("too-big", "", 0, most=MAX_ARCHIVE)]
    found: dict[str, bytes] = {}
    whole = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for entry in archive.infolist():
                if entry.is_dir() or _aside(entry.filename):
                    continue
                if len(found) >= MAX_FILES:
                    return {}, [problem("too-many-files", "", 0, most=MAX_FILES)]
                with archive.open(entry) as file:
                    text = file.read(MAX_FILE + 1)
                whole += len(text)
                if len(text) > MAX_FILE:
                    return {}, [problem("too-big", entry.filename[:100], 0, most=MAX_FILE)]
                if whole > MAX_WHOLE:
                    return {}, [problem("too-big", "", 0, most=MAX_WHOLE)]
                found[entry.filename] = text
    except _BROKEN as error:
        return {}, [problem("not-an-archive", "", 0, why=str(error)[:100])]
    return _without_folder(found), []


def write_archive(files: Mapping[str, str]) -> bytes:
    """The files as a ZIP; the same files give the same bytes."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            # A fixed date: the archive tells of its content alone.
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), files[name], zipfile.ZIP_DEFLATED)
    return held.getvalue()


def _aside(name: str) -> bool:
    parts = name.split("/")
    return parts[0] == _ADDED or any(part.startswith(".") and part != ".." for part in parts)


def _without_folder(files: Mapping[str, bytes]) -> dict[str, bytes]:
    first = {name.split("/", 1)[0] for name in files}
    if len(first) == 1 and all("/" in name for name in files) and not (first & {"flows", "forms", "..", ""}):
        return {name.split("/", 1)[1]: text for name, text in files.items()}
    return dict(files)

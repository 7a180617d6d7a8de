"""A fingerprint of everything that setting up depends on; the same fingerprint means there is nothing to
do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from huying.site.rooms import PACKAGE

# What migrations, presets, static files and the demo are made from.
PATTERNS = (
    "*/migrations/*.py",
    "*/apps.py",
    "*/static/**/*",
    "testing/**/*.py",
    "site/settings.py",
    "site/environment.py",
    "site/prepare.py",
    "site/rooms.py",
)


def preset_folder(name: str) -> Path:
    """The folder of the preset called *name*, which may also be a path. Raises FileNotFoundError with the
    choices.
    """
    shipped = PACKAGE.parent / "presets"
    for folder in (Path(name), shipped / name):
        if (folder / "place.yaml").is_file():
            return folder.absolute()
    there = sorted(path.parent.name for path in shipped.glob("*/place.yaml"))
    raise FileNotFoundError(
        f"no preset {name}: neither a folder with a place.yaml nor one of {', '.join(there) or 'none'}"
    )


def _files(folder: Path, pattern: str) -> Iterator[Path]:
    for path in sorted(folder.glob(pattern)):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path


def stamp(places: Sequence[str], demo: bool, clock: str, server: str | None) -> str:
    """The fingerprint for serving *places*; contents of small files, size and time of static ones."""
    digest = hashlib.sha256()

    def add(*words: object) -> None:
        digest.update("\0".join(map(str, words)).encode() + b"\n")

    add("demo", demo, "clock", clock, "server", hashlib.sha256((server or "").encode()).hexdigest())
    for pattern in PATTERNS:
        for path in _files(PACKAGE, pattern):
            if "static" in path.parts:
                found = path.stat()
                add(path.relative_to(PACKAGE), found.st_size, found.st_mtime_ns)
            else:
                add(path.relative_to(PACKAGE), hashlib.sha256(path.read_bytes()).hexdigest())
    for place in places:
        folder = preset_folder(place)
        add("place", folder)
        for path in _files(folder, "**/*"):
            add(path.relative_to(folder), hashlib.sha256(path.read_bytes()).hexdigest())
    locked = PACKAGE.parent / "requirements" / "base.txt"
    if locked.is_file():
        add("lock", hashlib.sha256(locked.read_bytes()).hexdigest())
    return digest.hexdigest()

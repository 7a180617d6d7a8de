"""Bytes on the disk: ``<data>/files/<place>/ab/cd/<uuid>`` and ``….thumb``, and ``incoming/`` for what is
not yet known.

Files are addressed by their own id, not by their content: the same photo sent by two people must be
erasable for one of them. The folders are the last, random, digits of the id.
"""

from __future__ import annotations

import errno
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from uuid import UUID

from django.conf import settings

from huying.files.errors import Gone, StoreFull

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
RESERVE = 200 * 1024 * 1024
"""Bytes that uploads leave free for the database (HUYING_FILES_RESERVE, in the settings or the environment)."""


def root() -> Path:
    """The folder of all files."""
    return Path(settings.HUYING_DATA) / "files"


def path_of(place_id: int, file_id: UUID, thumb: bool = False) -> Path:
    """Where a file lives for good."""
    name = str(file_id)
    return root() / str(int(place_id)) / name[-4:-2] / name[-2:] / (name + ".thumb" if thumb else name)


def _incoming(file_id: UUID, thumb: bool) -> Path:
    return root() / "incoming" / (f"{file_id}.thumb" if thumb else str(file_id))


_unhurried: ContextVar[bool] = ContextVar("huying_files_unhurried", default=False)


@contextmanager
def no_waiting_for_the_disk() -> Iterator[None]:
    """Within the block files are written without waiting until they are on the disk, where the system brings them within
    its half minute: for invented ones, of which a demonstration makes thousands."""
    before = _unhurried.set(True)
    try:
        yield
    finally:
        _unhurried.reset(before)


@contextmanager
def full_disk() -> Iterator[None]:
    """A disk, quota or file-size limit that is reached inside becomes ``StoreFull``."""
    try:
        yield
    except OSError as problem:
        if problem.errno in _FULL:
            raise StoreFull from problem
        raise


def receive(place_id: int, file_id: UUID, data: bytes, thumb: bytes | None) -> None:
    """Write a file (and its thumbnail) durably into ``incoming``. Raises ``StoreFull`` and then leaves
    nothing."""
    try:
        with full_disk():
            _folder(root() / "incoming")
            _room_for(len(data) + len(thumb or b""))
            _write(_incoming(file_id, False), data)
            if thumb is not None:
                _write(_incoming(file_id, True), thumb)
            # Made now, so that the move after the row was written has nothing left that could fail for
            # lack of room.
            _folder(path_of(place_id, file_id).parent)
    except BaseException:
        remove(place_id, file_id)
        raise


def settle(place_id: int, file_id: UUID) -> None:
    """Move a received file to where it lives; durable when this returns."""
    with full_disk():
        for thumb in (True, False):
            final = path_of(place_id, file_id, thumb)
            with suppress(FileNotFoundError):
                os.rename(_incoming(file_id, thumb), final)
        _sync_folder(path_of(place_id, file_id).parent)


def remove(place_id: int, file_id: UUID) -> None:
    """Delete a file and its thumbnail wherever they are; no error when they are gone."""
    for thumb in (False, True):
        for path in (_incoming(file_id, thumb), path_of(place_id, file_id, thumb)):
            with suppress(FileNotFoundError):
                path.unlink()
                _sync_folder(path.parent)


def read_path(place_id: int, file_id: UUID, thumb: bool = False) -> Path:
    """The path of a file that is there. Raises ``Gone``."""
    path = path_of(place_id, file_id, thumb)
    if not path.is_file():
        raise Gone
    return path


def stray(older_than: float) -> list[Path]:
    """What lies in ``incoming`` for longer than that many seconds: left by a process that died."""
    folder = root() / "incoming"
    if not folder.is_dir():
        return []
    edge = time.time() - older_than
    with os.scandir(folder) as entries:
        return [Path(e.path) for e in entries if e.is_file() and e.stat().st_mtime < edge]


def _room_for(size: int) -> None:
    reserve = getattr(settings, "HUYING_FILES_RESERVE", None)
    if reserve is None:
        reserve = int(os.environ.get("HUYING_FILES_RESERVE", RESERVE))
    if shutil.disk_usage(root()).free < size + reserve:
        raise StoreFull


def _folder(path: Path) -> None:
    missing = []
    while not path.is_dir():
        missing.append(path)
        path = path.parent
    for folder in reversed(missing):
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        _sync_folder(folder.parent)


def _write(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(data)
        out.flush()
        if not _unhurried.get():
            os.fsync(out.fileno())


def _sync_folder(path: Path) -> None:
    if _unhurried.get():
        return
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

"""Where the embedded database's socket lives, and how to address it."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from urllib.parse import quote

from huying.site.accounts import Account
from huying.site.pg_programs import DatabaseError

OWNER, APP, READER = "huying_owner", "huying_app", "huying_reader"
DATABASE = "huying"
PORT = 5432
SOCKET_LIMIT = 100  # bytes; the kernel's own limit is 107 for the whole name


def socket_folder(data: Path) -> Path:
    """The folder of the socket of the cluster below *data*: inside it, or when that path is too long for a
    socket a short one in the user's runtime folder or the temporary folder, named after the data folder."""
    inside = data / "run"
    if _fits(inside):
        return inside
    name = "huying-" + hashlib.sha256(os.fsencode(data.absolute())).hexdigest()[:12]
    for base in (os.environ.get("XDG_RUNTIME_DIR") if os.geteuid() else None, "/tmp"):  # noqa: S108 - checked when made
        if base and Path(base).is_dir() and _fits(Path(base) / name):
            return Path(base) / name
    raise DatabaseError(f"{data} is too long a path for a socket (at most {SOCKET_LIMIT} bytes)")


def _fits(folder: Path) -> bool:
    return len(os.fsencode(folder.absolute() / f".s.PGSQL.{PORT}")) <= SOCKET_LIMIT


def private_folder(folder: Path, account: Account) -> None:
    """Make *folder* with mode 0700 for *account*, or check that it is exactly that; never trust a
    stranger's.
    """
    try:
        folder.mkdir(mode=0o700, parents=False)
        account.own(folder)
        return
    except FileExistsError:
        pass
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid != account.uid:
        raise DatabaseError(
            f"{folder} does not belong to {account.name}; remove it or choose another data folder"
        )
    if found.st_mode & 0o077:
        folder.chmod(0o700)


def url(socket: Path, role: str = APP, database: str = DATABASE) -> str:
    """The connection address of *role* on the server whose socket lies in *socket*."""
    return f"postgresql://{role}@/{database}?host={quote(str(socket), safe='')}&port={PORT}"

"""Backup and restore of a deployment: the database as pg_dump writes it, the files, the keys, in one tar
file.

Restoring brings back what was erased after the backup was taken. So the list of erasures (``erasures.jsonl``, which holds
no personal data) travels with every backup, and restoring repeats those of a newer list that is given.
"""

from __future__ import annotations

import json
import os
import subprocess
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from huying.site import database
from huying.site.environment import ConfigurationError, data_folder
from huying.site.running import own_everything, own_server, owner_address, prepare_folder, served_database

DUMP = "database.dump"
ABOUT = "about.json"
# What lies in the data folder beside the database and belongs to the deployment.
KEPT = (
    "secret-key",
    "deployment.json",
    "keys",
    "files",
    "models",
    "demo-secrets.json",
    "clock.json",
    "erasures.jsonl",
)


def _tool(name: str) -> str:
    """pg_dump or pg_restore, from beside the server's programs."""
    path = database.find_programs() / name
    if not path.is_file():
        raise database.DatabaseError(f"{path} is missing; a backup needs {name} of the server's version")
    return str(path)


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise database.DatabaseError(f"{Path(command[0]).name} failed: {done.stderr.strip()[-2000:]}")


def write(target: Path, data: Path | None = None) -> int:
    """Write the backup to *target* (mode 0600, whole or not at all); its size in bytes. Serving goes on
    meanwhile.
    """
    folder = (data or data_folder()).absolute()
    fresh = target.with_name(f"{target.name}.part")
    with tempfile.TemporaryDirectory(prefix="huying-backup-", dir=target.absolute().parent) as room:
        dump = Path(room) / DUMP
        if own_server():
            _dump(str(owner_address()), dump)
        else:
            with served_database(folder) as cluster:
                _dump(cluster.url(database.OWNER), dump)
        about = Path(room) / ABOUT
        about.write_text(json.dumps({"format": 1, "at": datetime.now(UTC).isoformat(timespec="seconds")}))
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as out, tarfile.open(fileobj=out, mode="w") as tar:
            tar.add(about, ABOUT)
            tar.add(dump, DUMP)
            # Files are written once and never changed, so those of the moment after the dump hold all it
            # names.
            for name in KEPT:
                if (folder / name).exists():
                    tar.add(folder / name, f"data/{name}", filter=_nobodys)
    fresh.replace(target)
    return target.stat().st_size


def _dump(address: str, dump: Path) -> None:
    _run(_tool("pg_dump"), "--format=custom", "--no-owner", "--file", str(dump), "--dbname", address)


def _nobodys(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Owners are those of the machine that restores."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def _empty(cluster: database.Cluster) -> None:
    """Make the database anew without default privileges: those would add to the rights that the dump
    restores, and
    the app could change the ledger."""
    import psycopg

    with psycopg.connect(cluster.url(database.SUPERUSER, "template1"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {database.DATABASE}")
        connection.execute(f"CREATE DATABASE {database.DATABASE} OWNER {database.OWNER} TEMPLATE template0")


def read(source: Path, data: Path) -> None:
    """Restore *source* into the new folder *data* (embedded database). Raises ConfigurationError when it is
    not new.
    """
    folder = data.absolute()
    if own_server():
        raise ConfigurationError("restore goes into an embedded database; unset HUYING_DATABASE_URL")
    if folder.exists() and any(folder.iterdir()):
        raise ConfigurationError(f"{folder} is not empty; a backup is restored into a new folder")
    account = prepare_folder(folder)
    with tempfile.TemporaryDirectory(prefix="huying-restore-") as room, tarfile.open(source) as tar:
        names = tar.getnames()
        if ABOUT not in names or DUMP not in names:
            raise ConfigurationError(f"{source} is not a backup of Huying")
        _unpack(tar, Path(room))
        kept = Path(room) / "data"
        if kept.is_dir():
            for path in kept.iterdir():
                _run("/bin/cp", "-a", str(path), str(folder))
        cluster = database.Cluster(folder, account=account)
        cluster.make()
        with served_database(folder) as running:
            _empty(running)
            _run(
                *(_tool("pg_restore"), "--no-owner", "--exit-on-error", "--single-transaction"),
                *("--dbname", running.url(database.OWNER), str(Path(room) / DUMP)),
            )
    own_everything(folder)


def _unpack(tar: tarfile.TarFile, room: Path) -> None:
    """Everything in *tar* below *room*: plain files and folders only, none outside. Raises ConfigurationError.

    Python has a filter for this only from 3.11.4 on; Debian 12 ships 3.11.2.
    """
    inside = room.resolve()
    members = tar.getmembers()
    for member in members:
        target = (inside / member.name).resolve()
        if not (member.isfile() or member.isdir()) or not target.is_relative_to(inside):
            raise ConfigurationError(f"{member.name} does not belong into a backup")
    for member in members:
        member.mode = 0o700 if member.isdir() else 0o600
        member.uid = member.gid = os.getuid()
        member.uname = member.gname = ""
        tar.extract(member, inside)

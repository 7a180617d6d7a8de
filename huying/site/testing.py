"""The tests' database: a real embedded PostgreSQL, ready in a fraction of a second, thrown away afterwards.

Each pytest run has a cluster of its own in a temporary folder, shared by its xdist workers (a database each).
It is copied from a cache that already holds the migrated template database; the cache is named after
everything that could change the schema, so a changed model or migration makes a new one. fsync is off here
and only here.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from huying.site import database
from huying.site.accounts import service_account
from huying.site.rooms import PACKAGE

TEMPLATE = "huying_template"
SETTINGS = {
    **database.SETTINGS,
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "64MB",
    "max_connections": "100",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    # Tests may stop in a debugger with a transaction open.
    "idle_in_transaction_session_timeout": "0",
}
KEPT = 4  # caches kept; older ones are removed


def _recipe(programs: Path) -> str:
    """A name for everything that shapes the template database."""
    digest = hashlib.sha256()
    sources = [
        *PACKAGE.glob("*/models*.py"),
        *PACKAGE.glob("*/models/*.py"),
        *PACKAGE.glob("*/migrations/*.py"),
        *PACKAGE.glob("*/migrations/*.sql"),
        *PACKAGE.glob("*/sql/*.sql"),
        *PACKAGE.glob("*/apps.py"),
        PACKAGE / "site" / "settings.py",
        *(PACKAGE / "site").glob("database.py"),
        *(PACKAGE / "site").glob("pg_*.py"),
        PACKAGE / "site" / "testing.py",
    ]
    for source in sorted(sources):
        digest.update(str(source.relative_to(PACKAGE)).encode() + b"\0" + source.read_bytes() + b"\0")
    locked = PACKAGE.parent / "requirements" / "base.txt"
    digest.update(os.environ.get("HUYING_ROOMS", "").encode())
    digest.update(str(programs).encode() + (locked.read_bytes() if locked.is_file() else b""))
    return digest.hexdigest()[:16]


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    with open(path, "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _cache_home() -> Path:
    home = Path(tempfile.gettempdir()) / f"huying-test-cache-{os.geteuid()}"
    home.mkdir(mode=0o711, exist_ok=True)
    if home.lstat().st_uid != os.geteuid() or home.is_symlink():
        raise database.DatabaseError(f"{home} does not belong to you; set TMPDIR")
    return home


def _fill(cluster: database.Cluster) -> None:
    """Make the cluster and in it the migrated template."""
    cluster.make()
    cluster.start()
    try:
        import psycopg

        with psycopg.connect(cluster.url(database.OWNER), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {TEMPLATE}")
        done = subprocess.run(
            [sys.executable, "-m", "django", "migrate", "--run-syncdb", "-v", "0"],
            env={
                **os.environ,
                "HUYING_DATABASE_URL": cluster.url(database.OWNER, TEMPLATE),
                "HUYING_DATABASE_POOL": "0",
                "DJANGO_SETTINGS_MODULE": "huying.site.settings",
                "PYTHONPATH": str(PACKAGE.parent),
            },
            capture_output=True,
            text=True,
            cwd=PACKAGE.parent,
        )
        if done.returncode != 0:
            raise database.DatabaseError(f"the tables could not be made:\n{done.stdout}{done.stderr}")
    finally:
        cluster.stop()


def _cached() -> Path:
    """The folder of a stopped cluster with the migrated template; made when there is none for these
    sources.
    """
    home = _cache_home()
    with _locked(home / "lock"):
        ready = home / _recipe(database.find_programs())
        if not ready.is_dir():
            account = service_account()
            fresh = database.temporary_folder("hyt-", account)
            cluster = database.Cluster(fresh, account=account, settings=SETTINGS)
            try:
                _fill(cluster)
                shutil.move(fresh, ready)
            except BaseException:
                cluster.remove()
                raise
            others = sorted(
                (d for d in home.iterdir() if d.is_dir() and d != ready), key=lambda d: d.stat().st_mtime
            )
            for old in others[: max(0, len(others) - KEPT + 1)]:
                shutil.rmtree(old, ignore_errors=True)
        os.utime(ready)
        # Copied while the lock is held, so that nobody removes it under us.
        copy = database.temporary_folder("hyt-", service_account())
        subprocess.run(["/bin/cp", "-a", "--reflink=auto", f"{ready}/.", str(copy)], check=True)
        return copy


def shared(run: int) -> database.Cluster:
    """The cluster of the test run whose main process is *run*; started by whichever worker asks first.

    A small keeper process holds it and removes everything as soon as *run* has ended, however it ended.
    """
    note = Path(tempfile.gettempdir()) / f"huying-test-{os.geteuid()}-{run}"
    with _locked(note.with_suffix(".lock")):
        with contextlib.suppress(OSError, ValueError):
            keeper, folder = note.read_text().split("\n")
            if database.alive(int(keeper)):
                return database.Cluster(Path(folder), settings=SETTINGS)
        copy = _cached()
        kept = subprocess.Popen(
            [sys.executable, "-m", "huying.site.testing", str(run), str(copy), str(note)],
            cwd=PACKAGE.parent,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        assert kept.stdout is not None
        if kept.stdout.readline().strip() != b"ready":
            raise database.DatabaseError(f"the tests' PostgreSQL did not start, see {copy}/postgres.log")
        note.write_text(f"{kept.pid}\n{copy}")
        return database.Cluster(copy, settings=SETTINGS)


def keep(run: int, folder: Path, note: Path) -> None:
    """Hold the cluster in *folder* for as long as the process *run* lives, then remove every trace."""
    cluster = database.Cluster(folder, settings=SETTINGS)
    cluster.start()
    print("ready", flush=True)  # noqa: T201 - what the worker waits for
    try:
        while database.alive(run):
            time.sleep(0.1)
    finally:
        cluster.remove()
        note.unlink(missing_ok=True)
        note.with_suffix(".lock").unlink(missing_ok=True)


if __name__ == "__main__":
    keep(int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))

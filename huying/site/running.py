"""Getting at a deployment's database from a command: the one in use, or started for as long as the command
runs.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from huying.site import database
from huying.site.accounts import Account, service_account
from huying.site.environment import ConfigurationError, data_folder, make_secret
from huying.site.holding import Hold

SETTINGS_MODULE = "huying.site.settings"


def prepare_folder(data: Path, account: Account | None = None) -> Account:
    """Make the data folder for the account that serves from it (mode 0700); returns that account.

    Raises DatabaseError naming the parent folder that the account cannot enter; parents are never changed.
    """
    account = account or service_account()
    wall = account.barrier(data.parent)
    if wall is None and data.is_dir() and not account.may_enter(data):
        wall = data
    if wall is not None:
        raise database.DatabaseError(
            f"the user {account.name}, who runs the database and the web, cannot enter {wall}; "
            f"choose another folder than {data} with --data (nothing was changed)"
        )
    made = [folder for folder in [data, *data.parents] if not folder.exists()]
    try:
        data.mkdir(parents=True, exist_ok=True)
    except PermissionError:
        raise database.DatabaseError(
            f"{data} cannot be made here; choose another folder with --data"
        ) from None
    for folder in made:
        # New folders on the way stay root's but open; the data folder itself is the account's alone.
        folder.chmod(0o755)
    if data in made:
        data.chmod(0o700)
        account.own(data)
    found = data.stat()
    if found.st_uid != account.uid:
        raise database.DatabaseError(
            f"{data} belongs to user number {found.st_uid}, not to {account.name} who would serve from it; "
            "choose another folder with --data"
        )
    return account


def own_everything(data: Path) -> None:
    """After a command run by root: hand what it left in the data folder to the folder's owner."""
    if os.geteuid() != 0 or not data.is_dir():
        return
    owner = data.stat()
    for folder, names, files in os.walk(data):
        for name in (*names, *files):
            path = os.path.join(folder, name)
            with contextlib.suppress(FileNotFoundError):
                if os.lstat(path).st_uid == 0:
                    os.lchown(path, owner.st_uid, owner.st_gid)


def own_server() -> str | None:
    """The address of the operator's own server (HUYING_DATABASE_URL), or None for the embedded one."""
    return os.environ.get("HUYING_DATABASE_URL") or None


def owner_address() -> str | None:
    """The address for migrations on the operator's own server: HUYING_DATABASE_OWNER_URL, else the same."""
    return os.environ.get("HUYING_DATABASE_OWNER_URL") or own_server()


@contextlib.contextmanager
def served_database(data: Path) -> Iterator[database.Cluster]:
    """The embedded cluster of *data*, running: the one that serves now, or started here and stopped
    afterwards.
    """
    hold = Hold(data)
    if not (data / "postgres").is_dir():
        raise ConfigurationError(
            f"{data} holds no database yet; start it once with script/server or huying setup"
        )
    cluster = database.Cluster(data)
    if hold.held_by_other():
        if cluster.running_pid() is None:
            raise ConfigurationError(f"{hold.describe()}; its database does not answer")
        yield cluster
        return
    hold.take("a command")
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()
        hold.let_go()


@contextlib.contextmanager
def deployment(data: Path | None = None, owner: bool = False) -> Iterator[Path]:
    """Within the block Django is set up on the deployment in *data* (default: HUYING_DATA or the usual
    folder).

    *owner*: connect as the owner of the tables, for migrations and restoring, instead of as the app.
    """
    folder = (data or data_folder()).absolute()
    os.environ["HUYING_DATA"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS_MODULE)
    with contextlib.ExitStack() as stack:
        address = owner_address() if owner else own_server()
        if address is None:
            cluster = stack.enter_context(served_database(folder))
            address = cluster.url(database.OWNER if owner else database.APP)
        os.environ["HUYING_DATABASE_URL"] = address
        os.environ["HUYING_DATABASE_POOL"] = "0"
        import django

        django.setup()
        from django.db import connections

        try:
            yield folder
        finally:
            connections.close_all()
            own_everything(folder)


def make_secrets(data: Path, account: Account) -> None:
    """The deployment's secret key, made once."""
    make_secret(data / "secret-key")
    account.own(data / "secret-key")

"""Which operating-system user the database and the web run as.

An ordinary user runs everything as themselves. Root must not: PostgreSQL refuses to, and a web server should
not. So root hands both to an unprivileged user: ``huying`` when an operator has made one (recommended), else
``nobody``.
No user is ever created silently.
"""

from __future__ import annotations

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class AccountError(Exception):
    """No usable account, or the account cannot reach a folder it needs."""


@dataclass(frozen=True)
class Account:
    """An operating-system user: name, numeric ids and all its groups."""

    name: str
    uid: int
    gid: int
    groups: tuple[int, ...] = ()

    @property
    def differs(self) -> bool:
        """True when this process would have to change user to be this account."""
        return os.geteuid() != self.uid

    def popen(self) -> dict[str, Any]:
        """Keyword arguments for ``subprocess`` that run a child as this account (none when it is us
        already).
        """
        if not self.differs:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": list(self.groups)}

    def own(self, path: Path) -> None:
        """Hand *path* (not what is below it) to this account."""
        if self.differs:
            os.chown(path, self.uid, self.gid)

    def may_enter(self, folder: Path) -> bool:
        """True when the account may pass through *folder* (its search bit), judged by the mode bits."""
        found = folder.stat()
        if self.uid == 0:
            return True
        if found.st_uid == self.uid:
            return bool(found.st_mode & stat.S_IXUSR)
        if found.st_gid == self.gid or found.st_gid in self.groups:
            return bool(found.st_mode & stat.S_IXGRP)
        return bool(found.st_mode & stat.S_IXOTH)

    def barrier(self, path: Path) -> Path | None:
        """The first existing folder on the way to *path* that the account may not enter, or None.

        Missing folders at the end do not count: whoever makes them makes them for the account.
        """
        for folder in [*reversed(path.absolute().parents), path.absolute()]:
            try:
                if folder.is_dir() and not self.may_enter(folder):
                    return folder
            except PermissionError:
                return folder
        return None


def account_named(name: str) -> Account:
    """The account called *name*; raises AccountError when the machine has none."""
    try:
        found = pwd.getpwnam(name)
    except KeyError:
        raise AccountError(f"this machine has no user {name}") from None
    return Account(name, found.pw_uid, found.pw_gid)


def current_account() -> Account:
    """The account that this process runs as."""
    uid = os.geteuid()
    try:
        found = pwd.getpwuid(uid)
    except KeyError:
        # PostgreSQL looks its user up by number and will not start without a name.
        raise AccountError(
            f"user number {uid} has no name in /etc/passwd, and PostgreSQL needs one"
        ) from None
    return Account(found.pw_name, uid, os.getegid(), tuple(os.getgroups()))


def service_account() -> Account:
    """Who runs the database and the web: ourselves, or as root ``huying`` if it exists, else ``nobody``."""
    if os.geteuid() != 0:
        return current_account()
    for name in (os.environ.get("HUYING_USER"), "huying", "nobody"):
        if name:
            try:
                chosen = account_named(name)
            except AccountError:
                if name == os.environ.get("HUYING_USER"):
                    raise
                continue
            if chosen.uid == 0:
                raise AccountError("HUYING_USER must not be root")
            return chosen
    raise AccountError(
        "run as root, but the machine has neither a user huying nor nobody; make one: adduser --system huying"
    )

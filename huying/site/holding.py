"""One holder per data folder: whoever serves from it or works on its stopped database."""

from __future__ import annotations

import fcntl
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import IO


class HeldError(Exception):
    """Somebody else holds the data folder; the message says who and since when."""


class Hold:
    """The lock on a data folder; the kernel lets go of it when the holder dies, however it dies."""

    def __init__(self, data: Path) -> None:
        self.path = data / "holder.json"
        self._handle: IO[str] | None = None

    def take(self, what: str, **details: object) -> None:
        """Hold the folder for *what*; raises HeldError naming the holder when it is taken."""
        handle = open(self.path, "a+")  # noqa: SIM115 - kept open for as long as the lock is held
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            handle.close()
            raise HeldError(self.describe()) from None
        os.set_inheritable(handle.fileno(), False)
        self._handle = handle
        self.note(what=what, **details)

    def note(self, **details: object) -> None:
        """Write who holds it, for the message that the next one gets."""
        assert self._handle is not None
        noted = {"pid": os.getpid(), "since": datetime.now(UTC).isoformat(timespec="seconds"), **details}
        self._handle.seek(0)
        self._handle.truncate()
        json.dump(noted, self._handle)
        self._handle.flush()

    def details(self) -> dict[str, object]:
        """What the present or last holder noted."""
        try:
            noted = json.loads(self.path.read_text())
        except (OSError, ValueError):
            return {}
        return noted if isinstance(noted, dict) else {}

    def describe(self) -> str:
        """Who holds it, in words."""
        noted = self.details()
        where = f" on {noted['address']}" if noted.get("address") else ""
        since = str(noted.get("since", "an unknown time")).replace("T", " ").replace("+00:00", " UTC")
        return (
            f"{self.path.parent} is held by process {noted.get('pid', '?')} "
            f"({noted.get('what', 'unknown')}{where}) since {since}; stop it first or choose another --data"
        )

    def held_by_other(self) -> bool:
        """True when another process holds the folder now."""
        if self._handle is not None:
            return False
        try:
            with open(self.path) as handle:
                fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except OSError:
            return True
        return False

    def let_go(self) -> None:
        """Give the folder free."""
        if self._handle is not None:
            self._handle.close()
            self._handle = None

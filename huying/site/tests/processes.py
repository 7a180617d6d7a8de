"""The processes of a deployment that a test or a benchmark serves: a port for it, who belongs to it, and its end."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

from huying.site.processes import alive, living_in


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def family(pid: int) -> list[int]:
    """The pid of a launcher that lives and those of everything it started: web, worker, database."""
    import psutil

    try:
        return [pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))]
    except psutil.NoSuchProcess:
        return []


def kill_deployment(launcher: subprocess.Popen[bytes] | None, data: Path, patience: float = 30.0) -> None:
    """End whatever serves the folder *data*, the launcher first so that it starts nothing again.

    What it had started, and whatever else serves the folder, is found by the folder: once the launcher is dead nobody is
    its parent any more, and a web server that was killed itself leaves its own children behind.
    """
    held = set(family(launcher.pid)) if launcher is not None and launcher.poll() is None else set()
    if launcher is not None:
        launcher.kill()
        launcher.wait(patience)
    end = time.monotonic() + patience
    while left := {pid for pid in held | _serving(data) if alive(pid)}:
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if time.monotonic() > end:
            raise TimeoutError(f"still running: {sorted(left)}")
        time.sleep(0.05)


def _serving(data: Path) -> set[int]:
    """Who works in its database, or has the folder in their environment or among their words: web, worker, launcher."""
    folder = str(data.resolve())
    marks = {f"HUYING_DATA={folder}".encode(), folder.encode()}
    found = set(living_in(data.resolve() / "postgres"))
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            with contextlib.suppress(OSError):
                told = (entry / "environ").read_bytes() + b"\0" + (entry / "cmdline").read_bytes()
                if not marks.isdisjoint(told.split(b"\0")):
                    found.add(int(entry.name))
    return found

"""A deployment to break: served once, so that each test starts warm, with a key to call it."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from huying.site import database
from huying.site.tests.serving import ROOT, Served, reachable_python


def prepare(data: Path, *words: str, more: dict[str, str] | None = None) -> str:
    """Run ``huying.testing.faults`` on the deployment in *data*, which is being served; what it printed."""
    environment = {
        "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HUYING_DATA": str(data), "HUYING_DATABASE_POOL": "0",
        "HUYING_DATABASE_URL": database.url(database.socket_folder(data)),
        "DJANGO_SETTINGS_MODULE": "huying.site.settings",
    }  # fmt: skip
    if rooms := os.environ.get("HUYING_ROOMS"):
        environment["HUYING_ROOMS"] = rooms
    environment |= more or {}
    done = subprocess.run(
        [reachable_python(), "-m", "huying.testing.faults", *words],
        cwd=ROOT, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()


def command(data: Path, *words: str, language: str = "") -> tuple[int, str]:
    """``huying WORDS --data DATA``: exit status and all it said; *language* as a terminal's, such as en_US.UTF-8."""
    # Nothing of this run of tests: the command stands on the deployment's own settings and keys.
    environment = {
        k: v for k, v in os.environ.items() if k == "HUYING_ROOMS" or not k.startswith(("HUYING_", "DJANGO_"))
    }
    if language:
        environment |= {"LC_ALL": language}
    done = subprocess.run(
        [reachable_python(), "-m", "huying.site.cli", *words, "--data", str(data)],
        cwd=ROOT, env=environment | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def child(served: Served, what: str) -> int:
    """The pid of the part of a deployment whose command holds *what*."""
    import psutil

    for process in psutil.Process(served.process.pid).children():
        # One that was just killed is there until its parent has looked.
        with contextlib.suppress(psutil.NoSuchProcess):
            if what in " ".join([process.name(), *process.cmdline()]):
                return int(process.pid)
    raise AssertionError(f"nothing runs that is called {what}")


def until(true: Callable[[], object], patience: float = 30.0) -> None:
    """Wait until *true()* holds."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if true():
            return
        time.sleep(0.1)
    raise AssertionError("it did not happen in time")


def asked(data: Path, sql: str) -> list[tuple[object, ...]]:
    """The rows of a query on the deployment in *data*."""
    import psycopg

    with psycopg.connect(database.url(database.socket_folder(data), database.OWNER)) as connection:
        return connection.execute(sql).fetchall()

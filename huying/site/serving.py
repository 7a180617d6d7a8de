"""``huying serve``: the database, the web and the background worker as children of one small process.

This process imports no Django, so that it stays small; whatever needs Django (migrations, publishing, the
demo) is done by ``huying.site.prepare`` in a process of its own before the web starts. Should a child die, it
is started again; should this process die, the kernel ends the children.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from huying.site import database
from huying.site.accounts import current_account
from huying.site.holding import Hold
from huying.site.prepare_stamp import stamp
from huying.site.running import make_secrets, own_server, owner_address


class ServeError(Exception):
    """It cannot be served; the message says why and what to do."""


@dataclass
class Plan:
    """What to serve and how."""

    data: Path
    port: int = 8000
    host: str = "127.0.0.1"
    places: list[str] = field(default_factory=list)
    demo: bool = False
    clock: str = ""
    json: bool = False
    workers: int = 2
    threads: int = 8


def say(words: str) -> None:
    """A line for whoever watches."""
    print(words, file=sys.stderr, flush=True)  # noqa: T201 - the terminal is the interface


class Server:
    """The running whole: database, web, worker."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.hold = Hold(plan.data)
        self.cluster: database.Cluster | None = None
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.failures: dict[str, list[float]] = {}
        self.stopping = False

    @property
    def address(self) -> str:
        """Where people find it."""
        return f"http://{self.plan.host}:{self.plan.port}"

    # starting

    def run(self) -> int:
        """Serve until told to stop; returns the exit status."""
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sign, self._told_to_stop)
        self.hold.take("huying serve", address=self.address)
        try:
            self._check_port()
            make_secrets(self.plan.data, current_account())
            self._start_database()
            facts = self._prepare()
            self._start("web")
            self._await_web()
            self._start("worker")  # only now, so that the web has both cores while it starts
            self._announce(facts)
            while not self.stopping:
                self._watch()
                time.sleep(0.25)
            return 0
        except _Stop:
            return 0
        finally:
            self._stop()

    def _told_to_stop(self, *_: object) -> None:
        if not self.stopping:
            self.stopping = True
            raise _Stop

    def _check_port(self) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.plan.host, self.plan.port))
            except OSError as problem:
                raise ServeError(
                    f"port {self.plan.port} of {self.plan.host} is not free ({problem.strerror}); "
                    "choose another with --port"
                ) from None

    def _start_database(self) -> None:
        if own_server():
            return
        self.cluster = database.Cluster(self.plan.data)
        if not self.cluster.exists():
            say("making the database")
        self.cluster.start(report=say)

    def _environment(self, owner: bool = False) -> dict[str, str]:
        """What children get: the app's database role, or the owner's for preparing."""
        address = owner_address() if owner else own_server()
        if self.cluster is not None:
            address = self.cluster.url(database.OWNER if owner else database.APP)
        assert address is not None
        kept = {k: v for k, v in os.environ.items() if k != "HUYING_DATABASE_OWNER_URL"}
        return kept | {
            "HUYING_DATA": str(self.plan.data),
            "HUYING_DATABASE_URL": address,
            "HUYING_THREADS": str(self.plan.threads),
            "DJANGO_SETTINGS_MODULE": "huying.site.settings",
            "HUYING_ORIGIN": self.address,
            # Each thread of glibc's allocator keeps an arena of its own otherwise; two hold the memory down.
            "MALLOC_ARENA_MAX": "2",
            "PYTHONUNBUFFERED": "1",
        }

    def _prepare(self) -> dict[str, object]:
        """Schema, presets, demo and static files; skipped when nothing that goes into them changed."""
        noted = self.plan.data / "prepared.json"
        wanted = stamp(self.plan.places, self.plan.demo, self.plan.clock, own_server())
        try:
            facts = json.loads(noted.read_text())
            if facts.get("stamp") == wanted:
                return dict(facts)
        except (OSError, ValueError):
            pass
        done = subprocess.run(
            [
                *(sys.executable, "-m", "huying.site.prepare"),
                json.dumps(
                    {
                        "places": self.plan.places,
                        "demo": self.plan.demo,
                        "clock": self.plan.clock,
                        "stamp": wanted,
                    }
                ),
            ],
            env=self._environment(owner=True) | {"HUYING_DATABASE_POOL": "0"},
            stdout=sys.stderr,
        )
        if done.returncode != 0:
            raise ServeError("setting up failed; see above")
        return dict(json.loads(noted.read_text()))

    def _start(self, name: str) -> None:
        command = {"web": self._web, "worker": self._worker}[name]()
        self.children[name] = subprocess.Popen(
            command,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
            start_new_session=True,  # Ctrl-C comes to us alone, and we stop them in order
            preexec_fn=_end_with_parent,
        )

    def _web(self) -> list[str]:
        return [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--http", "1", "--no-ws"),
            *("--host", self.plan.host, "--port", str(self.plan.port)),
            *("--workers", str(self.plan.workers), "--blocking-threads", str(self.plan.threads)),
            *("--respawn-failed-workers", "--respawn-interval", "0.5", "--workers-kill-timeout", "10"),
            *("--log-level", "error", "--no-access-log"),
            "huying.site.wsgi:application",
        ]

    def _worker(self) -> list[str]:
        return [sys.executable, "-c", "from huying.site.worker import main; main()"]

    def _await_web(self, patience: float = 60.0) -> None:
        until = time.monotonic() + patience
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # 127.0.0.1 needs no proxy
        while time.monotonic() < until:
            if self.children["web"].poll() is not None:
                raise ServeError("the web server stopped while starting; see above")
            try:
                with opener.open(f"{self.address}/healthz", timeout=5):
                    return
            except (OSError, urllib.error.URLError):
                time.sleep(0.05)
        raise ServeError(f"the web server did not answer within {patience:.0f} s")

    def _announce(self, facts: dict[str, object]) -> None:
        self.hold.note(what="huying serve", address=self.address)
        users = facts.get("users") or []
        if self.plan.json:
            line = {"url": self.address, "users": users, "api_key": facts.get("api_key", "")}
            sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
            sys.stdout.flush()
        from huying.site.announcing import announcement

        say(announcement(self.address, facts, self.plan.demo))

    # watching and stopping

    def _watch(self) -> None:
        """Start again whatever died; give up on what dies five times in a minute."""
        if (
            self.cluster is not None
            and self.cluster.process is not None
            and self.cluster.process.poll() is not None
        ):
            self._count("database")
            say("the database died; starting it again")
            self.cluster.start(report=say)
        for name, child in list(self.children.items()):
            if child.poll() is not None:
                self._count(name)
                say(f"the {name} died (exit {child.returncode}); starting it again")
                _end_group(child, signal.SIGKILL)  # what a killed parent left behind would hold the port
                self._start(name)

    def _count(self, name: str) -> None:
        now = time.monotonic()
        recent = [moment for moment in self.failures.get(name, []) if now - moment < 60] + [now]
        self.failures[name] = recent
        if len(recent) >= 5:
            raise ServeError(f"the {name} died {len(recent)} times within a minute; giving up, see above")

    def _stop(self) -> None:
        self.stopping = True
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sign, signal.SIG_IGN)  # a second Ctrl-C does not tear a clean stop apart
        if self.children:
            say("stopping")
        for child in self.children.values():
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        for child in self.children.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(15)
            _end_group(child, signal.SIGKILL)
            child.wait()
        if self.cluster is not None:
            self.cluster.stop()
        self.hold.let_go()


class _Stop(Exception):
    """Somebody asked us to stop."""


def _end_with_parent() -> None:
    database.die_with_parent(signal.SIGTERM)


def _end_group(child: subprocess.Popen[bytes], sign: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, sign)


def serve(plan: Plan, before: Callable[[], None] | None = None) -> int:
    """Serve *plan* until stopped; raises ServeError, DatabaseError or HeldError with words for the
    operator.
    """
    if before:
        before()
    return Server(plan).run()

"""A deployment of a benchmark's own: a real ``huying serve`` in a temporary folder, and a key to call it with."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

PLACE = "huinan"


class Deployment:
    """A served deployment; ``start`` and ``stop`` may alternate, the data stays until ``remove``."""

    def __init__(
        self, data: Path | None = None, *, demo: bool = False, places: Sequence[str] = (PLACE,)
    ) -> None:
        from huying.site import database
        from huying.site.accounts import service_account
        from huying.site.tests.processes import free_port

        self.kept = data is not None
        self.data = data or Path(database.temporary_folder("hyb-", service_account()))
        self.demo = demo
        self.places = places
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.facts: dict[str, Any] = {}

    @property
    def url(self) -> str:
        """Where it is served."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def database_url(self) -> str:
        """The address of its database, as the app."""
        from huying.site import database

        return database.url(database.socket_folder(self.data), database.APP)

    def start(self, patience: float = 300.0) -> Deployment:
        """Serve, and wait until it does."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith("HUYING_")}
        words = [
            "--demo" if self.demo else "--no-demo",
            *(word for name in self.places for word in ("--place", name)),
        ]
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "huying.site.cli", "serve", "--json", *words),
                *("--data", str(self.data), "--port", str(self.port)),
            ],
            cwd=ROOT,
            env=environment | {"PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=open(self.log, "ab"),  # noqa: SIM115 - the child keeps it
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"it did not serve:\n{self.log.read_text()[-2000:]}")
        self.facts = json.loads(line)
        return self

    @property
    def log(self) -> Path:
        """What it said."""
        return self.data.with_name(self.data.name + ".log")

    def family(self) -> list[int]:
        """The pids of all its live processes."""
        from huying.site.tests import processes

        if self.process is None or self.process.poll() is not None:
            return []
        return processes.family(self.process.pid)

    def stop(self) -> None:
        """End it as an operator would."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(40)
        if self.process is not None and self.process.stdout:
            self.process.stdout.close()

    def remove(self) -> None:
        """Leave nothing behind."""
        from huying.site.tests import processes

        self.stop()
        processes.kill_deployment(self.process, self.data)
        if not self.kept:
            shutil.rmtree(self.data, ignore_errors=True)
            self.log.unlink(missing_ok=True)

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body of a page."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(self.url + path, timeout=20) as answer:
            return answer.status, answer.read()


@contextlib.contextmanager
def served(
    data: Path | None = None, *, demo: bool = False, places: Sequence[str] = (PLACE,)
) -> Iterator[Deployment]:
    """A deployment that serves within the block and is gone afterwards (unless *data* was given)."""
    one = Deployment(data, demo=demo, places=places)
    try:
        yield one.start()
    finally:
        one.remove()


def setup_django(one: Deployment) -> None:
    """Django in this process, on the deployment's database, as the app."""
    os.environ["HUYING_DATA"] = str(one.data)
    os.environ["HUYING_DATABASE_URL"] = one.database_url
    os.environ["HUYING_DATABASE_POOL"] = "0"
    os.environ["DJANGO_SETTINGS_MODULE"] = "huying.site.settings"
    import django

    django.setup()


class Kept:
    """Passwords of a demonstration, kept nowhere."""

    def get(self, name: str) -> str | None:
        """Nothing is kept."""
        return None

    def put(self, name: str, value: str) -> str:
        """Gives it back."""
        return value


def person_with_post(name: str, role: str, *, organ: str = "", division: str = "", place: Any = None) -> Any:
    """A person of the place (the only one) who serves in a post; made when missing. Django must be set up."""
    from huying.places import memory
    from huying.places.models import Place
    from huying.staff.models import Person
    from huying.testing.cast import hold

    found = Person.objects.filter(username=name).first()
    if found is not None:
        return found
    place = place or Place.objects.get()
    known = memory.of(place.pk)
    person = Person.objects.create(place=place, username=name, name=name, kind="staff", is_active=True)
    there = known.by_code(division) if division else None
    office = known.organ_by_code(organ) if organ else None
    hold(person, role, there.id if there else None, office.id if office else None)
    return person


def key_for(person: Any) -> str:
    """An API key with every scope that acts as *person*."""
    from huying.ledger.actions import Actor
    from huying.staff import tokens

    return tokens.create(person, "bench", tokens.SCOPES, actor=Actor())[1]


def machine() -> dict[str, Any]:
    """What it ran on, for the record."""
    known = Path("/proc/cpuinfo").read_text().splitlines()
    cpu = next((line.split(":", 1)[1].strip() for line in known if line.startswith("model name")), "")
    return {
        "cores": os.cpu_count(), "cpu": cpu, "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2), "at": time.strftime("%Y-%m-%dT%H:%MZ", time.gmtime()),
    }  # fmt: skip

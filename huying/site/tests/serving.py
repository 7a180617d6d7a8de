"""Starting a real server for a test, in a process of its own."""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from huying.site.tests.processes import family, free_port, kill_deployment

ROOT = Path(__file__).resolve().parents[3]


def reachable_python() -> str:
    """The interpreter of an environment that the service user can run; this one unless root's own."""
    if os.geteuid() == 0:
        for candidate in (Path(sys.executable), ROOT / ".venv-service/bin/python", ROOT / ".venv/bin/python"):
            script = ["/bin/sh", "-c", '"$@"', "sh", str(candidate), "-c", "import django, granian, psycopg"]
            tried = subprocess.run(
                script, user=65534, group=65534, extra_groups=[], cwd="/", capture_output=True, env={}
            )
            if tried.returncode == 0:
                return str(candidate)
    return sys.executable


class Served:
    """A running ``huying serve`` on a data folder."""

    def __init__(self, data: Path, *words: str, environment: dict[str, str] | None = None) -> None:
        self.data = data
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = Path(tempfile.mkstemp(prefix="huying-serve-", suffix=".log")[1])
        env = {k: v for k, v in os.environ.items() if not k.startswith("HUYING_") or k == "HUYING_ROOMS"}
        env |= {"PYTHONPATH": str(ROOT)} | (environment or {})
        self.process = subprocess.Popen(
            [
                *(reachable_python(), "-m", "huying.site.cli", "serve", "--json"),
                *("--data", str(data), "--port", str(self.port), *words),
            ],
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self.log.open("wb"),
        )
        self.facts: dict[str, object] = {}

    def ready(self, patience: float = 180.0) -> Served:
        """Wait for the first line of standard output."""
        assert self.process.stdout is not None
        until = time.monotonic() + patience
        while time.monotonic() < until:
            if select.select([self.process.stdout], [], [], 0.1)[0]:
                line = self.process.stdout.readline()
                if not line:
                    break
                self.facts = json.loads(line)
                return self
        said = self.log.read_text()
        self.kill()
        raise AssertionError(f"it did not serve:\n{said}")

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of a page; status 0 when nobody answers."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(self.url + path, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as problem:
            return problem.code, problem.read().decode()
        except OSError:
            return 0, ""

    def family(self) -> list[int]:
        """The pids of every live process of this deployment: launcher, web, worker, database."""
        return family(self.process.pid)

    def stop(self, sign: int = signal.SIGINT, patience: float = 30.0) -> int:
        """End it as an operator would; the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(sign)
        status = self.process.wait(patience)
        if self.process.stdout:
            self.process.stdout.close()
        return status

    def kill(self) -> None:
        """End it as a power cut would: every process of it, also those whose parent is gone."""
        kill_deployment(self.process, self.data)
        if self.process.stdout:
            self.process.stdout.close()
        self.log.unlink(missing_ok=True)

    def clean(self) -> None:
        """Whatever happened, leave nothing behind."""
        self.kill()
        shutil.rmtree(self.data, ignore_errors=True)

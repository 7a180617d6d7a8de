"""The database gone, or the disk full, while calls come in: a clear answer in both languages, and no loss."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import psycopg
import pytest

from huying.site import database
from huying.site.accounts import service_account
from huying.site.tests.faults.serving import asked, child, command, prepare, until
from huying.site.tests.serving import Served
from huying.testing.faults import Callers, half_made

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("serving")]

SIZE = 512  # megabytes of the disk that gets full


def page(served: Served, path: str, language: str) -> tuple[int, str]:
    """Status and text of a page in a language."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(served.url + path, headers={"Accept-Language": language})
    try:
        with opener.open(request, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as problem:
        return problem.code, problem.read().decode()


def all_well(data: Path, callers: Callers) -> None:
    """Everything acknowledged is there once and whole."""
    assert callers.strange == []
    held = dict(
        asked(data, "SELECT a.key, c.number FROM cases_asked a JOIN cases_case c ON c.id = a.case_id")
    )
    assert held == callers.numbers
    assert asked(data, "SELECT count(*) FROM cases_case") == [(len(callers.numbers),)]
    with psycopg.connect(database.url(database.socket_folder(data), database.OWNER)) as connection:
        assert half_made(connection.cursor()) == {}
    status, said = command(data, "ledger", "verify")
    assert status == 0, said


def test_without_its_database_it_says_so_and_comes_back():
    home = database.temporary_folder("hyf-", service_account())
    served = Served(home / "data", "--no-demo", "--place", "huinan").ready()
    try:
        callers = Callers(lambda: served.port, prepare(served.data, "key"), count=4).start()
        try:
            until(lambda: len(callers.numbers) > 20, 60)
            served.process.send_signal(signal.SIGSTOP)  # it would start the database again at once
            postgres = psutil.Process(child(served, "postgres"))
            for process in [postgres, *postgres.children(recursive=True)]:
                process.kill()
            for path in ("/report/", "/sign-in/"):
                status, text = page(served, path, "zh-CN")
                assert status == 503, (path, status)
                assert "请" in text
                assert "please send it again shortly" in text
            status, text = page(served, "/api/v1/cases", "en")
            assert status in (401, 503)
            served.process.send_signal(signal.SIGCONT)
            told = len(callers.numbers)
            until(lambda: len(callers.numbers) > told + 20, 60)
        finally:
            served.process.send_signal(signal.SIGCONT)
            callers.finish()
        assert callers.retries > 0
        all_well(served.data, callers)
    finally:
        served.kill()
        shutil.rmtree(home, ignore_errors=True)


def test_a_full_disk_refuses_and_loses_nothing():
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    home = database.temporary_folder("hyd-", service_account())
    disk = home / "disk"
    disk.mkdir()
    options = f"size={SIZE}m,mode=0755,uid={service_account().uid}"
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(disk)], capture_output=True
    ).returncode:
        shutil.rmtree(home, ignore_errors=True)
        pytest.skip("this machine lets nobody mount a disk")
    served = None
    try:
        served = Served(disk / "data", "--no-demo", "--place", "huinan").ready()
        key = prepare(served.data, "key")
        callers = Callers(lambda: served.port, key, count=4).start()
        filler = disk / "filler"
        try:
            until(lambda: len(callers.numbers) > 20, 60)
            with contextlib.suppress(OSError), filler.open("wb", buffering=0) as out:
                while True:
                    out.write(bytes(1 << 20))
            with contextlib.suppress(OSError), (disk / "rest").open("wb", buffering=0) as out:
                while True:
                    out.write(bytes(1 << 12))
            refused = callers.retries
            until(lambda: callers.retries > refused + 4, 90)  # calls are refused now
            filler.unlink()
            (disk / "rest").unlink(missing_ok=True)
            told = len(callers.numbers)
            until(lambda: len(callers.numbers) > told + 20, 60)
        finally:
            filler.unlink(missing_ok=True)
            (disk / "rest").unlink(missing_ok=True)
            callers.finish()
        all_well(served.data, callers)
    finally:
        if served is not None:
            served.kill()
        subprocess.run(["umount", "-l", str(disk)], capture_output=True, check=False)
        shutil.rmtree(home, ignore_errors=True)

"""An import that is killed leaves whole cases only, and the next one takes up where it stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from huying.cases.models import Case
from huying.exchange.models import Imported
from huying.exchange.tests.test_import import a_file
from huying.ledger import jobs as ledger_jobs
from huying.ledger.verify import verify

COUNT = 300


@pytest.mark.fault
@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_nothing_is_lost_or_doubled(
    huinan: Any, database_url: str, tmp_path: Path
) -> None:
    from django.conf import settings

    path = a_file(tmp_path, COUNT)
    environment = {
        **os.environ, "HUYING_DATABASE_URL": database_url, "HUYING_DATABASE_POOL": "0",
        "HUYING_DATA": str(settings.HUYING_DATA), "DJANGO_SETTINGS_MODULE": "huying.site.settings",
    }  # fmt: skip
    command = [sys.executable, "-m", "huying.site.cli", "cases", "import", str(path), "--place", "220523"]
    cwd = Path(__file__).resolve().parents[3]
    kills = 0
    for wanted in (20, 120):
        process = subprocess.Popen(
            command, env=environment, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        until = time.monotonic() + 90
        while Imported.objects.count() < wanted and process.poll() is None and time.monotonic() < until:
            time.sleep(0.01)
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
            kills += 1
        _out, said = process.communicate()
        assert process.returncode == -signal.SIGKILL, said.decode()
        # The server finishes or rolls back what it was at; either way case and note agree.
        time.sleep(0.3)
        assert set(Imported.objects.values_list("case_id", flat=True)) == set(
            Case.objects.values_list("id", flat=True)
        )
    assert kills == 2
    before = Imported.objects.count()
    assert 120 <= before < COUNT
    done = subprocess.run(
        command, env=environment, cwd=cwd, capture_output=True, text=True, timeout=200, check=True
    )
    told = json.loads(done.stdout.splitlines()[-1])
    assert (told["taken"], told["again"], told["rejected"]) == (COUNT - before, before, 0)
    assert Case.objects.count() == COUNT
    assert sorted(Case.objects.values_list("source_number", flat=True)) == sorted(
        str(n + 1) for n in range(COUNT)
    )
    ledger_jobs.drain(huinan.pk)
    assert verify(huinan.pk).ok

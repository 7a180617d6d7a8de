"""What tests serve they also end, whoever is left of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from huying.site.processes import alive
from huying.site.tests.processes import kill_deployment

# Starts a child that outlives it, and says which.
PARENT = """
import subprocess, sys
print(subprocess.Popen(["sleep", "60"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).pid)
"""


def test_a_child_that_outlived_its_parent_is_found_by_the_folder_it_serves(tmp_path: Path) -> None:
    pids = []
    for folder in (tmp_path / "one", tmp_path / "two"):
        environment = os.environ | {"HUYING_DATA": str(folder)}
        done = subprocess.run(
            [sys.executable, "-c", PARENT], env=environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        pids.append(int(done.stdout))
    one, two = pids
    kill_deployment(None, tmp_path / "one")
    assert not alive(one)
    assert alive(two)
    kill_deployment(None, tmp_path / "two")
    assert not alive(two)

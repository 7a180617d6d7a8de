"""An optional virus scanner: HUYING_SCAN_COMMAND, such as ``clamdscan --no-summary --fdpass``."""

from __future__ import annotations

import logging
import os
import shlex
import subprocess
import tempfile

from django.conf import settings

from huying.files.errors import Infected, ScanFailed

log = logging.getLogger("huying.files")
PATIENCE = 60  # seconds


def command() -> list[str]:
    """The scanner's command line, empty when none is set."""
    set_ = getattr(settings, "HUYING_SCAN_COMMAND", None)
    return shlex.split(os.environ.get("HUYING_SCAN_COMMAND", "") if set_ is None else set_)


def scan(data: bytes) -> None:
    """Run the scanner on the bytes as they were sent; the path is appended to the command (or replaces
    ``{}``).

    By the custom of scanners exit code 0 means clean and 1 found: raises ``Infected``; on anything else
    ``ScanFailed``, because nothing unscanned is let in where a scanner is asked for.
    """
    words = command()
    if not words:
        return
    with tempfile.NamedTemporaryFile(prefix="huying-scan-") as held:
        held.write(data)
        held.flush()
        line = [held.name if word == "{}" else word for word in words]
        if "{}" not in words:
            line.append(held.name)
        try:
            done = subprocess.run(  # noqa: S603 - the operator's own command, no shell
                line, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as problem:
            log.error("the virus scanner did not run: %s", type(problem).__name__)
            raise ScanFailed from problem
    if done.returncode == 1:
        raise Infected
    if done.returncode != 0:
        log.error("the virus scanner ended with code %s", done.returncode)
        raise ScanFailed

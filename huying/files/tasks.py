"""The clock's part: sweeping once an hour."""

from __future__ import annotations

from procrastinate.contrib.django import app

from huying.files import jobs


@app.periodic(cron="17 * * * *")
@app.task(name="huying.files.sweep", queueing_lock="huying.files.sweep", pass_context=False)
def sweep(timestamp: int) -> None:
    """Sweep the store; ``timestamp`` is when it was due."""
    jobs.sweep()

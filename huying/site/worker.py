"""The background process: the rooms' ticks and procrastinate's jobs, in one process to save memory.

Ticks run in threads of their own, one for each lane (``site/ticks.py``); jobs run in this thread's event loop. SIGTERM
and SIGINT end all of them after what is being done at the moment.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading

log = logging.getLogger("huying.worker")

CONCURRENCY = 4  # jobs at once; they are notices and exports, not the main job
LANES = 4  # each keeps a session of its own


def main() -> None:
    """Work until told to stop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huying.site.settings")
    os.environ["HUYING_DATABASE_POOL"] = str(CONCURRENCY + LANES + 2)
    import django

    django.setup()
    from huying.site.pulse import Pulse
    from huying.site.ticks import Lanes, all_ticks

    lanes = Lanes(all_ticks())
    pulse = Pulse(lanes.tickers, lanes.stopping)
    lanes.start()
    threading.Thread(target=pulse.run, name="pulse", daemon=True).start()
    try:
        asyncio.run(_jobs())
    finally:
        if not lanes.stop():
            log.warning("a tick was cut off; the next worker does its work again")


async def _jobs() -> None:
    """Procrastinate's worker; started again after a pause when the database goes away under it."""
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.utils import connector_params
    from procrastinate.exceptions import ConnectorException
    from procrastinate.psycopg_connector import PsycopgConnector
    from psycopg import OperationalError

    while True:
        connector = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=CONCURRENCY + 1)
        try:
            async with app.with_connector(connector).open_async() as working:
                await working.run_worker_async(
                    concurrency=CONCURRENCY,
                    install_signal_handlers=True,
                    fetch_job_polling_interval=5.0,
                    delete_jobs="successful",
                    shutdown_graceful_timeout=8.0,
                )
            return
        except (ConnectorException, OperationalError) as problem:
            log.error("jobs: the database went away (%s)", type(problem).__name__)
            await asyncio.sleep(1.0)


if __name__ == "__main__":
    main()

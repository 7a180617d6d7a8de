"""What the worker does for this room: one waiting study of each place at a time.

A study takes seconds to minutes, and the worker's loop also keeps the clock of all cases: so a study runs in a thread of
its own, and the tick only starts it. A thread that dies with the worker is begun again by the next one.
"""

from __future__ import annotations

import logging
import threading

from django.db import connection

from huying.places.models import Place
from huying.whatif import actions
from huying.whatif.models import Study

log = logging.getLogger(__name__)
_running: threading.Thread | None = None


def run_studies() -> int:
    """Do one waiting study of each place; how many were done."""
    return sum(actions.run_next(place_id) for place_id in Place.objects.values_list("id", flat=True))


def start_studies() -> threading.Thread | None:
    """Begin with what waits, unless something is under way; the thread that does it. One SQL statement."""
    global _running
    if _running is not None and _running.is_alive():
        return None
    todo = Study.objects.filter(
        place_id__in=Place.objects.values("id"), state__in=[Study.WAITING, Study.RUNNING]
    )
    if not todo.exists():
        return None
    _running = threading.Thread(target=_work, name="whatif", daemon=True)
    _running.start()
    return _running


def _work() -> None:
    try:
        run_studies()
    except Exception:
        log.exception("studies could not be done")
    finally:
        connection.close()


def tick() -> None:
    """What the worker calls."""
    start_studies()


TICKS = [("whatif.studies", 2.0, tick)]

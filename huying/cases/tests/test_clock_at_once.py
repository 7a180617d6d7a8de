"""Two workers that sweep the same place at the same moment: each alarm goes off once, whoever gets to it first.

In a deployment one of them would wait for the other's lock; here both are let loose on the same rows, which is what
the locks on cases have to bear.
"""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from huying import clock
from huying.cases import jobs
from huying.cases.actions import report
from huying.cases.calls import Call
from huying.cases.models import Case
from huying.cases.tests.test_lifecycle import STALL, a_point
from huying.cases.who import Actor
from huying.ledger.models import Event

MONDAY = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once(staff: Any) -> None:
    place = staff.place.pk
    lon, lat = a_point(staff)
    with clock.frozen(MONDAY):
        for _ in range(12):
            report(place, Call(body=STALL, lon=lon, lat=lat, anonymous=True), Actor(channel="web"))
        begin, fired = threading.Barrier(2), []

        def work() -> None:
            try:
                begin.wait(20)
                fired.append(jobs.sweep(place, MONDAY + timedelta(days=2)))
            finally:
                connection.close()

        workers = [threading.Thread(target=work) for _ in range(2)]
        for one in workers:
            one.start()
        for one in workers:
            one.join(120)
    assert len(fired) == 2
    assert sum(fired) == 24
    told = Counter(
        (event.case_id, event.data["timer"])
        for event in Event.objects.filter(place_id=place, kind="case.fired")
    )
    assert len(told) == 24
    assert set(told.values()) == {1}
    assert not Case.objects.filter(place_id=place, next_at__lte=MONDAY + timedelta(days=2)).exists()

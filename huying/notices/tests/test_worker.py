"""The real queue: a worker takes the job, tries again when the other side was down, and notes what came of it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from huying.clock import now
from huying.ledger.ids import uuid7
from huying.notices import outbox
from huying.notices.models import Delivery
from huying.notices.tests.fixtures import Gateway

pytestmark = pytest.mark.django_db(transaction=True)


def work() -> None:
    """A worker's turn, as in huying.site.worker: it ends when nothing is left to do."""
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.utils import connector_params
    from procrastinate.psycopg_connector import PsycopgConnector

    async def turn() -> None:
        connector = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=2)
        async with app.with_connector(connector).open_async() as working:
            await working.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)

    asyncio.run(turn())


def test_a_job_that_failed_is_run_again(gateway: Gateway) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    outbox.send_code("13700000003", "123456", "register")
    gateway.status = 503
    work()
    row = Delivery.objects.get()
    assert (row.state, row.tries, row.problem) == ("queued", 1, "http-503")
    job = ProcrastinateJob.objects.get(task_name="huying.notices.deliver")
    assert (job.status, "13700000003" in str(job.args)) == ("todo", False)
    assert job.scheduled_at is not None
    assert job.scheduled_at > now()
    from django.db import connection

    with connection.cursor() as cursor:  # the model is read-only: time passes
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() - interval '1 second'")
    gateway.status = 200
    work()
    row.refresh_from_db()
    assert (row.state, row.tries, row.sealed) == ("sent", 2, None)
    assert [one["to"] for one in gateway.got] == ["13700000003"]


def test_what_got_stuck_is_taken_anew() -> None:
    past = now() - outbox.STUCK - timedelta(minutes=1)
    Delivery.objects.create(
        place_id=0, id=uuid7(), channel="sms", template="work", state="queued", at=past, due_at=past, changed_at=past
    )  # fmt: skip
    assert outbox.hand_over() == 1
    work()
    assert Delivery.objects.get().state == "dropped"  # it is about no case

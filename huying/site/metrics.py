"""GET /metrics: how the deployment is doing, for a monitoring system (Prometheus text format). No figure is about a person.

Who may ask is whoever has the token of ``HUYING_METRICS_TOKEN``; without one the page is not there. The figures are read
when they are asked for, a fixed number of SQL statements whatever is held.
"""

from __future__ import annotations

import hmac
import shutil
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.utils import Error
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from huying import clock

# name: (what it is, label names, SQL that gives label values and then the figure)
FIGURES: dict[str, tuple[str, tuple[str, ...], str]] = {
    "huying_ledger_pending": (
        "Appends to the record that are in no page yet", ("place",),
        "SELECT p.code, count(x.id) FROM places_place p LEFT JOIN ledger_pending x ON x.place_id = p.id GROUP BY 1",
    ),
    "huying_ledger_pages": (
        "Pages of the record", ("place",),
        "SELECT p.code, coalesce((SELECT max(number) FROM ledger_page x WHERE x.place_id = p.id), 0) FROM places_place p",
    ),
    "huying_reader_lag_pages": (
        "Pages that a follower of the record has not read yet", ("place", "reader"),
        "SELECT p.code, r.name, coalesce((SELECT max(number) FROM ledger_page x WHERE x.place_id = p.id), 0) - r.page"
        " FROM places_place p JOIN ledger_reader r ON r.place_id = p.id",
    ),
    "huying_reader_failures": (
        "Times in a row that a follower of the record failed", ("place", "reader"),
        "SELECT p.code, r.name, r.failures FROM places_place p JOIN ledger_reader r ON r.place_id = p.id",
    ),
    "huying_clock_age_seconds": (
        "Seconds since the clock last acted on what is due (the worker is not running when this grows)", ("place",),
        "SELECT p.code, extract(epoch FROM %(now)s::timestamptz - s.at) FROM places_place p"
        " JOIN cases_swept s ON s.place_id = p.id",
    ),
    "huying_tick_seconds": (
        "Seconds for which a lane of the worker has been at the tick that it does now, 0 between two", ("lane", "tick"),
        "SELECT name, tick, coalesce(extract(epoch FROM clock_timestamp() - busy_since), 0) FROM site_lane",
    ),
    "huying_lane_silent_seconds": (
        "Seconds since a lane of the worker was heard of (said every five seconds)", ("lane",),
        "SELECT name, extract(epoch FROM clock_timestamp() - seen_at) FROM site_lane",
    ),
    "huying_jobs": (
        "Jobs of the worker by state", ("state",),
        "SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY 1",
    ),
    "huying_database_bytes": ("Size of the database", (), "SELECT pg_database_size(current_database())"),
    "huying_database_connections": (
        "Connections to the database", (),
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()",
    ),
}  # fmt: skip


class Figures:
    """What prometheus_client asks for the figures."""

    def collect(self) -> Iterator[Any]:
        """One SQL statement a figure, and the disk."""
        from prometheus_client.core import GaugeMetricFamily

        with connection.cursor() as cursor:
            for name, (words, labels, sql) in FIGURES.items():
                cursor.execute(sql, {"now": clock.now()} if "%(now)s" in sql else None)
                gauge = GaugeMetricFamily(name, words, labels=labels)
                for row in cursor.fetchall():
                    gauge.add_metric([str(label) for label in row[:-1]], float(row[-1]))
                yield gauge
        disk = GaugeMetricFamily("huying_disk_free_bytes", "Free room where the deployment keeps its data")
        disk.add_metric([], shutil.disk_usage(settings.HUYING_DATA).free)
        yield disk


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures; 404 without the token, 503 while the database does not answer."""
    token, sent = settings.HUYING_METRICS_TOKEN, request.headers.get("Authorization", "")
    if not token or not hmac.compare_digest(f"Bearer {token}".encode(), sent.encode("utf-8", "replace")):
        raise Http404
    # Loaded by the first who asks, as most deployments have no such monitoring (2 MB in each process).
    from prometheus_client import CollectorRegistry
    from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

    registry = CollectorRegistry(auto_describe=False)
    try:
        registry.register(Figures())
        text = generate_latest(registry)
    except Error:
        return HttpResponse("the database does not answer\n", status=503, content_type="text/plain")
    return HttpResponse(text, content_type=CONTENT_TYPE_PLAIN_0_0_4)

"""Moments as the database gives them."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import connection
from django.db.utils import DataError

from huying.site.adapters import MomentLoader

pytestmark = pytest.mark.django_db

MOMENTS = (
    "2026-11-22 12:34:56.123456+00", "2026-11-22 12:34:56.1+00", "2026-11-22 12:34:56+00", "0001-01-01 00:00:00+00",
    "9999-12-31 23:59:59.999999+00", "2026-11-22 20:34:56+08",
)  # fmt: skip


@pytest.mark.parametrize("text", MOMENTS)
def test_a_moment_is_what_psycopg_reads_and_in_utc(text):
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz", [text])
        found = cursor.fetchone()[0]
    with psycopg.connect(**connection.get_connection_params() | {"context": None}) as plain:
        assert found == plain.execute("SELECT %s::timestamptz", [text]).fetchone()[0]
    assert (found.tzinfo, found.utcoffset()) == (UTC, timedelta(0))


def test_the_connections_of_the_product_use_it():
    """Each connection when it is made."""
    oid = psycopg.adapters.types["timestamptz"].oid
    other = connection.copy()
    other.ensure_connection()
    try:
        assert other.connection.adapters.get_loader(oid, psycopg.pq.Format.TEXT) is MomentLoader
    finally:
        other.close()


@pytest.mark.parametrize("text", ["infinity", "20000-01-01", "0044-03-15 BC"])
def test_what_no_datetime_can_hold_is_an_error_and_not_another_moment(text):
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz", [text])
        with pytest.raises((DataError, psycopg.DataError)):
            cursor.fetchone()


def test_another_zone_of_the_session_changes_no_moment():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'Asia/Kolkata'")
        cursor.execute("SELECT '2026-11-22 12:34:56+00'::timestamptz")
        assert cursor.fetchone()[0] == datetime(2026, 11, 22, 12, 34, 56, tzinfo=UTC)

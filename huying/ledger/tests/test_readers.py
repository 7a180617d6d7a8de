"""Readers: every page once and in order, whatever fails."""

import os
import signal
import subprocess
import sys
import textwrap

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huying.ledger import jobs, queries, readers
from huying.ledger.errors import LedgerError
from huying.ledger.models import Reader
from huying.ledger.tests.conftest import PLACE


@pytest.fixture
def only():
    """Only the readers that a test registers."""
    before = dict(readers._readers)
    readers._readers.clear()
    yield
    readers._readers.clear()
    readers._readers.update(before)


def collect(into):
    def handler(place_id, number, events):
        into.append((place_id, number, len(events)))

    return handler


def due(name="a"):
    Reader.objects.filter(name=name).update(retry_at=None)


@pytest.mark.django_db
def test_each_reader_gets_each_page_once_in_order(write, only):
    a, b = [], []
    readers.register("a", collect(a))
    readers.register("b", collect(b))
    for _ in range(3):
        write()
        jobs.sequence(PLACE)
    assert readers.run(PLACE) == 6
    assert a == b == [(PLACE, 1, 2), (PLACE, 2, 2), (PLACE, 3, 2)]
    assert readers.run(PLACE) == 0
    write(place=8)
    jobs.sequence(8)
    assert jobs.read_all() == 2
    assert a[3:] == [(8, 1, 2)]


@pytest.mark.django_db
def test_a_quiet_place_costs_one_statement(write, only):
    readers.register("a", collect([]))
    readers.register("b", collect([]))
    write()
    jobs.sequence(PLACE)
    assert readers.run(PLACE) == 2
    with CaptureQueriesContext(connection) as seen:
        assert readers.run(PLACE) == 0
    assert len(seen) == 1


@pytest.mark.django_db
def test_a_handler_gets_whole_events(write, only):
    got = []
    readers.register("a", lambda place, number, events: got.extend(events))
    case = write()
    jobs.sequence(PLACE)
    readers.run(PLACE)
    assert [(event.kind, event.case_id, event.subject, event.version, event.data) for event in got] == [
        ("ledger.test_made", case, ("case", case), 1, {"item": "a.1"}),
        ("ledger.test_moved", case, ("case", case), 2, {"move": "dispatch"}),
    ]


@pytest.mark.django_db
def test_a_reader_from_now_skips_what_was(write, only):
    write()
    jobs.sequence(PLACE)
    got = []
    readers.register("a", collect(got), from_now=True)
    readers.run(PLACE)
    write()
    jobs.sequence(PLACE)
    readers.run(PLACE)
    assert got == [(PLACE, 2, 2)]


@pytest.mark.django_db
def test_a_failing_reader_stops_alone_and_goes_on_when_it_is_mended(write, only):
    broken, got, other = [True], [], []

    def handler(place_id, number, events):
        with connection.cursor() as cursor:  # half its work, which must not stay
            cursor.execute(
                "INSERT INTO ledger_reader (place_id, name, page, failures, problem)"
                " VALUES (99, %s, 1, 0, '')",
                [f"page{number}"],
            )
        if number == 2 and broken[0]:
            raise ValueError("张三 13800138000")
        got.append(number)

    readers.register("a", handler)
    readers.register("b", collect(other))
    for _ in range(3):
        write()
        jobs.sequence(PLACE)
    readers.run(PLACE)
    assert got == [1]
    assert len(other) == 3
    assert list(Reader.objects.filter(place_id=99).values_list("name", flat=True)) == ["page1"]
    state = {reader.name: reader for reader in queries.status(PLACE).readers}
    assert (state["a"].page, state["a"].behind, state["a"].failures) == (1, 2, 1)
    assert (state["b"].page, state["b"].behind, state["b"].failures) == (3, 0, 0)
    assert "ValueError" in state["a"].problem
    assert "张三" not in state["a"].problem
    assert not queries.status(PLACE).healthy

    readers.run(PLACE)  # too early: it waits before it tries again
    assert queries.status(PLACE).readers[0].failures == 1
    due()
    readers.run(PLACE)
    assert queries.status(PLACE).readers[0].failures == 2
    due()
    broken[0] = False
    readers.run(PLACE)
    assert got == [1, 2, 3]
    assert queries.status(PLACE).readers[0].failures == 0
    assert queries.status(PLACE).healthy


@pytest.mark.django_db
def test_a_reader_that_fails_on_its_very_first_page_is_noted(write, only):
    def handler(place_id, number, events):
        raise ZeroDivisionError

    readers.register("a", handler)
    write()
    jobs.sequence(PLACE)
    readers.run(PLACE)
    assert queries.status(PLACE).readers[0].failures == 1


@pytest.mark.django_db
def test_a_database_error_inside_a_handler_is_its_failure_too(write, only):
    def handler(place_id, number, events):
        with connection.cursor() as cursor:
            cursor.execute("SELECT nonsense")

    readers.register("a", handler)
    write()
    jobs.sequence(PLACE)
    readers.run(PLACE)
    assert "ProgrammingError" in queries.status(PLACE).readers[0].problem


def test_two_readers_of_one_name_are_refused(only):
    readers.register("a", print)
    readers.register("a", print)
    with pytest.raises(LedgerError, match="already"):
        readers.register("a", repr)


CRASHING = textwrap.dedent("""
    import os, signal, sys
    import django
    django.setup()
    from django.db import connection
    from huying.ledger import readers

    def handler(place_id, number, events):
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO ledger_reader (place_id, name, page, failures, problem)"
                           " VALUES (99, %s, 1, 0, '')", [f"page{number}"])
        if number == 2 and sys.argv[1] == "crash":
            os.kill(os.getpid(), signal.SIGKILL)

    readers._readers.clear()
    readers.register("a", handler)
    readers.run(7)
""")


@pytest.mark.django_db(transaction=True)
@pytest.mark.fault
def test_a_process_killed_within_a_page_leaves_nothing_half_and_nothing_twice(write, database_url):
    for _ in range(3):
        write()
        jobs.sequence(PLACE)
    environment = {**os.environ, "HUYING_DATABASE_URL": database_url, "HUYING_DATABASE_POOL": "0"}

    def process(how):
        return subprocess.run([sys.executable, "-c", CRASHING, how], env=environment, check=False).returncode

    assert process("crash") == -signal.SIGKILL
    assert Reader.objects.get(place_id=PLACE, name="a").page == 1
    assert Reader.objects.filter(place_id=99).count() == 1
    assert process("go on") == 0  # had a page come twice, its second INSERT would fail
    assert Reader.objects.get(place_id=PLACE, name="a").page == 3
    assert sorted(Reader.objects.filter(place_id=99).values_list("name", flat=True)) == [
        "page1",
        "page2",
        "page3",
    ]


@pytest.mark.django_db(transaction=True)
def test_two_processes_do_not_read_the_same_page(write, only):
    import threading

    from django.db import connections

    for _ in range(15):
        write()
        jobs.sequence(PLACE)
    got = []
    readers.register("a", collect(got))

    def read():
        try:
            while len(got) < 15:
                readers.run(PLACE)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [number for _, number, _ in got] == list(range(1, 16))

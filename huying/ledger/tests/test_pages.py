"""Pages: what they hold, in which order, and that every event gets into exactly one."""

import psycopg
import pytest
from django.db import connection, transaction

from huying.ledger import jobs, keys, pages
from huying.ledger.actions import Actor, Entry, append
from huying.ledger.ids import uuid7
from huying.ledger.models import Event, Page, Pending
from huying.ledger.sm import sm3
from huying.ledger.tests.conftest import AT, PLACE


@pytest.mark.django_db
def test_a_page_holds_what_waited_in_order(write):
    cases = [write(), write(), write()]
    assert jobs.sequence(PLACE) == 6
    assert not Pending.objects.exists()
    events = pages.load(PLACE, 1)
    assert [event.case_id for event in events] == [case for case in cases for _ in range(2)]
    assert [event.version for event in events] == [1, 2] * 3
    write()
    assert jobs.sequence(PLACE) == 2
    first, second = Page.objects.filter(place_id=PLACE).order_by("number")
    assert (first.number, second.number) == (1, 2)
    assert bytes(first.previous) == bytes(32)
    assert bytes(second.previous) == bytes(first.chain)
    assert (first.total, second.total) == (6, 8)
    assert jobs.sequence(PLACE) == 0


@pytest.mark.django_db
def test_places_have_pages_of_their_own(write):
    write(place=1)
    write(place=2)
    assert jobs.sequence_all() == 4
    assert sorted(Page.objects.values_list("place_id", "number")) == [(1, 1), (2, 1)]
    assert pages.page(1, 1).chain != pages.page(2, 1).chain


@pytest.mark.django_db
def test_a_page_takes_whole_transactions(write, monkeypatch):
    monkeypatch.setattr(jobs, "PAGE_EVENTS", 5)
    write()
    write()
    write()
    write(extra=8)
    assert [jobs.sequence(PLACE) for _ in range(4)] == [4, 2, 10, 0]


@pytest.mark.django_db
def test_the_hashes_are_as_the_module_says(write):
    """The format written out once more by hand, so that a change of it cannot slip in."""
    case = write()
    jobs.sequence(PLACE)
    one, two = Event.objects.filter(place_id=PLACE).order_by("id")

    def spelled(event, data, commitment):
        return (
            f'[7,"{event.id}",1772409600000000,"{event.kind}","{case}",null,"case","{case}",null,null,null,"web",'
            f"{event.version},{data},{commitment}]"
        ).encode()

    a = sm3(b"\0" + spelled(one, '{"item":"a.1"}', f'"{bytes(one.commitment).hex()}"'))
    b = sm3(b"\0" + spelled(two, '{"move":"dispatch"}', "null"))
    page = Page.objects.get(place_id=PLACE)
    assert bytes(page.leaves) == a + b
    assert bytes(page.root) == sm3(b"\x01" + a + b)
    micros = int(page.at.timestamp()) * 1_000_000 + page.at.microsecond
    numbers = b"".join(n.to_bytes(8, "big") for n in (7, 1, micros, 2))
    assert bytes(page.chain) == sm3(b"\x02" + bytes(32) + numbers + bytes(page.root))


def test_an_odd_leaf_rises():
    a, b, c = (sm3(x) for x in (b"a", b"b", b"c"))
    assert pages.merkle([a]) == a
    assert pages.merkle([a, b, c]) == sm3(b"\x01" + sm3(b"\x01" + a + b) + c)


def _append_on(other, place, case):
    """What `append` does, by a connection of one's own whose transaction stays open."""
    event = uuid7()
    other.execute(
        "INSERT INTO ledger_event (place_id, id, at, kind, case_id, subject_kind, channel, data)"
        " VALUES (%s, %s, now(), 'ledger.test_moved', %s, '', 'web', '{}')",
        [place, event, case],
    )
    other.execute("INSERT INTO ledger_pending (place_id, event_ids) VALUES (%s, %s)", [place, [event]])
    return event


@pytest.mark.django_db(transaction=True)
def test_what_commits_late_is_not_missed(write, database_url):
    with psycopg.connect(database_url) as other:
        late = _append_on(other, PLACE, uuid7())  # older id, older number, not committed
        early = write()
        assert jobs.sequence(PLACE) == 2
        assert {event.case_id for event in pages.load(PLACE, 1)} == {early}
        other.commit()
        assert jobs.sequence(PLACE) == 1
        assert [event.id for event in pages.load(PLACE, 2)] == [late]


@pytest.mark.django_db(transaction=True)
def test_events_of_one_case_keep_the_order_of_its_lock_whatever_their_ids(write, database_url, monkeypatch):
    """Two processes whose clocks differ: the second to get the lock makes the smaller id."""
    case = write()
    jobs.drain(PLACE)
    small, big = uuid7(), uuid7()
    subject = ("case", case)
    for version, event_id in ((3, big), (4, small)):
        with transaction.atomic():
            keys.find(PLACE, [subject], hold=True)
            entry = Entry("ledger.test_moved", {}, AT, case_id=case, version=version, id=event_id)
            append(PLACE, [entry], Actor())
    monkeypatch.setattr(jobs, "PAGE_EVENTS", 1)
    jobs.drain(PLACE)
    assert [pages.load(PLACE, n)[0].version for n in (2, 3)] == [3, 4]


@pytest.mark.django_db(transaction=True)
def test_one_sequencer_at_a_time(write, database_url):
    write()
    with psycopg.connect(database_url) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s, %s)", [jobs.LOCK, PLACE])
        assert jobs.sequence(PLACE) == 0
        other.rollback()
        assert jobs.sequence(PLACE) == 2


@pytest.mark.django_db(transaction=True)
def test_sequencers_and_writers_all_at_once_lose_and_double_nothing(write):
    import threading

    from django.db import connections

    stop = threading.Event()
    problems = []

    def guarded(work):
        def inner():
            try:
                work()
            except Exception as problem:
                problems.append(problem)
            finally:
                connections.close_all()

        return threading.Thread(target=inner)

    def sequence():
        while not stop.is_set():
            jobs.sequence(PLACE)

    def fill():
        for _ in range(60):
            write()

    sequencers = [guarded(sequence) for _ in range(3)]
    writers = [guarded(fill) for _ in range(3)]
    for thread in sequencers + writers:
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    for thread in sequencers:
        thread.join()
    jobs.drain(PLACE)
    assert problems == []
    heads = pages.after(PLACE, 0, 10_000)
    assert [head.number for head in heads] == list(range(1, len(heads) + 1))
    held = [i for head in heads for i in head.event_ids]
    assert len(held) == len(set(held)) == Event.objects.filter(place_id=PLACE).count() == 360
    assert heads[-1].total == 360
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_pending")
        assert cursor.fetchone() == (0,)

"""Erasing: the person is gone, the seal stays true, and *erased* is told from *missing*."""

import json
from uuid import UUID

import pytest
from django.db import transaction

from huying.ledger import commands, erasure, jobs, keys, queries, readers, receipts
from huying.ledger.actions import Actor, Entry, append
from huying.ledger.errors import LedgerError
from huying.ledger.ids import uuid7
from huying.ledger.models import Event, Key, Private
from huying.ledger.tests.conftest import AT, PLACE
from huying.ledger.verify import verify

pytestmark = pytest.mark.django_db

APPROVER = UUID("018f0000-0000-7000-8000-000000000001")


def erase(case, **more):
    return erasure.erase(PLACE, ("case", case), "request", "pipl.47", APPROVER, AT, **more)


@pytest.fixture
def handlers():
    before = list(erasure._handlers)
    yield erasure._handlers
    erasure._handlers[:] = before


def test_the_payload_and_the_key_are_gone_and_the_seal_stays_true(write):
    case, other = write(), write()
    receipt = receipts.seal(PLACE)
    event_id = erase(case)
    jobs.drain(PLACE)
    assert not Private.objects.filter(subject_id=case).exists()
    assert not Key.objects.filter(subject_id=case).exists()
    assert keys.find(PLACE, [("case", case)]) == {}
    assert Event.objects.filter(place_id=PLACE, case_id=case).count() == 3
    report = verify(PLACE, receipt)
    assert report.ok
    assert report.erased == {event_id: 1}
    assert len(queries.open_private(PLACE, Event.objects.values_list("id", flat=True))) == 1
    assert queries.history(PLACE, other, private=True)[0].private == {"text": "路灯坏了"}


def test_who_why_and_by_which_rule_is_on_the_ledger(write):
    event = Event.objects.get(place_id=PLACE, id=erase(write()))
    assert event.kind == "ledger.erased"
    assert event.data == {
        "ground": "request",
        "rule": "pipl.47",
        "approver": str(APPROVER),
        "payloads": 1,
    }
    assert event.person_id == APPROVER


def test_a_history_says_that_something_was_erased(write):
    case = write()
    assert [h.erased for h in queries.history(PLACE, case, private=True)] == [False, False]
    erase(case)
    assert [h.erased for h in queries.history(PLACE, case, private=True)] == [True, False, False]
    assert [h.private for h in queries.history(PLACE, case, private=True)] == [None, None, None]


def test_an_erasure_counts_before_it_has_a_page(write):
    case = write()
    jobs.drain(PLACE)
    event_id = erase(case)
    assert verify(PLACE).erased == {event_id: 1}


def test_a_payload_that_is_simply_gone_is_missing(write, as_owner):
    case = write()
    jobs.drain(PLACE)
    as_owner("DELETE FROM ledger_private WHERE subject_id = %s", [case])
    [finding] = verify(PLACE).findings
    assert (finding.code, finding.page) == ("private_missing", 1)
    erase(write())  # of somebody else: explains nothing
    jobs.drain(PLACE)
    assert verify(PLACE).codes() == {"private_missing"}


def test_a_key_that_is_simply_gone_is_missing(write, as_owner):
    case = write()
    jobs.drain(PLACE)
    as_owner("DELETE FROM ledger_key WHERE subject_id = %s", [case])
    assert verify(PLACE).codes() == {"key_missing"}


def test_an_erasure_does_not_explain_what_came_after_it(write, as_owner):
    case = write()
    erase(case)
    jobs.drain(PLACE)
    entry = Entry("ledger.test_moved", {}, AT, {"note": "new"}, case, subject=("case", case))
    with transaction.atomic():
        append(PLACE, [entry], Actor())
    jobs.drain(PLACE)
    report = verify(PLACE)
    assert report.ok
    assert (report.private, len(report.erased)) == (1, 1)
    as_owner("DELETE FROM ledger_private WHERE subject_id = %s", [case])
    assert verify(PLACE).codes() == {"private_missing"}


def test_a_payload_that_came_back_after_its_erasure_is_found(write, as_owner):
    case = write()
    event = Event.objects.get(place_id=PLACE, case_id=case, version=1)
    kept = Private.objects.values().get(event_id=event.id)
    erase(case)
    jobs.drain(PLACE)
    Private.objects.create(**kept)
    [finding] = verify(PLACE).findings
    assert (finding.code, finding.event_id) == ("not_erased", event.id)


def test_rooms_wipe_theirs_in_the_same_transaction(write, handlers):
    called = []
    erasure.on_erase(lambda *words: called.append(words))
    case = write()
    event_id = erase(case)
    assert called == [(PLACE, ("case", case), event_id)]

    def fails(*words):
        raise RuntimeError

    erasure.on_erase(fails)
    case = write()
    with pytest.raises(RuntimeError), transaction.atomic():
        erase(case)
    assert Key.objects.filter(subject_id=case).exists()
    assert Private.objects.filter(subject_id=case).exists()


def test_a_ground_in_free_text_is_refused_and_nothing_is_erased(write):
    case = write()
    with pytest.raises(LedgerError), transaction.atomic():
        erasure.erase(PLACE, ("case", case), "he asked for it", "x", APPROVER, AT)
    assert Private.objects.filter(subject_id=case).exists()


def test_erasures_are_repeated_after_a_backup_was_restored(write, as_owner, handlers, data_folder):
    called = []
    erasure.on_erase(lambda *words: called.append(words))
    case, other = write(), write()
    jobs.drain(PLACE)
    backup = [*Private.objects.filter(subject_id=case), *Key.objects.filter(subject_id=case)]
    original = erase(case)
    jobs.drain(PLACE)
    readers.run(PLACE)
    [line] = (data_folder / "erasures.jsonl").read_text().splitlines()
    assert json.loads(line)["subject"] == ["case", str(case)]
    assert (data_folder / "erasures.jsonl").stat().st_mode & 0o777 == 0o600

    for row in backup:
        row.save(force_insert=True)
    as_owner("DELETE FROM ledger_event WHERE id = %s", [original])
    as_owner("DELETE FROM ledger_page WHERE number = 2")
    as_owner("UPDATE ledger_reader SET page = 1")
    assert queries.history(PLACE, case, private=True)[0].private is not None
    called.clear()

    assert commands.replay_erasures(PLACE)[0] == 0
    assert len(called) == 1
    assert not Private.objects.filter(subject_id=case).exists()
    assert not Key.objects.filter(subject_id=case).exists()
    assert Key.objects.filter(subject_id=other).exists()
    again = Event.objects.get(place_id=PLACE, kind="ledger.erased")
    assert again.data["replay_of"] == str(original)
    jobs.drain(PLACE)
    assert verify(PLACE).ok

    # Once is enough, and what is written about the subject since stays.
    entry = Entry("ledger.test_moved", {}, AT, {"note": "new"}, case, subject=("case", case))
    with transaction.atomic():
        append(PLACE, [entry], Actor())
    assert erasure.replay_erasures(PLACE) == 0
    readers.run(PLACE)
    assert len((data_folder / "erasures.jsonl").read_text().splitlines()) == 1
    assert Private.objects.filter(subject_id=case).exists()


def test_a_list_with_doubled_and_foreign_lines_is_read_and_a_broken_one_named(write, tmp_path):
    case = write()
    line = {
        "event": str(uuid7()),
        "place": PLACE,
        "subject": ["case", str(case)],
        "ground": "request",
        "rule": "x",
        "approver": str(APPROVER),
        "at": AT.isoformat(),
    }
    path = tmp_path / "list.jsonl"
    elsewhere = {**line, "place": 8, "event": str(uuid7())}
    path.write_text("".join(json.dumps(entry) + "\n" for entry in (line, line, elsewhere)))
    assert erasure.replay_erasures(PLACE, path) == 1
    path.write_text(json.dumps(line) + "\n{}\n")
    code, [message] = commands.replay_erasures(PLACE, path)
    assert code == 2
    assert "line 2" in message
    assert commands.replay_erasures(PLACE, tmp_path / "none")[0] == 2


@pytest.mark.django_db(transaction=True)
def test_an_erasure_waits_for_a_writer_and_takes_what_it_wrote(write):
    """Somebody writes about the subject at the moment of erasure: afterwards nothing is left unreadable."""
    import threading

    from django.db import connections

    case = write()
    wrote, erased = threading.Event(), threading.Event()

    def writer():
        try:
            with transaction.atomic():
                entry = Entry("ledger.test_moved", {}, AT, {"note": "late"}, case, subject=("case", case))
                append(PLACE, [entry], Actor())
                wrote.set()
                assert not erased.wait(0.5)  # the erasure must be waiting for us
        finally:
            connections.close_all()

    thread = threading.Thread(target=writer)
    thread.start()
    wrote.wait(10)
    event_id = erase(case)
    erased.set()
    thread.join()
    assert not Private.objects.filter(subject_id=case).exists()
    assert not Key.objects.exists()
    jobs.drain(PLACE)
    report = verify(PLACE)
    assert report.ok
    assert report.erased == {event_id: 2}

"""A ledger row altered, removed, put in, reordered; a page altered, removed, or all of it recomputed."""

import json
from uuid import UUID

import pytest
from django.db import connection, transaction

from huying.ledger import commands, jobs, keys, pages, receipts, wording
from huying.ledger.actions import Actor, Entry, append
from huying.ledger.errors import LedgerError
from huying.ledger.ids import uuid7
from huying.ledger.models import Event, Page
from huying.ledger.tests.conftest import AT, PLACE
from huying.ledger.verify import CODES, verify

SOMEBODY = UUID("01a20492-0000-7000-8000-000000000001")  # fixed: test names are the same in every process

pytestmark = pytest.mark.django_db


@pytest.fixture
def three_pages(write):
    """Three pages of two cases each."""
    cases = []
    for _ in range(3):
        cases += [write(), write()]
        assert jobs.sequence(PLACE) == 4
    return cases


def found(receipt=None):
    return {(finding.code, finding.page) for finding in verify(PLACE, receipt).findings}


def test_an_untouched_ledger_is_intact(three_pages, write):
    write()  # still waiting for its page
    report = verify(PLACE)
    assert report.ok
    assert (report.pages, report.events, report.private) == (3, 12, 6)
    assert report.private_checked
    assert report.chain == pages.newest(PLACE).chain
    code, lines = commands.check(PLACE)
    assert code == 0
    assert len(lines) == 3


def test_an_empty_ledger_is_intact():
    assert verify(PLACE).ok
    with pytest.raises(LedgerError, match="没有可封存"):
        receipts.seal(PLACE)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("data", '{"item": "a.2"}'),
        ("at", "2026-03-02 00:00:00.000001+00"),
        ("kind", "ledger.test_moved"),
        ("case_id", None),
        ("leg_id", str(SOMEBODY)),
        ("subject_kind", "person"),
        ("subject_id", str(SOMEBODY)),
        ("person_id", str(SOMEBODY)),
        ("post_id", 3),
        ("behalf_id", str(SOMEBODY)),
        ("channel", "desk"),
        ("version", 9),
        ("commitment", b"x" * 32),
        ("commitment", None),
    ],
)
def test_a_change_of_any_column_is_found_and_named(three_pages, as_owner, column, value):
    event = Event.objects.get(place_id=PLACE, case_id=three_pages[2], version=1)
    as_owner(
        f"UPDATE ledger_event SET {column} = %s WHERE place_id = %s AND id = %s", [value, PLACE, event.id]
    )
    report = verify(PLACE)
    altered = [finding for finding in report.findings if finding.code == "event_altered"]
    assert [(finding.page, finding.event_id) for finding in altered] == [(2, event.id)]
    assert report.codes() <= {"event_altered", "private_other", "private_missing", "private_stray"}


def test_a_removed_row_is_found_and_named(three_pages, as_owner):
    event = Event.objects.get(place_id=PLACE, case_id=three_pages[3], version=2)
    as_owner("DELETE FROM ledger_event WHERE place_id = %s AND id = %s", [PLACE, event.id])
    [finding] = verify(PLACE).findings
    assert (finding.code, finding.page, finding.event_id) == ("event_missing", 2, event.id)
    code, lines = commands.check(PLACE)
    assert code == 1
    assert str(event.id) in lines[2]


def test_a_row_put_in_around_the_ledger_is_found(three_pages, as_owner):
    smuggled = uuid7()
    as_owner(
        "INSERT INTO ledger_event (place_id, id, at, kind, subject_kind, channel, data)"
        " VALUES (%s, %s, now(), 'ledger.test_moved', '', 'web', '{}')",
        [PLACE, smuggled],
    )
    found = [(one.code, one.event_id) for one in verify(PLACE).findings]
    assert found == [("event_stray", smuggled)]


def test_a_row_removed_while_it_waits_is_found(write, as_owner):
    case = write()
    as_owner("DELETE FROM ledger_event WHERE place_id = %s AND case_id = %s AND version = 2", [PLACE, case])
    assert found() == {("event_missing", None)}


def test_events_in_another_order_are_found(three_pages, as_owner):
    ids = Page.objects.get(place_id=PLACE, number=2).event_ids
    as_owner(
        "UPDATE ledger_page SET event_ids = %s::uuid[] WHERE place_id = %s AND number = 2",
        [[str(i) for i in reversed(ids)], PLACE],
    )
    assert found() == {("order", 2)}


def test_an_event_taken_out_of_its_page_is_found(three_pages, as_owner):
    ids = Page.objects.get(place_id=PLACE, number=2).event_ids
    as_owner(
        "UPDATE ledger_page SET event_ids = %s::uuid[] WHERE place_id = %s AND number = 2",
        [[str(i) for i in ids[:-1]], PLACE],
    )
    assert {("page_altered", 2), ("event_stray", None)} <= found()


def test_an_event_listed_twice_is_found(three_pages, as_owner):
    first = Page.objects.get(place_id=PLACE, number=1).event_ids
    as_owner(
        "INSERT INTO ledger_pending (place_id, event_ids) VALUES (%s, %s::uuid[])", [PLACE, [str(first[0])]]
    )
    assert found() == {("event_twice", None)}


def test_a_removed_page_is_found(three_pages, as_owner):
    as_owner("DELETE FROM ledger_page WHERE place_id = %s AND number = 2", [PLACE])
    assert found() == {("page_missing", 2), ("event_stray", None)}


def test_pages_that_changed_places_are_found(three_pages, as_owner):
    as_owner(
        "UPDATE ledger_page SET number = CASE number WHEN 1 THEN 102 ELSE 101 END"
        " WHERE place_id = %s AND number < 3",
        [PLACE],
    )
    as_owner("UPDATE ledger_page SET number = number - 100 WHERE place_id = %s AND number > 100", [PLACE])
    assert {("chain", 1), ("chain", 2), ("page_altered", 1), ("page_altered", 2)} <= found()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("root", b"r" * 32),
        ("chain", b"c" * 32),
        ("leaves", b"l" * 128),
        ("total", 9),
        ("previous", b"p" * 32),
    ],
)
def test_an_altered_page_is_found(three_pages, as_owner, column, value):
    as_owner(f"UPDATE ledger_page SET {column} = %s WHERE place_id = %s AND number = 2", [value, PLACE])
    assert ("page_altered", 2) in found()


def test_a_page_whose_time_was_changed_is_found(three_pages, as_owner):
    as_owner("UPDATE ledger_page SET at = at - interval '1 day' WHERE place_id = %s AND number = 2", [PLACE])
    assert found() == {("page_altered", 2)}


def test_a_total_that_does_not_add_up_is_found(three_pages, as_owner):
    """Recomputed properly otherwise, so that nothing but the sum is wrong."""
    head = pages.newest(PLACE)
    chain = pages.link(head.previous, PLACE, 3, head.at, 99, head.root)
    as_owner("UPDATE ledger_page SET total = 99, chain = %s WHERE number = 3", [chain])
    assert found() == {("page_altered", 3)}


def rewrite_from(number, as_owner):
    """What somebody with every right, our code and much patience would do: recompute all later hashes."""
    before = pages.page(PLACE, number - 1)
    previous, total = before.chain, before.total
    for head in pages.after(PLACE, number - 1, 1000):
        rows = pages.rows(PLACE, head.event_ids)
        ids = [i for i in head.event_ids if str(i) in rows]
        leaves = [pages.leaf(rows[str(i)]) for i in ids]
        root, total = pages.merkle(leaves), total + len(ids)
        chain = pages.link(previous, PLACE, head.number, head.at, total, root)
        as_owner(
            "UPDATE ledger_page SET event_ids = %s::uuid[], leaves = %s, root = %s, previous = %s,"
            " chain = %s, total = %s WHERE place_id = %s AND number = %s",
            [[str(i) for i in ids], b"".join(leaves), root, previous, chain, total, PLACE, head.number],
        )
        previous = chain


def test_a_full_recomputation_is_found_against_a_receipt(three_pages, as_owner, tmp_path):
    path = tmp_path / "receipt.json"
    assert commands.seal(str(PLACE), path) == 0
    receipt = receipts.parse(path.read_text())
    assert (receipt.page, receipt.events) == (3, 12)
    jobs.drain(PLACE)
    assert commands.verify(str(PLACE), path) == 0
    as_owner(
        "UPDATE ledger_event SET data = %s WHERE place_id = %s AND case_id = %s AND version = 2",
        ['{"move": "other"}', PLACE, three_pages[2]],
    )
    rewrite_from(2, as_owner)
    assert verify(PLACE).ok  # which is why receipts are needed
    assert found(receipt) == {("receipt_chain", 3)}
    assert commands.verify(str(PLACE), path) == 1


def test_a_row_removed_with_everything_recomputed_is_found_against_a_receipt(three_pages, as_owner):
    receipt = receipts.seal(PLACE)
    jobs.drain(PLACE)
    as_owner("DELETE FROM ledger_event WHERE place_id = %s AND case_id = %s", [PLACE, three_pages[2]])
    as_owner(
        "DELETE FROM ledger_private p WHERE place_id = %s AND NOT EXISTS"
        " (SELECT 1 FROM ledger_event e WHERE e.id = p.event_id)",
        [PLACE],
    )
    rewrite_from(2, as_owner)
    assert verify(PLACE).ok
    assert found(receipt) == {("receipt_chain", 3)}


def test_an_end_cut_off_is_found_against_a_receipt(three_pages, as_owner):
    receipt = receipts.seal(PLACE)
    for table, column, key in (
        (
            "ledger_event",
            "case_id = ANY(%s::uuid[]) OR kind = 'ledger.sealed'",
            [[str(c) for c in three_pages[4:]]],
        ),
        ("ledger_private", "event_id NOT IN (SELECT id FROM ledger_event)", []),
        ("ledger_page", "number = 3", []),
        ("ledger_pending", "true", []),
    ):
        as_owner(f"DELETE FROM {table} WHERE place_id = {PLACE} AND ({column})", key)
    assert verify(PLACE).ok
    assert found(receipt) == {("receipt_short", 3)}


def test_a_receipt_of_another_place_or_altered_or_unreadable(three_pages, write, tmp_path):
    write(place=8)
    receipt = receipts.seal(8)
    assert found(receipt) == {("receipt_place", None)}
    held = json.loads(receipts.seal(PLACE).text())
    held["chain"] = "00" * 32
    assert found(receipts.parse(json.dumps(held))) == {("receipt_forged", 3), ("receipt_chain", 3)}
    path = tmp_path / "r"
    for text in ("", "[]", "{}", '{"format": "huying-ledger-receipt-1"}', json.dumps({**held, "page": "x"})):
        path.write_text(text)
        assert commands.verify(str(PLACE), path) == 2
    assert commands.verify(str(PLACE), tmp_path / "nothing") == 2


def test_a_seal_is_an_event_and_may_be_repeated(three_pages):
    first = receipts.seal(PLACE)
    second = receipts.seal(PLACE)
    assert (first.page, second.page) == (3, 4)
    jobs.drain(PLACE)
    assert verify(PLACE, first).ok
    assert verify(PLACE, second).ok
    assert Event.objects.filter(place_id=PLACE, kind="ledger.sealed").count() == 2


def test_payloads_altered_exchanged_or_moved_are_found(three_pages, as_owner):
    one, two = (Event.objects.get(place_id=PLACE, case_id=c, version=1).id for c in three_pages[:2])
    as_owner(
        "UPDATE ledger_private SET sealed = set_byte(sealed, 40, get_byte(sealed, 40) # 1)"
        " WHERE place_id = %s AND event_id = %s",
        [PLACE, one],
    )
    assert found() == {("private_altered", 1)}
    as_owner(
        "UPDATE ledger_private p SET sealed = o.sealed FROM ledger_private o"
        " WHERE p.place_id = %s AND p.event_id = %s AND o.place_id = p.place_id AND o.event_id = %s",
        [PLACE, one, two],
    )
    assert found() == {("private_altered", 1)}


def test_a_payload_replaced_by_somebody_who_has_the_keys_is_found(three_pages, as_owner):
    from huying.ledger import sealing

    subject = ("case", three_pages[0])
    event = Event.objects.get(place_id=PLACE, case_id=three_pages[0], version=1)
    key = keys.find(PLACE, [subject])[subject]
    forged = sealing.seal(PLACE, key, {"text": "没有这回事"}, f"event:{event.id}").blob
    as_owner("UPDATE ledger_private SET sealed = %s WHERE event_id = %s", [forged, event.id])
    [finding] = verify(PLACE).findings
    assert (finding.code, finding.event_id) == ("private_other", event.id)


def test_a_payload_nobody_committed_to_is_found(three_pages, as_owner):
    event = Event.objects.get(place_id=PLACE, case_id=three_pages[0], version=2)
    as_owner(
        "INSERT INTO ledger_private SELECT place_id, %s, subject_kind, subject_id, sealed FROM ledger_private"
        " WHERE place_id = %s LIMIT 1",
        [event.id, PLACE],
    )
    assert found() == {("private_stray", None)}


def test_without_the_master_key_the_check_says_that_it_did_not_open_anything(three_pages, data_folder):
    (data_folder / "keys" / "master.key").unlink()
    report = verify(PLACE)
    assert report.ok
    assert not report.private_checked


def test_what_waits_too_long_is_mentioned():
    from uuid import UUID

    old = UUID(int=(1_700_000_000_000 << 80) | 7 << 76 | 2 << 62)
    with transaction.atomic():
        append(PLACE, [Entry("ledger.test_moved", {}, AT, id=old)], Actor())
        append(PLACE, [Entry("ledger.test_moved", {}, AT)], Actor())
    report = verify(PLACE)
    assert report.ok
    assert report.slow == 1


def test_every_finding_has_words_in_both_languages():
    from django.utils.translation import override

    from huying.ledger.verify import Finding

    one, spoken = uuid7(), {}
    for language in ("en", "zh-hans"):
        with override(language):
            spoken[language] = {c: wording.describe(Finding(c, 3, one, "x")) for c in CODES}
    assert all("%" not in words for words in spoken["en"].values())
    assert all(spoken["en"][c] != spoken["zh-hans"][c] for c in CODES)


def test_it_runs_in_constant_statements_per_page(three_pages, monkeypatch):
    from django.test.utils import CaptureQueriesContext

    from huying.ledger import vouched

    monkeypatch.setattr(vouched, "_checks", {})  # what other rooms keep does not grow with pages
    with CaptureQueriesContext(connection) as seen:
        verify(PLACE)
    assert len(seen) <= 10 + 2 * 3

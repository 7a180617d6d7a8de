"""A case's history: in order, in plain words, private only when asked for."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from huying.ledger import jobs, kinds, queries, receipts
from huying.ledger.actions import Actor, Entry, append
from huying.ledger.errors import LedgerError, SealBroken
from huying.ledger.ids import uuid7
from huying.ledger.models import Event
from huying.ledger.tests.conftest import AT, PLACE


@pytest.mark.django_db
def test_private_only_when_asked_for(write):
    case = write()
    write()
    with CaptureQueriesContext(connection) as seen:
        plain = queries.history(PLACE, case)
    assert len(seen) == 1
    assert [(h.event.kind, h.private, h.erased) for h in plain] == [
        ("ledger.test_made", None, False),
        ("ledger.test_moved", None, False),
    ]
    with CaptureQueriesContext(connection) as seen:
        full = queries.history(PLACE, case, private=True)
    assert len(seen) == 2
    assert [h.private for h in full] == [{"text": "路灯坏了"}, None]
    assert [h.words() for h in full] == ["made a.1", "moved by dispatch"]
    assert queries.history(PLACE + 1, case) == []


@pytest.mark.django_db
def test_versions_have_the_last_word_on_order():
    case = uuid7()
    one, two, three = uuid7(), uuid7(), uuid7()
    with transaction.atomic():
        for event_id, version in ((three, 1), (two, None), (one, 2)):
            entry = Entry("ledger.test_moved", {}, AT, case_id=case, version=version, id=event_id)
            append(PLACE, [entry], Actor())
    assert [h.event.version for h in queries.history(PLACE, case)] == [1, None, 2]


@pytest.mark.django_db
def test_an_altered_payload_is_not_shown_as_if_nothing_were(write, as_owner):
    case = write()
    as_owner("UPDATE ledger_private SET sealed = sealed || '\\x00'::bytea")
    with pytest.raises(SealBroken):
        queries.history(PLACE, case, private=True)


def test_words_leave_a_gap_for_what_is_not_there():
    assert kinds.words("ledger.test_made", {}) == "made –"
    assert kinds.words("ledger.gone_kind", {}) == "ledger.gone_kind"


def test_own_kinds_have_words_in_both_languages():
    for kind in kinds.known():
        if not kind.name.startswith("ledger.") or kind.name.startswith("ledger.test"):
            continue
        with override("en"):
            english = str(kind.words)
        with override("zh-hans"):
            assert str(kind.words) != english


def test_a_kind_is_registered_once_and_named_properly():
    kinds.register("ledger.test_made", "other words", ("item", "n"))
    kinds.register("ledger.test_made", "made %(item)s", ("item", "n"))
    with pytest.raises(LedgerError, match="twice"):
        kinds.register("ledger.test_made", "x", ("other",))
    for name in ("made", "Ledger.made", "ledger.", "ledger.a-b"):
        with pytest.raises(LedgerError, match="what_happened"):
            kinds.register(name, "x")


@pytest.mark.django_db
def test_the_status_tells_pages_lag_and_the_last_seal(write):
    empty = queries.status(PLACE)
    assert (empty.pages, empty.events, empty.waiting, empty.lag, empty.sealed_page) == (0, 0, 0, 0.0, None)
    assert empty.healthy
    write()
    waiting = queries.status(PLACE)
    assert (waiting.waiting, waiting.pages) == (1, 0)
    assert 0 <= waiting.lag < 5
    receipts.seal(PLACE)
    jobs.drain(PLACE)
    with CaptureQueriesContext(connection) as seen:
        done = queries.status(PLACE)
    assert len(seen) == 5
    assert (done.pages, done.events, done.waiting, done.sealed_page) == (2, 3, 0, 1)
    assert Event.objects.filter(kind="ledger.sealed").get().at == done.sealed_at


@pytest.mark.django_db
def test_a_place_that_has_waited_for_minutes_is_not_healthy():
    from uuid import UUID

    old = UUID(int=(1_700_000_000_000 << 80) | 7 << 76 | 2 << 62)
    with transaction.atomic():
        append(PLACE, [Entry("ledger.test_moved", {}, AT, id=old)], Actor())
    assert queries.status(PLACE).lag > 3600
    assert not queries.status(PLACE).healthy

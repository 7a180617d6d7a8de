"""Checking a place's ledger, streaming: from the first page to the last, then against a receipt."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection, transaction

from huying.ledger import keyfiles, pages, vouched
from huying.ledger.errors import KeyFileError
from huying.ledger.pages import WIDTH, ZERO, PageHead
from huying.ledger.receipts import Receipt
from huying.ledger.verify_private import PrivateCheck

KEPT = 1000  # findings kept; the rest is only counted
AT_ONCE = 20  # pages fetched together
SLOW = 5  # minutes that an event may wait for its page before it is mentioned


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was. *code* is one of `CODES`; the rest says where."""

    code: str
    page: int | None = None
    event_id: UUID | None = None
    detail: str = ""


CODES = frozenset(
    {
        "event_altered",  # the row is not the one that was sealed
        "event_missing",  # a page (or the waiting list) names a row that is not there
        "event_stray",  # a row that is in no page and does not wait for one: written around the ledger
        "event_twice",  # a row that stands in more than one place
        "order",  # a page names its events in another order than they were sealed in
        "page_missing",  # a number is skipped
        "page_altered",  # a page does not agree with itself
        "chain",  # a page does not follow from the one before it
        "private_missing",  # a payload is gone without an erasure that explains it
        "private_altered",  # a payload does not open
        "private_other",  # a payload opens and is not the one committed to
        "private_stray",  # a payload that belongs to no event with a commitment
        "key_missing",  # a payload is there, its key is gone without an erasure
        "not_erased",  # a payload is there although its subject was erased later (a backup restored?)
        "vouched_altered",  # what another room keeps is not what an event says that it was
        "vouched_missing",  # an event tells of a paper that is not there
        "vouched_stray",  # a paper that no event tells of
        "receipt_chain",  # the page is not the one of the receipt: it or an earlier one was rewritten
        "receipt_short",  # the ledger ends before the page of the receipt
        "receipt_place",  # the receipt is another place's
        "receipt_forged",  # the receipt was not issued here, or was altered
    }
)


@dataclass(slots=True)
class Report:
    """What a check found. *private* counts payloads that opened, *erased* those gone, by erasing event."""

    place_id: int
    pages: int = 0
    events: int = 0
    chain: bytes = ZERO
    private: int = 0
    private_checked: bool = True
    unread: list[str] = field(
        default_factory=list
    )  # what the database role may not read, so that it is not checked
    erased: dict[UUID, int] = field(default_factory=dict)
    slow: int = 0
    findings: list[Finding] = field(default_factory=list)
    more: int = 0

    @property
    def ok(self) -> bool:
        """Nothing was altered."""
        return not self.findings

    def add(
        self, code: str, page: int | None = None, event_id: UUID | str | None = None, detail: str = ""
    ) -> None:
        """Note a finding."""
        if len(self.findings) >= KEPT:
            self.more += 1
            return
        self.findings.append(Finding(code, page, UUID(str(event_id)) if event_id else None, detail))

    def codes(self) -> set[str]:
        """The codes of what was found."""
        return {finding.code for finding in self.findings}


def verify(place_id: int, receipt: Receipt | None = None, *, private: bool = True) -> Report:
    """Check everything that is in the ledger of a place, and with a *receipt* that it is the ledger of then.

    Without a receipt, somebody who may write to the database and recomputes every later hash is not found
    out, nor who cuts off the end. *private* also opens each payload; it is left out, and the report says so,
    when the database role or the key files do not allow it. Reads one state of the database, page by page;
    memory does not grow with the ledger.
    """
    report = Report(place_id)
    with _one_state():
        check = PrivateCheck(place_id, report) if private and _may_open() else None
        report.private_checked = check is not None
        met = _pages(report, receipt, check)
        _strays(report)
        if check:
            check.strays()
        for broken in vouched.look(place_id):
            report.add(broken.code, None, broken.event_id, broken.what)
        report.unread = vouched.unread()
        if receipt:
            _receipt(report, receipt, met)
    return report


@contextmanager
def _one_state() -> Iterator[None]:
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _may_open() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege('ledger_private', 'SELECT')"
            " AND has_table_privilege('ledger_key', 'SELECT')"
        )
        allowed = bool(cursor.fetchone()[0])
    try:
        return allowed and bool(keyfiles.masters())
    except KeyFileError:
        return False


def _pages(report: Report, receipt: Receipt | None, check: PrivateCheck | None) -> PageHead | None:
    """Walk along the pages; the page that the receipt names, when it was met."""
    met = None
    number = total = 0
    while heads := pages.after(report.place_id, number, AT_ONCE):
        for head in heads:
            if head.number != number + 1:
                gone = f"{number + 1}–{head.number - 1}" if head.number > number + 2 else str(number + 1)
                report.add("page_missing", number + 1, detail=gone)
                total = head.total - len(head.event_ids)
            elif head.previous != report.chain:
                report.add("chain", head.number)
            _page(report, head, total, check)
            number, total, report.chain = head.number, head.total, head.chain
            report.pages += 1
            report.events += len(head.event_ids)
            if receipt and receipt.page == head.number:
                met = head
    return met


def _page(report: Report, head: PageHead, before: int, check: PrivateCheck | None) -> None:
    leaves = [head.leaves[n : n + WIDTH] for n in range(0, len(head.leaves), WIDTH)]
    sound = (
        len(head.leaves) == WIDTH * len(head.event_ids)
        and bool(leaves)
        and head.total == before + len(head.event_ids)
        and pages.merkle(leaves) == head.root
        and pages.link(head.previous, head.place_id, head.number, head.at, head.total, head.root)
        == head.chain
    )
    if not sound:
        report.add("page_altered", head.number)
    rows = pages.rows(head.place_id, head.event_ids)
    hashes = set(leaves)
    for n, event_id in enumerate(head.event_ids):
        row = rows.get(str(event_id))
        if row is None:
            report.add("event_missing", head.number, event_id)
            continue
        found = pages.leaf(row)
        if n >= len(leaves) or found != leaves[n]:
            report.add("order" if found in hashes else "event_altered", head.number, event_id)
    if check:
        check.page(head, rows)


_STRAY = """
SELECT e.id FROM ledger_event e WHERE e.place_id = %(place)s AND NOT EXISTS (SELECT 1 FROM (
  SELECT unnest(event_ids) AS id FROM ledger_page WHERE place_id = %(place)s
  UNION ALL SELECT unnest(event_ids) FROM ledger_pending WHERE place_id = %(place)s) l WHERE l.id = e.id)
LIMIT %(most)s"""
_TWICE = """
SELECT id FROM (
  SELECT unnest(event_ids) AS id FROM ledger_page WHERE place_id = %(place)s
  UNION ALL SELECT unnest(event_ids) FROM ledger_pending WHERE place_id = %(place)s) l
GROUP BY id HAVING count(*) > 1 LIMIT %(most)s"""
_GONE = """
SELECT w.id FROM (SELECT unnest(event_ids) AS id FROM ledger_pending WHERE place_id = %(place)s) w
LEFT JOIN ledger_event e ON e.place_id = %(place)s AND e.id = w.id WHERE e.id IS NULL LIMIT %(most)s"""
# The first 48 bits of a version 7 UUID are the milliseconds of its making.
_SLOW = """
SELECT coalesce(sum(cardinality(event_ids)), 0) FROM ledger_pending WHERE place_id = %(place)s
AND ('x' || substr(replace(event_ids[1]::text, '-', ''), 1, 12))::bit(48)::bigint
    < extract(epoch FROM clock_timestamp()) * 1000 - %(slow)s"""


def _strays(report: Report) -> None:
    """An event and its waiting row are written in one statement: at no moment is an event in no list."""
    params = {"place": report.place_id, "most": KEPT, "slow": SLOW * 60_000}
    with connection.cursor() as cursor:
        for code, statement in (("event_stray", _STRAY), ("event_twice", _TWICE), ("event_missing", _GONE)):
            cursor.execute(statement, params)
            for (event_id,) in cursor.fetchall():
                report.add(code, None, event_id)
        cursor.execute(_SLOW, params)
        report.slow = int(cursor.fetchone()[0])


def _receipt(report: Report, receipt: Receipt, met: PageHead | None) -> None:
    if receipt.genuine() is False:
        report.add("receipt_forged", receipt.page)
    if receipt.place != report.place_id:
        report.add("receipt_place", detail=str(receipt.place))
    elif met is None:
        report.add("receipt_short", receipt.page, detail=str(report.pages))
    elif met.chain.hex() != receipt.chain or met.total != receipt.events:
        report.add("receipt_chain", receipt.page)

"""A real deployment's ledger altered behind the platform's back, by somebody with the owner's account of the database:
``huying ledger verify`` says what was done, in Chinese and in English, and ends with 1.

Each alteration is made in the stopped deployment's own database with the guards off, and taken back afterwards; the
last recomputes every later hash, as somebody with the code and much patience would, and is found against a receipt.
"""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path
from uuid import UUID

import psutil
import psycopg
import pytest

from huying.ledger import pages
from huying.site import database
from huying.site.accounts import service_account
from huying.site.tests.faults.serving import asked, child, command, prepare, until
from huying.site.tests.serving import Served

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("serving")]

TABLES = ("ledger_event", "ledger_page", "ledger_private")


@pytest.fixture(scope="module")
def sealed():
    """A deployment with some cases on its ledger, a receipt of it, and the database running without the rest."""
    home = database.temporary_folder("hyf-", service_account())
    data, receipt = home / "data", home / "receipt"
    served = Served(data, "--no-demo", "--place", "huinan").ready()
    try:
        prepare(data, "overdue", "12")
        until(lambda: not asked(data, "SELECT 1 FROM ledger_pending LIMIT 1"))
        status, said = command(data, "ledger", "seal", "-o", str(receipt))
        assert status == 0, said
        # The seal itself is an event, which goes into the next page.
        until(lambda: not asked(data, "SELECT 1 FROM ledger_pending LIMIT 1"))
        worker = psutil.Process(child(served, "huying.site.worker"))
        worker.suspend()  # nothing is to be added while tables are put back as they were
        yield data, receipt
    finally:
        served.clean()
        shutil.rmtree(home, ignore_errors=True)


def _connection(data: Path) -> psycopg.Connection:
    return psycopg.connect(database.url(database.socket_folder(data), database.OWNER), autocommit=True)


@contextlib.contextmanager
def behind_its_back(data: Path):
    """Do what the guards forbid, and put everything back afterwards."""
    with _connection(data) as connection:
        for table in TABLES:
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            connection.execute(f"CREATE TABLE kept_{table} AS TABLE {table}")
        try:
            yield connection
        finally:
            for table in TABLES:
                connection.execute(f"TRUNCATE {table}")
                connection.execute(f"INSERT INTO {table} SELECT * FROM kept_{table}")
                connection.execute(f"DROP TABLE kept_{table}")
                connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def verify(data: Path, *more: str, language: str = "zh_CN.UTF-8") -> tuple[int, str]:
    return command(data, "ledger", "verify", *more, language=language)


def an_event(connection: psycopg.Connection) -> tuple[UUID, int]:
    """An event of an early page, and the page."""
    row = connection.execute(
        "SELECT e.id, p.number FROM ledger_page p JOIN ledger_event e ON e.place_id = p.place_id"
        " AND e.id = ANY(p.event_ids) WHERE e.kind = 'case.reported' ORDER BY p.number, e.id LIMIT 1"
    ).fetchone()
    assert row is not None
    return row


def test_an_untouched_ledger_passes(sealed):
    data, receipt = sealed
    status, said = verify(data, "--against", str(receipt))
    assert status == 0, said
    assert "台账完好，与第" in said
    status, said = verify(data, "--against", str(receipt), language="en_GB.UTF-8")
    assert status == 0
    assert "The ledger is intact and agrees with the receipt for page" in said


def test_the_app_itself_cannot(sealed):
    data, _ = sealed
    with psycopg.connect(database.url(database.socket_folder(data), database.APP), autocommit=True) as app:
        for statement in (
            "UPDATE ledger_event SET channel = 'x'", "DELETE FROM ledger_event", "DELETE FROM ledger_page",
        ):  # fmt: skip
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(statement)


@pytest.mark.parametrize("what", ["altered", "removed", "reordered", "payload"])
def test_what_was_done_is_told_in_words(sealed, what):
    data, _ = sealed
    with behind_its_back(data) as owner:
        event, page = an_event(owner)
        if what == "altered":
            owner.execute("UPDATE ledger_event SET at = at - interval '1 day' WHERE id = %s", [event])
            words = f"第 {page} 页：记录 {event} 被改动", f"Page {page}: event {event} was altered"
        elif what == "removed":
            owner.execute("DELETE FROM ledger_event WHERE id = %s", [event])
            words = f"第 {page} 页：记录 {event} 被删去", f"Page {page}: event {event} was removed"
        elif what == "reordered":
            owner.execute(
                "UPDATE ledger_page SET event_ids = (SELECT array_agg(i ORDER BY n DESC)"
                " FROM unnest(event_ids) WITH ORDINALITY AS t(i, n)) WHERE number = %s",
                [page],
            )
            words = "不在原来的位置", "does not stand where it stood"
        else:
            owner.execute("UPDATE ledger_private SET sealed = sealed || '\\x00' WHERE event_id = %s", [event])
            words = f"记录 {event} 的私密内容被改动", f"the payload of event {event} was altered"
        for language, told, verdict in (
            ("zh_CN.UTF-8", words[0], "台账被改动过"),
            ("en_US.UTF-8", words[1], "The ledger was altered"),
        ):
            status, said = verify(data, language=language)
            assert status == 1, said
            assert told in said
            assert verdict in said


def test_every_later_hash_recomputed_is_found_against_a_receipt(sealed):
    data, receipt = sealed
    with behind_its_back(data) as owner:
        event, page = an_event(owner)
        owner.execute(
            "UPDATE ledger_event SET data = jsonb_set(data, '{call}', '\"praise\"') WHERE id = %s", [event]
        )
        recompute(owner, page)
        status, said = verify(data)
        assert status == 0, said  # in itself it is sound: this is what receipts are for
        status, said = verify(data, "--against", str(receipt))
        assert status == 1, said
        assert "页与回执不符：该页或更早的页被改写过" in said
        status, said = verify(data, "--against", str(receipt), language="en_US.UTF-8")
        assert status == 1
        assert "is not the one of the receipt: it or one before was rewritten" in said
    assert verify(data, "--against", str(receipt))[0] == 0


def recompute(owner: psycopg.Connection, first: int) -> None:
    """The hashes of this and every later page, made anew over what the tables hold now."""
    place = owner.execute("SELECT DISTINCT place_id FROM ledger_page").fetchone()[0]
    row = owner.execute("SELECT chain FROM ledger_page WHERE number = %s", [first - 1]).fetchone()
    previous = bytes(row[0]) if row else None
    heads = owner.execute(
        "SELECT number, at, event_ids, total, previous FROM ledger_page WHERE number >= %s ORDER BY number",
        [first],
    ).fetchall()
    for number, at, ids, total, held in heads:
        previous = bytes(held) if previous is None else previous
        found = {row[1]: row for row in owner.execute(pages.BATCH, [place, [str(i) for i in ids]]).fetchall()}
        leaves = [pages.leaf(found[str(i)]) for i in ids]
        root = pages.merkle(leaves)
        chain = pages.link(previous, place, number, at, total, root)
        owner.execute(
            "UPDATE ledger_page SET leaves = %s, root = %s, previous = %s, chain = %s WHERE number = %s",
            [b"".join(leaves), root, previous, chain, number],
        )
        previous = chain

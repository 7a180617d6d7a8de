"""What the database's roles may do, tried out as those roles."""

import psycopg
import pytest
from django.db import connection

from huying.ledger import jobs, roles
from huying.ledger.models import Event
from huying.ledger.roles import APP, READER
from huying.ledger.tests.conftest import PLACE
from huying.ledger.verify import verify


@pytest.fixture
def sign_in(write):
    """``sign_in(role)`` is a connection of that role's own to a ledger with a page and something waiting."""
    write()
    jobs.sequence(PLACE)
    write()
    open_ones = []
    with connection.cursor() as cursor:
        roles.grant(cursor)  # as every setup does: the tests' template may be older than roles.py

    def connect(role):
        found = connection.settings_dict
        where = {"host": found["HOST"], "port": found["PORT"], "dbname": found["NAME"]}
        open_ones.append(psycopg.connect(user=role, autocommit=True, **where))
        return open_ones[-1]

    yield connect
    for one in open_ones:
        one.close()


FORBIDDEN_TO_ALL = [
    "UPDATE ledger_event SET channel = 'x'",
    "DELETE FROM ledger_event",
    "TRUNCATE ledger_event",
    "UPDATE ledger_page SET at = now()",
    "DELETE FROM ledger_page",
    "TRUNCATE ledger_page",
    "TRUNCATE ledger_private",
    "ALTER TABLE ledger_event DISABLE TRIGGER USER",
    "DROP TABLE ledger_event",
]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "statement",
    [
        *FORBIDDEN_TO_ALL,
        "UPDATE ledger_private SET sealed = ''",
        "UPDATE ledger_pending SET event_ids = '{}'",
        "UPDATE ledger_key SET subject_id = subject_id",
    ],
)
def test_the_app_may_not(sign_in, statement):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        sign_in(APP).execute(statement)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "statement", [*FORBIDDEN_TO_ALL, "SELECT * FROM ledger_private", "SELECT * FROM ledger_key"]
)
def test_the_reader_may_not(sign_in, statement):
    with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction)):
        sign_in(READER).execute(statement)


@pytest.mark.django_db(transaction=True)
def test_the_reader_may_read_events_and_pages(sign_in):
    reader = sign_in(READER)
    assert reader.execute("SELECT count(*) FROM ledger_event").fetchone() == (4,)
    assert reader.execute("SELECT count(*) FROM ledger_page").fetchone() == (1,)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", ["ledger_event", "ledger_page"])
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET at = now()", "DELETE FROM {}", "DELETE FROM {} WHERE false"]
)
def test_even_the_owner_does_not_change_rows_by_mistake(sign_in, database_url, table, statement):
    with psycopg.connect(database_url) as owner, pytest.raises(psycopg.errors.RestrictViolation):
        owner.execute(statement.format(table))


@pytest.fixture
def as_role(db):
    """``as_role(name)``: from here on the test's own connection acts as that role."""

    def become(role):
        with connection.cursor() as cursor:
            roles.grant(cursor)
            cursor.execute(f"SET ROLE {role}")

    yield become
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


@pytest.mark.django_db(transaction=True)
def test_the_app_can_do_all_its_work(write, as_role, monkeypatch):
    """Everything that the platform does with the ledger, with no right but the app's."""
    from huying.ledger import commands, erasure, queries, readers, receipts
    from huying.ledger.ids import uuid7
    from huying.ledger.tests.conftest import AT

    # Readers of higher rooms look for the place and its cases, which a ledger alone has not.
    own = {name: one for name, one in readers._readers.items() if name.startswith("ledger.")}
    monkeypatch.setattr(readers, "_readers", own)
    as_role(APP)
    case = write()
    write(extra=3)
    assert jobs.sequence_all() == 7
    assert jobs.read_all() == len(own) > 0
    assert queries.history(PLACE, case, private=True)[0].private
    from django.db import transaction

    from huying.ledger.actions import Actor, Entry, append

    with transaction.atomic():
        entry = Entry("ledger.test_moved", {}, AT, {"note": "x"}, case, subject=("case", case))
        append(PLACE, [entry], Actor())
    erasure.erase(PLACE, ("case", case), "request", "x", uuid7(), AT)
    receipt = receipts.seal(PLACE)
    assert verify(PLACE, receipt).ok
    assert commands.rotate_master_key([PLACE])[0] == 0
    assert queries.status(PLACE).healthy


@pytest.mark.django_db(transaction=True)
def test_the_reader_can_check_the_ledger(write, as_role):
    from huying.ledger import receipts

    write()
    receipt = receipts.seal(PLACE)
    as_role(READER)
    report = verify(PLACE, receipt)
    assert report.ok
    assert report.events == 2
    assert not report.private_checked


@pytest.mark.django_db
def test_rights_can_be_set_again(write):
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT ALL ON ledger_event TO {APP}, {READER}")
        assert roles.grant(cursor) == [APP, READER]
        cursor.execute("SELECT has_table_privilege(%s, 'ledger_event', 'UPDATE, DELETE, TRUNCATE')", [APP])
        assert cursor.fetchone() == (False,)
        cursor.execute("SELECT has_table_privilege(%s, 'ledger_event', 'INSERT')", [READER])
        assert cursor.fetchone() == (False,)
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_the_place_leads_every_primary_key():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, a.attname FROM pg_constraint p JOIN pg_class c ON c.oid = p.conrelid"
            " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = p.conkey[1]"
            " WHERE p.contype = 'p' AND c.relname = ANY(%s)",
            [list(roles.APP_MAY)],
        )
        assert dict(cursor.fetchall()) == dict.fromkeys(roles.APP_MAY, "place_id")

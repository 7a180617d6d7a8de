"""Every test that needs a database gets a real PostgreSQL of this run's own (huying/site/testing.py)."""

from __future__ import annotations

import os

import pytest

# What the tests of several rooms use is registered here, once; a room's own conftest.py holds what only that room needs.
pytest_plugins = ["huying.testing.browser", "huying.cases.tests.fixtures", "huying.notices.tests.fixtures"]


@pytest.fixture(scope="session")
def django_db_setup(request, django_test_environment, django_db_blocker):
    """A database for this worker, copied from the migrated template; replaces pytest-django's own."""
    import psycopg
    from django.conf import settings
    from django.db import connections

    from huying.site import testing
    from huying.site.database import OWNER
    from huying.site.environment import database_settings

    worker = os.environ.get("PYTEST_XDIST_WORKER")
    run = os.getppid() if worker else os.getpid()
    cluster = testing.shared(run)
    name = f"test_{worker or 'main'}"
    with psycopg.connect(cluster.url(OWNER, "template1"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}")
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {testing.TEMPLATE}")
    held = connections["default"]
    with django_db_blocker.unblock():
        held.close()
    for target in (held.settings_dict, settings.DATABASES["default"]):
        target.update(database_settings(cluster.url(OWNER, name), pool=0))
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture(scope="session", autouse=True)
def _key_files():
    """The keys that setup makes: without them nothing can be sealed."""
    from huying.ledger.keyfiles import create_key_files

    create_key_files()


@pytest.fixture
def database_url(db):
    """The address of this worker's test database as its owner, for tests that start processes of their own."""
    from django.db import connection

    from huying.site.database import OWNER, url

    found = connection.settings_dict
    return url(found["HOST"], OWNER, found["NAME"])


@pytest.fixture
def clock():
    """A clock that stands still at 2026-03-02 08:00 in China (a Monday) until the test moves it."""
    from datetime import UTC, datetime

    from huying.clock import frozen

    with frozen(datetime(2026, 3, 2, 0, 0, tzinfo=UTC)) as held:
        yield held


@pytest.fixture(autouse=True)
def _no_memories():
    """What a process remembers between requests must not outlive the test whose rows it was: nor reach what is made for a
    whole file (such fixtures come before this one), hence afterwards as well."""
    _forget()
    yield
    _forget()


def _forget():
    from django.core.cache import cache

    from huying.api import auth
    from huying.cases import duties, figures, numbers
    from huying.places import current, memory

    for forget in (
        memory.forget, current.forget_first, cache.clear, figures.forget, numbers.forget, duties.forget, auth.forget,
    ):  # fmt: skip
        forget()

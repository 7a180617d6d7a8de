"""``kill -9`` while calls come in: whatever was acknowledged is there exactly once, and nothing is half made."""

from __future__ import annotations

import shutil

import psutil
import psycopg
import pytest

from huying.site import database
from huying.site.accounts import service_account
from huying.site.tests.faults.serving import asked, child, command, prepare, until
from huying.site.tests.serving import Served
from huying.testing.faults import Callers, half_made

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("serving")]

BEFORE, AFTER = 60, 40  # calls acknowledged before something dies, and after that


@pytest.fixture(scope="module")
def made():
    """A data folder that was served once, and a key."""
    home = database.temporary_folder("hyf-", service_account())
    data = home / "data"
    served = Served(data, "--no-demo", "--place", "huinan").ready()
    try:
        key = prepare(data, "key")
        assert served.stop() == 0
        yield data, key
    finally:
        served.clean()
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def served(made):
    """Whichever server runs on the folder at the moment: a list of one."""
    running = [Served(made[0], "--no-demo", "--place", "huinan").ready()]
    yield running
    running[0].kill()


def kill_web(served):
    web = psutil.Process(child(served[0], "granian"))
    for process in [*web.children(recursive=True), web]:
        process.kill()


def kill_database(served):
    postgres = psutil.Process(child(served[0], "postgres"))
    for process in [postgres, *postgres.children(recursive=True)]:
        process.kill()


def kill_everything(served):
    served[0].kill()
    served[0] = Served(served[0].data, "--no-demo", "--place", "huinan").ready()


@pytest.mark.parametrize("kill", [kill_web, kill_database, kill_everything])
def test_what_was_acknowledged_is_there_once(made, served, kill):
    data, key = made
    before = asked(data, "SELECT count(*) FROM cases_case")[0][0]
    callers = Callers(lambda: served[0].port, key).start()
    try:
        until(lambda: len(callers.numbers) > BEFORE, 60)
        told = len(callers.numbers)
        running = set(served[0].family())
        kill(served)
        until(lambda: len(callers.numbers) > told + AFTER, 90)  # calls are taken again
    finally:
        callers.finish()
    assert callers.strange == []
    # Whether a call was under way at that very moment is chance; that the part died and came back is not.
    assert not running <= set(served[0].family())
    numbers = list(callers.numbers.values())
    assert len(set(numbers)) == len(numbers)
    held = dict(
        asked(data, "SELECT a.key, c.number FROM cases_asked a JOIN cases_case c ON c.id = a.case_id")
    )
    assert {key: held.get(key) for key in callers.numbers} == callers.numbers
    assert asked(data, "SELECT count(*) FROM cases_case")[0][0] - before == len(numbers)
    with psycopg.connect(database.url(database.socket_folder(data), database.OWNER)) as connection:
        assert half_made(connection.cursor()) == {}
    status, said = command(data, "ledger", "verify")
    assert status == 0, said


def _killed(served):
    """Kill the worker; False while there is none, for a moment after it was killed before."""
    try:
        psutil.Process(child(served, "huying.site.worker")).kill()
    except (AssertionError, psutil.NoSuchProcess):
        return False
    return True


def test_a_worker_killed_while_alarms_go_off_lets_none_go_off_twice(made, served):
    data, _key = made
    worker = psutil.Process(child(served[0], "huying.site.worker"))
    worker.suspend()  # or it would fire while the cases are still being made
    prepare(data, "overdue", "60")
    worker.resume()
    fired = "SELECT count(*) FROM ledger_event WHERE kind = 'case.fired'"
    start = int(str(asked(data, fired)[0][0]))
    for share in (5, 25):
        until(lambda share=share: int(str(asked(data, fired)[0][0])) >= start + share, 60)
        until(lambda: _killed(served[0]))
    waiting = "SELECT count(*) FROM cases_case WHERE next_at < now()"
    until(lambda: asked(data, waiting)[0][0] == 0, 90)
    with psycopg.connect(database.url(database.socket_folder(data), database.OWNER)) as connection:
        assert half_made(connection.cursor()) == {}
        twice = connection.execute(
            "SELECT case_id, data ->> 'timer', count(*) FROM ledger_event WHERE kind = 'case.fired'"
            " GROUP BY 1, 2 HAVING count(*) > 1"
        ).fetchall()
    assert twice == []

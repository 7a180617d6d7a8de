"""The embedded database's launcher, on real servers that are really killed."""

import os
import pwd
import signal
import subprocess
import sys
import time

import psycopg
import pytest

from huying.site import database
from huying.site.accounts import Account, service_account
from huying.site.database import APP, OWNER, READER, Cluster, DatabaseError

pytestmark = pytest.mark.fault


@pytest.fixture
def folder():
    account = service_account()
    made = database.temporary_folder("hyd-", account)
    yield made
    Cluster(made, account=account).remove()


@pytest.fixture
def cluster(folder):
    made = Cluster(folder)
    made.start()
    yield made
    made.stop(immediately=True)


def ask(cluster, statement, role=OWNER):
    with psycopg.connect(cluster.url(role), autocommit=True) as connection:
        return connection.execute(statement).fetchall()


def test_it_writes_through_and_listens_on_a_private_socket_only(cluster):
    values = dict(ask(cluster, "SELECT name, setting FROM pg_settings"))
    assert (values["fsync"], values["synchronous_commit"], values["full_page_writes"]) == ("on", "on", "on")
    assert values["listen_addresses"] == ""
    found = cluster.socket.stat()
    assert found.st_mode & 0o777 == 0o700
    assert found.st_uid == cluster.account.uid


def test_nobody_is_trusted_without_proof(cluster):
    rules = (cluster.files / "pg_hba.conf").read_text()
    assert "trust" not in rules
    assert {line.split()[3] for line in rules.splitlines()} == {"peer"}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user to try")
def test_another_user_of_the_machine_is_not_let_in(cluster):
    stranger = pwd.getpwnam("daemon")
    # Even with the folders open, the server itself asks the kernel who calls.
    cluster.socket.chmod(0o711)
    cluster.socket.parent.chmod(0o711)
    (cluster.socket / f".s.PGSQL.{database.PORT}").chmod(0o777)
    done = subprocess.run(
        [cluster.programs / "psql", cluster.url(APP), "-c", "SELECT 1"],
        capture_output=True,
        text=True,
        user=stranger.pw_uid,
        group=stranger.pw_gid,
        extra_groups=[],
        env={"HOME": "/nonexistent"},
        cwd="/",
    )
    assert done.returncode != 0
    assert "eer authentication failed" in done.stderr


def test_roles_have_what_they_need_and_no_more(cluster):
    ask_owner = psycopg.connect(cluster.url(OWNER), autocommit=True)
    ask_owner.execute("CREATE TABLE t (id int)")
    with psycopg.connect(cluster.url(APP), autocommit=True) as app:
        app.execute("INSERT INTO t VALUES (1)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("DROP TABLE t")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("CREATE TABLE u (id int)")
    with psycopg.connect(cluster.url(READER), autocommit=True) as reader:
        assert reader.execute("SELECT id FROM t").fetchall() == [(1,)]
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            reader.execute("INSERT INTO t VALUES (2)")
    ask_owner.close()


def test_killed_it_loses_nothing_and_starts_again_though_nobody_collects_the_zombie(cluster, folder):
    with psycopg.connect(cluster.url(OWNER), autocommit=True) as connection:
        connection.execute("CREATE TABLE t (id int)")
        for number in range(200):
            connection.execute("INSERT INTO t VALUES (%s)", [number])
        os.kill(cluster.process.pid, signal.SIGKILL)
    # Its parent (this process) has not collected it: the pid exists, as a zombie.
    until = time.monotonic() + 5
    while database.alive(cluster.process.pid) and time.monotonic() < until:
        time.sleep(0.01)
    os.kill(cluster.process.pid, 0)
    again = Cluster(folder)
    again.start()
    try:
        assert ask(again, "SELECT count(*) FROM t") == [(200,)]
    finally:
        again.stop(immediately=True)


def test_a_server_left_behind_by_a_killed_launcher_is_taken_over(folder):
    script = (
        "import sys; from pathlib import Path; from huying.site.database import Cluster\n"
        "c = Cluster(Path(sys.argv[1])); c.start(); print(c.process.pid, flush=True); sys.stdin.read()"
    )
    launcher = subprocess.Popen(
        [sys.executable, "-c", script, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=os.path.dirname(os.path.dirname(os.path.dirname(database.__file__))),
    )
    server = int(launcher.stdout.readline())
    assert database.alive(server)
    launcher.kill()
    launcher.wait()
    started = time.monotonic()
    cluster = Cluster(folder)
    cluster.start()
    try:
        assert ask(cluster, "SELECT 1") == [(1,)]
        assert cluster.process.pid != server
        assert not database.alive(server)
        assert time.monotonic() - started < 15
    finally:
        cluster.stop(immediately=True)


def test_a_long_path_gets_a_short_private_socket_folder(folder):
    deep = folder / ("long-" * 12) / ("path-" * 12)
    for each in (deep.parent, deep):
        each.mkdir()
        service_account().own(each)
    cluster = Cluster(deep)
    cluster.start()
    try:
        assert len(os.fsencode(cluster.socket / f".s.PGSQL.{database.PORT}")) <= database.SOCKET_LIMIT
        assert cluster.socket.stat().st_mode & 0o777 == 0o700
        assert ask(cluster, "SELECT 1") == [(1,)]
    finally:
        cluster.remove()
    assert not cluster.socket.exists()


def test_a_socket_folder_that_belongs_to_somebody_else_is_refused(tmp_path):
    if os.geteuid() != 0:
        pytest.skip("only root can make a folder for somebody else")
    planted = tmp_path / "run"
    planted.mkdir()
    os.chown(planted, 12345, 12345)
    with pytest.raises(DatabaseError, match="does not belong to"):
        database.private_folder(planted, service_account())


def test_a_folder_that_the_user_cannot_enter_is_named_and_left_alone(tmp_path):
    closed = tmp_path / "closed"
    (closed / "data").mkdir(parents=True)
    closed.chmod(0o700)
    stranger = Account("stranger", 54321, 54321)
    cluster = Cluster(closed / "data", account=stranger)
    for parent in [tmp_path, *tmp_path.parents]:
        if not stranger.may_enter(parent):
            break
    with pytest.raises(DatabaseError, match="cannot enter"):
        cluster.make()
    assert closed.stat().st_mode & 0o777 == 0o700


def test_pg_bin_that_holds_no_server_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("PG_BIN", str(tmp_path))
    with pytest.raises(DatabaseError, match="holds no PostgreSQL server"):
        database.find_programs()


def test_an_address_survives_odd_folder_names(folder):
    odd = folder / "a b%c&d"
    odd.mkdir()
    service_account().own(odd)
    cluster = Cluster(odd)
    cluster.start()
    try:
        assert ask(cluster, "SELECT 1") == [(1,)]
    finally:
        cluster.stop(immediately=True)

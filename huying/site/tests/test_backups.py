"""Backup while serving and restore into a new folder, on real clusters."""

import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from huying.site import backups, database
from huying.site.accounts import service_account
from huying.site.environment import ConfigurationError, make_secret
from huying.site.running import served_database

pytestmark = pytest.mark.fault


@pytest.fixture
def home(monkeypatch):
    monkeypatch.delenv("HUYING_DATABASE_URL", raising=False)
    made = database.temporary_folder("hyb-", service_account())
    yield made
    shutil.rmtree(made, ignore_errors=True)


def test_what_is_backed_up_comes_back_with_its_rights_and_keys(home):
    account = service_account()
    data = home / "data"
    data.mkdir(mode=0o700)
    account.own(data)
    secret = make_secret(data / "secret-key")
    (data / "files").mkdir()
    (data / "files" / "photo").write_bytes(b"\xff\xd8photo")
    database.Cluster(data).make()
    with (
        served_database(data) as cluster,
        psycopg.connect(cluster.url(database.OWNER), autocommit=True) as owner,
    ):
        owner.execute("CREATE EXTENSION pg_trgm")
        owner.execute("CREATE TABLE t (id int PRIMARY KEY, words text)")
        owner.execute("INSERT INTO t VALUES (1, '呼'), (2, '应')")
        owner.execute("REVOKE UPDATE, DELETE ON t FROM huying_app")
        # The cluster is held by this process, so it is the one that "serves" while the backup is taken.
        backup = home / "backup.tar"
        done = subprocess.run(
            [sys.executable, "-m", "huying.site.cli", "backup", str(backup), "--data", str(data)],
            capture_output=True,
            text=True,
            cwd=Path(backups.__file__).parents[2],
        )
        assert done.returncode == 0, done.stderr
    assert backup.stat().st_mode & 0o777 == 0o600

    backups.read(backup, home / "new")
    assert (home / "new" / "secret-key").read_text().strip() == secret
    assert (home / "new" / "files" / "photo").read_bytes() == b"\xff\xd8photo"
    assert (home / "new" / "files" / "photo").stat().st_uid == account.uid
    with (
        served_database(home / "new") as cluster,
        psycopg.connect(cluster.url(database.APP), autocommit=True) as app,
    ):
        assert app.execute("SELECT words FROM t ORDER BY id").fetchall() == [("呼",), ("应",)]
        app.execute("INSERT INTO t VALUES (3, '!')")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("UPDATE t SET words = ''")


def test_a_backup_is_never_restored_over_something(home):
    (home / "new").mkdir()
    (home / "new" / "something").touch()
    (home / "backup.tar").touch()
    with pytest.raises(ConfigurationError, match="not empty"):
        backups.read(home / "backup.tar", home / "new")


def test_a_file_that_is_no_backup_is_refused(home):
    import tarfile

    with tarfile.open(home / "other.tar", "w") as tar:
        tar.add(__file__, "x.py")
    with pytest.raises(ConfigurationError, match="is not a backup"):
        backups.read(home / "other.tar", home / "new")

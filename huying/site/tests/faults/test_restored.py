"""A backup that is put back does not bring back whom somebody had asked to forget."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from huying.site import database
from huying.site.accounts import service_account
from huying.site.running import served_database
from huying.site.tests.faults.serving import asked, command, prepare, until
from huying.site.tests.serving import Served

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("serving")]

BODIES = "SELECT id::text, body FROM cases_case ORDER BY id"


@pytest.fixture
def home() -> Iterator[Path]:
    made = database.temporary_folder("hyf-", service_account())
    yield made
    shutil.rmtree(made, ignore_errors=True)


def bodies(data: Path) -> dict[object, object]:
    with served_database(data):
        return dict(asked(data, BODIES))


def test_erasures_after_the_backup_are_repeated_when_it_is_put_back(home: Path) -> None:
    data, backup = home / "data", home / "backup.tar"
    served = Served(data, "--no-demo", "--place", "huinan").ready()
    try:
        prepare(data, "overdue", "2")
        status, said = command(data, "backup", str(backup))
        assert status == 0, said
        erased = prepare(data, "erase")
        listed = data / "erasures.jsonl"
        until(lambda: listed.is_file() and erased in listed.read_text())
        assert served.stop() == 0
        listed = shutil.copy(listed, home / "erasures.jsonl")
        service_account().own(listed)
    finally:
        served.clean()

    plain = home / "plain"
    status, said = command(plain, "restore", str(backup))
    assert status == 0, said
    assert "replay-erasures" in said  # it says what is still to be done
    assert bodies(plain)[erased] != ""
    status, said = command(plain, "ledger", "replay-erasures", str(listed))
    assert (status, "1" in said) == (0, True), said
    assert bodies(plain)[erased] == ""

    whole = home / "whole"
    status, said = command(whole, "restore", str(backup), "--erasures", str(listed))
    assert status == 0, said
    found = bodies(whole)
    assert found.pop(erased) == ""
    assert all(found.values())
    assert command(whole, "ledger", "verify")[0] == 0
    status, said = command(whole, "ledger", "replay-erasures", str(listed))
    assert (status, "0" in said) == (0, True), said  # a second time there is nothing left to do

    status, said = command(whole, "ledger", "rotate-key")
    assert status == 0, said
    assert command(whole, "ledger", "verify")[0] == 0

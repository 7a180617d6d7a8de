"""``huying ledger verify`` and ``seal``: over one place or all, with receipts in a file."""

import json

import pytest

from huying.ledger import commands, jobs, receipts
from huying.ledger.errors import LedgerError
from huying.ledger.models import Event
from huying.ledger.tests.conftest import PLACE

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_places(write):
    for place in (PLACE, 8):
        write(place=place)
        jobs.drain(place)


def test_all_places_are_sealed_and_checked(two_places, tmp_path, capsys):
    path = tmp_path / "receipts"
    assert commands.seal(output=path) == 0
    assert sorted(json.loads(line)["place"] for line in path.read_text().splitlines()) == [PLACE, 8]
    assert commands.verify(against=path) == 0
    assert commands.verify(against=path, as_json=True) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()[-2:]]
    assert [(one["place"], one["ok"]) for one in told] == [(PLACE, True), (8, True)]


def test_one_altered_place_is_enough_to_fail(two_places, as_owner, capsys):
    as_owner("UPDATE ledger_event SET channel = 'x' WHERE place_id = 8 AND version = 1")
    assert commands.verify() == 1
    assert commands.verify(str(PLACE)) == 0
    assert commands.verify("8") == 1
    assert str(Event.objects.get(place_id=8, version=1).id) in capsys.readouterr().out


def test_a_ledger_that_vanished_altogether_is_not_passed_over(two_places, as_owner, tmp_path):
    path = tmp_path / "receipts"
    commands.seal(output=path)
    for table in ("ledger_event", "ledger_page", "ledger_pending", "ledger_private", "ledger_key"):
        as_owner(f"DELETE FROM {table} WHERE place_id = 8")
    assert commands.verify() == 0
    assert commands.verify(against=path) == 1


def test_a_receipt_of_another_place_does_not_pass(two_places, tmp_path):
    path = tmp_path / "receipt"
    commands.seal("8", path)
    assert commands.verify("8", path) == 0
    assert commands.verify(str(PLACE), path) == 1


def test_places_may_be_named_by_code(two_places, monkeypatch, capsys):
    monkeypatch.setattr(commands, "_resolvers", [])
    with pytest.raises(LedgerError):
        commands.place_ids("220523")
    assert commands.verify("220523") == 2
    commands.name_places(lambda code: 8 if code == "220523" else None)
    assert commands.place_ids("220523") == [8]
    assert commands.place_ids() == [PLACE, 8]
    assert commands.seal("220523") == 0
    assert receipts.parse(capsys.readouterr().out.splitlines()[-1]).place == 8


def test_nothing_there_yet_is_fine():
    assert commands.verify() == 0
    assert commands.seal(str(PLACE)) == 2

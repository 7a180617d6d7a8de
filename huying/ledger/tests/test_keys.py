"""Key files, lookup hashes, changing the master key."""

import os

import pytest
from django.db import transaction

from huying.ledger import commands, jobs, keyfiles, keys, queries
from huying.ledger.errors import KeyFileError
from huying.ledger.models import Key
from huying.ledger.tests.conftest import PLACE
from huying.ledger.verify import verify


def test_key_files_are_private_and_never_made_twice(tmp_path):
    made = keys.create_key_files(tmp_path / "k")
    assert sorted(path.name for path in made) == ["lookup.key", "master.key"]
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in made)
    assert (tmp_path / "k").stat().st_mode & 0o777 == 0o700
    texts = [path.read_text() for path in made]
    assert keys.create_key_files(tmp_path / "k") == []
    assert [path.read_text() for path in made] == texts


def test_keys_may_come_from_the_settings(settings, data_folder):
    os.unlink(data_folder / "keys" / "master.key")
    with pytest.raises(KeyFileError):
        keyfiles.masters()
    settings.HUYING_MASTER_KEY = "11" * 16 + "\n" + "22" * 16
    assert list(keyfiles.masters().values()) == [b"\x11" * 16, b"\x22" * 16]
    settings.HUYING_MASTER_KEY = "zz"
    with pytest.raises(KeyFileError, match="HUYING_MASTER_KEY"):
        keyfiles.masters()


def test_a_lookup_hash_is_steady_and_keyed_and_apart_by_purpose(settings):
    one = keys.lookup_hash("13800138000", "contact.phone")
    assert len(one) == 32
    assert one == keys.lookup_hash("13800138000", "contact.phone")
    assert one != keys.lookup_hash("13800138000", "person.phone")
    assert one != keys.lookup_hash("13800138001", "contact.phone")
    settings.HUYING_LOOKUP_KEY = "33" * 16
    assert one != keys.lookup_hash("13800138000", "contact.phone")


@pytest.mark.django_db
def test_the_master_key_can_be_changed(write, data_folder):
    cases = [write() for _ in range(3)]
    jobs.drain(PLACE)
    old = bytes(Key.objects.get(subject_id=cases[0]).wrapped)
    assert commands.rotate_master_key([PLACE])[0] == 0
    path = data_folder / "keys" / "master.key"
    assert len(path.read_text().split()) == 2
    assert path.stat().st_mode & 0o777 == 0o600
    assert bytes(Key.objects.get(subject_id=cases[0]).wrapped)[:4] != old[:4]
    path.write_text(path.read_text().split()[0])  # the old one is no longer needed
    assert queries.history(PLACE, cases[0], private=True)[0].private == {"text": "路灯坏了"}
    report = verify(PLACE)
    assert report.ok
    assert report.private == 3
    assert keys.rewrap(PLACE) == 0


@pytest.mark.django_db
def test_a_key_is_made_once(write):
    subject = ("person", write())
    with transaction.atomic():
        made = keys.find_or_make(PLACE, [subject])
        assert keys.find_or_make(PLACE, [subject]) == made

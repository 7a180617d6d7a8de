"""Erasing empties the rows and deletes the bytes; sweeping finishes what a dead process left."""

import os
import time
from datetime import timedelta

import pytest
from django.db import transaction

from huying import clock
from huying.files import actions, errors, jobs, queries, store
from huying.files.models import Attachment, StagedFile

from . import samples
from .conftest import PLACE, kept, upload

pytestmark = pytest.mark.django_db(transaction=True)


def attach(case_id, data=samples.PDF, name="张三的说明.pdf"):
    token = actions.stage(PLACE, upload(data, name), "person").token
    with transaction.atomic():
        return actions.claim(PLACE, [token], "person", case_id=case_id)[0]


def test_bytes_and_name_are_gone_and_the_row_says_when(case_id, data_folder):
    first, second = attach(case_id, samples.phone_photo(), "a.jpg"), attach(case_id)
    assert len(kept(data_folder)) == 3
    assert set(actions.erase(PLACE, case_id)) == {first.id, second.id}
    assert kept(data_folder) == []
    for row in queries.of_case(PLACE, case_id):
        assert row.name == ""
        assert bytes(row.sha256) == b""
        assert row.erased_at is not None
        assert row.gone_at is not None
        with pytest.raises(errors.Gone):
            queries.serve(row)


def test_one_of_several(case_id, data_folder):
    first, second = attach(case_id), attach(case_id)
    assert actions.erase(PLACE, case_id, [first.id]) == [first.id]
    assert kept(data_folder) == [str(store.path_of(PLACE, second.id).relative_to(data_folder))]
    assert queries.get(PLACE, second.id).erased_at is None


def test_another_place_or_case_is_not_touched(case_id, data_folder):
    attach(case_id)
    assert actions.erase(PLACE + 1, case_id) == []
    assert len(kept(data_folder)) == 1


def test_twice_is_harmless_and_deletes_bytes_that_a_restore_brought_back(case_id, data_folder):
    ref = attach(case_id)
    path = store.path_of(PLACE, ref.id)
    held = path.read_bytes()
    actions.erase(PLACE, case_id)
    path.write_bytes(held)
    assert actions.erase(PLACE, case_id) == []
    assert kept(data_folder) == []


def test_a_rolled_back_erasure_keeps_the_bytes(case_id, data_folder):
    ref = attach(case_id)
    with transaction.atomic():
        actions.erase(PLACE, case_id)
        transaction.set_rollback(True)
    assert len(kept(data_folder)) == 1
    assert queries.get(PLACE, ref.id).erased_at is None


def test_a_process_that_died_between_row_and_bytes_is_finished_by_the_sweep(case_id, data_folder):
    attach(case_id)
    Attachment.objects.update(erased_at=clock.now())
    assert jobs.sweep().erased == 1
    assert kept(data_folder) == []
    assert Attachment.objects.get().gone_at is not None
    assert jobs.sweep().erased == 0


def test_what_nobody_claims_within_a_day_is_swept(case_id, data_folder):
    now = clock.now()
    actions.stage(PLACE, upload(samples.PDF), "person", at=now - timedelta(hours=25))
    fresh = actions.stage(PLACE, upload(samples.PDF), "person", at=now - timedelta(hours=23))
    assert jobs.sweep(now).unclaimed == 1
    assert kept(data_folder) == [str(store.path_of(PLACE, fresh.id).relative_to(data_folder))]
    assert [row.id for row in StagedFile.objects.all()] == [fresh.id]


def test_sweeping_keeps_what_was_claimed(case_id, data_folder):
    ref = attach(case_id)
    swept = jobs.sweep(clock.now() + timedelta(days=2))
    assert (swept.claimed, swept.unclaimed) == (1, 0)
    assert not StagedFile.objects.exists()
    assert store.path_of(PLACE, ref.id).is_file()


def test_more_than_one_batch(monkeypatch, data_folder):
    monkeypatch.setattr(jobs, "BATCH", 2)
    for _ in range(5):
        actions.stage(PLACE, upload(samples.PDF), "person")
    assert jobs.sweep(clock.now() + timedelta(days=2)).unclaimed == 5
    assert kept(data_folder) == []


def test_a_stray_of_a_process_that_died_before_its_row_is_swept(data_folder):
    actions.stage(PLACE, upload(samples.PDF), "person")
    old, new = data_folder / "files/incoming/old", data_folder / "files/incoming/new"
    old.write_bytes(b"x")
    new.write_bytes(b"x")
    os.utime(old, (time.time() - 90_000,) * 2)
    assert jobs.sweep().stray == 1
    assert new.exists()
    assert not old.exists()


def test_a_row_whose_file_never_left_incoming_is_swept_with_it(data_folder, monkeypatch):
    monkeypatch.setattr(store, "settle", lambda *_: None)  # the process dies after the row was written
    actions.stage(PLACE, upload(samples.PDF), "person")
    assert kept(data_folder)[0].startswith("files/incoming/")
    jobs.sweep(clock.now() + timedelta(days=2))
    assert kept(data_folder) == []

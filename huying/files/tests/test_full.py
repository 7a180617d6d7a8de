"""A full disk: a clear error, and nothing half done. On a real file system that is really full."""

import os
import subprocess
import sys
import textwrap

import pytest

from huying.files import actions, errors
from huying.files.models import StagedFile

from . import samples
from .conftest import PLACE, kept, upload

pytestmark = [pytest.mark.django_db, pytest.mark.fault]


@pytest.fixture
def small_disk(tmp_path, settings):
    """A file system of one megabyte."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.geteuid() != 0:
        pytest.skip("mounting a small file system needs root")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip(f"a small file system cannot be mounted here: {mounted.stderr.decode().strip()}")
    settings.HUYING_DATA = disk
    yield disk
    subprocess.run(["umount", disk], check=True)


def big(size):
    return upload(samples.PDF + os.urandom(size))


def test_a_full_disk_is_told_and_leaves_nothing(small_disk, monkeypatch):
    # as if the free space had been taken between the check and the write
    monkeypatch.setattr("huying.files.store._room_for", lambda size: None)
    actions.stage(PLACE, big(600_000), "person")
    before = kept(small_disk)
    with pytest.raises(errors.StoreFull):
        actions.stage(PLACE, big(600_000), "person")
    assert kept(small_disk) == before
    assert StagedFile.objects.count() == 1
    actions.stage(PLACE, big(100_000), "person")  # what still fits is taken


def test_a_photo_whose_thumbnail_no_longer_fits_leaves_nothing(small_disk, monkeypatch):
    monkeypatch.setattr("huying.files.store._room_for", lambda size: None)
    photo = upload(samples.saved(samples.scene((400, 400)), "JPEG"), "a.jpg")
    filler = small_disk / "filler"
    actions.stage(PLACE, upload(samples.PDF), "person")
    before = kept(small_disk)
    # leave one page of 4 KiB for the photo (of about 4 KB) and none for the thumbnail
    free = os.statvfs(small_disk)
    filler.write_bytes(b"\0" * (free.f_bavail * free.f_bsize - 4096))
    with pytest.raises(errors.StoreFull):
        actions.stage(PLACE, photo, "person")
    assert kept(small_disk) == before


def test_room_is_left_for_the_database(small_disk, settings):
    settings.HUYING_FILES_RESERVE = 512 * 1024
    actions.stage(PLACE, big(300_000), "person")
    with pytest.raises(errors.StoreFull):
        actions.stage(PLACE, big(300_000), "person")
    assert len(kept(small_disk)) == 1


def test_a_limit_on_file_size_is_told_too(tmp_path):
    """What a quota does, without needing root: the kernel cuts the write short in a process of its own."""
    script = f"""
        import resource, signal, uuid
        from pathlib import Path
        from django.conf import settings
        settings.configure(HUYING_DATA=Path({str(tmp_path)!r}), HUYING_FILES_RESERVE=0)
        from huying.files import errors, store
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
        store.receive(7, uuid.UUID(int=1), b"x" * 90_000, b"x" * 90_000)
        try:
            store.receive(7, uuid.UUID(int=2), b"x" * 90_000, b"x" * 110_000)
        except errors.StoreFull:
            print("full")
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, cwd=os.getcwd()
    )
    assert done.stdout == "full\n", done.stderr
    assert len(kept(tmp_path)) == 2

"""Files are checked, re-encoded and kept before the case they belong to is written."""

import hashlib
import io
import os
import stat
import sys
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from PIL import Image

from huying.files import actions, errors, store
from huying.files.models import StagedFile
from huying.files.sniff import MB

from . import samples
from .conftest import PLACE, kept, upload

pytestmark = pytest.mark.django_db


def test_a_photo_is_kept_anew_with_its_thumbnail(photo, data_folder):
    staged = actions.stage(PLACE, photo("../../井盖.jpeg"), "person")
    assert (staged.kind, staged.name, staged.mime) == ("photo", "井盖.jpg", "image/jpeg")
    assert (staged.width, staged.height) == (600, 800)
    path, thumb = store.path_of(PLACE, staged.id), store.path_of(PLACE, staged.id, thumb=True)
    assert kept(data_folder) == [str(path.relative_to(data_folder)), str(thumb.relative_to(data_folder))]
    data = path.read_bytes()
    assert len(data) == staged.bytes
    assert not Image.open(io.BytesIO(data)).getexif()
    row = StagedFile.objects.get(place_id=PLACE, id=staged.id)
    assert bytes(row.sha256) == hashlib.sha256(data).digest()
    assert row.id.version == 7
    assert row.claimed_at is None
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert stat.S_IMODE(os.stat(path.parent).st_mode) == 0o700


def test_only_a_play_does_not_wait_for_the_disk(photo, monkeypatch):
    waited = []
    monkeypatch.setattr(store.os, "fsync", waited.append)
    with store.no_waiting_for_the_disk():
        staged = actions.stage(PLACE, photo(), "person")
    assert store.read_path(PLACE, staged.id).stat().st_size == staged.bytes
    assert waited == []
    actions.stage(PLACE, photo(), "person")
    assert len(waited) >= 4  # both files, and the folders that they came into


def test_the_token_itself_is_not_kept(photo):
    staged = actions.stage(PLACE, photo(), "person")
    row = StagedFile.objects.filter(id=staged.id).values().get()
    assert staged.token.encode() not in b"".join(
        bytes(v) for v in row.values() if isinstance(v, memoryview | bytes)
    )
    assert len(staged.token) >= 32


def test_documents_and_recordings_are_kept_as_sent(data_folder):
    for data, name, shown in (
        (samples.PDF, "说明.exe", "说明.pdf"),
        (samples.XLSX, "表.xlsx", "表.xlsx"),
        (samples.MP3, None, "audio.mp3"),
    ):
        staged = actions.stage(PLACE, upload(data, name), "person")
        assert staged.name == shown
        assert store.path_of(PLACE, staged.id).read_bytes() == data
        assert staged.width is None
    assert not [path for path in kept(data_folder) if path.endswith(".thumb")]


def test_neither_name_nor_declared_type_is_believed(data_folder):
    for name in ("photo.jpg", "photo.jpg\x00.html"):
        sent = SimpleUploadedFile(name, samples.HTML, content_type="image/jpeg")
        with pytest.raises(errors.WrongType):
            actions.stage(PLACE, sent, "person")
    sent = SimpleUploadedFile("page.html", samples.phone_photo(), content_type="text/html")
    assert actions.stage(PLACE, sent, "person").mime == "image/jpeg"


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", errors.Empty),
        (samples.HTML, errors.WrongType),
        (samples.iso(b"heic", b"mif1"), errors.Heic),
        (samples.MACROS, errors.Macros),
        (samples.phone_photo()[:3000], errors.Broken),
        (b"\xff\xd8\xff", errors.Broken),
        (samples.png_bomb(6000), errors.TooManyPixels),
        (samples.phone_photo() + b"\0" * 10 * MB, errors.TooBig),
        (samples.PDF + b"\0" * 20 * MB, errors.TooBig),
    ],
)
def test_what_is_refused_leaves_nothing_and_says_why_in_both_languages(data, error, data_folder):
    with pytest.raises(errors.FileError) as caught:
        actions.stage(PLACE, upload(data), "person")
    assert type(caught.value) is error
    assert not StagedFile.objects.exists()
    assert kept(data_folder) == []
    with translation.override("zh-hans"):
        chinese = str(caught.value)
    with translation.override("en"):
        english = str(caught.value)
    assert any("\u4e00" <= c <= "\u9fff" for c in chinese)
    assert english.isascii() or "“" in english or "×" in english
    assert "%(" not in chinese + english


def test_a_declared_size_beyond_everything_is_refused_unread():
    class Endless:
        size = 10**12
        name = "x"

        def read(self, *_):
            raise AssertionError("read")

        seek = read

    with pytest.raises(errors.TooBig):
        actions.stage(PLACE, Endless(), "person")


def test_no_more_than_the_largest_kind_is_read_of_a_stream_that_lies():
    class Stream(io.RawIOBase):
        name = "x.mp4"

        def seek(self, *_):
            return 0

        def read(self, size=-1):
            assert 0 < size <= 50 * MB + 1
            return samples.iso(b"mp42", tracks=b"vide").ljust(size, b"\0")

    with pytest.raises(errors.TooBig):
        actions.stage(PLACE, Stream(), "person")


def test_one_sender_cannot_fill_the_store(monkeypatch):
    monkeypatch.setattr(actions, "MOST_WAITING", 2)
    for _ in range(2):
        actions.stage(PLACE, upload(samples.PDF), "flood")
    with pytest.raises(errors.TooMany):
        actions.stage(PLACE, upload(samples.PDF), "flood")
    actions.stage(PLACE, upload(samples.PDF), "somebody else")


def test_when_the_row_cannot_be_written_no_bytes_stay(monkeypatch, data_folder):
    monkeypatch.setattr(actions, "uuid7", lambda: uuid.UUID(int=5))
    actions.stage(PLACE, upload(samples.PDF), "person")
    store.remove(PLACE, uuid.UUID(int=5))
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        actions.stage(PLACE, upload(samples.PDF), "person")
    assert kept(data_folder) == []


SCANNER = (
    f"{sys.executable} -c \"import sys; sys.exit(1 if b'EICAR' in open(sys.argv[1], 'rb').read() else 0)\""
)


def test_the_scanner_sees_what_was_sent(settings, data_folder):
    settings.HUYING_SCAN_COMMAND = SCANNER
    actions.stage(PLACE, upload(samples.PDF), "person")
    with pytest.raises(errors.Infected):
        actions.stage(PLACE, upload(samples.PDF + b"EICAR"), "person")
    # of a photo too, though re-encoding would have removed it
    with pytest.raises(errors.Infected):
        actions.stage(PLACE, upload(samples.phone_photo() + b"EICAR"), "person")
    assert StagedFile.objects.count() == len(kept(data_folder)) == 1


@pytest.mark.parametrize("command", ["/nowhere/scanner", f'{sys.executable} -c "import sys; sys.exit(2)"'])
def test_a_scanner_that_does_not_work_lets_nothing_in(settings, command, data_folder):
    settings.HUYING_SCAN_COMMAND = command
    with pytest.raises(errors.ScanFailed):
        actions.stage(PLACE, upload(samples.PDF), "person")
    assert kept(data_folder) == []

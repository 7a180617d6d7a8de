"""Oversize bodies are stopped while they come in."""

import io

import pytest
from django.core.exceptions import RequestDataTooBig
from django.test import RequestFactory

from huying.files import uploads
from huying.files.sniff import MB

from . import samples

HANDLERS = ["huying.files.uploads.SizeLimit", "django.core.files.uploadhandler.TemporaryFileUploadHandler"]


def request(*sizes):
    files = {f"f{i}": io.BytesIO(b"x" * size) for i, size in enumerate(sizes)}
    return RequestFactory().post("/", {"title": "t", **files})


def test_ordinary_files_pass_whole(settings):
    settings.FILE_UPLOAD_HANDLERS = HANDLERS
    sent = RequestFactory().post("/", {"photo": io.BytesIO(samples.phone_photo())})
    assert sent.FILES["photo"].read() == samples.phone_photo()


def test_a_declared_length_beyond_the_limit_is_refused(settings, monkeypatch):
    settings.FILE_UPLOAD_HANDLERS = HANDLERS
    monkeypatch.setattr(uploads, "MOST_BODY", 3 * MB)
    with pytest.raises(RequestDataTooBig):
        _ = request(4 * MB).FILES


def test_one_file_beyond_any_kind_is_refused_while_it_comes_in(settings, monkeypatch):
    settings.FILE_UPLOAD_HANDLERS = HANDLERS
    monkeypatch.setitem(uploads.MOST, "video", 1 * MB)
    monkeypatch.setitem(uploads.MOST, "photo", 1 * MB)
    monkeypatch.setitem(uploads.MOST, "audio", 1 * MB)
    monkeypatch.setitem(uploads.MOST, "document", 1 * MB)
    assert request(MB // 2, MB // 2, MB // 2).FILES["f2"].size == MB // 2
    with pytest.raises(RequestDataTooBig):
        _ = request(2 * MB).FILES

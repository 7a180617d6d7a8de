"""A data folder of its own for every test, and files to send."""

import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from . import samples

PLACE = 7


@pytest.fixture(autouse=True)
def data_folder(settings, tmp_path):
    """The store of this test."""
    settings.HUYING_DATA = tmp_path
    settings.HUYING_FILES_RESERVE = 0
    settings.HUYING_SCAN_COMMAND = ""
    return tmp_path


@pytest.fixture
def case_id():
    return uuid.uuid4()


@pytest.fixture
def photo():
    """A fresh upload of a phone's photo, GPS and all, each time it is called."""

    def make(name="IMG_0001.jpg", size=(800, 600)):
        return SimpleUploadedFile(name, samples.phone_photo(size), content_type="image/jpeg")

    return make


def upload(data, name="file.bin"):
    """Bytes as an upload."""
    held = io.BytesIO(data)
    held.name = name
    return held


def kept(folder):
    """Every file that the store holds, as paths below it."""
    return sorted(str(p.relative_to(folder)) for p in (folder / "files").rglob("*") if p.is_file())

"""Files are known by their content, never by what they are called."""

import pytest

from huying.files import errors
from huying.files.sniff import sniff

from . import samples
from .samples import iso, office, ole


@pytest.mark.parametrize(
    ("data", "kind", "mime"),
    [
        (samples.saved(samples.scene(), "JPEG"), "photo", "image/jpeg"),
        (samples.saved(samples.scene(), "PNG"), "photo", "image/png"),
        (samples.saved(samples.scene(), "WEBP"), "photo", "image/webp"),
        (samples.PDF, "document", "application/pdf"),
        (samples.DOCX, "document", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (samples.XLSX, "document", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (samples.OFD, "document", "application/ofd"),
        (ole("WordDocument"), "document", "application/msword"),
        (ole("Workbook"), "document", "application/vnd.ms-excel"),
        (samples.MP3, "audio", "audio/mpeg"),
        (samples.MP3[10:], "audio", "audio/mpeg"),
        (b"\xff\xf1\x50\x80" + b"\0" * 64, "audio", "audio/aac"),
        (samples.AMR, "audio", "audio/amr"),
        (samples.WAV, "audio", "audio/wav"),
        (samples.OGG, "audio", "audio/ogg"),
        (iso(b"M4A ", b"mp42"), "audio", "audio/mp4"),
        (iso(b"mp42", b"isom", tracks=b"soun"), "audio", "audio/mp4"),
        (iso(b"isom", b"avc1", tracks=b"vide soun"), "video", "video/mp4"),
        (iso(b"3gp4", tracks=b"vide"), "video", "video/mp4"),
        (iso(b"qt  "), "video", "video/quicktime"),
        (b"\x1aE\xdf\xa3\x9f\x42\x82\x84webm" + b"A_OPUS" + b"\0" * 64, "audio", "audio/webm"),
        (b"\x1aE\xdf\xa3\x9f\x42\x82\x84webm" + b"V_VP8 A_OPUS" + b"\0" * 64, "video", "video/webm"),
    ],
)
def test_known(data, kind, mime):
    found = sniff(data)
    assert (found.kind, found.mime) == (kind, mime)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", errors.Empty),
        (samples.HTML, errors.WrongType),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", errors.WrongType),
        (b"GIF89a" + b"\0" * 64, errors.WrongType),
        (b"MZ\x90\0" + b"\0" * 64, errors.WrongType),
        (b"\x7fELF" + b"\0" * 64, errors.WrongType),
        (b"#!/bin/sh\nrm -rf /\n", errors.WrongType),
        (b"RIFF\x24\0\0\0AVI LIST", errors.WrongType),
        (b" %PDF-1.7", errors.WrongType),
        (iso(b"heic", b"mif1"), errors.Heic),
        (iso(b"mif1", b"heic"), errors.Heic),
        (iso(b"avif", b"mif1"), errors.Heic),
        (iso(b"zzzz"), errors.WrongType),
        (office("readme.txt"), errors.WrongType),
        (b"PK\x03\x04 not really", errors.WrongType),
        (samples.DOCX[:-10], errors.WrongType),
        # an archive hidden behind another one's first bytes
        (b"PK\x03\x04<script>" + samples.DOCX, errors.WrongType),
        (samples.MACROS, errors.Macros),
        (ole("WordDocument", "_VBA_PROJECT"), errors.Macros),
        (ole("Whatever"), errors.WrongType),
        (b"\xff\xfe<\0h\0t\0m\0l\0", errors.WrongType),
    ],
)
def test_refused(data, error):
    with pytest.raises(errors.FileError) as caught:
        sniff(data)
    assert type(caught.value) is error


def test_an_archive_with_too_many_parts_is_refused():
    parts = ["[Content_Types].xml", "word/document.xml", *(f"p{i}" for i in range(5001))]
    with pytest.raises(errors.WrongType):
        sniff(office(*parts))

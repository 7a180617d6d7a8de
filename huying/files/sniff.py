"""What a file is, judged by its content alone. Names and declared types are never believed."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

from huying.files.errors import Empty, Heic, Macros, WrongType

PHOTO, AUDIO, VIDEO, DOCUMENT = "photo", "audio", "video", "document"

MB = 1024 * 1024
MOST = {PHOTO: 10 * MB, AUDIO: 20 * MB, DOCUMENT: 20 * MB, VIDEO: 50 * MB}
"""Most bytes, per kind."""
MOST_ENTRIES = 5_000  # of an Office file, which is a zip archive


@dataclass(frozen=True, slots=True)
class Type:
    """kind: photo, audio, video or document; ``ext`` without the dot."""

    kind: str
    mime: str
    ext: str


JPEG = Type(PHOTO, "image/jpeg", "jpg")
PNG = Type(PHOTO, "image/png", "png")
WEBP = Type(PHOTO, "image/webp", "webp")
PDF = Type(DOCUMENT, "application/pdf", "pdf")
_OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX = Type(DOCUMENT, _OFFICE + "wordprocessingml.document", "docx")
XLSX = Type(DOCUMENT, _OFFICE + "spreadsheetml.sheet", "xlsx")
PPTX = Type(DOCUMENT, _OFFICE + "presentationml.presentation", "pptx")
OFD = Type(DOCUMENT, "application/ofd", "ofd")
DOC = Type(DOCUMENT, "application/msword", "doc")
XLS = Type(DOCUMENT, "application/vnd.ms-excel", "xls")
PPT = Type(DOCUMENT, "application/vnd.ms-powerpoint", "ppt")
MP3 = Type(AUDIO, "audio/mpeg", "mp3")
AAC = Type(AUDIO, "audio/aac", "aac")
AMR = Type(AUDIO, "audio/amr", "amr")
WAV = Type(AUDIO, "audio/wav", "wav")
OGG = Type(AUDIO, "audio/ogg", "ogg")
M4A = Type(AUDIO, "audio/mp4", "m4a")
WEBA = Type(AUDIO, "audio/webm", "weba")
MP4 = Type(VIDEO, "video/mp4", "mp4")
MOV = Type(VIDEO, "video/quicktime", "mov")
WEBM = Type(VIDEO, "video/webm", "webm")

_STILL = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"}
_MOVIE = {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"dash", b"M4V ", b"MSNV"}
_PARTS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX, "ppt/presentation.xml": PPTX}
_OLE = {"WordDocument": DOC, "Workbook": XLS, "Book": XLS, "PowerPoint Document": PPT}
_OLE_MACROS = ("_VBA_PROJECT", "VBA")


def sniff(data: bytes) -> Type:
    """The type of ``data``. Raises ``Empty``, ``Heic``, ``Macros`` or ``WrongType``."""
    if not data:
        raise Empty
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data[:4] == b"RIFF":
        return _riff(data)
    if data.startswith(b"%PDF-"):
        return PDF
    if data.startswith(b"PK\x03\x04"):
        return _zip(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _ole(data)
    if data[4:8] == b"ftyp":
        return _iso(data)
    return _recording(data)


def _riff(data: bytes) -> Type:
    if data[8:12] == b"WEBP":
        return WEBP
    if data[8:12] == b"WAVE":
        return WAV
    raise WrongType


def _zip(data: bytes) -> Type:
    """Office and OFD files by the names of their parts; no part is ever unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError, EOFError):
        raise WrongType from None
    names = {entry.filename for entry in entries}
    if len(entries) > MOST_ENTRIES or min((entry.header_offset for entry in entries), default=1) != 0:
        raise WrongType  # something else in front of the archive
    if any(name.rpartition("/")[2].lower().startswith("vbaproject") for name in names):
        raise Macros
    if "[Content_Types].xml" in names:
        for part, kind in (
            ("word/document.xml", DOCX),
            ("xl/workbook.xml", XLSX),
            ("ppt/presentation.xml", PPTX),
        ):
            if part in names:
                return kind
    if "OFD.xml" in names:
        return OFD
    raise WrongType


def _ole(data: bytes) -> Type:
    """Word, Excel and PowerPoint files before 2007, by the names in their directory (UTF-16, at 128-byte
    steps)."""

    def holds(name: str) -> bool:
        coded = name.encode("utf-16-le") + b"\0\0"
        at = data.find(coded)
        while at != -1 and at % 128:
            at = data.find(coded, at + 2)
        return at != -1

    if any(holds(name) for name in _OLE_MACROS):
        raise Macros
    for name, kind in _OLE.items():
        if holds(name):
            return kind
    raise WrongType


def _iso(data: bytes) -> Type:
    """MP4 and its relations, by brand; a file with sound but without a picture track is a recording of
    sound."""
    size = int.from_bytes(data[:4], "big")
    box = data[8 : min(max(size, 16), 256)]
    brands = {box[i : i + 4] for i in range(0, len(box), 4) if i != 4}
    brand = box[:4]
    if brand in _STILL or (brands & _STILL and not brands & _MOVIE):
        raise Heic
    if brand in {b"M4A ", b"M4B "}:
        return M4A
    if brand == b"qt  ":
        return MOV
    if brand in _MOVIE or brand[:3] == b"3gp":
        return M4A if b"soun" in data and b"vide" not in data else MP4
    raise WrongType


def _recording(data: bytes) -> Type:
    if data.startswith(b"#!AMR"):
        return AMR
    if data.startswith(b"OggS"):
        return OGG
    if data.startswith(b"\x1aE\xdf\xa3") and b"webm" in data[:64]:
        # Codec names begin with V_ or A_; the track list stands within the first kilobytes.
        return WEBM if b"V_" in data[:4096] else WEBA
    if data.startswith(b"ID3"):
        return MP3
    if len(data) > 4 and data[0] == 0xFF and data[1] & 0xF6 == 0xF0 and (data[2] >> 2) & 0xF < 13:
        return AAC
    if len(data) > 4 and data[0] == 0xFF and data[1] & 0xE6 == 0xE2 and data[2] >> 4 not in {0, 15}:
        return MP3
    raise WrongType

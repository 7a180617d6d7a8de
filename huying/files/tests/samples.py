"""Files to send: good ones, and ones somebody might try."""

import io
import struct
import zipfile
import zlib

from PIL import Image

HTML = b"<!doctype html><html><script>alert(document.cookie)</script></html>"


def scene(size=(800, 600), mode="RGB"):
    """A picture with some content, a red top left corner on green."""
    image = Image.new("RGB", size, (40, 160, 80))
    image.paste((220, 30, 30), (0, 0, size[0] // 2, size[1] // 2))
    return image.convert(mode)


def saved(image, form, **options):
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def phone_photo(size=(800, 600), orientation=6):
    """A JPEG as a phone held upright writes it: turned, with place, device, time and comment."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SecretPhoneMaker"
    exif[0x0132] = "2026:03:02 08:00:00"
    exif.get_ifd(0x8825).update({1: "N", 2: (42.0, 40.0, 1.5), 3: "E", 4: (126.0, 2.0, 30.25)})
    return saved(scene(size), "JPEG", exif=exif, quality=90, comment=b"SecretComment")


def png_bomb(side=60_000):
    """A PNG of a few hundred kilobytes that unpacks to gigabytes."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    row = b"\0" * (1 + side // 8)
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def office(*parts):
    """An Office file (a zip archive) with the named parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts:
            archive.writestr(part, "<x/>")
    return out.getvalue()


DOCX = office("[Content_Types].xml", "word/document.xml")
XLSX = office("[Content_Types].xml", "xl/workbook.xml")
MACROS = office("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")
OFD = office("OFD.xml", "Doc_0/Document.xml")
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
MP3 = b"ID3\x04\x00\x00\x00\x00\x00\x00" + b"\xff\xfb\x90\x64" + b"\0" * 400
AMR = b"#!AMR\n" + b"\x3c" * 64
WAV = b"RIFF\x24\x00\x00\x00WAVEfmt " + b"\0" * 64
OGG = b"OggS\0\x02" + b"\0" * 64


def ole(*names):
    """The beginning of an Office file of before 2007, with the named entries in its directory."""
    entries = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", *names))
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + entries


def iso(brand, *brands, tracks=b""):
    """The beginning of an MP4 or HEIC file."""
    body = brand + b"\0\0\0\0" + b"".join(brands)
    return struct.pack(">I", len(body) + 8) + b"ftyp" + body + b"\0\0\0\x08moov" + tracks + b"\0" * 64

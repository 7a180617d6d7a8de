"""Photos are never kept as sent: they are decoded and written anew, which drops EXIF (place, device,
time), anything hidden behind the picture, and anything that is not a picture."""

from __future__ import annotations

import io
import logging
import threading
import warnings
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageOps

from huying.files.errors import Broken, FileError, TooManyPixels

log = logging.getLogger("huying.files")

SIDE = 2560
QUALITY = 82
THUMB_SIDE = 480
THUMB_QUALITY = 75
THUMB_MIME = "image/webp"

# JPEG is decoded at a fraction of its size when large, so it may have more pixels than what must be held
# whole.
MOST_PIXELS = {"JPEG": 64_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}
MOST_SCANS = 100  # of a progressive JPEG: each is a pass over the whole picture

# Two at a time: a decoded photo takes up to 100 MB, and eight threads serve the web.
_decoding = threading.BoundedSemaphore(2)
_SRGB = ImageCms.createProfile("sRGB")


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo written anew: JPEG and a WebP thumbnail, sizes in pixels."""

    jpeg: bytes
    thumb: bytes
    width: int
    height: int


def reencode(data: bytes) -> Photo:
    """Decode JPEG, PNG or WebP and write it anew, upright, at most 2560 pixels a side.

    Raises ``TooManyPixels`` before anything is decoded, ``Broken`` for what cannot be decoded to the end.
    """
    with _decoding:
        try:
            return _reencode(data)
        except FileError:
            raise
        except Image.DecompressionBombError:
            raise TooManyPixels(width="?", height="?") from None
        except Exception as problem:
            # Decoders meet hostile bytes here and raise whatever they like (OSError, SyntaxError,
            # struct.error, ValueError, ZeroDivisionError…): to the sender all of it means a damaged picture.
            log.info("picture refused: %s", type(problem).__name__)
            raise Broken from None


def _reencode(data: bytes) -> Photo:
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", Image.DecompressionBombWarning
        )  # our own limit is lower and comes next
        image: Image.Image = Image.open(io.BytesIO(data), formats=list(MOST_PIXELS))
    with image:
        width, height = image.size
        form = "JPEG" if image.format == "MPO" else str(image.format)
        if width * height > MOST_PIXELS[form] or min(width, height) < 1:
            raise TooManyPixels(width=width, height=height)
        if form == "JPEG":
            if data.count(b"\xff\xda") > MOST_SCANS:
                raise Broken
            image.draft(None, (SIDE, SIDE))  # never smaller than asked for
        image.load()
        # Shrunk first, so that all that follows handles megabytes, not hundreds.
        profile = image.info.get("icc_profile")
        upright = _upright(image)
        flat = _flat(upright)
        flat.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
        flat = _srgb(flat, profile, image.mode)
        thumb = flat.copy()
        thumb.thumbnail((THUMB_SIDE, THUMB_SIDE), Image.Resampling.LANCZOS)
        return Photo(
            _written(flat, "JPEG", quality=QUALITY, optimize=True, progressive=True),
            _written(thumb, "WEBP", quality=THUMB_QUALITY, method=4),
            *flat.size,
        )


def _upright(image: Image.Image) -> Image.Image:
    """Turned as the camera was held. Damaged EXIF is no reason to refuse a photo."""
    try:
        return ImageOps.exif_transpose(image)
    except Exception:
        return image


def _flat(image: Image.Image) -> Image.Image:
    """Three channels of eight bits; what is transparent becomes white."""
    if image.mode.startswith("I") or image.mode == "F":
        # 16-bit grey: the high byte. Pillow's own conversion would clip everything above 255 to white.
        return image.convert("I").point(lambda value: value * (1 / 257)).convert("L").convert("RGB")
    if image.mode in {"RGBA", "LA", "PA", "RGBa", "La"} or "transparency" in image.info:
        clear = image.convert("RGBA")
        white = Image.new("RGB", clear.size, "white")
        white.paste(clear, mask=clear.getchannel("A"))
        return white
    return image.convert("RGB")


def _srgb(image: Image.Image, profile: bytes | None, mode: str) -> Image.Image:
    """Colours of another profile (phones use wider ones) as sRGB, since the profile itself is dropped."""
    if not profile or mode not in {"RGB", "RGBA", "P"}:
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, source, _SRGB, outputMode="RGB") or image
    except Exception:
        return image  # a damaged profile costs colour, not the photo


def _written(image: Image.Image, form: str, **options: int | bool) -> bytes:
    clean = Image.new("RGB", image.size)
    clean.paste(image)  # pixels only: no info dictionary, comment, profile or EXIF comes along
    out = io.BytesIO()
    clean.save(out, form, **options)
    return out.getvalue()

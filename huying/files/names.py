"""The name a file is shown and downloaded under. It is only ever text: no path is made from it."""

from __future__ import annotations

import re
import unicodedata

LENGTH = 120

_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])")
_FORBIDDEN = re.compile(r'[<>:"|?*%]')


def clean_name(name: str | None, ext: str, fallback: str = "file") -> str:
    """``name`` without folders, control characters and direction overrides, ending in ``.ext``.

    ``ext`` is that of the real content: what "photo.jpg.exe" or a name that is turned around on the screen
    pretends to be does not matter.
    """
    text = unicodedata.normalize("NFC", name or "")
    text = text.replace("\\", "/").rpartition("/")[2]
    # Cc control, Cf format (direction overrides, zero width), Cs surrogate, Co private, Zl/Zp line ends
    text = "".join(
        " " if unicodedata.category(c) in {"Zl", "Zp"} else c
        for c in text
        if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )
    text = " ".join(_FORBIDDEN.sub("_", text).split()).strip(" .")
    stem, dot, last = text.rpartition(".")
    if dot and last.isascii() and last.isalnum() and len(last) <= 5:
        text = stem.strip(" .")
    text = text[: LENGTH - len(ext) - 1].strip(" .")
    if not text or _RESERVED.fullmatch(text.partition(".")[0]):
        text = f"{fallback}-{text}" if text else fallback
    return f"{text}.{ext}"

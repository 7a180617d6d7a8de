"""A font with Chinese characters on this machine: named by HUYING_FONT, or one that systems commonly have."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

PACKAGE = "fonts-noto-cjk"  # what Debian and Ubuntu call the package to install
_USUAL = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/opentype/source-han-sans/SourceHanSansSC-Regular.otf",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/wqy-microhei/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/arphic/uming.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
    "/System/Library/Fonts/STHeiti Medium.ttc",
    "C:/Windows/Fonts/simsun.ttc",
)


@dataclass(frozen=True, slots=True)
class Face:
    """A font file and, in a collection, which of its fonts to take."""

    path: Path
    number: int = 0


class NoFont(Exception):
    """There is no font with Chinese characters here."""


def face() -> Face:
    """The font to draw with. Raises NoFont."""
    named = getattr(settings, "HUYING_FONT", "") or os.environ.get("HUYING_FONT", "")
    # A font that was named and is not there is a mistake to be told, not to be papered over.
    for one in [named] if named else _USUAL:
        if Path(one).is_file():
            return _face(Path(one))
    raise NoFont(named)


@lru_cache(maxsize=4)
def _face(path: Path) -> Face:
    if path.suffix.lower() != ".ttc":
        return Face(path)
    from fontTools.ttLib import TTCollection

    with path.open("rb") as file:
        names = [font["name"].getDebugName(1) or "" for font in TTCollection(file, lazy=True)]
    # The same character is written differently in Japan; simplified Chinese comes first where the file has it.
    number = next((i for i, name in enumerate(names) if name.endswith(" SC") and "Mono" not in name), 0)
    return Face(path, number)

"""The faces that a report is drawn with: free ones in place of the usual ones, which may not be passed on.

    usual                      here
    小标宋 (title, red head)     Noto Serif CJK SC, bold
    仿宋, 楷体 (text)            Noto Serif CJK SC
    黑体 (headings)             Noto Sans CJK SC

The Word document names the usual ones and leaves them to the machine on which it is opened. Where the serif faces are
missing, the one face that case files use (``cases.papers.fonts``) stands for all.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from huying.cases.papers import fonts as usual
from huying.cases.papers.fonts import Face, NoFont

FOLDERS = (
    "/usr/share/fonts/opentype/noto",
    "/usr/share/fonts/noto-cjk",
    "/usr/share/fonts/google-noto-cjk",
)
FILES = {
    "song": "NotoSerifCJK-Bold.ttc",
    "fang": "NotoSerifCJK-Regular.ttc",
    "hei": "NotoSansCJK-Regular.ttc",
}


@dataclass(frozen=True, slots=True)
class Faces:
    """song: titles; fang: text; hei: headings."""

    song: Face
    fang: Face
    hei: Face


def faces() -> Faces:
    """The faces on this machine. Raises NoFont."""
    one = usual.face()
    return Faces(**{name: _find(file) or one for name, file in FILES.items()})


@lru_cache(maxsize=8)
def _find(file: str) -> Face | None:
    for folder in FOLDERS:
        path = Path(folder) / file
        if path.is_file():
            return usual._face(path)
    return None


__all__ = ["Face", "Faces", "NoFont", "faces"]

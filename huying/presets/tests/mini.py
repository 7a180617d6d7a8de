"""The small sound preset that tests start from, and ways to break it."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent / "mini_preset"


def files() -> dict[str, str]:
    """The mini preset: file name → text."""
    return {path.relative_to(HERE).as_posix(): path.read_text("utf-8") for path in sorted(HERE.rglob("*.*"))}


def broken(file: str, before: str, after: str) -> dict[str, str | bytes]:
    """The mini preset with one text of one file replaced; the text must stand there exactly once."""
    made: dict[str, str | bytes] = dict(files())
    text = str(made[file])
    assert text.count(before) == 1, f"{before!r} stands {text.count(before)} times in {file}"
    made[file] = text.replace(before, after)
    return made

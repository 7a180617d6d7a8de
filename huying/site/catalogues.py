"""Compiles the rooms' message catalogues (django.po → django.mo) with Babel, so that no gettext tools are
needed.
"""

from __future__ import annotations

import compileall
import os
import sys
from pathlib import Path

from huying.site.rooms import PACKAGE


def stale() -> list[Path]:
    """The catalogues whose compiled form is missing or older."""
    found = []
    for source in sorted(PACKAGE.glob("*/locale/*/LC_MESSAGES/*.po")):
        made = source.with_suffix(".mo")
        if not made.exists() or made.stat().st_mtime_ns < source.stat().st_mtime_ns:
            found.append(source)
    return found


def compile_all() -> list[Path]:
    """Compile what is stale; returns the compiled files. Fuzzy messages are left out, as gettext does."""
    waiting = stale()
    if not waiting:
        return []
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    made = []
    for source in waiting:
        target = source.with_suffix(".mo")
        fresh = target.with_name(f"{target.name}.{os.getpid()}")
        with source.open("rb") as text:
            catalogue = read_po(text)
        with fresh.open("wb") as out:
            write_mo(out, catalogue)
        fresh.replace(target)  # whole or not at all, for those who read it at this moment
        made.append(target)
    return made


if __name__ == "__main__":
    compiled = compile_all()
    if os.access(PACKAGE, os.W_OK):
        compileall.compile_dir(PACKAGE, quiet=2)
    if compiled:
        sys.stderr.write(f"compiled {len(compiled)} message catalogues\n")

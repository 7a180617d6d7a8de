"""What `npm run build` made: its version and sizes. Without a build pages still work, plain and unstyled."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

DIST = Path(__file__).parent / "static" / "ui" / "dist"


@cache
def built() -> dict[str, Any]:
    """{"version": text, "files": {name: {"bytes": n, "gzip": n}}}, empty when nothing was built."""
    try:
        report: dict[str, Any] = json.loads((DIST / "build.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return report

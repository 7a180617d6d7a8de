"""What this room tells the page frame: where photos go, and the navigation of each family of screens."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from django.http import HttpRequest

from huying.ui.hooks import hooks, url_or_empty


def install() -> None:
    """Answer the frame's questions; each ``frame_<family>.py`` has an ``install()`` of its own."""
    hooks.upload_url = _upload_url
    for module in sorted(path.stem for path in Path(__file__).parent.glob("frame_*.py")):
        import_module(f"{__package__}.{module}").install()


def _upload_url(request: HttpRequest | None) -> str:
    return url_or_empty("cases:upload")

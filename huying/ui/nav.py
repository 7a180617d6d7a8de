"""Entries of the page frames' navigation. Rooms register theirs; the frames show those that the visitor may use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from huying.ui.hooks import url_or_empty


def _always(request: HttpRequest) -> bool:
    return True


@dataclass(frozen=True)
class Entry:
    """One entry. `label` may be lazily translated or a function of the request (for a place's own words)."""

    area: str  # "resident" or "desk"
    label: Any
    icon: str
    url_name: str
    order: int = 50
    group: Any = ""  # heading in the staff sidebar
    phone: bool = False  # also in the bottom bar on phones (at most four, the rest under "more")
    show: Callable[[HttpRequest], bool] = _always
    count: Callable[[HttpRequest], int] | None = None  # a figure beside it, shown when above 0
    urgent: bool = False  # the figure is red


_entries: dict[tuple[str, str], Entry] = {}


def register(*entries: Entry) -> None:
    """Adds entries; the same area and view again replaces the former."""
    for entry in entries:
        if entry.area not in ("resident", "desk"):
            raise ValueError(f"unknown area {entry.area!r}")
        _entries[(entry.area, entry.url_name)] = entry


def entries(area: str, request: HttpRequest) -> list[dict[str, Any]]:
    """Entries of an area for this visitor, in order: label, icon, url, group, phone, count, urgent, current.

    Entries of rooms that are not installed are left out. Exactly one is current at most: the longest address that
    the page's own begins with.
    """
    shown: list[dict[str, Any]] = []
    for entry in sorted(_entries.values(), key=lambda e: e.order):
        if entry.area != area:
            continue
        url = url_or_empty(entry.url_name)
        if not url or not entry.show(request):
            continue
        label = entry.label(request) if callable(entry.label) else entry.label
        shown.append(
            {
                "label": label,
                "icon": entry.icon,
                "url": url,
                "group": str(entry.group),
                "phone": entry.phone,
                "count": entry.count(request) if entry.count else 0,
                "urgent": entry.urgent,
                "current": False,
            }
        )
    # What stands under one heading stands together, where the first of it stands; what has none comes before all.
    headings = list(dict.fromkeys(("", *(e["group"] for e in shown))))
    shown.sort(key=lambda e: headings.index(e["group"]))
    fitting = [
        e
        for e in shown
        if request.path == e["url"] or (e["url"] != "/" and request.path.startswith(e["url"]))
    ]
    if fitting:
        max(fitting, key=lambda e: len(e["url"]))["current"] = True
    return shown

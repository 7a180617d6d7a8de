"""A case's story with its photos: which came with which entry, which show the trouble and which the work done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huying.cases.models import Case
from huying.cases.timeline import Line, Said
from huying.files.models import Kind

TONES = {"danger": "bad", "warning": "wait", "success": "good", "primary": "info", "plain": "neutral"}
ICONS = {
    "bad": "alert-triangle", "wait": "clock", "good": "circle-check", "info": "message-report",
    "neutral": "arrow-right",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as the page shows it; ``files`` came with it."""

    line: Line
    tone: str
    icon: str
    photos: Sequence[Any]
    others: Sequence[Any]
    to: str  # who has it then, unless that is who acted
    said: Sequence[Said]


def entries(lines: Sequence[Line], attachments: Sequence[Any]) -> list[Entry]:
    """The lines with what was attached at the same moment: a move claims its files in its own transaction."""
    by_moment: dict[datetime, list[Any]] = {}
    for one in attachments:
        by_moment.setdefault(one.created_at, []).append(one)
    found = []
    for line in lines:
        came = by_moment.pop(line.at, []) if line.version is not None else []
        if line.version == 1:
            came = []  # what came with the call is shown with the call
        tone = TONES.get(line.tone, "neutral")
        found.append(
            Entry(
                line, tone, ICONS[tone], [one for one in came if one.kind == Kind.PHOTO],
                [one for one in came if one.kind != Kind.PHOTO], line.to if line.to != line.who else "", line.said,
            )
        )  # fmt: skip
    return found


def before_and_after(case: Case, attachments: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """Photos that came with the call, and those that came later with the work."""
    photos = [one for one in attachments if one.kind == Kind.PHOTO]
    before = [one for one in photos if one.created_at <= case.reported_at]
    return before, [one for one in photos if one not in before]

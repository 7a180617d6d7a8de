"""A report put together: what was counted with what people wrote, as a sheet for paper and for the page."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from huying.places.info import PlaceMemory
from huying.reports.models import Report
from huying.reports.papers.sheet import Sheet, ordinal
from huying.reports.periods import written, zone_of

NOTHING = "本期无。"
_CLASSES = {"l": "words", "c": "text-center", "r": "num"}


def blocks(content: Mapping[str, Any], edits: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The blocks in order, headings numbered, texts and choices as people left them."""
    made: list[dict[str, Any]] = []
    count = 0
    for section in content["sections"]:
        inner = _inner(section, edits)
        if section["kind"] == "text" and not inner:
            continue  # an empty text is left out with its heading
        if section["title"]:
            count += 1
            made.append({"t": "h", "text": f"{ordinal(count)}、{section['title']}"})
        remark = str(edits.get("remarks", {}).get(section["id"], "")).strip()
        made += inner or [{"t": "p", "text": NOTHING}]
        if remark:
            made.append({"t": "p", "text": remark})
    return made


def chosen(section: Mapping[str, Any], edits: Mapping[str, Any]) -> list[Any]:
    """The candidates of a section that are told, in the order that was chosen."""
    known = {one["id"]: one for one in section.get("candidates", ())}
    ids = edits.get("chosen", {}).get(section["id"], section.get("chosen", ()))
    return [known[one] for one in ids if one in known]


def _inner(section: Mapping[str, Any], edits: Mapping[str, Any]) -> list[dict[str, Any]]:
    if section["kind"] == "text":
        text = str(edits.get("texts", {}).get(section["id"], section["text"])).strip()
        return [{"t": "p", "text": text}] if text else []
    if "candidates" not in section:
        return list(section["blocks"])
    told = chosen(section, edits)
    found = [{"t": "p", "text": f"（{ordinal(n)}）{one['text']}"} for n, one in enumerate(told, 1)]
    if found and section["kind"] == "named":
        found.append({"t": "p", "text": f"以上单位请在{section['days']}个工作日内整改到位并书面反馈。"})
    return found


def for_page(made: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Blocks for a template: cells of tables with the class that puts figures to the right."""
    found = []
    for block in made:
        shown = dict(block)
        if block["t"] == "table":
            classes = [_CLASSES[one] for one in block["align"]]
            shown["heads"] = list(zip(block["heads"], classes, strict=True))
            shown["rows"] = [list(zip(row, classes, strict=True)) for row in block["rows"]]
        found.append(shown)
    return found


def sheet(memory: PlaceMemory, report: Report, corrects: Report | None = None) -> Sheet:
    """The report as it goes on paper. A draft has neither number nor date, and says that it is one."""
    zone = zone_of(memory)
    issued = report.issued_at.astimezone(zone).date() if report.issued_at is not None else None
    head = report.content
    return Sheet(
        head=head["head"],
        number=report.number or "（草稿）",
        office=head["office"],
        date=written(issued) if issued else "",
        title=report.title,
        blocks=blocks(report.content, report.edits),
        data=moment(report.data_at, memory),
        copies=head["copies"],
        foot=f"{written(issued)}印发" if issued else "",
        corrects=f"本期更正{corrects.number}《{corrects.title}》。" if corrects is not None else "",
        draft="" if issued else "草稿，未经签发，不得外传",
    )


def moment(at: datetime, memory: PlaceMemory) -> str:
    """A moment as papers write it: 2026年11月2日8时05分."""
    local = at.astimezone(zone_of(memory))
    return f"{written(local.date())}{local.hour}时{local.minute:02d}分"


def digest(report: Report) -> str:
    """SHA-256 (hex) of what the report says: number, title, what was counted, what people wrote."""
    said = {
        "number": report.number, "title": report.title, "content": report.content, "edits": report.edits,
        "data_at": report.data_at.isoformat(),
    }  # fmt: skip
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()

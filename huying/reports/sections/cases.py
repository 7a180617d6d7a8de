"""Sections of cases: typical ones in the words approved for the public, and what is open after its limit.

Neither ever holds a name, a telephone number, an address or a caller's own words. Confidential cases, reports of
wrongdoing and complaints about a person or an organ are in no section, not even by number.
"""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q

from huying.cases.models import Case
from huying.cases.naming import item_name, owner_name
from huying.cases.sight import CLOSED_CALLS
from huying.reports.making import Making
from huying.reports.sections.tables import table

OPEN_TO_TELL = (
    Q(confidential=False, erased_at=None, subject_organ_id=None, subject_person_id=None)
    & ~Q(call__in=CLOSED_CALLS)
)  # fmt: skip
CHOICE = 3  # so many times as many as are told are offered to choose from


def of_report(making: Making) -> Any:
    """The cases that a report may tell of: of its area, and nothing that is to be kept."""
    rows = Case.objects.filter(OPEN_TO_TELL, place_id=making.place_id)
    return rows if making.top else rows.filter(path__startswith=making.division.path)


def typical(making: Making, section: Any) -> dict[str, Any]:
    """Cases closed in the period whose public text was approved, best rated and most joined first. One statement."""
    start, end = making.moments()
    rows = (
        of_report(making)
        .filter(public=True, closed_at__gte=start, closed_at__lt=end)
        .exclude(public_text="")
        .order_by(F("satisfaction").desc(nulls_last=True), "-joins", "-closed_at", "id")[
            : section.most * CHOICE
        ]
    )
    found = [_told(making, case) for case in rows]
    return {"candidates": found, "chosen": [one["id"] for one in found[: section.most]]}


def _told(making: Making, case: Case) -> dict[str, str]:
    town = _town(making, case)
    item = item_name(making.preset, case.item)
    joined = f"，{case.joins}人附议" if case.joins else ""
    return {
        "id": str(case.id),
        "number": case.number,
        "title": case.public_title or item,
        "text": f"{town}{item}事项（{case.number}{joined}）。{case.public_text.strip()}",
    }


def _town(making: Making, case: Case) -> str:
    if case.division_id is None or case.division_id not in making.memory.divisions:
        return ""
    below = making.memory.division(case.division_id).ancestors[1:2]
    return making.memory.division(below[0]).name if below else ""


def overdue(making: Making, section: Any) -> dict[str, Any]:
    """What is open after its limit at this moment, longest overdue first: number, item, with whom, since when.

    Two statements, over open cases only."""
    rows = of_report(making).filter(closed_at=None, paused_at=None, due_at__lt=making.now)
    count = rows.count()
    calendar = making.memory.calendar(None)
    shown = [
        [
            case.number, item_name(making.preset, case.item) or "—", _town(making, case) or "—",
            owner_name(making.memory, case.owner_key) or "—", f"{calendar.local(case.due_at):%m-%d}",
            _days(making, case.due_at),
        ]
        for case in rows.order_by("due_at", "id")[: section.most]
    ]  # fmt: skip
    if not shown:
        return {"blocks": []}
    blocks = [
        table(["编号", "事项", "属地", "责任单位", "期限", "超期"], shown, [38, 32, 22, 32, 14, 22], "lllllr")
    ]
    if count > len(shown):
        blocks.append({"t": "note", "text": f"注：共{count}件，列出超期最久的{len(shown)}件。"})
    return {"blocks": blocks, "count": count}


def _days(making: Making, due: Any) -> str:
    calendar = making.memory.calendar(None)
    days = calendar.closed_workdays(making.now) - calendar.closed_workdays(due)
    return f"{days}个工作日" if days >= 1 else "不足1日"

"""Sections of organs: refused returns, orders, bulletins, deductions, and the organs that a special report names.

Always organs, never people: nobody is ranked or blamed by name (law 7).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from django.apps import apps

from huying.cases.models import Case
from huying.cases.naming import owner_name
from huying.reports.making import Making
from huying.reports.models import Refusal
from huying.reports.sections.cases import OPEN_TO_TELL
from huying.reports.sections.tables import table

Made = dict[str, Any]
LEVELS = {1: "普通", 2: "黄牌", 3: "红牌"}
NUMBERS = 5  # case numbers given for an organ


def _refusals(making: Making) -> list[Refusal]:
    start, end = making.moments()
    rows = Refusal.objects.filter(place_id=making.place_id, at__gte=start, at__lt=end)
    if not making.top:
        rows = rows.filter(path__startswith=making.division.path)
    return list(rows.order_by("at", "id"))


def shirking(making: Making, section: Any) -> Made:
    """Organs whose returns were not accepted in the period, with the numbers of the cases. Two statements."""
    rows = [one for one in _refusals(making) if one.move in section.moves]
    ids = {one.case_id for one in rows}
    known = Case.objects.filter(OPEN_TO_TELL, place_id=making.place_id, id__in=ids).values_list(
        "id", "number"
    )
    numbers = dict(known) if ids else {}
    by_organ: dict[int, list[str]] = defaultdict(list)
    for one in rows:
        if one.case_id in numbers:
            by_organ[one.organ_id].append(numbers[one.case_id])
    order = sorted(by_organ.items(), key=lambda one: (-len(one[1]), one[0]))
    shown = [
        [str(n), making.name("organ", organ), str(len(found)), _some(list(dict.fromkeys(found)))]
        for n, (organ, found) in enumerate(order[: section.most], 1)
    ]
    if not shown:
        return {"blocks": []}
    return {"blocks": [table(["序号", "单位", "次数", "事项编号"], shown, [14, 50, 16, 76], "clrl")]}


def _some(numbers: list[str]) -> str:
    told = "、".join(numbers[:NUMBERS])
    return f"{told}等{len(numbers)}件" if len(numbers) > NUMBERS else told


def orders(making: Making, section: Any) -> Made:
    """The supervision orders issued in the period and how they stand. One statement."""
    if not apps.is_installed("huying.supervise"):
        return {"blocks": []}
    from huying.supervise import queries as supervise

    rows = supervise.orders(making.place_id, *making.moments())
    calendar = making.memory.calendar(None)

    def day(at: Any) -> str:
        return f"{calendar.local(at):%m-%d}" if at is not None else "—"

    shown = [
        [
            one.number, making.name("organ", one.organ_id), LEVELS.get(one.level, str(one.level)),
            day(one.issued_at), day(one.due_at), _stands(one, making.now),
        ]
        for one in rows[: section.most]
    ]  # fmt: skip
    if not shown:
        return {"blocks": []}
    blocks = [
        table(
            ["编号", "被督办单位", "级别", "发出", "期限", "状态"], shown, [32, 44, 18, 18, 18, 26], "llcccl"
        )
    ]
    if len(rows) > len(shown):
        blocks.append({"t": "note", "text": f"注：共{len(rows)}件，列出{len(shown)}件。"})
    return {"blocks": blocks}


def _stands(one: Any, now: Any) -> str:
    late = "（逾期）" if one.overdue(now) else ""
    if one.closed_at is not None:
        return f"已办结{late}"
    return f"已答复待审{late}" if one.answered_at is not None else f"整改中{late}"


def bulletins(making: Making, section: Any) -> Made:
    """The bulletins issued from orders in the period. One statement."""
    if not apps.is_installed("huying.supervise"):
        return {"blocks": []}
    from huying.supervise import queries as supervise

    calendar = making.memory.calendar(None)
    shown = [
        [one.number, making.name("organ", one.organ_id), one.title, f"{calendar.local(one.issued_at):%m-%d}"]
        for one in supervise.bulletins(making.place_id, *making.moments())[: section.most]
    ]
    if not shown:
        return {"blocks": []}
    return {"blocks": [table(["编号", "单位", "题目", "日期"], shown, [32, 44, 60, 20], "lllc")]}


def deductions(making: Making, section: Any) -> Made:
    """Points taken off units in the period, summed by unit and rule."""
    if not apps.is_installed("huying.reviews"):
        return {"blocks": []}
    from huying.reviews import queries as reviews

    start, end = making.period.start, making.period.end
    rows = [one for one in reviews.deductions(making.place_id, start, end) if one.counts]
    sums: dict[tuple[str, str], list[float]] = defaultdict(list)
    for row in rows:
        sums[row.organ, row.rule_name].append(float(row.points))
    order = sorted(sums.items(), key=lambda one: (-sum(one[1]), one[0]))
    shown = [
        [unit, rule, str(len(found)), f"{sum(found):g}"] for (unit, rule), found in order[: section.most]
    ]
    if not shown:
        return {"blocks": []}
    return {"blocks": [table(["单位", "事由", "次数", "扣分"], shown, [50, 66, 20, 20], "llrr")]}


def named(making: Making, section: Any) -> Made:
    """The organs that the report names, each with what for; whoever writes the report may leave one out."""
    late: Counter[int] = Counter()
    if section.overdue:
        keys = Case.objects.filter(
            OPEN_TO_TELL, place_id=making.place_id, closed_at=None, paused_at=None, due_at__lt=making.now,
            owner_key__startswith="organ:",
        ).values_list("owner_key", flat=True)  # fmt: skip
        late.update(int(key.partition(":")[2]) for key in keys)
    refused = Counter(one.organ_id for one in _refusals(making)) if section.shirking else Counter()
    found = []
    for organ in sorted(set(late) | set(refused), key=lambda one: (-late[one] - refused[one], one)):
        reasons = []
        if section.overdue and late[organ] >= section.overdue:
            reasons.append(f"超期未办结{late[organ]}件")
        if section.shirking and refused[organ] >= section.shirking:
            reasons.append(f"退单未获认可{refused[organ]}次")
        if reasons:
            name = owner_name(making.memory, f"organ:{organ}") or making.name("organ", organ)
            found.append({"id": str(organ), "title": name, "text": f"{name}：{'，'.join(reasons)}。"})
    found = found[: section.most]
    return {"candidates": found, "chosen": [one["id"] for one in found], "days": section.days}

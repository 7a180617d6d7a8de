"""Before and after, pilots against the rest (ZJ10): what a change brought, computed from the data of both sides."""

from __future__ import annotations

from datetime import date
from typing import Any

from huying.indicators.periods import Period
from huying.reports import figures as written
from huying.reports.making import Making
from huying.reports.naming import indicator_name
from huying.reports.periods import between
from huying.reports.sections.tables import table


def stretches(cut: date, end: date, months: int) -> tuple[Period, Period] | None:
    """As many whole months before the cut as after it, at most *months*; None before a month has gone by."""
    passed = (end.year - cut.year) * 12 + end.month - cut.month - (end.day < cut.day)
    count = min(passed, months)
    if count < 1:
        return None
    return Period(_moved(cut, -count), cut), Period(cut, _moved(cut, count))


def _moved(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, min(day.day, 28))


def effect(making: Making, section: Any) -> dict[str, Any]:
    """A row for each indicator: pilots before, after and changed; the rest before, after and changed."""
    pilots = {row.id for code in section.pilots if (row := making.memory.by_code(code)) is not None}
    both = stretches(section.cut, making.period.end, section.months) if section.cut is not None else None
    if both is None or not pilots:
        return {"blocks": []}
    tier = making.memory.division(min(pilots)).tier
    before, after = (making.level(tier, one) for one in both)
    rows = []
    for ident in section.indicators:
        cells = [indicator_name(making.preset, ident)]
        for chosen in (True, False):
            then, now = (
                written.together(
                    held.get(ident) for key, held in level.items() if key and (key in pilots) == chosen
                )
                for level in (before, after)
            )
            cells += [written.value(then), written.value(now), written.change(now, then)]
        rows.append(cells)
    heads = ["指标", "试点前", "试点后", "变化", "其他地区前", "其他地区后", "变化"]
    names = "、".join(making.memory.division(one).name for one in sorted(pilots))
    spans = [between(one.start, one.last) for one in both]
    return {
        "blocks": [
            table(heads, rows, [28, 18, 18, 26, 22, 22, 26], "lrrrrrr"),
            {"t": "note", "text": f"注：试点为{names}；试点前为{spans[0]}，试点后为{spans[1]}。前后与对照均由平台数据计算，未作因果推断。"},
        ]
    }  # fmt: skip

"""Sections of figures: the table with comparisons, rankings of units, charts, what was asked for most."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import apps

from huying.indicators import queries as indicators
from huying.indicators.periods import Period
from huying.reports import figures as written
from huying.reports.making import Making
from huying.reports.naming import direction, indicator_name, measure_name, unit_of

Made = dict[str, Any]
MOST_FEW = 20  # units without a rank that are named
COMPARED = {"before": "环比", "year_before": "同比"}
ABOUT = {
    "organ": "单位",
    "town": "乡镇（街道）",
    "village": "村（社区）",
    "grid": "网格",
    "item": "事项",
    "channel": "渠道",
}


def figures_table(making: Making, section: Any) -> Made:
    """The named indicators with numerator and denominator, and the changes against the periods before."""
    own = making.own()
    rows, used = [], []
    for ident in section.indicators:
        now, before, year = own.get(ident, (None, None, None))
        used.append(now)
        name = indicator_name(making.preset, ident)
        changes = {"before": before, "year_before": year}
        rows.append(
            [
                name, _marked(now), written.parts(now),
                *(written.change(now, changes[one]) for one in section.compare),
            ]
        )  # fmt: skip
    heads = ["指标", "本期", "分子/分母", *(COMPARED[one] for one in section.compare)]
    blocks = [table(heads, rows, [34, 18, 24, *([26] * len(section.compare))], "l" + "r" * (len(heads) - 1))]
    blocks += _notes(making, used)
    return {"blocks": blocks}


def _marked(figure: Any) -> str:
    text = written.value(figure)
    return text + written.SMALL if _few(figure) else text


def _few(figure: Any) -> bool:
    return figure is not None and figure.small and figure.value is not None and figure.unit == "percent"


def _notes(making: Making, used: Sequence[Any]) -> list[Made]:
    texts = []
    out = written.left_out(used)
    if out:
        texts.append(
            "比率中不含：" + "、".join(f"{measure_name(name)}{n}件" for name, n in out.items()) + "。"
        )
    if any(_few(one) for one in used):
        texts.append(f"带{written.SMALL}的样本较少，仅供参考，不作比较。")
    return [{"t": "note", "text": "注：" + "".join(texts)}] if texts else []


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int], align: str) -> Made:
    """A block of a table."""
    return {"t": "table", "heads": list(heads), "rows": [list(row) for row in rows], "widths": list(widths), "align": align}  # fmt: skip


def ranking(making: Making, section: Any) -> Made:
    """Units in order of one indicator, with numerator and denominator; too few cases are shown and not ranked."""
    order = section.order or section.indicators[0]
    found = making.level(section.by)
    lower = direction(making.preset, order) == "lower"
    ranked: list[Any] = []
    few: list[Any] = []
    for key, held in found.items():
        figure = held.get(order)
        if key in (0, None, "") or figure is None or figure.value is None:
            continue
        (few if figure.small or figure.denominator < section.least else ranked).append((key, held, figure))
    ranked.sort(key=lambda one: (one[2].value if lower else -one[2].value, -one[2].denominator, str(one[0])))
    few.sort(key=lambda one: making.name(section.by, one[0]))
    rows, place, last = [], 0, None
    for number, (key, held, figure) in enumerate(ranked, 1):
        if figure.value != last:  # equals share a place
            place, last = number, figure.value
        rows.append(_ranked(making, section, str(place), key, held))
    rows = rows[: section.most]
    note = f"样本不足{section.least}件的不排名：" + "、".join(making.name(section.by, key) for key, *_ in few)
    columns = [indicator_name(making.preset, one) for one in section.indicators]
    widths = [12, 58, *([max(18, 86 // len(columns))] * len(columns))]
    blocks = (
        [table(["位次", ABOUT[section.by], *columns], rows, widths, "cl" + "r" * len(columns))]
        if rows
        else []
    )
    if few:
        blocks.append({"t": "note", "text": f"注：{note}。"})
    return {"blocks": blocks}


def _ranked(making: Making, section: Any, place: str, key: Any, held: Any) -> list[str]:
    cells = []
    for one in section.indicators:
        figure = held.get(one)
        text = written.value(figure)
        parts = written.parts(figure)
        cells.append(text if parts == written.NONE or text == written.NONE else f"{text}（{parts}）")
    return [place, making.name(section.by, key), *cells]


def standings(making: Making, section: Any) -> Made:
    """The places of units by the appraisal of the reviews room (scores less deductions), as it stands."""
    if not apps.is_installed("huying.reviews"):
        return {"blocks": []}
    from huying.reviews import queries as reviews

    found = reviews.standings(making.place_id, making.period, section.level)
    ranked = [one for one in found.rows if one.rank is not None]
    few = [one.name for one in found.rows if one.rank is None]
    shown = [
        [str(one.rank), one.name, _points(one.points), _points(one.taken), _points(one.total)]
        for one in sorted(ranked, key=lambda one: (one.rank, one.unit_id))[: section.most]
    ]
    heads = ["位次", ABOUT[section.level], "考核分", "扣分", "得分"]
    blocks = [table(heads, shown, [16, 66, 24, 24, 26], "clrrr")] if shown else []
    if few:
        more = f"等{len(few)}个" if len(few) > MOST_FEW else ""
        blocks.append({"t": "note", "text": f"注：样本不足的不排名：{'、'.join(few[:MOST_FEW])}{more}。"})
    return {"blocks": blocks}


def _points(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def chart(making: Making, section: Any) -> Made:
    """One indicator over time, or by group."""
    ident = section.indicators[0]
    unit = unit_of(making.preset, ident)
    times, mark = (100.0, "%") if unit == "percent" else (1.0, "")
    name = indicator_name(making.preset, ident)
    if section.step:
        by, key = ("place", None) if making.top else (making.division.tier, making.division.id)
        found = indicators.series(making.place_id, ident, _stretch(making, section), section.step, by, key)
        labels = [_label(period, section.step) for period, _ in found]
        values = [None if one.value is None else round(one.value * times, 1) for _, one in found]
        kind, title = "line", f"{name}（按{ {'day': '日', 'week': '周', 'month': '月'}[section.step] }）"
    else:
        rows = [(key, held[ident]) for key, held in making.level(section.by).items() if ident in held]
        rows = [(key, one) for key, one in rows if one.value and key not in (0, None, "")]
        rows.sort(key=lambda one: (-(one[1].value or 0), str(one[0])))
        rows = rows[: section.most]
        labels = [making.name(section.by, key) for key, _ in rows]
        values = [round((one.value or 0) * times, 1) for _, one in rows]
        kind, title = "bars", f"{name}（按{ABOUT[section.by]}）"
    if not any(values):
        return {"blocks": []}
    return {"blocks": [{"t": kind, "title": title, "labels": labels, "values": values, "unit": mark}]}


def _stretch(making: Making, section: Any) -> Period:
    period = making.period
    if not section.span:
        return period
    parts = period.parts(section.step)
    start = parts[-1].start
    for _ in range(section.span - 1):
        start = Period(start, parts[-1].end).parts(section.step)[0].start
        start = _step_back(start, section.step)
    return Period(start, period.end)


def _step_back(start: Any, step: str) -> Any:
    from datetime import timedelta

    if step == "month":
        return (start - timedelta(days=1)).replace(day=1)
    return start - timedelta(days=7 if step == "week" else 1)


def _label(period: Period, step: str) -> str:
    return (
        f"{period.start.year % 100:02d}-{period.start.month:02d}"
        if step == "month"
        else f"{period.start:%m-%d}"
    )


def topics(making: Making, section: Any) -> Made:
    """What was asked for most, with the period before: the matters that rise come to the eye."""
    ident = section.indicators[0]
    now, before = making.level("item"), making.level("item", making.period.before())
    rows = []
    for key, held in now.items():
        figure = held.get(ident)
        if key in ("", None) or figure is None or (figure.value or 0) < section.least:
            continue
        rows.append((key, figure, before.get(key, {}).get(ident)))
    rows.sort(key=lambda one: (-(one[1].value or 0), str(one[0])))
    shown = [
        [str(n), making.name("item", key), written.value(one), "0" if then is None else written.value(then), written.change(one, then)]
        for n, (key, one, then) in enumerate(rows[: section.most], 1)
    ]  # fmt: skip
    if not shown:
        return {"blocks": []}
    return {
        "blocks": [
            table(["序号", "事项", "本期件数", "上期件数", "环比"], shown, [14, 70, 22, 22, 28], "clrrr")
        ]
    }

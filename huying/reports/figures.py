"""Figures as official papers write them: values, changes, and what is too small to say anything.

A report is an official paper in Chinese, whatever language the screens are in; so are the words here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from huying.indicators.queries import Figure

NONE = "—"
SMALL = "*"  # stands after a figure that rests on few cases


def value(figure: Figure | None) -> str:
    """95.2%, 86.4分 or 1234; "—" when there is nothing to reckon with."""
    if figure is None or figure.value is None:
        return NONE
    if figure.unit == "percent":
        return share(figure.value)
    text = f"{figure.value:.1f}".removesuffix(".0")
    return f"{text}分" if figure.unit == "points" else text


def share(value: float) -> str:
    """A share in per cent with one decimal; 100% only when it is whole, 0% only when it is nothing."""
    tenths = round(value * 1000)
    if tenths == 1000 and value < 1:
        tenths = 999
    if tenths == 0 and value > 0:
        tenths = 1
    return f"{tenths / 10:.1f}".removesuffix(".0") + "%"


def change(now: Figure | None, then: Figure | None) -> str:
    """+1.2个百分点, −12.5%, 持平; "—" when one of the two says nothing."""
    if now is None or then is None or now.value is None or then.value is None:
        return NONE
    if now.unit == "percent" and (now.small or then.small):
        return NONE  # of a handful of cases one more or less is not a change
    if now.unit in ("percent", "points"):
        times, unit = (100.0, "个百分点") if now.unit == "percent" else (1.0, "分")
        found = _signed(round((now.value - then.value) * times, 1))
        return found + unit if found else "持平"
    if not then.value:
        return NONE if now.value else "持平"
    found = _signed(round((now.value - then.value) / then.value * 100, 1))
    return f"{found}%" if found else "持平"


def _signed(number: float) -> str:
    if not number:
        return ""
    return ("+" if number > 0 else "−") + f"{abs(number):.1f}".removesuffix(".0")


def told(now: Figure | None, then: Figure | None, word: str) -> str:
    """The change in words for a sentence: 环比上升1.2个百分点, 同比减少12.5%, 环比持平, 无环比数据."""
    found = change(now, then)
    if found == NONE or now is None:
        return f"无{word}数据"
    if found == "持平":
        return f"{word}持平"
    up, down = ("上升", "下降") if now.unit in ("percent", "points") else ("增加", "减少")
    return f"{word}{up if found[0] == '+' else down}{found[1:]}"


def parts(figure: Figure | None) -> str:
    """Numerator and denominator: 234/240; "—" for a plain number."""
    if figure is None or figure.unit != "percent":
        return NONE
    return f"{figure.numerator:g}/{figure.denominator:g}"


def together(figures: Iterable[Figure | None]) -> Figure | None:
    """Several areas as one: numerators and denominators are added up. Scores cannot be added: None."""
    there = [one for one in figures if one is not None]
    if not there or there[0].unit == "points":
        return None
    first = there[0]
    top = sum(one.numerator for one in there)
    if first.unit == "percent":
        bottom = sum(one.denominator for one in there)
        found = top / bottom if bottom else None
    else:
        bottom, found = 0.0, float(sum(one.value or 0 for one in there))
    return Figure(
        first.indicator, found, top, bottom, {}, first.unit, first.direction, small=all(one.small for one in there)
    )  # fmt: skip


def left_out(figures: Iterable[Figure | None]) -> Mapping[str, int]:
    """What the figures leave out, by measure: the greatest number said for each."""
    found: dict[str, int] = {}
    for one in figures:
        for name, count in one.excluded.items() if one is not None else ():
            found[name] = max(found.get(name, 0), count)
    return {name: count for name, count in found.items() if count}

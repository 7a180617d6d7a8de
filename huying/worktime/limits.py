"""What a limit says: an amount and a unit, read from the words that presets and handbooks use."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class LimitError(ValueError):
    """A limit that cannot be understood; the message says what to write instead."""


class Unit(StrEnum):
    """The units a limit may be counted in. Working units run only while the office is open."""

    WORK_MINUTE = "work_minute"
    WORK_HOUR = "work_hour"
    WORKDAY = "workday"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"

    @property
    def working(self) -> bool:
        """True when the clock stands still outside office hours."""
        return self in _WORKING


_WORKING = frozenset({Unit.WORK_MINUTE, Unit.WORK_HOUR, Unit.WORKDAY})

# Longest limit accepted, per unit. A typing slip ("30000 days") should fail the preset check
# and not become a promise to a resident.
_MOST = {
    Unit.WORK_MINUTE: 100_000,
    Unit.WORK_HOUR: 2_000,
    Unit.WORKDAY: 750,
    Unit.MINUTE: 1_500_000,
    Unit.HOUR: 26_304,
    Unit.DAY: 1_096,
}

_EN = {
    Unit.WORK_MINUTE: ("work minute", "work minutes"),
    Unit.WORK_HOUR: ("work hour", "work hours"),
    Unit.WORKDAY: ("workday", "workdays"),
    Unit.MINUTE: ("minute", "minutes"),
    Unit.HOUR: ("hour", "hours"),
    Unit.DAY: ("day", "days"),
}
_ZH = {
    Unit.WORK_MINUTE: "个工作分钟",
    Unit.WORK_HOUR: "个工作时",
    Unit.WORKDAY: "个工作日",
    Unit.MINUTE: "分钟",
    Unit.HOUR: "小时",
    Unit.DAY: "个自然日",
}

_WORDS: dict[str, Unit] = {
    "work minute": Unit.WORK_MINUTE,
    "work minutes": Unit.WORK_MINUTE,
    "working minute": Unit.WORK_MINUTE,
    "working minutes": Unit.WORK_MINUTE,
    "工作分钟": Unit.WORK_MINUTE,
    "work hour": Unit.WORK_HOUR,
    "work hours": Unit.WORK_HOUR,
    "working hour": Unit.WORK_HOUR,
    "working hours": Unit.WORK_HOUR,
    "工作时": Unit.WORK_HOUR,
    "工作小时": Unit.WORK_HOUR,
    "工时": Unit.WORK_HOUR,
    "workday": Unit.WORKDAY,
    "workdays": Unit.WORKDAY,
    "work day": Unit.WORKDAY,
    "work days": Unit.WORKDAY,
    "working day": Unit.WORKDAY,
    "working days": Unit.WORKDAY,
    "工作日": Unit.WORKDAY,
    "工作天": Unit.WORKDAY,
    "minute": Unit.MINUTE,
    "minutes": Unit.MINUTE,
    "min": Unit.MINUTE,
    "分钟": Unit.MINUTE,
    "分": Unit.MINUTE,
    "hour": Unit.HOUR,
    "hours": Unit.HOUR,
    "小时": Unit.HOUR,
    "钟头": Unit.HOUR,
    "自然时": Unit.HOUR,
    "day": Unit.DAY,
    "days": Unit.DAY,
    "natural day": Unit.DAY,
    "natural days": Unit.DAY,
    "calendar day": Unit.DAY,
    "calendar days": Unit.DAY,
    "天": Unit.DAY,
    "日": Unit.DAY,
    "自然日": Unit.DAY,
    "自然天": Unit.DAY,
    "日历日": Unit.DAY,
}

_SHAPE = re.compile(
    r"([0-9]+(?:\.[0-9]+)?|[零〇一二两三四五六七八九十百]+|半)\s*个?\s*(半)?\s*个?\s*(\D+)", re.ASCII
)
_DIGITS = {"〇": 0, "两": 2} | {digit: i for i, digit in enumerate("零一二三四五六七八九")}
_HOW = (
    'write a whole number and a unit, such as "2 work hours", "3 workdays", "24 hours", "5 days", '
    '"30 minutes" (or 2个工作时, 3个工作日, 24小时, 5个自然日, 30分钟)'
)


@dataclass(frozen=True, slots=True, order=False)
class Limit:
    """An amount (whole, at least 1) of a unit: ``Limit(3, Unit.WORKDAY)`` is three workdays."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if isinstance(self.amount, bool) or not isinstance(self.amount, int):
            raise LimitError(f"the amount of a limit is a whole number, not {self.amount!r}")
        if self.amount < 1:
            raise LimitError(f"a limit is at least 1, not {self.amount}: {_HOW}")
        most = _MOST[self.unit]
        if self.amount > most:
            raise LimitError(f"{self.amount} {_EN[self.unit][1]} is too long: at most {most} are accepted")

    def __str__(self) -> str:
        """English words that ``parse_limit`` reads back to the same limit."""
        return f"{self.amount} {_EN[self.unit][self.amount != 1]}"

    def label(self, language: str = "zh") -> str:
        """The limit in Chinese ("3个工作日") or, for a language beginning with "en", in English."""
        return str(self) if language.lower().startswith("en") else f"{self.amount}{_ZH[self.unit]}"


def parse_limit(text: str | Limit) -> Limit:
    """Read a limit such as "2 work hours" or "3个工作日".

    Hours may have a fraction that comes to whole minutes ("1.5 work hours" is 90 work minutes).
    Raises ``LimitError`` (a ``ValueError``) with a message that says how to write it.
    """
    if isinstance(text, Limit):
        return text
    if not isinstance(text, str):
        raise LimitError(f"{text!r} is not a limit: {_HOW}")
    words = " ".join(_plain(text).lower().split())
    if not words:
        raise LimitError(f"the limit is empty: {_HOW}")
    found = _SHAPE.fullmatch(words)
    if found is None:
        raise LimitError(f'"{text}" is not a limit: {_HOW}')
    number, half, word = found.groups()
    unit = _WORDS.get(word.strip())
    if unit is None:
        raise LimitError(f'"{word.strip()}" in "{text}" is not a unit of time that limits know: {_HOW}')
    amount = _amount(number, text) + (Fraction(1, 2) if half else 0)
    if amount.denominator != 1:
        amount, unit = _whole(amount, unit, text)
    return Limit(int(amount), unit)


def _plain(text: str) -> str:
    """Full-width digits, points and spaces, common in forms typed in Chinese, as plain ones."""
    return "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in text)


def _amount(number: str, text: str) -> Fraction:
    if number == "半":
        return Fraction(1, 2)
    if number[0].isascii():
        return Fraction(number)
    return Fraction(_chinese(number, text))


def _chinese(number: str, text: str) -> int:
    """Chinese numerals up to 999: 三, 十, 十五, 二十, 三十六, 一百, 一百二十, 一百零五."""
    total, digit, last = 0, None, 1000
    for c in number:
        size = {"十": 10, "百": 100}.get(c)
        if size is None:
            if digit is not None and digit != 0:
                raise LimitError(f'the number "{number}" in "{text}" cannot be read: write it in digits')
            digit = _DIGITS[c]
            continue
        if size >= last:
            raise LimitError(f'the number "{number}" in "{text}" cannot be read: write it in digits')
        total += (1 if digit is None else digit) * size
        digit, last = None, size
    return total + (digit or 0)


def _whole(amount: Fraction, unit: Unit, text: str) -> tuple[Fraction, Unit]:
    """A fraction of hours as minutes; half days have no agreed end, so they are refused."""
    finer = {Unit.HOUR: Unit.MINUTE, Unit.WORK_HOUR: Unit.WORK_MINUTE}.get(unit)
    minutes = amount * 60
    if finer is None or minutes.denominator != 1:
        raise LimitError(f'"{text}" is not a whole number of {_EN[unit][1]}: write it in hours or minutes')
    return minutes, finer

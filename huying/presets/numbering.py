"""Case numbers as a preset writes them: ``HN{yyyymmdd}-{seq5}``."""

from __future__ import annotations

import re
from datetime import date

_PART = re.compile(r"\{([^{}]*)\}")
_SEQ = re.compile(r"seq([1-9])\Z")
_DATES = {
    "yyyy": "%Y",
    "yy": "%y",
    "mm": "%m",
    "dd": "%d",
    "yyyymm": "%Y%m",
    "yyyymmdd": "%Y%m%d",
    "yymmdd": "%y%m%d",
}
KNOWN = (*_DATES, "seq5")


def problem(pattern: str) -> str:
    """What is wrong with the pattern, or ''."""
    if not pattern or len(pattern) > 40:
        return "it is empty or longer than 40 characters"
    names = _PART.findall(pattern)
    for name in names:
        if name not in _DATES and not _SEQ.match(name):
            return f"“{{{name}}}” is not known"
    if sum(bool(_SEQ.match(name)) for name in names) != 1:
        return "it needs exactly one running number such as {seq5}"
    rest = _PART.sub("", pattern)
    if "{" in rest or "}" in rest or not re.fullmatch(r"[\w.-]*", rest):
        return "outside the braces only letters, digits, “-”, “_” and “.” may stand"
    return ""


def period(pattern: str, day: date) -> str:
    """The part of a number that says which series it belongs to: the running number starts again in each."""
    return "".join(day.strftime(_DATES[name]) for name in _PART.findall(pattern) if name in _DATES)


def render(pattern: str, day: date, sequence: int) -> str:
    """The number of the *sequence*-th case (from 1) of *day*, the local date of the place."""

    def part(match: re.Match[str]) -> str:
        name = match[1]
        found = _SEQ.match(name)
        return f"{sequence:0{found[1]}d}" if found else day.strftime(_DATES[name])

    return _PART.sub(part, pattern)

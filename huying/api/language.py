"""The language of an answer: what ``Accept-Language`` asks for, of those we have; Chinese otherwise."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=512)
def of_header(header: str) -> str:
    """The Django language code for an ``Accept-Language`` header; "" gives the default."""
    best, weight = "zh-hans", 0.0
    for part in header[:200].split(","):
        tag, _sep, q = part.strip().partition(";q=")
        try:
            value = float(q) if q else 1.0
        except ValueError:
            continue
        code = "en" if tag.lower().startswith("en") else "zh-hans" if tag.lower().startswith("zh") else ""
        if code and value > weight:
            best, weight = code, value
    return best


def of_preset(code: str) -> str:
    """The same as presets name it."""
    return "en" if code.startswith("en") else "zh"

"""A place's own words. The interface asks by key; what a preset does not name falls back to a plain word."""

from __future__ import annotations

from huying.presets.definition import Preset, Words

#: Every key that the interface may ask for, with the plain word used when a preset has none of its own.
DEFAULTS: dict[str, Words] = {
    "case": Words("事项", "case"),
    "cases": Words("事项", "cases"),
    "report": Words("上报", "Report"),
    "ask": Words("我要反映", "Report something"),
    "reporter": Words("上报人", "reporter"),
    "caller": Words("诉求人", "caller"),
    "whistle": Words("联办请求", "call for organs"),
    "arrive": Words("签收", "sign for"),
    "arrived": Words("已签收", "signed for"),
    "owner_organ": Words("承办部门", "organ in charge"),
    "leg": Words("分办任务", "part"),
    "legs": Words("分办任务", "parts"),
    "centre": Words("中心", "centre"),
    "desk": Words("值班台", "desk"),
    "settle": Words("确权", "settling whose duty"),
    "precedent": Words("先例", "precedent"),
    "urge": Words("催办", "urge"),
    "supervise": Words("督办", "supervision order"),
    "bulletin": Words("通报", "bulletin"),
    "shelf": Words("挂账", "shelf"),
    "handbook": Words("事项清单", "list of items"),
    "item": Words("事项", "item"),
    "grid": Words("网格", "grid"),
    "grid_worker": Words("网格员", "grid worker"),
    "division": Words("区划", "division"),
    "household": Words("户", "household"),
    "village": Words("村（社区）", "village or community"),
    "town": Words("乡镇街道", "town or street"),
    "county": Words("县", "county"),
    "organ": Words("部门", "organ"),
    "rating": Words("评价", "rating"),
}


def word(preset: Preset | None, key: str, lang: str = "zh") -> str:
    """The place's word for *key* in *lang*; the plain word when it has none (or there is no preset); the key
    itself when nobody knows it."""
    own = preset.words.get(key) if preset is not None else None
    if own is None:
        own = DEFAULTS.get(key)
    return own.text(lang) if own is not None else key

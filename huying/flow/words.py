"""Spellings: relations, limits, spans, effects — text of a preset to frozen values. No files, no lines here:
a bad spelling raises SpellingError with a sentence; the reader of the flow adds the place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from .definition import (
    DAYS,
    EFFECTS,
    HOURS,
    MINUTES,
    RELATIONS,
    WORK_HOURS,
    WORK_MINUTES,
    WORKDAYS,
    By,
    Effect,
    Limit,
    Relation,
    Span,
)


class SpellingError(Exception):
    """`code` names the defect, `args` what it is about."""

    def __init__(self, code: str, **about: object) -> None:
        super().__init__(code)
        self.code = code
        self.about = about


_UNITS = {
    "work minute": WORK_MINUTES, "work minutes": WORK_MINUTES, "working minutes": WORK_MINUTES,
    "work hour": WORK_HOURS, "work hours": WORK_HOURS, "working hours": WORK_HOURS, "工作时": WORK_HOURS,
    "工作小时": WORK_HOURS, "workday": WORKDAYS, "workdays": WORKDAYS, "work day": WORKDAYS, "work days": WORKDAYS,
    "working days": WORKDAYS, "工作日": WORKDAYS, "minute": MINUTES, "minutes": MINUTES, "分钟": MINUTES,
    "hour": HOURS, "hours": HOURS, "小时": HOURS, "day": DAYS, "days": DAYS, "天": DAYS, "日": DAYS,
    "自然日": DAYS,
}  # fmt: skip
_SPAN = re.compile(r"\s*(\d+(?:\.\d+)?)\s*个?\s*([a-z ]+|[一-龥]+)\s*\Z", re.IGNORECASE)


def parse_span(text: str) -> Span | None:
    """``2 work hours``, ``3 workdays``, ``24 hours``, ``10 minutes``, ``5个工作日``; None for anything else."""
    match = _SPAN.match(text)
    if match is None:
        return None
    unit = _UNITS.get(" ".join(match.group(2).lower().split()))
    amount = float(match.group(1))
    if unit is None or not 0 < amount <= 10000:
        return None
    return Span(int(amount) if amount == int(amount) else amount, unit)


_NAME = re.compile(r"[^\W\d][\w-]*\Z")


def parse_limit(text: str, phase: str, because: str = "") -> Limit:
    """``2 work hours`` · ``item`` · ``item.handle`` · a date field's id · ``none``; ``X else Y``."""
    first, _, rest = text.partition(" else ")
    otherwise = parse_limit(rest, phase) if rest else None
    word = first.strip()
    span = parse_span(word)
    if span is not None:
        return Limit("span", span=span, otherwise=otherwise, text=text)
    if word == "none":
        return Limit("none", because=because, text=text)
    if word == "item" or word.startswith("item."):
        name = word[5:] or ("accept" if phase == "accept" else "handle")
        return Limit("item", name=name, otherwise=otherwise, text=text)
    if _NAME.match(word):
        return Limit("field", name=word, otherwise=otherwise, text=text)
    raise SpellingError("bad-limit", text=text)


_RELATION = re.compile(r"\s*([a-z][\w-]*)\s*(?:\((.*)\))?\s*(?:@\s*([^\W\d][\w-]*))?\s*\Z", re.DOTALL)
_NEEDS_TIER = ("desk", "division", "post")
_MAY_TIER = ("pool",)  # of the whole place without one
_NEEDS_ARGS = {"post": 1, "organ": 1, "pool": 1, "above": 1, "holder": 1}


def parse_relation(text: str, tiers: Sequence[str]) -> Relation:
    """An owner as written; ``X else Y`` asks Y where X is nobody. Raises SpellingError (bad-owner, unknown-tier)."""
    first, _, rest = text.partition(" else ")
    if rest:
        one, other = parse_relation(first, tiers), parse_relation(rest, tiers)
        return replace(one, otherwise=other, text=f"{one.text} else {other.text}")
    if text.count("(") > text.count(")"):
        raise SpellingError("owner-quotes", text=text)
    match = _RELATION.match(text)
    if match is None or match.group(1) not in RELATIONS:
        raise SpellingError("bad-owner", text=text)
    kind, inside, tier = match.groups()
    if inside is not None and inside.count("(") != inside.count(")"):
        raise SpellingError("bad-owner", text=text)
    if kind not in _MAY_TIER and (kind in _NEEDS_TIER) != (tier is not None):
        raise SpellingError("owner-tier", text=text, kind=kind)
    if tier is not None and tier != "here" and tier not in tiers:
        raise SpellingError("unknown-tier", tier=tier)
    if kind == "above":
        of = parse_relation(inside or "", tiers)
        return Relation(kind, of=of, text=f"above({of.text})")
    args = tuple(part.strip() for part in re.split("[,，]", inside)) if inside is not None else ()
    wanted = _NEEDS_ARGS.get(kind, 0)
    most = max(wanted, 1) if kind == "grid" else wanted  # grid(layer): the grid of that layer
    if not all(args) or len(args) < wanted or (kind != "pool" and len(args) > most):
        raise SpellingError("bad-owner", text=text)
    spelt = kind + (f"({', '.join(args)})" if args else "") + (f"@{tier}" if tier else "")
    return Relation(kind, args, tier, text=spelt)


_RIGHT = re.compile(r"right\(\s*([a-z_]+)\s*\)\Z")


def parse_by(text: str, tiers: Sequence[str]) -> By:
    """Who may make a move: owner, clock, anyone, ``right(code)``, a relation, or else a role's code."""
    word = text.strip()
    if match := _RIGHT.match(word):
        return By("right", match.group(1))
    if word in ("owner", "clock", "anyone"):
        return By(word)
    if " else " in word:  # several may make a move: that is a list
        raise SpellingError("bad-by", text=text)
    head = re.split(r"[(@]", word, maxsplit=1)[0].strip()
    if head in RELATIONS and (head != word or head not in (*_NEEDS_TIER, *_NEEDS_ARGS)):
        return By("relation", word, parse_relation(word, tiers))
    if _NAME.match(word):
        return By("role", word)
    raise SpellingError("bad-by", text=text)


def parse_effect(text: str, tiers: Sequence[str]) -> Effect:
    """One effect as written: ``tier up`` · ``legs start`` · ``open supervision`` · ``extend 3 workdays`` …"""
    words = text.split()
    if not words or words[0] not in EFFECTS:
        raise SpellingError("bad-effect", text=text)
    do, args = words[0], tuple(words[1:])
    span: Span | None = None
    fine = len(args) <= 4
    if do == "tier":
        if len(args) == 1 and args[0] not in ("up", "down") and args[0] not in tiers:
            raise SpellingError("unknown-tier", tier=args[0])
        fine = len(args) == 1
    elif do == "grade":
        fine = len(args) == 1
    elif do == "round":
        fine = args == ("new",)
    elif do == "legs":
        fine = len(args) >= 1 and args[0] in ("start", "add", "cancel") and len(args) <= 2
    elif do in ("pause", "extend"):
        rest = args
        if do == "pause" and args[:1] in (("until",), ("for",)):
            rest = args[1:]
            fine = len(rest) >= 1
        span = parse_span(" ".join(rest)) if rest else None
        if span is None:
            fine = fine and len(rest) <= 1
        args = () if span is not None else rest
    elif do in ("open", "link", "notice"):
        fine = len(args) >= 1
    elif do in ("resume", "merge", "publish", "bulletin", "score"):
        fine = len(args) <= 1
    if not fine:
        raise SpellingError("bad-effect", text=text)
    return Effect(do, args, span, text)

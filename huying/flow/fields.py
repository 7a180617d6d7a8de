"""Reading single values of a flow: words, lists, yes/no, shares, limits, guards — each with its line in a defect."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from .definition import EFFECTS, Limit, Relation, Span
from .guard_reader import parse_guard
from .guards import ALWAYS, Guard, GuardError
from .messages import problem
from .source import Problem, Source, as_bool
from .words import SpellingError, parse_limit, parse_relation, parse_span

ID = re.compile(r"[^\W\d][\w-]*\Z")


class FieldReader:
    """Reads values at paths of one file and collects problems."""

    def __init__(self, source: Source, file: str, tiers: tuple[str, ...]) -> None:
        self.source = source
        self.file = file
        self.tiers = tiers
        self.problems: list[Problem] = []

    # -- small readers
    def wrong(self, code: str, path: tuple[str | int, ...], **about: object) -> None:
        self.problems.append(problem(code, self.file, self.source.line(*path), **about))

    def mapping(
        self, value: Any, path: tuple[str | int, ...], where: str, known: Sequence[str]
    ) -> dict[str, Any]:
        if not isinstance(value, dict):
            self.wrong("not-a-map", path, where=where)
            return {}
        for key in value:
            if key not in known:
                self.wrong("unknown-key", (*path, key), key=key, where=where, known=", ".join(known))
        return value

    def text(self, value: Any, path: tuple[str | int, ...], where: str) -> str:
        if value is None:
            return ""
        if isinstance(value, (str, int, float)) and not isinstance(value, bool):
            return str(value)
        self.wrong("not-text", path, where=where)
        return ""

    def names(self, data: dict[str, Any], path: tuple[str | int, ...], default: str) -> tuple[str, str]:
        """(zh, en) of ``name: 文字`` + ``en: text`` or ``name: {zh: …, en: …}``."""
        value = data.get("name")
        en = self.text(data.get("en"), (*path, "en"), "en")
        if isinstance(value, dict):
            zh = self.text(value.get("zh"), (*path, "name"), "name")
            return zh or default, en or self.text(value.get("en"), (*path, "name"), "name")
        return self.text(value, (*path, "name"), "name") or default, en

    def flag(
        self, data: dict[str, Any], key: str, path: tuple[str | int, ...], default: bool = False
    ) -> bool:
        if key not in data:
            return default
        value = as_bool(data[key])
        if value is None:
            self.wrong("not-yes-no", (*path, key), where=key)
            return default
        return value

    def words(self, data: dict[str, Any], key: str, path: tuple[str | int, ...]) -> list[tuple[str, int]]:
        """A word or a list of words, with the line of each."""
        value = data.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            return [(self.text(value, (*path, key), key), self.source.line(*path, key))]
        return [
            (self.text(one, (*path, key, i), key), self.source.line(*path, key, i))
            for i, one in enumerate(value)
        ]

    def choice(
        self, data: dict[str, Any], key: str, path: tuple[str | int, ...], known: Sequence[str], default: str
    ) -> str:
        value = self.text(data.get(key), (*path, key), key) or default
        if value not in known:
            self.wrong("bad-choice", (*path, key), text=value, where=key, known=", ".join(known))
            return default
        return value

    def spelled(self, error: SpellingError, path: tuple[str | int, ...]) -> None:
        about = {"known": ", ".join(EFFECTS), **error.about}
        if error.code == "unknown-tier" and not self.tiers:
            self.wrong("no-tiers", path)
        else:
            self.wrong(error.code, path, **about)

    def guard(self, data: dict[str, Any], path: tuple[str | int, ...]) -> Guard:
        value = data.get("when")
        if value is None:
            return ALWAYS
        text = "yes" if value is True else self.text(value, (*path, "when"), "when")
        try:
            return parse_guard(text, self.tiers)
        except GuardError as error:
            self.wrong("bad-guard", (*path, "when"), text=text, why=error)
            return ALWAYS

    def share(self, data: dict[str, Any], key: str, path: tuple[str | int, ...], default: float) -> float:
        value = data.get(key)
        if value is None:
            return default
        if as_bool(value) is False or value == "none":
            return 0.0
        number = str(value).strip()
        try:
            share = float(number[:-1]) / 100 if number.endswith(("%", "％")) else float(number)
        except ValueError:
            share = -1.0
        if not 0 <= share <= 1:
            self.wrong("bad-share", (*path, key), text=value)
            return default
        return share

    def limit(
        self, data: dict[str, Any], path: tuple[str | int, ...], phase: str, key: str = "limit"
    ) -> Limit | None:
        value = data.get(key)
        if value is None:
            return None
        because = self.text(data.get("because"), (*path, "because"), "because")
        try:
            limit = parse_limit(self.text(value, (*path, key), key), phase, because)
        except SpellingError as error:
            self.spelled(error, (*path, key))
            return None
        if limit.kind == "none" and not because:
            self.wrong("none-because", (*path, key))
        return limit

    def relation(self, data: dict[str, Any], path: tuple[str | int, ...]) -> Relation | None:
        value = data.get("owner")
        if value is None:
            return None
        try:
            return parse_relation(self.text(value, (*path, "owner"), "owner"), self.tiers)
        except SpellingError as error:
            self.spelled(error, (*path, "owner"))
            return None

    def span(self, data: dict[str, Any], key: str, path: tuple[str | int, ...]) -> Span | None:
        if data.get(key) is None:
            return None
        text = self.text(data[key], (*path, key), key)
        span = parse_span(text if text[:1].isdigit() else f"1 {text}")
        if span is None:
            self.wrong("bad-limit", (*path, key), text=text)
        return span

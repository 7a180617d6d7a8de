"""Strict reading of one YAML file: every wrong shape becomes a Problem at its line, and reading goes on."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from huying.flow.source import KeyPath, Problem, Source, as_bool
from huying.presets.definition import Words
from huying.presets.problems import problem

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}\Z")
NAME_MAX = 60
TEXT_MAX = 4000
_TURNING = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068"  # they make text read as what it is not


def unshowable(text: str) -> bool:
    """Whether the text holds control or direction-changing characters (line ends and tabs are fine)."""
    return any((unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t\r") or c in _TURNING for c in text)


class Doc:
    """A parsed YAML file and the problems found in it so far."""

    def __init__(self, source: Source, problems: list[Problem]) -> None:
        self.source = source
        self.file = source.file
        self.problems = problems

    def wrong(self, code: str, path: KeyPath, /, **about: Any) -> None:
        """Note a problem at the value of *path*."""
        self.problems.append(problem(code, self.file, self.source.line(*path), **about))

    def mapping(
        self,
        value: Any,
        path: KeyPath,
        where: str,
        known: Sequence[str] | None = None,
        required: Iterable[str] = (),
    ) -> dict[str, Any]:
        """The value as a mapping with only *known* keys (None: any) and all *required* ones."""
        if not isinstance(value, dict):
            self.wrong("not-a-map", path, where=where)
            return {}
        if known is not None:
            for key in value:
                if key not in known:
                    self.wrong("unknown-key", (*path, key), key=key, where=where, like=(str(key), known))
        for key in required:
            if value.get(key) in (None, ""):
                self.wrong("missing", path, where=where, key=key)
        return {str(key): one for key, one in value.items()}

    def part(self, data: Mapping[str, Any], key: str, known: Sequence[str] | None = None) -> dict[str, Any]:
        """The mapping under *key* at the top of the file; empty where there is none."""
        return self.mapping(data[key], (key,), key, known) if data.get(key) is not None else {}

    def items(self, value: Any, path: KeyPath, where: str) -> list[Any]:
        """The value as a list; nothing for None."""
        if value is None:
            return []
        if not isinstance(value, list):
            self.wrong("not-a-list", path, where=where)
            return []
        return value

    def text(self, value: Any, path: KeyPath, where: str, most: int = NAME_MAX) -> str:
        """The value as a text of at most *most* characters; '' for None."""
        if value is None:
            return ""
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            self.wrong("not-text", path, where=where)
            return ""
        text = str(value).strip()
        if len(text) > most:
            self.wrong("too-long", path, where=where, most=most)
            return text[:most]
        if unshowable(text):
            self.wrong("control-character", path, where=where)
            return ""
        return text

    def code(self, value: Any, path: KeyPath, where: str) -> str:
        """The value as a code."""
        text = self.text(value, path, where)
        if text and not ID.match(text):
            self.wrong("bad-id", path, id=text)
            return ""
        return text

    def words(
        self, value: Any, path: KeyPath, where: str, most: int = NAME_MAX, required: bool = True
    ) -> Words:
        """``文字`` or ``{zh: …, en: …}``."""
        if isinstance(value, dict):
            self.mapping(value, path, where, ("zh", "en"))
            found = Words(
                self.text(value.get("zh"), (*path, "zh"), where, most),
                self.text(value.get("en"), (*path, "en"), where, most),
            )
        else:
            found = Words(self.text(value, path, where, most))
        if required and not str(found):
            self.wrong("empty", path, where=where)
        return found

    def flag(self, data: Mapping[str, Any], key: str, path: KeyPath, default: bool = False) -> bool:
        """yes or no under *key*."""
        if data.get(key) is None:
            return default
        found = as_bool(data[key])
        if found is None:
            self.wrong("not-yes-no", (*path, key), where=key, text=data[key])
            return default
        return found

    def number(
        self, data: Mapping[str, Any], key: str, path: KeyPath, default: float, least: float, most: float
    ) -> float:
        """A number between *least* and *most* under *key*."""
        value = data.get(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not least <= value <= most:
            self.wrong("not-number", (*path, key), where=key, range=f"{least:g}–{most:g}")
            return default
        return value

    def choice(self, value: Any, path: KeyPath, where: str, known: Iterable[str], default: str = "") -> str:
        """One of the *known* words."""
        text = self.text(value, path, where) or default
        known = tuple(known)
        if text not in known and text != default:
            self.wrong("bad-choice", path, text=text, where=where, like=(text, known))
            return default
        return text

    def codes(self, value: Any, path: KeyPath, where: str) -> tuple[str, ...]:
        """A list of distinct codes."""
        found: list[str] = []
        for i, one in enumerate(self.items(value, path, where)):
            text = self.code(one, (*path, i), where)
            if text in found:
                self.wrong("duplicate-value", (*path, i), text=text, where=where)
            elif text:
                found.append(text)
        return tuple(found)

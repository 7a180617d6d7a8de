"""Reading plain files with line marks, so that every defect can be reported as file, line, what and mend.

YAML is read as YAML 1.2 (core schema): only ``true``/``false`` are booleans there, so ``yes`` and ``no``
arrive as text; `as_bool` accepts both spellings because officials write ``auto: yes``.
Numbers with a leading zero stay text, because they are codes (``0431``), never quantities.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

MAX_BYTES = 4_000_000
MAX_NODES = 200_000  # counted after aliases are followed, so that a "billion laughs" file stops here
MAX_DEPTH = 60

KeyPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One defect. `line` counts from 1 (0: the file as a whole); `code` is stable and machine-readable.

    `what`/`mend` are English; `zh_what`/`zh_mend` the same in Chinese, where the check knows them."""

    file: str
    line: int
    what: str
    mend: str
    code: str
    zh_what: str = field(default="", compare=False)
    zh_mend: str = field(default="", compare=False)

    def text(self, language: str = "en") -> str:
        """One line for a terminal or a list: ``file:line: what (how to mend it) [code]``."""
        zh = language.lower().startswith("zh")
        what = (self.zh_what if zh else "") or self.what
        mend = (self.zh_mend if zh else "") or self.mend
        where = f"{self.file}:{self.line}" if self.line else self.file
        return (
            f"{where}：{what}。改法：{mend} [{self.code}]" if zh else f"{where}: {what}. {mend} [{self.code}]"
        )

    def __str__(self) -> str:
        return self.text()


@dataclass(frozen=True, slots=True)
class Source:
    """Plain data (dict, list, str, int, float, bool, None) of one file, and the line of every value."""

    file: str
    data: Any
    lines: dict[KeyPath, int]
    text: str = field(default="", compare=False, repr=False)

    def line(self, *path: str | int) -> int:
        """The line (from 1) of the value at `path`, or of the nearest thing around it."""
        while path:
            found = self.lines.get(path)
            if found is not None:
                return found
            path = path[:-1]
        return self.lines.get((), 1)


def plain(data: Any, file: str = "") -> Source:
    """A Source around data that has no file (an edition read back from the database)."""
    return Source(file=file, data=data, lines={})


def as_bool(value: Any) -> bool | None:
    """True/False for the spellings of yes and no; None for anything else."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        lowered = value.strip().lower()
        if lowered in ("yes", "true", "是"):
            return True
        if lowered in ("no", "false", "否"):
            return False
    return None


def read_yaml(path: Path | str, file: str | None = None) -> tuple[Source | None, list[Problem]]:
    """Read one YAML file. `file` is the name shown in problems (the path, if not given)."""
    shown = file if file is not None else str(path)
    try:
        with open(path, "rb") as handle:
            raw = handle.read(MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or "unreadable"
        return None, [
            Problem(
                shown, 0, f"the file cannot be read ({reason})", "Check its name and permissions", "unreadable",
                "文件无法读取", "检查文件名和读取权限",
            )
        ]  # fmt: skip
    return parse_yaml(raw, shown)


def parse_yaml(text: str | bytes, file: str) -> tuple[Source | None, list[Problem]]:
    """Parse YAML text into plain data with line marks. Never raises on bad input."""
    if isinstance(text, bytes):
        raw = text
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = raw[: error.start].count(b"\n") + 1
            return None, [
                Problem(
                    file, line, "the text is not UTF-8", "Save the file as UTF-8", "not-utf8",
                    "文字不是 UTF-8 编码", "用 UTF-8 编码另存",
                )
            ]  # fmt: skip
    if len(text) > MAX_BYTES:
        return None, [
            Problem(
                file, 0, "the file is too big", f"Keep it under {MAX_BYTES} characters", "too-big",
                "文件过大", f"控制在 {MAX_BYTES} 字以内",
            )
        ]  # fmt: skip
    try:
        node = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = " ".join(str(part) for part in (error.context, error.problem) if part) or "unreadable"
        return None, [
            Problem(
                file, mark.line + 1 if mark else 1, f"not valid YAML: {_one_line(what)}",
                "Check indentation, brackets, quotes and colons on this line and the one before", "yaml-syntax",
                "不是合法的 YAML", "检查本行和上一行的缩进、括号、引号和冒号（冒号后要有空格）",
            )
        ]  # fmt: skip
    except (YAMLError, ValueError) as error:
        line = text.count("\n", 0, getattr(error, "position", 0) or 0) + 1
        return None, [
            Problem(
                file, line, f"not valid YAML: {_one_line(str(error))}", "Remove the characters that cannot be read",
                "yaml-syntax", "不是合法的 YAML", "删去无法识别的字符",
            )
        ]  # fmt: skip
    except RecursionError:
        return None, [_too_deep(file, 1)]
    if node is None:
        return Source(file, None, {(): 1}, text), []
    reader = _Reader(file)
    try:
        data = reader.build(node, (), 0)
    except _Stop as stop:
        return None, [*reader.problems, stop.problem]
    if reader.problems:
        return None, reader.problems
    return Source(file, data, reader.lines, text), []


def _one_line(text: str) -> str:
    return " ".join(text.split())[:200]


def _too_deep(file: str, line: int) -> Problem:
    return Problem(
        file, line, "nested too deeply", "Flatten the file", "yaml-depth", "嵌套层次过深", "减少嵌套层次"
    )


class _Stop(Exception):
    def __init__(self, problem: Problem) -> None:
        self.problem = problem


_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?\Z")
_WORDS: dict[str, bool | None] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip


def scalar(text: str) -> str | int | float | bool | None:
    """What an unquoted YAML scalar means."""
    if text in _WORDS:
        return _WORDS[text]
    if _INT.match(text):
        return int(text)
    if _FLOAT.match(text):
        value = float(text)
        return value if math.isfinite(value) else text
    return text


class _Reader:
    """Turns composed nodes into plain data; keeps lines, finds duplicates, bounds aliases."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[KeyPath, int] = {}
        self.problems: list[Problem] = []
        self.count = 0
        self.open: set[int] = set()

    def build(self, node: Node, path: KeyPath, depth: int) -> Any:
        line = node.start_mark.line + 1
        self.lines.setdefault(path, line)
        self.count += 1
        if self.count > MAX_NODES:
            raise _Stop(
                Problem(
                    self.file, line, "the file holds too many values (aliases counted)",
                    "Split it, or write the values out instead of using aliases", "yaml-size",
                    "文件内容过多（含引用展开）", "拆分文件，或不用引用",
                )
            )  # fmt: skip
        if depth > MAX_DEPTH:
            raise _Stop(_too_deep(self.file, line))
        if isinstance(node, ScalarNode):
            text = str(node.value)
            tag = str(node.tag or "")
            if node.style is None and not tag.endswith(":str"):
                return scalar(text)
            return text
        if id(node) in self.open:
            raise _Stop(
                Problem(
                    self.file, line, "an alias refers to what it stands in", "Remove the alias", "yaml-alias",
                    "引用指向了自身所在的内容", "删去该引用",
                )
            )  # fmt: skip
        self.open.add(id(node))
        try:
            if isinstance(node, SequenceNode):
                return [self.build(child, (*path, i), depth + 1) for i, child in enumerate(node.value)]
            if isinstance(node, MappingNode):
                return self.mapping(node, path, depth)
        finally:
            self.open.discard(id(node))
        raise _Stop(_too_deep(self.file, line))  # pragma: no cover - no fourth kind of node exists

    def mapping(self, node: MappingNode, path: KeyPath, depth: int) -> dict[str | int, Any]:
        made: dict[str | int, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, ScalarNode):
                self.problems.append(
                    Problem(
                        self.file, line, "a key is not a plain word", "Write a word before the colon", "yaml-key",
                        "键不是普通文字", "冒号前写一个词",
                    )
                )  # fmt: skip
                continue
            raw = scalar(str(key_node.value)) if key_node.style is None else str(key_node.value)
            key = raw if isinstance(raw, int) and not isinstance(raw, bool) else str(key_node.value)
            if key in made:
                first = self.lines.get((*path, key), line)
                self.problems.append(
                    Problem(
                        self.file, line, f"“{key}” is given twice (first on line {first})",
                        "Keep one of the two", "duplicate-key",
                        f"“{key}”重复（第一次在第 {first} 行）", "两处只保留一处",
                    )
                )  # fmt: skip
                continue
            self.lines[(*path, key)] = line
            made[key] = self.build(value_node, (*path, key), depth + 1)
        return made

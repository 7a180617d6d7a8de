"""The files of a preset folder: which there may be, read whole and bounded, nothing outside the folder."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from huying.flow.source import Problem
from huying.presets.problems import problem

MAX_FILE = 4_000_000  # bytes
MAX_FILES = 200
REQUIRED = (
    "place.yaml", "roles.yaml", "vocabulary.yaml", "divisions.csv", "organs.csv", "catalogue.csv", "kinds.yaml",
)  # fmt: skip
OPTIONAL = (
    "grids.csv",
    "supervision.yaml",
    "templates.yaml",
    "demo.yaml",
    "inspection.yaml",
    "duties.yaml",
    "points.csv",
    "indicators.yaml",
    "reviews.yaml",
    "reports.yaml",
    "rosters.yaml",
)
FOLDERS = ("flows", "forms")
# Notes for people; kept out of editions.
NOTES = ("README.md", "README.zh-CN.md", "NOTICE")
_NAME = re.compile(r"(?:(?:flows|forms)/)?[A-Za-z0-9][A-Za-z0-9_-]{0,59}\.(?:yaml|csv|md)\Z")


def read_folder(path: Path | str) -> tuple[dict[str, bytes], list[Problem]]:
    """Name (with “/”) → bytes of each file of the folder. Links out of it and hidden files are not followed."""
    base = Path(path)
    if not base.is_dir():
        return {}, [problem("no-folder", base.name or str(path), 0, name=base.name or str(path))]
    found: dict[str, bytes] = {}
    problems: list[Problem] = []
    root = base.resolve()
    for entry in sorted(base.rglob("*")):
        name = entry.relative_to(base).as_posix()
        if any(part.startswith(".") or part == "__pycache__" for part in name.split("/")):
            continue
        if entry.is_symlink() or not entry.resolve().is_relative_to(root):
            problems.append(problem("bad-path", name, 0))
            continue
        if entry.is_dir():
            continue
        if len(found) >= MAX_FILES:
            problems.append(problem("too-many-files", "", 0, most=MAX_FILES))
            break
        if entry.stat().st_size > MAX_FILE:
            problems.append(problem("too-big", name, 0, most=MAX_FILE))
            continue
        found[name] = entry.read_bytes()
    return found, problems


def texts(files: Mapping[str, bytes | str]) -> tuple[dict[str, str], list[Problem]]:
    """The files that make up a preset, as text; problems for names, sizes, encoding and what is missing."""
    found: dict[str, str] = {}
    problems: list[Problem] = []
    known = (*REQUIRED, *OPTIONAL, *NOTES)
    if len(files) > MAX_FILES:
        return {}, [problem("too-many-files", "", 0, most=MAX_FILES)]
    for name in sorted(files):
        raw = files[name]
        if name in NOTES:
            continue
        if "\\" in name or ".." in name.split("/") or name.startswith("/") or ":" in name:
            problems.append(problem("bad-path", name, 0))
            continue
        in_folder = name.split("/")[0] in FOLDERS and name.count("/") == 1 and name.endswith(".yaml")
        if not _NAME.match(name) or not (name in known or in_folder):
            problems.append(problem("unknown-file", name, 0, like=(name, known)))
            continue
        if len(raw) > MAX_FILE:
            problems.append(problem("too-big", name, 0, most=MAX_FILE))
            continue
        if isinstance(raw, bytes):
            try:
                # utf-8-sig: spreadsheets put a byte-order mark in front
                found[name] = raw.decode("utf-8-sig")
            except UnicodeDecodeError as error:
                problems.append(problem("not-utf8", name, raw[: error.start].count(b"\n") + 1))
        else:
            found[name] = raw.removeprefix("\ufeff")
    for name in REQUIRED:
        if name not in files:
            problems.append(problem("missing-file", name, 0, name=name))
    if not any(name.startswith("flows/") for name in files):
        problems.append(problem("missing-file", "flows/", 0, name="flows/….yaml"))
    if not any(name.startswith("forms/") for name in files):
        problems.append(problem("missing-file", "forms/", 0, name="forms/….yaml"))
    return found, problems


def digest(files: Mapping[str, str]) -> str:
    """SHA-256 (hex) over names and texts, in order of names: the same content gives the same edition."""
    seal = hashlib.sha256()
    for name in sorted(files):
        for part in (name.encode(), files[name].encode()):
            seal.update(len(part).to_bytes(8, "big"))
            seal.update(part)
    return seal.hexdigest()

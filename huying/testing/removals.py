"""Is the coverage true? Removes each line that docs/coverage.md names, in a copy, and runs the test named with it.

A test that still passes without its line proves nothing about that line; one that crashes (a missing name, a preset
that is not read) shows only that the line is there. What proves a row is a test that ran and found the behaviour wrong.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from xml.etree import ElementTree

import typer

ROOT = Path(__file__).resolve().parents[2]
PAIR = re.compile(r"^- test: `([^`]+)`\n- line: `([^`]+)`: `` (.+?) ``$", re.MULTILINE)
LEFT_OUT = (".git", ".venv*", "node_modules", "var", ".*_cache", ".hypothesis")
SLOWEST = 300  # seconds until a test counts as hanging

ASSERTION, CRASH, PASSES, SYNTAX, BROKEN = (
    "assertion", "crash", "still passes", "no such line can be removed", "fails without any removal",
)  # fmt: skip


Verdict = tuple[str, str]  # how a test ended, and the first words of why


class Unremovable(Exception):
    """The line is not there, or what remains without it could not be read."""


@dataclass(frozen=True, slots=True)
class Proof:
    """One claim of the coverage: *test* fails when *line* is taken out of *file*."""

    row: str
    test: str
    file: str
    line: str


def proofs(text: str) -> Iterator[Proof]:
    """What the document claims, in its order."""
    for part in re.split(r"^### ", text, flags=re.MULTILINE)[1:]:
        for test, file, line in PAIR.findall(part):
            yield Proof(part.split()[0], test, file, line)


def without(source: str, line: str, *, python: bool) -> str:
    """*source* without its *line* (compared without indentation).

    A block whose only line it was keeps a ``pass``, so that what runs is the program without that one thing.
    """
    lines = source.splitlines(keepends=True)
    found = [number for number, one in enumerate(lines) if one.strip() == line]
    if len(found) != 1:
        raise Unremovable(f"the line stands in the file {len(found)} times")
    at = found[0]
    indentation = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
    for instead in ("", f"{indentation}pass\n"):
        left = "".join([*lines[:at], instead, *lines[at + 1 :]])
        if not python or _reads(left):
            return left
    raise Unremovable("what is left is no Python")


def _reads(source: str) -> bool:
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True


class Copy:
    """A copy of the tree in a temporary folder, in which lines are removed and tests are run."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "tree"
        self._report = folder / "report.xml"
        folder.chmod(0o755)  # tests may start a database as another user
        shutil.copytree(ROOT, self.root, ignore=shutil.ignore_patterns(*LEFT_OUT), symlinks=True)

    def run(self, *tests: str, keep: bool = False) -> dict[str, Verdict]:
        """How each of *tests* ends with the copy as it is. *keep* what Python compiled: for later runs."""
        self._report.unlink(missing_ok=True)
        environment = {
            **os.environ,
            "PYTHONPATH": str(self.root),
            "PYTHONDONTWRITEBYTECODE": "" if keep else "1",
        }
        command = [
            sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", f"--junitxml={self._report}", *tests,
        ]  # fmt: skip
        try:
            subprocess.run(
                command, cwd=self.root, env=environment, capture_output=True, timeout=SLOWEST * len(tests), check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return dict.fromkeys(tests, (CRASH, f"no end after {SLOWEST} s"))
        if not self._report.exists():
            return dict.fromkeys(tests, (CRASH, "pytest did not run"))
        report = self._report.read_text("utf-8")
        return {test: judge(report, test) for test in tests}

    def without(self, proof: Proof) -> Verdict:
        """How the test of *proof* ends without its line; afterwards the copy is as it was."""
        path = self.root / proof.file
        source, stat = path.read_text("utf-8"), path.stat()
        try:
            left = without(source, proof.line, python=path.suffix == ".py")
        except Unremovable as why:
            return SYNTAX, str(why)
        try:
            path.write_text(left, "utf-8")
            return self.run(proof.test)[proof.test]
        finally:
            path.write_text(source, "utf-8")
            os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))  # what Python compiled stays valid


def judge(report: str, test: str) -> Verdict:
    """From pytest's report: how *test* ended (the first failure of several cases), and the first words of why."""
    everything = list(ElementTree.fromstring(report).iter("testcase"))
    name = test.replace(".py::", "::").replace("/", ".").replace("::", ".")
    own = [one for one in everything if f"{one.get('classname')}.{one.get('name', '').split('[')[0]}" == name]
    for case in own or everything:  # a file that cannot be imported is a case of its own
        for found in case:
            if found.tag in ("error", "failure"):
                why = " ".join((found.get("message") or found.text or "").split())[:200]
                asserted = found.tag == "failure" and re.match(r"assert\b|AssertionError|Failed: ", why)
                return (ASSERTION if asserted else CRASH), why
    if not own or any(one.find("skipped") is not None for one in own):
        return CRASH, "the test did not run"
    return PASSES, "it passes as before"


def main(
    rows: Annotated[list[str] | None, typer.Argument(help="Rows such as ZL4; all without.")] = None,
    document: Annotated[Path, typer.Option(help="The document to prove.")] = ROOT / "docs" / "coverage.md",
) -> None:
    """Try every removal that the coverage names, in a copy; the tree itself is never touched."""
    wanted = [one for one in proofs(document.read_text("utf-8")) if not rows or one.row in rows]
    sums: dict[str, int] = {}
    with tempfile.TemporaryDirectory(prefix="huying-proof-") as folder:
        copy = Copy(Path(folder))
        whole = copy.run(*dict.fromkeys(one.test for one in wanted), keep=True) if wanted else {}
        for one in wanted:
            ended, why = whole[one.test]
            ended, why = copy.without(one) if ended == PASSES else (BROKEN, why)
            sums[ended] = sums.get(ended, 0) + 1
            typer.echo(f"{one.row}\t{ended}\t{one.test}\t{one.file}: {one.line}\t{why}")
    typer.echo(", ".join(f"{count} {ended}" for ended, count in sorted(sums.items())) or "nothing to prove")
    raise typer.Exit(0 if set(sums) <= {ASSERTION} else 1)


if __name__ == "__main__":
    typer.run(main)

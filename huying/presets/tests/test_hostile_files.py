"""Whatever stands in the files, reading gives problems and never an exception."""

from __future__ import annotations

import random

import pytest

from huying.presets.reader import load
from huying.presets.tests.mini import files

PIECES = [
    "", "null", "[]", "{}", "- x", "yes", "0", "-1", "1e999", ".nan", "[[[]]]", "{a: {b: c}}", '"', "'", ",", ";", "\x00", "\t",
    "\u202e", "é" * 300, "*a", "&a [*a]", "!!python/object:os.system x", "<<: *x", "? [a]", "9" * 400, "2026-01-01", "on", "~",
    "#", "|", ">", "%", "@", "`", "{{", "}}", "=", "not", "legs", "tier < ", "(", ")",
]  # fmt: skip


def mutated(seed: int) -> dict[str, str | bytes]:
    """The mini preset with a few random cuts, swaps and insertions in one or two files."""
    draw = random.Random(seed)
    made: dict[str, str | bytes] = dict(files())
    for name in draw.sample(sorted(made), draw.choice([1, 1, 2])):
        text = str(made[name])
        for _ in range(draw.choice([1, 1, 2, 5])):
            at = draw.randrange(len(text) + 1)
            match draw.choice(["cut", "put", "line", "word", "twice"]):
                case "cut":
                    text = text[:at] + text[at + draw.randrange(1, 30) :]
                case "put":
                    text = text[:at] + draw.choice(PIECES) + text[at:]
                case "line":
                    lines = text.splitlines(keepends=True) or [""]
                    del lines[draw.randrange(len(lines))]
                    text = "".join(lines)
                case "word":
                    words = text.split(" ")
                    words[draw.randrange(len(words))] = draw.choice(PIECES)
                    text = " ".join(words)
                case "twice":
                    text = text[:at] + text[max(0, at - 40) : at] + text[at:]
        made[name] = text
    return made


@pytest.mark.parametrize("block", range(6))
def test_mutations_never_raise(block):
    for seed in range(block * 20, block * 20 + 20):
        preset, problems = load(mutated(seed))
        assert (preset is None) == bool(problems), seed
        for one in problems:
            assert one.text("en"), seed
            assert one.text("zh"), seed


@pytest.mark.parametrize("value", ["", "[]", "x", "{}", "null", "- a\n- b", "0"])
@pytest.mark.parametrize("name", sorted(files()))
def test_a_file_that_holds_something_else_entirely(name, value):
    preset, problems = load({**files(), name: value})
    assert preset is None
    assert problems

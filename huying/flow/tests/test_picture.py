"""Pictures: well-formed, the same every time, in both languages, nothing on top of anything else, no lines crossing."""

from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huying.flow.picture import draw
from huying.flow.picture_words import text_width, wrapped

from .cast import FLOWS, flow_of, load
from .drawn import SVG, Drawn

NAMES = sorted(path.stem for path in FLOWS.glob("*.yaml"))


def words_of(text: str) -> list[str]:
    return [node.text or "" for node in ElementTree.fromstring(text).iter(f"{SVG}text")]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_every_step_and_move_is_told_and_nothing_lies_on_anything_else(name, language):
    flow = load(name)
    text = draw(flow, language, {"county": "县"})
    words = "".join(words_of(text)).replace(" ", "")
    for thing in (*flow.steps.values(), *flow.moves):
        shown = thing.name if language == "zh-Hans" else thing.en or thing.id
        assert shown.replace(" ", "") in words, shown
    assert draw(flow, language, {"county": "县"}) == text
    assert "<script" not in text
    assert "<style" not in text
    seen = Drawn.of(text)
    assert len(seen.boxes) == len(flow.steps)
    assert seen.faults() == []
    assert seen.crossings() == 0


def test_text_is_escaped():
    flow = flow_of(
        "flow: t\nname: <b>\nsteps:\n  a: {name: '<script>', phase: accept, owner: reporter, limit: 1 day}\n"
        "  z: {phase: archive}\nmoves:\n  - {id: fin, name: 'a & b', from: a, to: z, closes: yes}\n"
    )
    text = draw(flow)
    assert "<script>" not in text
    assert "a &amp; b" in text


def test_owner_and_limit_are_told_in_chinese():
    text = draw(load("bill"), "zh", {"county": "县", "secretary": "书记"})
    for words in ("本级书记", "县专席", "3个工作日", "按事项时限", "多家分办", "民需收集"):
        assert words in text


TEXT = """
flow: t
tiers: [village]
steps:
  first:  {name: 甲, phase: handle, owner: reporter, limit: 1 day}
  second: {name: 乙, phase: handle, owner: reporter, limit: 1 day}
  asked:  {name: 丙, phase: dispatch, owner: desk@village, limit: 1 day}
  z: {name: 完, phase: archive}
moves:
  - {id: on, name: 往下, from: first, to: second, tone: primary}
  - {id: ask, name: 请示, from: [first, second], to: asked}
  - {id: no, name: 不同意, from: asked, to: first}
  - {id: fin, name: 办完, from: second, to: z, closes: yes}
"""


def test_steps_are_numbered_as_they_happen_and_a_way_back_tells_its_number():
    words = words_of(draw(flow_of(TEXT)))
    heads = {name: words[words.index(name) - 1] for name in ("甲", "乙", "丙", "完")}
    assert heads == {"甲": "1", "乙": "2", "丙": "3", "完": "4"}
    back = words.index("不同意")
    assert words[back + 1 : back + 3] == ["1", "甲"]
    seen = Drawn.of(draw(flow_of(TEXT)))
    assert len(seen.lines) == 4  # the way back is told, not drawn


def test_moves_from_many_steps_stand_on_the_cards_where_they_are_the_only_way_on():
    steps = "".join(
        f"  s{i}: {{name: 步{i}, phase: handle, owner: reporter, limit: 1 day}}\n" for i in range(4)
    )
    start = f"flow: t\ntiers: [village]\nsteps:\n{steps}  z: {{name: 完, phase: archive}}\nmoves:\n"
    fin = "  - {id: fin, name: 做完, from: [s0, s1, s2, s3], to: z, closes: yes}\n"
    only = start + fin + "".join(f"  - {{id: m{i}, from: s{i}, to: s{i + 1}, by: clock}}\n" for i in range(3))
    assert words_of(draw(flow_of(only))).count("做完（结案）") == 4
    beside = (
        start + fin + "".join(f"  - {{id: m{i}, name: 往{i}, from: s{i}, to: s{i + 1}}}\n" for i in range(3))
    )
    beside += "  - {id: m3, name: 收尾, from: s3, to: z, closes: yes}\n"
    words = words_of(draw(flow_of(beside)))
    assert "做完（结案）" not in words
    assert any(line.startswith("做完（结案） → 5 完") for line in words)


def test_words_are_wrapped_between_chinese_characters_and_between_latin_words():
    assert wrapped("按约定期限，否则五天", 10, 50) == ["按约定期", "限，否则五", "天"]
    assert wrapped("as long as it takes", 10, 60) == ["as long as", "it takes"]
    assert all(text_width(part, 10) <= 60 for part in wrapped("as long as it takes", 10, 60))


@st.composite
def flows(draw_one):
    """Flows of any shape: stages, steps in any of them, moves between any two."""
    count = draw_one(st.integers(2, 11))
    stages = draw_one(st.integers(0, 4))
    lines = ["flow: t", "tiers: [village]"]
    if stages:
        lines.append("stages: {" + ", ".join(f"g{i}: 阶段{i}" for i in range(stages)) + "}")
    lines.append("steps:")
    for i in range(count):
        stage = f"stage: g{draw_one(st.integers(0, stages - 1))}, " if stages else ""
        phase = draw_one(st.sampled_from(["accept", "dispatch", "handle", "verify"]))
        name = "步骤名称很长" * draw_one(st.integers(1, 5))
        lines.append(f"  s{i}: {{name: {name}{i}, {stage}phase: {phase}, owner: reporter, limit: 1 day}}")
    lines += ["  z: {name: 完, phase: archive}", "moves:"]
    for i in range(draw_one(st.integers(1, 3 * count))):
        source = draw_one(st.integers(0, count - 1))
        target = draw_one(st.sampled_from([*(f"s{n}" for n in range(count)), "z"]))
        tone = draw_one(st.sampled_from(["plain", "primary"]))
        name = "做法" * draw_one(st.integers(1, 12))
        lines.append(f"  - {{id: m{i}, name: {name}{i}, from: s{source}, to: {target}, tone: {tone}}}")
    lines.append(f"  - {{id: fin, from: s{count - 1}, to: z, closes: yes}}")
    return flow_of("\n".join(lines) + "\n")


@settings(max_examples=25, deadline=None, derandomize=True)
@given(flows())
def test_whatever_the_flow_nothing_overlaps_and_nothing_crosses(flow):
    seen = Drawn.of(draw(flow))
    assert len(seen.boxes) == len(flow.steps)
    assert seen.faults() == []
    assert seen.crossings() == 0

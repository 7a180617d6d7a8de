"""Pictures: well-formed, the same every time, in both languages, with nothing on top of anything else."""

import itertools
from xml.etree import ElementTree

import pytest

from huying.flow.picture import _Picture, _Speech, draw, text_width

from .cast import FLOWS, flow_of, load

NAMES = sorted(path.stem for path in FLOWS.glob("*.yaml"))
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_it_is_svg_that_names_every_step_and_move(name, language):
    flow = load(name)
    text = draw(flow, language, {"county": "县"})
    words = " ".join(node.text or "" for node in ElementTree.fromstring(text).iter(f"{SVG}text"))
    for thing in (*flow.steps.values(), *flow.moves):
        shown = thing.name if language == "zh-Hans" else thing.en or thing.id
        assert shown in words, shown
    assert draw(flow, language, {"county": "县"}) == text
    assert "<script" not in text
    assert "<style" not in text


@pytest.mark.parametrize("name", NAMES)
def test_no_box_overlaps_another_or_a_label_or_a_line(name):
    picture = _Picture(load(name), _Speech("zh", {}))
    boxes = list(picture.boxes.values())
    for a, b in itertools.combinations(boxes, 2):
        apart = a.x + a.width <= b.x or b.x + b.width <= a.x or a.y + a.height <= b.y or b.y + b.height <= a.y
        assert apart, (a.step.id, b.step.id)
    for box in boxes:
        assert box.x + box.width <= picture.width
        assert box.y + box.height <= picture.bottom
        for move in box.exits:
            label_end = box.x + box.width + 7 + text_width(picture.say.mark(move), 12)
            assert label_end <= picture.track_x[box.column]
        if box.step.id not in picture.above[box.row]:
            continue  # nothing leads there
        for other in boxes:
            # the line of a target runs above its row: no box of any row may reach into it
            assert not other.y <= picture.bus(box.step.id) <= other.y + other.height
    for i, track in enumerate(picture.track_x):
        last = track + 9 * len(picture.channel[i])
        assert all(box.x >= last or box.x + box.width <= track for box in boxes)


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

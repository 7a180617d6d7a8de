"""The pictures of every flow that is shipped: nothing overlaps, no line crosses another, no code stands for a name."""

import re

import pytest

from huying.flow.picture_places import place as placed
from huying.flow.picture_words import Speech
from huying.flow.tests.drawn import Drawn
from huying.presets.commands import draw_svg
from huying.presets.tests.test_shipped_flows import FLOWS, LOADED

CROSSINGS = 0  # of all flows together
LEFT_OUT = 23  # ways down that are told by number only, since they would cross others


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_overlaps_and_few_ways_are_left_to_their_number(lang):
    crossings = left_out = 0
    for place, name in FLOWS:
        preset, _ = LOADED[place]
        seen = Drawn.of(draw_svg(preset, name, lang)[1])
        assert seen.faults() == [], (place, name)
        cards, _bands = placed(preset.flows[name], Speech(lang, {}))
        ways = {
            (card.step.id, move.to)
            for card in cards.values()
            for move in card.exits
            if cards[move.to].row > card.row
        }
        crossings += seen.crossings()
        left_out += len(ways) - len(seen.lines)
    assert crossings <= CROSSINGS
    assert left_out <= LEFT_OUT


@pytest.mark.parametrize(("place", "name"), FLOWS)
def test_every_step_tells_its_owner_in_the_words_of_the_place(place, name):
    preset, _ = LOADED[place]
    flow = preset.flows[name]
    words = {area.words for area in Drawn.of(draw_svg(preset, name)[1]).words}
    codes = {
        *preset.roles,
        *preset.organs,
        *preset.place.tiers,
        *flow.steps,
        "grid",
        "case",
        "paired",
        "area",
    }
    for said in words:
        assert not codes & set(re.findall(r"[a-z_]{3,}", said)), said


def test_steps_of_the_usual_way_are_numbered_in_the_order_in_which_they_happen():
    preset, _ = LOADED["huinan"]
    cards, bands = placed(preset.flows["six-steps"], Speech("zh", {}))
    usual = [cards[key] for key in ("report", "take", "arrive", "handle", "verify", "rate", "archive")]
    assert [card.number for card in usual] == sorted(card.number for card in usual)
    assert {card.column for card in usual} == {0}
    assert [band.name for band in bands][:6] == ["基层报", "中心接", "平台转", "部门办", "限时结", "群众评"]

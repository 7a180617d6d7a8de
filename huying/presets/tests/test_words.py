"""A place's own words, in code and in templates."""

from __future__ import annotations

from types import SimpleNamespace

from django.template import Context, Template
from django.utils import translation

from huying.presets.reader import load
from huying.presets.tests.mini import files
from huying.presets.words import word


def render(text, language="zh-hans", **context):
    with translation.override(language):
        return Template("{% load presets %}" + text).render(Context(context))


def test_own_words_come_before_plain_ones():
    preset = load(files())[0]
    assert word(preset, "arrive") == "签收"
    assert word(preset, "case", "en") == "matter"
    assert word(preset, "grid", "en") == "grid"
    assert word(None, "case", "zh-hans") == "事项"
    assert preset.word("nothing of the kind") == "nothing of the kind"


def test_the_tag_takes_the_preset_of_the_request():
    request = SimpleNamespace(preset=load(files())[0])
    assert render("{% word 'case' %}", request=request) == "事项"
    assert render("{% word 'case' %}", "en", request=request) == "matter"


def test_words_of_the_context_come_first():
    assert render("{% word 'case' %}", place_words={"case": "哨<b>"}) == "哨&lt;b&gt;"


def test_without_a_place_the_plain_word_stands():
    assert render("{% word 'settle' %}", "en") == "settling whose duty"

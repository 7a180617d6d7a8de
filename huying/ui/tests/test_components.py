"""Chips, times, stages and the other parts that need no browser."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.template import Context, Template
from django.utils import translation

from huying import clock as time
from huying.ui.choices import LOOKS, Look, add_looks, look_of
from huying.ui.templatetags.ui import when

NOW = datetime(2026, 11, 3, 6, 0, tzinfo=UTC)  # 14:00 in China


@pytest.fixture(autouse=True)
def _still():
    with time.frozen(NOW), translation.override("zh-hans"):
        yield


def draw(source, **context):
    return Template("{% load ui %}" + source).render(Context(context))


@pytest.mark.parametrize("state", sorted(LOOKS))
def test_no_state_is_told_by_colour_alone(state):
    html = draw("{% chip state %}", state=state)
    assert "<use href=" in html
    assert str(LOOKS[state].label) in html


def test_an_unknown_word_is_shown_as_it_is():
    assert "民情收集" in draw("{% chip state %}", state="民情收集")


def test_a_tone_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="unknown tone"):
        Look("x", "purple")


def test_a_look_is_not_silently_replaced():
    with pytest.raises(ValueError, match="taken"):
        add_looks(overdue=Look("fine", "good"))


def test_a_mapping_is_a_look_too():
    assert look_of({"label": "督办", "tone": "bad"}).icon == "alert-triangle"


@pytest.mark.parametrize(
    ("ago", "text"),
    [
        (timedelta(minutes=30), "今天 13:30"),
        (timedelta(hours=20), "昨天 18:00"),
        (timedelta(hours=-12), "明天 02:00"),
        (timedelta(days=10), "10月24日 14:00"),
        (timedelta(days=400), "2025-09-29 14:00"),
    ],
)
def test_moments_as_people_say_them(ago, text):
    assert when(NOW - ago) == text


@pytest.mark.parametrize(
    ("left", "tone", "text"),
    [
        (timedelta(days=2, hours=5), "tone-info", "还剩 2 天 5 小时"),
        (timedelta(hours=1, minutes=12), "tone-wait", "还剩 1 小时 12 分"),
        (-timedelta(days=1), "tone-bad", "已超期 1 天"),
    ],
)
def test_countdown_says_what_is_left(left, tone, text):
    html = draw("{% countdown due %}", due=NOW + left)
    assert tone in html
    assert text in html
    assert "data-due=" in html


def test_a_stopped_clock_does_not_run():
    html = draw("{% countdown due paused=True %}", due=NOW)
    assert "data-due=" not in html
    assert "暂停计时" in html


def test_moves_carry_version_and_key_and_no_others():
    html = draw(
        '{% include "ui/moves.html" with url="/c/1/" seen=7 %}',
        moves=[
            {"id": "solved", "label": "办结", "fields": [{"id": "note", "label": "说明", "type": "long"}]}
        ],
    )
    assert 'name="seen" value="7"' in html
    assert 'name="move" value="solved"' in html
    assert html.count('name="key"') == 1
    assert 'id="m-solved-note"' in html


def test_timeline_escapes_what_people_wrote():
    html = draw(
        '{% include "ui/timeline.html" %}', entries=[{"title": "反映", "text": "<b>x</b>", "at": NOW}]
    )
    assert "&lt;b&gt;" in html


def test_chart_has_its_figures_as_a_table_and_no_way_out_of_the_data_block():
    html = draw('{% chart "bar" labels figures unit="件" title="t" %}', labels=["</script><b>"], figures=[3])
    assert "</script><b>" not in html
    assert "<td" in html
    assert ">3<" in html


def test_pager_without_a_next_page_has_no_link():
    assert "<a" not in draw('{% include "ui/pager.html" with shown=3 %}')
    assert 'rel="next"' in draw('{% include "ui/pager.html" with next="?after=x" %}')

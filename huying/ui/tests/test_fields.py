"""Fields of schemas and of Django forms look and speak alike."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from huying.ui.fields import KINDS, from_schema, view_of
from huying.ui.typed import day_of, point_of


def show(field, **context):
    return Template("{% load ui %}{% form_field field %}").render(Context({"field": field, **context}))


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_type_is_drawn_with_its_name(kind):
    html = show({"id": "thing", "label": "东西", "type": kind, "choices": [{"id": "a", "label": "甲"}]})
    assert 'name="thing' in html or 'data-name="thing"' in html
    assert kind == "hidden" or "东西" in html


def test_an_unknown_type_is_an_error_and_not_a_text_box():
    with pytest.raises(ValueError, match="unknown type 'colour'"):
        from_schema({"id": "x", "type": "colour"})


def test_labels_follow_the_language():
    field = {"id": "x", "label": {"zh": "照片", "en": "Photos"}}
    with translation.override("en"):
        assert view_of(field).label == "Photos"
    with translation.override("zh-hans"):
        assert view_of(field).label == "照片"


def test_hint_and_error_are_tied_to_the_control():
    html = show(
        {"id": "phone", "label": "电话", "type": "phone", "hint": "只用于告知", "errors": ["应为 11 位"]}
    )
    assert 'aria-describedby="f-phone-hint f-phone-error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="f-phone-error"' in html
    assert "应为 11 位" in html


def test_few_choices_are_rows_and_many_are_a_list_to_search():
    few = [{"id": str(n), "label": f"选项{n}"} for n in range(3)]
    many = [{"id": str(n), "label": f"选项{n}"} for n in range(30)]
    assert show({"id": "c", "type": "choice", "choices": few}).count('type="radio"') == 3
    html = show({"id": "c", "type": "choice", "choices": many, "value": "7"})
    assert "data-pick" in html
    assert '<option value="7" selected>' in html


def test_text_of_people_is_escaped_everywhere():
    evil = '"><script>alert(1)</script>'
    for kind in sorted(KINDS):
        html = show(
            {
                "id": "x",
                "label": evil,
                "type": kind,
                "hint": evil,
                "value": [evil] if kind == "photo" else evil,
                "errors": [evil],
                "choices": [{"id": evil, "label": evil, "hint": evil, "group": evil}],
            }
        )
        assert "<script>alert" not in html, kind


def test_a_moment_is_shown_in_local_time():
    html = show({"id": "at", "type": "datetime", "value": datetime(2026, 3, 2, 0, 30, tzinfo=UTC)})
    assert 'value="2026-03-02T08:30"' in html


def test_prefix_keeps_two_forms_on_one_page_apart():
    one = Template('{% load ui %}{% form_field f prefix="m-close" %}').render(Context({"f": {"id": "why"}}))
    assert 'id="m-close-why"' in one
    assert 'name="why"' in one


class Sample(forms.Form):
    name = forms.CharField(label="姓名", help_text="真实姓名")
    way = forms.ChoiceField(label="方式", choices=[("a", "短信"), ("b", "电话")], widget=forms.RadioSelect)
    agree = forms.BooleanField(label="同意")
    secret = forms.CharField(widget=forms.HiddenInput, initial="s")


def test_django_fields_have_the_same_dress():
    form = Sample({"name": "", "way": "a"})
    name = show(form["name"])
    assert 'class="form-control"' in name
    assert 'aria-invalid="true"' in name
    assert "真实姓名" in name
    assert show(form["way"]).count("hy-choice") >= 2
    assert "<legend>方式" in show(form["way"])
    assert show(form["secret"]).strip().startswith("<input")


def test_summary_links_to_what_is_wrong():
    html = Template("{% load ui %}{% form_errors fields %}").render(
        Context({"fields": [{"id": "a", "label": "甲", "errors": ["空着"]}, {"id": "b", "label": "乙"}]})
    )
    assert 'href="#f-a"' in html
    assert "空着" in html
    assert "#f-b" not in html


def test_points_and_days_are_read_back():
    assert point_of("100.5,30.25") == (100.5, 30.25)
    assert point_of("  ") is None
    for bad in ("1", "200,10", "10,91", "nan,1", "a,b"):
        assert point_of(bad) is None
    assert day_of("2026-03-02") == date(2026, 3, 2)
    for none in ("", None, "2026-02-30", "yesterday", "0001-01-01", "9999-12-31"):
        assert day_of(none) is None

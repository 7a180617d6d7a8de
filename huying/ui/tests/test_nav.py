"""The navigation shows a visitor what they may use, and where they are."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from huying.ui import nav


@pytest.fixture(autouse=True)
def _own(monkeypatch):
    monkeypatch.setattr(nav, "_entries", {})


def at(path):
    return RequestFactory().get(path)


def test_longest_fitting_address_is_current():
    nav.register(
        nav.Entry("desk", "样式", "list", "ui:style"),
        nav.Entry("desk", "大屏", "map", "ui:style-wall"),
    )
    entries = {e["label"]: e["current"] for e in nav.entries("desk", at("/style/wall/"))}
    assert entries == {"样式": False, "大屏": True}


def test_rooms_that_are_not_there_and_entries_not_allowed_are_left_out():
    nav.register(
        nav.Entry("desk", "无", "list", "nowhere:at-all"),
        nav.Entry("desk", "密", "lock", "ui:style", show=lambda request: False),
        nav.Entry("resident", "他处", "home", "ui:offline"),
    )
    assert nav.entries("desk", at("/")) == []


def test_order_count_and_own_words():
    nav.register(
        nav.Entry("desk", lambda request: "账单", "list", "ui:style", order=20, count=lambda request: 4),
        nav.Entry("desk", "先", "home", "ui:offline", order=10),
    )
    first, second = nav.entries("desk", at("/x"))
    assert (first["label"], second["label"], second["count"]) == ("先", "账单", 4)


def test_unknown_area_is_refused():
    with pytest.raises(ValueError, match="unknown area"):
        nav.register(nav.Entry("lobby", "x", "home", "ui:style"))


def test_what_stands_under_one_heading_stands_together():
    nav.register(
        nav.Entry("desk", "督办单", "flag", "ui:style", order=10, group="督办"),
        nav.Entry("desk", "监督", "eye", "ui:offline", order=20),
        nav.Entry("desk", "通报", "speakerphone", "ui:style-wall", order=30, group="督办"),
    )
    shown = [(e["group"], e["label"]) for e in nav.entries("desk", at("/x"))]
    assert shown == [("", "监督"), ("督办", "督办单"), ("督办", "通报")]

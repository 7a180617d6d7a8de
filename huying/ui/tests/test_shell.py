"""Service worker, manifest, the page for no network, type size, and who may see the style page."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from huying.ui.build import built

# The frame asks other rooms which place it is, and who is signed in.
pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor():
    return Client()


def test_style_page_does_not_exist_for_visitors(visitor, settings):
    settings.DEBUG = False
    assert visitor.get("/style/").status_code == 404
    settings.DEBUG = True
    assert visitor.get("/style/").status_code == 200


def test_pages_forbid_inline_script_and_outside_hosts(visitor, settings):
    settings.DEBUG = True
    starts = (' type="module" src="/', ' type="application/json"', ' id="hy-words"')
    for path in ("/style/", "/style/resident/", "/style/wall/", "/offline/"):
        answer = visitor.get(path)
        html = answer.content.decode()
        assert "unsafe" not in answer["Content-Security-Policy"]
        assert " style=" not in html
        assert " onclick=" not in html
        for script in html.split("<script")[1:]:
            assert script.startswith(starts)


def test_manifest_names_icons_that_exist(visitor):
    from django.contrib.staticfiles import finders

    answer = visitor.get("/manifest.webmanifest")
    manifest = json.loads(answer.content)
    assert answer["Content-Type"] == "application/manifest+json"
    for icon in manifest["icons"]:
        assert finders.find(icon["src"].removeprefix("/static/"))


@pytest.mark.skipif(not built(), reason="npm run build was not run")
def test_service_worker_keeps_only_what_is_the_same_for_everybody(visitor):
    answer = visitor.get("/sw.js")
    head = answer.content.decode().split("\n")[0]
    told = json.loads(head.removeprefix("self.HUYING=").removesuffix(";"))
    assert told["version"] == built()["version"]
    assert all(f.startswith("/static/") for f in told["files"])
    assert "no-cache" in answer["Cache-Control"]


def test_larger_type_is_remembered_and_leads_back(visitor):
    answer = visitor.post("/elder/", {"next": "/offline/"})
    assert answer["Location"] == "/offline/"
    assert 'class="elder"' in visitor.get("/offline/").content.decode()
    visitor.post("/elder/", {"next": "/offline/"})
    assert 'class="elder"' not in visitor.get("/offline/").content.decode()


@pytest.mark.parametrize("goal", ["https://example.org/", "//example.org", "javascript:alert(1)"])
def test_nobody_is_sent_to_another_site(visitor, goal):
    assert visitor.post("/elder/", {"next": goal})["Location"] == "/"


def test_the_page_is_chinese_unless_asked_otherwise(visitor):
    assert "现在没有网络" in visitor.get("/offline/").content.decode()
    assert (
        "There is no network" in visitor.get("/offline/", headers={"Accept-Language": "en"}).content.decode()
    )


def test_errors_wear_the_house_dress(visitor, settings):
    settings.DEBUG = False
    answer = visitor.get("/there-is-nothing/")
    assert answer.status_code == 404
    assert "hy-empty" in answer.content.decode()
    assert "代码 404" in answer.content.decode()

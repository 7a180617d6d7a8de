"""The OpenAPI document and its page: complete, in both languages, and without anything from elsewhere."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client
from django.utils import translation

from huying.api import service
from huying.api.problems import PROBLEMS
from huying.api.words import SENTENCES


def sentences() -> set[str]:
    """What the document says in words."""
    found: set[str] = set()

    def walk(node):
        for name, value in node.items() if isinstance(node, dict) else enumerate(node):
            if name in ("summary", "description") and isinstance(value, str):
                found.update(service.paragraphs(value))
            elif isinstance(value, dict | list):
                walk(value)

    with translation.override("en"):
        walk(service.api.get_openapi_schema(path_prefix="/api/v1/"))
    # The descriptions of problem answers are lists of codes.
    return {one for one in found if not set(one.split(", ")) <= PROBLEMS.keys()}


def test_every_sentence_is_found_for_translation():
    assert sentences() == set(SENTENCES)


def test_every_sentence_has_its_chinese():
    with translation.override("zh-hans"):
        left = [one for one in SENTENCES if not re.search("[一-鿿]", translation.gettext(one))]
    assert not left


def test_every_call_is_described_with_its_answers_and_problems():
    document = service.api.get_openapi_schema(path_prefix="/api/v1/")
    schemas = document["components"]["schemas"]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            where = f"{method} {path}"
            assert operation["summary"], where
            assert operation["description"], where
            assert operation["tags"], where
            statuses = {int(status) for status in operation["responses"]}
            assert statuses & {200, 201}, where
            assert {429, 500, 503} <= statuses, where
            assert ({401, 403} <= statuses) == ("x-scope" in operation), where
            assert ("x-scope" in operation) == bool(operation.get("security")), where
    for reference in re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document)):
        assert reference in schemas


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "受理诉求"), ("en", "Take in a call")])
def test_the_page_is_ours_alone(db, language, words):
    answer = Client().get("/api/v1/docs", headers={"Accept-Language": language})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert words in page
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", page)
    for script in re.findall(r"<script\b[^>]*>", page):
        assert "src=" in script or "application/json" in script
    assert "<style" not in page
    assert " style=" not in page


def test_the_document_speaks_both_languages(db):
    told = {
        language: Client().get("/api/v1/openapi.json", headers={"Accept-Language": language}).json()
        for language in ("zh-hans", "en")
    }
    assert told["en"]["paths"].keys() == told["zh-hans"]["paths"].keys()
    assert told["zh-hans"]["paths"]["/api/v1/cases"]["post"]["summary"] == "受理诉求"

"""The two writing calls as the web server gets them."""

from __future__ import annotations

import pytest

from huying.api.tests.conftest import key_for
from huying.cases.models import Case

LAMP = {"body": "朝阳街与兴工路交叉口路灯不亮已经三天，晚上出行不安全。", "division": "220523001001"}


@pytest.fixture
def desk_key(staff):
    return key_for(staff.person("desk", role="centre_desk", organ="centre"))


def test_a_call_becomes_a_case(wsgi, staff, desk_key):
    status, said, headers = wsgi.post("/api/v1/cases", LAMP, desk_key)
    assert status == 201, said
    case = Case.objects.get(number=said["number"])
    assert case.body == LAMP["body"]
    assert case.channel == "api"
    assert case.owner_key
    assert headers["Location"] == f"/api/v1/cases/{case.number}"
    assert len(said["track_code"]) == 16


def test_the_same_key_gets_the_same_answer_and_another_body_a_conflict(wsgi, desk_key):
    first = wsgi.post("/api/v1/cases", LAMP, desk_key, idempotency_key="k1")
    again = wsgi.post("/api/v1/cases", LAMP, desk_key, idempotency_key="k1")
    assert first[:2] == again[:2]
    assert again[2]["Idempotency-Replayed"] == "true"
    status, said, _ = wsgi.post("/api/v1/cases", {**LAMP, "body": "别的事"}, desk_key, idempotency_key="k1")
    assert (status, said["code"]) == (409, "key-reused")
    assert Case.objects.count() == 1


def test_what_is_wrong_is_said_by_field_and_nothing_is_written(wsgi, desk_key):
    status, said, headers = wsgi.post(
        "/api/v1/cases", {"body": "", "urgency": 9, "nonsense": 1}, desk_key, accept_language="en"
    )
    assert (status, said["code"]) == (422, "invalid")
    assert headers["Content-Type"] == "application/problem+json"
    assert {one["field"] for one in said["errors"]} == {"body", "urgency", "nonsense"}
    assert Case.objects.count() == 0

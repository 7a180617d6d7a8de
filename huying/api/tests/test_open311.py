"""GeoReport v2: services, reporting, reading; XML and JSON; what is public and what is not."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.test import Client
from PIL import Image

from huying.api.tests.conftest import key_for
from huying.cases.actions.others import publish
from huying.cases.models import Case
from huying.cases.tests.test_lifecycle import a_point
from huying.testing.statements import assert_statements

ROOT = "/open311/v2"
TEXT = "东凤街道菜市场门口占道经营 <script>alert(1)</script> & ]]> \x0b"


@pytest.fixture
def http(db):
    return Client(raise_request_exception=False)


@pytest.fixture
def reported(staff, http):
    """A report by somebody without a key, and its answer."""
    lon, lat = a_point(staff)
    answer = http.post(
        f"{ROOT}/requests.json",
        {"service_code": "E101", "description": TEXT, "lat": lat, "long": lon, "phone": "100-0000-0091",
         "first_name": "一", "last_name": "示例·王", "address_string": "菜市场北门", "attribute[people]": "3"},
    )  # fmt: skip
    assert answer.status_code == 201, answer.content
    return json.loads(answer.content)[0]


def rows(answer):
    return json.loads(answer.content)


def test_services_and_their_fields(huinan, http):
    found = rows(http.get(f"{ROOT}/services.json"))
    assert len(found) == 81
    assert {"service_code", "service_name", "description", "metadata", "type", "keywords", "group"} <= set(
        found[5]
    )
    tree = ElementTree.fromstring(http.get(f"{ROOT}/services.xml").content)
    assert tree.tag == "services"
    assert [one.findtext("service_code") for one in tree] == [one["service_code"] for one in found]
    form = rows(http.get(f"{ROOT}/services/E101.json"))
    people = next(one for one in form["attributes"] if one["code"] == "people")
    assert (people["datatype"], people["required"]) == ("number", False)
    assert "handled_now" not in {one["code"] for one in form["attributes"]}
    tree = ElementTree.fromstring(http.get(f"{ROOT}/services/E101.xml").content)
    assert tree.find("attributes/attribute/values/value/key") is not None
    assert http.get(f"{ROOT}/services/nope.xml").status_code == 404
    assert http.get(f"{ROOT}/services/E.json").status_code == 404  # a group of items, not one


def test_discovery(huinan, http):
    assert rows(http.get(f"{ROOT}/discovery.json"))["endpoints"][0]["url"].endswith("/open311/v2")
    tree = ElementTree.fromstring(http.get(f"{ROOT}/discovery").content)
    assert tree.findtext("endpoints/endpoint/formats/format") == "text/xml"


def test_a_report_becomes_a_case(reported):
    case = Case.objects.get(number=reported["service_request_id"])
    assert case.item == "E101"
    assert case.grid_id is not None
    assert case.fields == {"people": 3}
    assert case.channel == "api"
    assert "Track code" in reported["service_notice"] or "查询码" in reported["service_notice"]


def test_without_a_key_only_public_facts_are_told(staff, http, reported):
    number = reported["service_request_id"]
    told = rows(http.get(f"{ROOT}/requests/{number}.json"))[0]
    case = Case.objects.get(number=number)
    assert (told["status"], told["service_code"]) == ("open", "E101")
    assert told["description"] == told["agency_responsible"] == ""
    assert "菜市场" not in told["address"]
    assert (told["long"], told["lat"]) == tuple(staff.memory.division(case.grid_id).centre)
    assert told["requested_datetime"].endswith("+08:00")
    publish(
        case,
        "占道经营",
        "市场门口占道经营，已受理。",
        staff.actor("desk", role="centre_desk", organ="centre"),
    )
    told = rows(http.get(f"{ROOT}/requests/{number}.json"))[0]
    assert told["description"] == "市场门口占道经营，已受理。"


def test_a_key_tells_what_its_person_may_see(staff, http, reported):
    number = reported["service_request_id"]
    case = Case.objects.get(number=number)
    desk = key_for(staff.person("desk", role="centre_desk", organ="centre"), "open311")
    told = rows(http.get(f"{ROOT}/requests/{number}.json?api_key={desk}"))[0]
    assert told["description"] == case.body
    assert (told["long"], told["lat"]) == (case.lon, case.lat)
    assert "100-0000-0091" not in json.dumps(told, ensure_ascii=False)
    xml = http.get(f"{ROOT}/requests/{number}.xml?api_key={desk}").content
    assert b"<script>" not in xml
    assert ElementTree.fromstring(xml).findtext("request/description") == case.body.replace("\x0b", "")
    other = key_for(staff.person("market", role="officer", organ="market"), "open311")
    assert rows(http.get(f"{ROOT}/requests/{number}.json?api_key={other}"))[0]["description"] == ""
    wrong_scope = key_for(staff.person("desk"), "cases:read")
    assert http.get(f"{ROOT}/requests.json?api_key={wrong_scope}").status_code == 403
    assert http.get(f"{ROOT}/requests.json?api_key=hy_forged").status_code == 403


def test_confidential_cases_never_appear(staff, http, reported):
    desk = key_for(staff.person("desk", role="centre_desk", organ="centre"), "open311")
    for change in ({"confidential": True}, {"confidential": False, "call": "report"}):
        Case.objects.filter(number=reported["service_request_id"]).update(**change)
        for more in ("", f"?api_key={desk}"):
            assert http.get(f"{ROOT}/requests/{reported['service_request_id']}.json{more}").status_code == 404
            assert rows(http.get(f"{ROOT}/requests.json{more}")) == []


def test_filters(staff, http, clock):
    lon, lat = a_point(staff)
    numbers = []
    for code in ("E101", "E102", "other"):
        form = {"service_code": code, "description": "有人占道经营", "lat": lat, "long": lon}
        numbers.append(rows(http.post(f"{ROOT}/requests.json", form))[0]["service_request_id"])
        clock.advance(timedelta(days=1))

    def ids(query):
        answer = http.get(f"{ROOT}/requests.json?{query}")
        assert answer.status_code == 200, answer.content
        return [one["service_request_id"] for one in rows(answer)]

    assert ids("") == numbers[::-1]
    assert ids("service_code=E101,E102") == [numbers[1], numbers[0]]
    assert ids(f"service_request_id={numbers[0]},{numbers[2]}&status=closed") == [numbers[2], numbers[0]]
    assert ids("status=closed") == []
    assert ids("status=open,closed") == numbers[::-1]
    assert ids("start_date=2026-03-02T12:00:00%2B08:00&end_date=2026-03-03T12:00:00Z") == [numbers[1]]
    assert ids("end_date=2026-03-02T12:00:00+08:00") == [numbers[0]]
    clock.advance(timedelta(days=89))
    assert ids("") == [numbers[2]]  # the others are older than 90 days by now
    for bad in (
        "status=lost",
        "start_date=yesterday",
        "start_date=2026-01-01&end_date=2026-12-31",
        "end_date=0001-01-01",
    ):
        answer = http.get(f"{ROOT}/requests.xml?{bad}")
        assert answer.status_code == 400, bad
        assert ElementTree.fromstring(answer.content).findtext("error/code") == "400"


def test_tokens(http, reported):
    number = reported["service_request_id"]
    assert rows(http.get(f"{ROOT}/tokens/{number}.json")) == [{"service_request_id": number, "token": number}]
    assert http.get(f"{ROOT}/tokens/nobody.xml").status_code == 404


def test_what_is_wrong_with_a_report(staff, http):
    good = {"service_code": "E101", "description": "占道经营", "address_string": "菜市场"}
    bad = {
        "service_code was": {"service_code": ""}, "nope": {"service_code": "nope"}, "no text": {"description": ""},
        "too long": {"description": "长" * 4001}, "no place": {"address_string": ""},
        "not numbers": {"lat": "north", "long": "1"}, "half": {"lat": "42"}, "off": {"lat": "99", "long": "1"},
        "nan": {"lat": "nan", "long": "nan"}, "NUL": {"description": "a\x00b"},
        "attribute": {"attribute[nope]": "1"}, "value": {"attribute[people]": "many"},
        "long name": {"first_name": "x" * 21},
    }  # fmt: skip
    for name, change in bad.items():
        answer = http.post(f"{ROOT}/requests.xml", good | change)
        assert answer.status_code in (400, 404), (name, answer.content)
        assert ElementTree.fromstring(answer.content).findtext("error/description"), name
    assert http.delete(f"{ROOT}/requests.json").status_code == 405
    assert http.get(f"{ROOT}/services.xml?jurisdiction_id=nowhere").status_code == 404
    assert http.get(f"{ROOT}/services.xml?jurisdiction_id=220523").status_code == 200
    assert Case.objects.count() == 0


def test_photos_come_as_media_and_an_address_is_not_fetched(staff, http, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    made = io.BytesIO()
    Image.effect_noise((320, 240), 80).convert("RGB").save(made, "JPEG")
    made.name = "灯.jpg"
    made.seek(0)
    good = {"service_code": "E101", "description": "占道经营", "address_string": "菜市场"}
    told = rows(
        http.post(f"{ROOT}/requests.json", {**good, "media": made, "media_url": "http://127.0.0.1:1/x.jpg"})
    )[0]
    assert "media_url" in told["service_notice"]
    from huying.files import queries as files

    case = Case.objects.get(number=told["service_request_id"])
    assert [one.kind for one in files.of_case(case.place_id, case.id)] == ["photo"]
    fake = io.BytesIO(b"<?php echo 1;" * 20)
    fake.name = "x.jpg"
    assert http.post(f"{ROOT}/requests.json", {**good, "media": fake}).status_code == 400


def test_many_reports_without_a_key_are_slowed_down(staff, http):
    good = {"service_code": "E101", "description": "占道经营", "address_string": "菜市场"}
    got = [http.post(f"{ROOT}/requests.json", good).status_code for _ in range(21)]
    assert got == [201] * 20 + [403]
    key = key_for(staff.person("desk", role="centre_desk", organ="centre"), "open311")
    assert http.post(f"{ROOT}/requests.json", {**good, "api_key": key}).status_code == 201


def test_a_place_may_ask_for_a_key(staff, http):
    from huying.places import memory

    role = memory.of(staff.place.pk).roles["visitor"]
    object.__setattr__(role, "rights", frozenset())
    try:
        form = {"service_code": "E101", "description": "占道经营", "address_string": "菜市场"}
        answer = http.post(f"{ROOT}/requests.json", form)
    finally:
        memory.forget()
    assert answer.status_code == 403


def test_statements(http, reported):
    http.get(f"{ROOT}/requests.json")
    with assert_statements(1):
        http.get(f"{ROOT}/requests.json")
    with assert_statements(0):
        http.get(f"{ROOT}/services.xml")

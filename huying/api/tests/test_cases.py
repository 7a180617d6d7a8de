"""The main job over REST, from the call to its rating; lists, timeline, moves now; following by code."""

from __future__ import annotations

import io
from datetime import timedelta
from urllib.parse import quote

from PIL import Image

from huying.api.tests.conftest import LAMP
from huying.cases.models import Case
from huying.files.models import Attachment
from huying.testing.statements import assert_statements

STALL = {
    "body": "东凤街道菜市场门口占道经营，流动摊贩把人行道全占了，走路都走不了",
    "division": "220523001001",
    "item": "E101",
}
DONE = {
    "truth": "genuine", "completion": "substantive", "solved": "solved", "contact_how": "phone",
    "internal_account": "已劝离并安排巡查", "public_reply": "摊位已清理，我们会安排人员早晚巡查。",
}  # fmt: skip


def move(client, number, name, data=None, seen=None, **headers):
    return client.post(f"cases/{number}/moves", {"move": name, "data": data or {}, "seen": seen}, **headers)


def test_from_the_call_to_the_rating(callers):
    status, made = callers.resident.post("cases", STALL)
    assert status == 201, made
    number = made["number"]
    officer = callers.officer()
    status, waiting = officer.get("cases?scope=mine")
    assert (status, [one["number"] for one in waiting["cases"]]) == (200, [number])
    status, now = officer.get(f"cases/{number}/moves")
    assert status == 200
    forms = {one["move"]: one["form"] for one in now["moves"]}
    assert "sign_in" in forms
    assert forms["sign_in"]["type"] == "object"
    assert "verify" not in forms
    status, said = move(officer, number, "sign_in", seen=now["version"])
    assert (status, said["version"], said["step"]) == (200, 2, "handle")
    status, said = move(officer, number, "done", DONE, seen=2)
    assert status == 200, said
    status, said = move(
        callers.desk, number, "pass", {"solved": "solved", "public_reply": "摊位已清理。"}, seen=3
    )
    assert status == 200, said
    status, said = move(
        callers.resident, number, "rated", {"satisfaction": "satisfied", "comment": "很快"}, seen=4
    )
    assert (status, said["closed"], said["step"]) == (200, True, "archive")
    case = Case.objects.get(number=number)
    assert case.satisfaction == 3
    status, whole = callers.desk.get(f"cases/{number}")
    assert (status, whole["satisfaction"], whole["item"]["code"]) == (200, 3, "E101")
    assert whole["reply"] == "摊位已清理。"
    status, story = callers.desk.get(f"cases/{number}/timeline")
    assert status == 200
    assert len(story["lines"]) == 5
    internal = [said["value"] for line in story["lines"] for said in line["said"]]
    assert DONE["internal_account"] in internal
    status, story = callers.resident.get(f"cases/{number}/timeline")
    assert DONE["internal_account"] not in [said["value"] for line in story["lines"] for said in line["said"]]


def test_contacts_are_never_told(callers):
    _, made = callers.desk.post("cases", LAMP)
    client = callers.desk
    number = made["number"]
    for path in (f"cases/{number}", f"cases/{number}/timeline", f"cases/{number}/moves", "cases?scope=all"):
        assert client.get(path)[0] == 200
        told = client.last.content.decode()
        assert "示例·王一" not in told
        assert "00000091" not in told.replace("-", "")


def test_a_stale_version_changes_nothing(callers):
    _, made = callers.resident.post("cases", STALL)
    officer = callers.officer()
    assert move(officer, made["number"], "sign_in", seen=1)[0] == 200
    status, said = move(officer, made["number"], "done", DONE, seen=1)
    assert (status, said["code"], said["version"], said["step"]) == (409, "stale", 2, "handle")
    assert Case.objects.get(number=made["number"]).version == 2


def test_a_move_sent_twice_happens_once(callers):
    _, made = callers.resident.post("cases", STALL)
    officer = callers.officer()
    first = move(officer, made["number"], "sign_in", seen=1, Idempotency_Key="m1")
    again = move(officer, made["number"], "sign_in", seen=1, Idempotency_Key="m1")
    assert first == again
    assert officer.last.headers["Idempotency-Replayed"] == "true"
    status, said = move(officer, made["number"], "done", DONE, seen=2, Idempotency_Key="m1")
    assert (status, said["code"]) == (409, "key-reused")
    assert Case.objects.get(number=made["number"]).version == 2


def test_a_move_that_is_not_ones_own_and_one_with_wrong_fields(callers):
    _, made = callers.resident.post("cases", STALL)
    status, said = move(callers.resident, made["number"], "sign_in")
    assert (status, said["code"]) == (403, "not-allowed")
    officer = callers.officer()
    move(officer, made["number"], "sign_in")
    status, said = move(officer, made["number"], "done", {**DONE, "truth": "nonsense", "more": 1})
    assert (status, said["code"]) == (422, "invalid")
    assert {one["field"] for one in said["errors"]} == {"truth", "more"}


def test_following_and_rating_by_the_code_alone(callers):
    _, made = callers.desk.post("cases", {**STALL, "anonymous": True})
    officer = callers.officer()
    move(officer, made["number"], "sign_in")
    move(officer, made["number"], "done", DONE)
    move(callers.desk, made["number"], "pass", {"solved": "solved", "public_reply": "摊位已清理。"})
    nobody = type(officer)()
    code = made["track_code"]
    status, seen = nobody.get(f"track/{code[:4]}-{code[4:8]}-{code[8:12]}-{code[12:]}".lower())
    assert (status, seen["number"], seen["reply"]) == (200, made["number"], "摊位已清理。")
    assert "rated" in {one["move"] for one in seen["moves"]}
    assert DONE["internal_account"] not in nobody.last.content.decode()
    body = {
        "move": "rated",
        "data": {"satisfaction": "unsatisfied", "comment": "摊贩还在门口摆"},
        "seen": seen["version"],
    }
    status, said = nobody.post(f"track/{code}/moves", body, Idempotency_Key="r1")
    assert status == 200, said
    assert nobody.post(f"track/{code}/moves", body, Idempotency_Key="r1")[1] == said
    status, said = nobody.post(f"track/{code}/moves", {"move": "pass"})
    assert status in (403, 409, 422)


def test_lists_narrow_and_go_on_by_cursor(callers):
    numbers = [
        callers.desk.post("cases", {**STALL, "body": f"第{n}处占道经营"})[1]["number"] for n in range(5)
    ]
    client = callers.desk
    status, first = client.get("cases?limit=2")
    assert (status, [one["number"] for one in first["cases"]]) == (200, numbers[:2:-1])
    _, second = client.get(f"cases?limit=2&cursor={quote(first['next'])}")
    assert [one["number"] for one in second["cases"]] == numbers[2:0:-1]
    _, back = client.get(f"cases?limit=2&cursor={quote(second['previous'])}")
    assert [one["number"] for one in back["cases"]] == numbers[:2:-1]
    _, found = client.get("cases?item=E101&division=220523001001&state=open&call=help&step=arrive")
    assert len(found["cases"]) == 5
    _, found = client.get("cases?item=E102")
    assert found == {"cases": [], "next": None, "previous": None}
    _, found = client.get("cases?phase=handle")  # whatever the place calls its steps
    assert len(found["cases"]) == 5
    _, found = client.get("cases?phase=archive")
    assert found["cases"] == []
    _, found = client.get("cases?since=1999-01-01&until=1999-01-02")
    assert found["cases"] == []
    assert client.get("cases?since=2026-13-01")[0] == client.get("cases?since=0")[0] == 422
    assert client.get("cases?cursor=abc")[1]["code"] == "bad-cursor"
    assert client.get("cases?division=nowhere")[0] == 422
    assert client.get("cases?limit=0")[0] == 422


def photo() -> io.BytesIO:
    made = io.BytesIO()
    Image.effect_noise((320, 240), 80).convert("RGB").save(made, "JPEG")
    made.seek(0)
    made.name = "灯.jpg"
    return made


def test_a_photo_goes_with_the_call(callers, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client = callers.resident
    status, staged = client.upload("/api/v1/files", {"file": photo()})
    assert status == 201, staged
    status, made = client.post("cases", {**STALL, "photos": [staged["token"]]})
    assert status == 201, made
    _, case = client.get(f"cases/{made['number']}")
    assert [one["kind"] for one in case["files"]] == ["photo"]
    status, content = client.get(f"cases/{made['number']}/files/{case['files'][0]['id']}")
    assert status == 200
    assert content[:3] == b"\xff\xd8\xff"
    other = callers.of("other", kind="resident")
    assert other.get(f"cases/{made['number']}/files/{case['files'][0]['id']}")[0] == 404
    status, said = other.post("cases", {**STALL, "photos": [staged["token"]]})
    assert (status, said["errors"][0]["field"]) == (422, "photos")


def test_whoever_called_opens_photos_of_the_work_but_none_kept_to_those_who_handle_it(
    callers, settings, tmp_path
):
    """The rule of the pages holds here too: ``queries.may_open``."""
    settings.MEDIA_ROOT = tmp_path
    client, officer = callers.resident, callers.officer()
    _, staged = client.upload("/api/v1/files", {"file": photo()})
    _, made = client.post("cases", {**STALL, "photos": [staged["token"]]})
    _, case = client.get(f"cases/{made['number']}")
    path = f"cases/{made['number']}/files/{case['files'][0]['id']}"
    Attachment.objects.update(created_at=Case.objects.get().reported_at + timedelta(hours=1))
    assert (client.get(path)[0], officer.get(path)[0]) == (200, 200)
    Attachment.objects.update(private=True)
    assert client.get(f"cases/{made['number']}")[1]["files"] == []
    assert (client.get(path)[0], officer.get(path)[0]) == (404, 200)


def test_a_point_of_another_coordinate_system_is_converted(callers):
    _, made = callers.desk.post("cases", {"body": "井盖丢失", "lon": 126.05, "lat": 42.68, "system": "gcj02"})
    case = Case.objects.get(number=made["number"])
    assert 0.001 < abs(case.lon - 126.05) < 0.02


def test_further_fields_are_those_of_the_form(callers):
    status, said = callers.desk.post("cases", {**STALL, "fields": {"people": 12, "solved": "solved"}})
    assert (status, [one["field"] for one in said["errors"]]) == (422, ["fields.solved"])
    status, made = callers.desk.post("cases", {**STALL, "fields": {"people": 12}})
    assert status == 201
    assert Case.objects.get(number=made["number"]).fields == {"people": 12}


def test_reference_data(callers):
    client = callers.resident
    assert client.get("places")[1]["places"][0]["code"] == "220523"
    _, page = client.get("divisions?limit=10")
    assert len(page["divisions"]) == 10
    _, after = client.get(f"divisions?limit=10&cursor={page['next']}")
    assert not {one["code"] for one in page["divisions"]} & {one["code"] for one in after["divisions"]}
    _, below = client.get("divisions?parent=220523&q=朝阳")
    assert all(one["parent"] == "220523" for one in below["divisions"])
    _, items = client.get("items?leaf=true")
    assert len(items["items"]) == 80
    _, organs = client.get("organs")
    assert "chengguan" in {one["code"] for one in organs["organs"]}
    _, at = client.get("divisions/at?lon=0&lat=0")
    assert at["outside"] is True


def test_statements(callers):
    client = callers.desk
    _, made = client.post("cases", STALL)
    with assert_statements(2):  # the number; the case with everything that belongs to it
        client.post("cases", STALL)
    with assert_statements(1):
        client.get("cases?limit=50")
    client.get(f"cases/{made['number']}")
    with assert_statements(8):
        client.get(f"cases/{made['number']}")
    with assert_statements(2):
        client.get(f"cases/{made['number']}/moves")
    with assert_statements(0):
        client.get("items")

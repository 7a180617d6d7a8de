"""Moves made from the case page: what was done, what was refused, what was overtaken; nothing typed is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from huying.cases.actions import perform
from huying.cases.calls import Reporter
from huying.cases.models import Case, Leg
from huying.cases.tests.desk_browser import browser, desk, officer, reported, text, unclear
from huying.files.models import Attachment
from huying.files.tests.samples import HTML, phone_photo
from huying.ledger import queries as ledger

REPLY = "摊位已清理，我们会安排人员早晚巡查。"
DONE = {
    "truth": "genuine", "completion": "substantive", "solved": "solved", "contact_how": "none",
    "internal_account": "已劝离并安排巡查", "public_reply": REPLY,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _store(settings: Any) -> None:
    settings.HUYING_FILES_RESERVE = 0


def send(client: Any, case: Case, move: str, seen: int, key: str = "", **data: Any) -> Any:
    url = reverse("cases:move", args=[case.number])
    return client.post(url, {"move": move, "seen": seen, "key": key, **data})


def story(case: Case) -> list[str]:
    return [h.event.data.get("move") for h in ledger.history(case.place_id, case.id)][1:]


def test_a_move_is_made_and_said(staff: Any) -> None:
    case = reported(staff)
    client = officer(staff)
    answer = send(client, case, "sign_in", 1, "k")
    assert (answer.status_code, answer.url) == (303, f"/cases/{case.number}/")
    page = text(client.get(answer.url))
    assert "“报到签收”已办好" in page
    assert "“处置”" in page
    case.refresh_from_db()
    assert case.step == "handle"


def test_the_department_handles_and_the_centre_verifies_from_the_page(staff: Any) -> None:
    case = reported(staff)
    client = officer(staff)
    send(client, case, "sign_in", 1)
    url = reverse("cases:move", args=[case.number])
    photo = SimpleUploadedFile("处置后.jpg", phone_photo(), "image/jpeg")
    answer = client.post(url, {"move": "done", "seen": 2, "key": "d", **DONE, "after_photos_files": photo})
    assert answer.status_code == 303
    assert Attachment.objects.get().case_id == case.id
    assert send(desk(staff), case, "pass", 3, solved="solved", public_reply=REPLY).status_code == 303
    case.refresh_from_db()
    assert (case.step, case.result, case.reply) == ("rate", "solved", REPLY)
    assert story(case) == ["sign_in", "done", "pass"]


def test_what_is_missing_is_said_at_its_field_and_what_was_typed_stays(staff: Any) -> None:
    case = reported(staff)
    client = officer(staff)
    send(client, case, "sign_in", 1)
    answer = send(client, case, "done", 2, "k", public_reply=REPLY, truth="genuine")
    page = text(answer)
    assert answer.status_code == 422
    assert REPLY in page
    assert 'aria-invalid="true"' in page
    assert 'name="key" value="k"' in page
    assert story(case) == ["sign_in"]


def test_who_is_overtaken_sees_how_it_stands_and_keeps_the_text(staff: Any) -> None:
    case = reported(staff)
    client = officer(staff)
    perform(staff.place.pk, case.id, "note", staff.officer(), {"note": "另一位同事先写了"})
    answer = send(client, case, "note", 1, "k", note="我写了很长的一段说明")
    page = text(answer)
    assert answer.status_code == 409
    assert "我写了很长的一段说明" in page
    assert "另一位同事先写了" in page
    assert 'name="seen" value="2"' in page
    assert send(client, case, "note", 2, "k", note="我写了很长的一段说明").status_code == 303


def test_text_for_a_step_that_is_over_is_shown_to_be_copied(staff: Any) -> None:
    case = reported(staff)
    client = officer(staff)
    perform(
        staff.place.pk,
        case.id,
        "return",
        staff.officer(),
        {"return_reason": "not_ours", "reason": "不归我们"},
    )
    answer = send(client, case, "sign_in", 1, arrive_note="已经派人去了")
    assert answer.status_code == 409
    assert "已经派人去了" in text(answer)
    assert "未提交" in text(answer)


def test_the_same_form_sent_twice_is_one_move(staff: Any) -> None:
    case = reported(staff)
    client = officer(staff)
    for _ in range(2):
        assert send(client, case, "sign_in", 1, "same").status_code == 303
    assert story(case) == ["sign_in"]


def test_a_key_used_for_something_else_is_a_conflict(staff: Any) -> None:
    case = reported(staff)
    client = officer(staff)
    send(client, case, "note", 1, "same", note="第一")
    answer = send(client, case, "note", 2, "same", note="第二")
    page = text(answer)
    assert answer.status_code == 409
    assert "第二" in page
    assert 'name="key" value="same"' not in page
    assert story(case) == ["note"]


@pytest.mark.parametrize("move", ["nothing", "to_desk", "sign_in@not-a-leg", "", "sign_in@"])
def test_a_move_that_there_is_not_changes_nothing(staff: Any, move: str) -> None:
    case = reported(staff)
    answer = send(officer(staff), case, move, 1)
    assert answer.status_code in (303, 422)
    assert (story(case) == []) or move == "sign_in@"


@pytest.mark.parametrize("move", ["transfer", "void", "pass"])
def test_who_may_not_is_refused(staff: Any, move: str) -> None:
    case = reported(staff)
    answer = send(
        officer(staff), case, move, 1, reason="试一试", organ="police", public_reply=REPLY, solved="solved"
    )
    assert answer.status_code == 422
    assert story(case) == []


def test_a_part_is_moved_by_its_own_organ(staff: Any) -> None:
    case = unclear(staff)
    data = {"item": "E101", "organs": ["chengguan", "police"], "due": "2099-01-05T17:00"}
    perform(staff.place.pk, case.id, "gather", staff.desk, data)
    case.refresh_from_db()
    police = staff.memory.organ_by_code("police").id
    leg = Leg.objects.get(case_id=case.id, organ_id=police)
    other = Leg.objects.exclude(organ_id=police).get(case_id=case.id)
    client = officer(staff, "police")
    assert send(client, case, f"sign_in@{other.id}", case.version).status_code == 422
    assert send(client, case, f"sign_in@{leg.id}", case.version).status_code == 303
    leg.refresh_from_db()
    assert leg.step == "handle"


def test_a_case_that_leaves_ones_sight_leads_back_to_the_inbox(staff: Any) -> None:
    case = reported(staff)
    perform(staff.place.pk, case.id, "transfer", staff.desk, {"organ": "police", "reason": "归公安"})
    case.refresh_from_db()
    answer = send(
        officer(staff, "police"), case, "return", case.version, return_reason="not_ours", reason="不归我们"
    )
    assert answer.status_code == 303
    assert officer(staff, "police").get(answer.url).status_code == 200


def test_a_file_that_is_none_is_refused_and_the_text_stays(staff: Any) -> None:
    case = reported(staff)
    client = officer(staff)
    send(client, case, "sign_in", 1)
    bad = SimpleUploadedFile("照片.jpg", HTML, "image/jpeg")
    answer = send(client, case, "done", 2, **DONE, after_photos_files=bad)
    assert answer.status_code == 422
    assert REPLY in text(answer)
    assert story(case) == ["sign_in"]


def test_an_upload_of_somebody_elses_is_not_attached(staff: Any) -> None:
    case = reported(staff)
    client, other = officer(staff), officer(staff, "police")
    token = other.post("/files/", {"file": SimpleUploadedFile("a.jpg", phone_photo())}).json()["id"]
    send(client, case, "sign_in", 1)
    answer = send(client, case, "done", 2, **DONE, after_photos=token)
    assert answer.status_code == 422
    assert REPLY in text(answer)
    assert not Attachment.objects.exists()


def test_who_called_sees_the_photos_of_the_work_and_no_image_that_is_not_given_out(staff: Any) -> None:
    worker = browser(staff, "worker", role="grid_worker", division="220523001001-g01")
    person = staff.person("worker")
    case = reported(staff, reporter=Reporter(person.pk, "示例·网格员", "10000000009"))
    client = officer(staff)
    send(client, case, "sign_in", 1)
    token = client.post("/files/", {"file": SimpleUploadedFile("a.jpg", phone_photo())}).json()["id"]
    send(client, case, "done", 2, **DONE, after_photos=token)
    photo = Attachment.objects.get()
    for page, url in (
        (f"/cases/{case.number}/", reverse("cases:file", args=[case.number, photo.id])),
        (f"/track/{case.number}/", reverse("cases:track_photo", args=[case.number, photo.id])),
    ):
        assert url in text(worker.get(page))
        assert worker.get(url).status_code == 200
        # What is kept to those who handle the case is neither shown to its caller nor given out.
        Attachment.objects.update(private=True)
        assert url not in text(worker.get(page))
        assert worker.get(url).status_code == 404
        Attachment.objects.update(private=False)
    assert client.get(reverse("cases:file", args=[case.number, photo.id])).status_code == 200


def test_the_item_list_of_grid_workers_is_held_at_the_page(staff: Any) -> None:
    case = unclear(staff)
    barred = next(item.code for item in staff.memory.preset.leaves if not item.grid)
    answer = send(desk(staff), case, "to_grid", case.version, item=barred)
    assert answer.status_code == 422
    assert story(case) == []


def test_reloading_a_refused_move_shows_the_case(staff: Any) -> None:
    case = reported(staff)
    answer = officer(staff).get(reverse("cases:move", args=[case.number]))
    assert (answer.status_code, answer.url) == (302, f"/cases/{case.number}/")

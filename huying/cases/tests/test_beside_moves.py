"""Contact, publication, photos: what staff do with a case beside its moves."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from huying.cases.actions import perform
from huying.cases.models import Case
from huying.cases.tests.desk_browser import PHONE, browser, desk, officer, reported, text, unclear
from huying.files import actions as files
from huying.files.models import Attachment
from huying.files.tests.samples import phone_photo
from huying.ledger import queries as ledger


@pytest.fixture(autouse=True)
def _store(settings: Any) -> None:
    settings.HUYING_FILES_RESERVE = 0


def url(name: str, case: Case, *more: Any) -> str:
    return reverse(f"cases:{name}", args=[case.number, *more])


def kinds(case: Case) -> list[str]:
    return [h.event.kind for h in ledger.history(case.place_id, case.id)]


def with_photo(staff: Any, **more: Any) -> tuple[Case, Attachment]:
    staged = files.stage(staff.place.pk, SimpleUploadedFile("路灯.jpg", phone_photo()), "me")
    case = reported(staff, files_key="me", photos=(staged.token,), **more)
    return case, Attachment.objects.get(case_id=case.id)


def test_the_contact_is_shown_for_a_reason_that_goes_on_record(staff: Any) -> None:
    case = reported(staff)
    client = officer(staff)
    answer = client.post(url("contact", case), {"reason": "要约时间上门"}, headers={"HX-Request": "true"})
    assert PHONE in text(answer)
    assert "<html" not in text(answer)
    assert "no-store" in answer.headers["Cache-Control"]
    assert kinds(case)[-1] == "case.unmasked"
    page = text(client.get(url("case", case)))
    assert PHONE not in page
    assert "要约时间上门" in page


def test_without_a_reason_nothing_is_shown_nor_recorded(staff: Any) -> None:
    case = reported(staff)
    answer = officer(staff).post(url("contact", case), {"reason": " "})
    assert answer.status_code == 422
    assert PHONE not in text(answer)
    assert "case.unmasked" not in kinds(case)


def test_a_leader_who_only_looks_does_not_see_the_contact(staff: Any) -> None:
    case = reported(staff)
    leader = browser(staff, "leader", role="leader", division="220523")
    answer = leader.post(url("contact", case), {"reason": "想看一看"})
    assert answer.status_code == 422
    assert PHONE not in text(answer)


def test_an_organ_at_work_on_its_part_may_call_the_caller(staff: Any) -> None:
    case = unclear(staff)
    data = {"item": "E101", "organs": ["chengguan", "police"], "due": "2099-01-05T17:00"}
    perform(staff.place.pk, case.id, "gather", staff.desk, data)
    answer = officer(staff, "police").post(url("contact", case), {"reason": "约见面"})
    assert PHONE in text(answer)


def test_text_and_chosen_photos_are_published_and_taken_back(staff: Any) -> None:
    case, photo = with_photo(staff)
    client = desk(staff)
    sent = {"title": "菜市场门口占道", "text": "已清理", "photo": [str(photo.id)]}
    assert client.post(url("publish", case), sent).status_code == 303
    case.refresh_from_db()
    photo.refresh_from_db()
    assert (case.public, case.public_title, photo.public_ok) == (True, "菜市场门口占道", True)
    client.post(url("publish", case), {"take_back": "1"})
    case.refresh_from_db()
    photo.refresh_from_db()
    assert (case.public, case.public_text, photo.public_ok) == (False, "", False)
    assert kinds(case).count("case.published") == 2


def test_nobody_else_publishes(staff: Any) -> None:
    case = reported(staff)
    officer(staff).post(url("publish", case), {"title": "a", "text": "b"})
    case.refresh_from_db()
    assert not case.public


@pytest.mark.parametrize("more", [{"confidential": True}, {"call": "report"}])
def test_what_is_confidential_is_never_published(staff: Any, more: dict[str, Any]) -> None:
    case = unclear(staff, **more)
    client = desk(staff)
    assert 'name="take_back"' not in text(client.get(url("case", case)))
    client.post(url("publish", case), {"title": "a", "text": "b"})
    case.refresh_from_db()
    assert not case.public


def test_photos_are_for_those_who_see_the_case(staff: Any) -> None:
    case, photo = with_photo(staff)
    assert "file" in url("file", case, photo.id)
    mine = officer(staff).get(url("file", case, photo.id) + "?thumb=1")
    assert (mine.status_code, mine.headers["Content-Type"]) == (200, "image/webp")
    assert officer(staff, "water").get(url("file", case, photo.id)).status_code == 404
    # The photo of one case does not open under the number of another.
    assert officer(staff).get(url("file", reported(staff), photo.id)).status_code == 404


def test_the_page_shows_the_photos_of_the_call_apart_from_those_of_the_work(staff: Any) -> None:
    case, photo = with_photo(staff)
    actor = staff.officer()
    perform(staff.place.pk, case.id, "sign_in", actor, {})
    staged = files.stage(staff.place.pk, SimpleUploadedFile("后.jpg", phone_photo()), "officer")
    done = {
        "truth": "genuine", "completion": "substantive", "solved": "solved", "contact_how": "none",
        "internal_account": "已劝离", "public_reply": "摊位已清理完毕", "after_photos": [staged.token],
    }  # fmt: skip
    perform(staff.place.pk, case.id, "done", actor, done, files_key="officer")
    later = Attachment.objects.exclude(id=photo.id).get()
    page = text(desk(staff).get(url("case", case)))
    before, after = page.index("诉求照片"), page.index("办理中的照片")
    assert before < page.index(str(photo.id)) < after < page.index(str(later.id))
    told = page.partition('id="story"')[2]
    assert str(later.id) in told
    assert str(photo.id) not in told


def test_the_number_that_was_called_is_masked_in_the_story_and_on_paper(staff: Any) -> None:
    case = reported(staff)
    said = {"contact_how": "phone", "contact_phone": "10000019637", "contact_note": "约好明天上午"}
    perform(staff.place.pk, case.id, "contacted", staff.officer(), said)
    client = officer(staff)
    for page in (text(client.get(url("case", case))), text(client.get(url("case_print", case)))):
        assert "10000019637" not in page
        assert "100****9637" in page
        assert "约好明天上午" in page

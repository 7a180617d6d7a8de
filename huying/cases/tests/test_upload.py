"""Photos sent ahead of a form: staged for their sender only, refused with a sentence."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from huying.cases.actions import report
from huying.cases.calls import Call
from huying.cases.views import files as views
from huying.cases.who import Actor
from huying.files.errors import NotClaimable
from huying.files.models import Attachment
from huying.files.tests.samples import HTML, phone_photo
from huying.ledger.keyfiles import create_key_files
from huying.testing.access import sign_in
from huying.ui.hooks import hooks

URL = "/files/"


@pytest.fixture(autouse=True)
def _store(settings: Any) -> Any:
    create_key_files()
    settings.HUYING_FILES_RESERVE = 0
    cache.clear()
    yield
    cache.clear()


def photo(name: str = "路灯.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, phone_photo(), "image/jpeg")


def test_forms_are_told_where_to_send_photos() -> None:
    assert hooks.upload_url(None) == reverse("cases:upload") == URL


def test_what_a_person_sends_only_that_person_can_attach(staff: Any) -> None:
    client = Client()
    sign_in(client, staff.person("resident", kind="resident"))
    answer = client.post(URL, {"file": photo("../../etc/路灯.jpg")})
    assert answer.status_code == 201
    token = answer.json()["id"]
    assert "/" not in answer.json()["name"]
    call = Call(body="路灯不亮已经半个月了", anonymous=True, photos=(token,))
    with pytest.raises(NotClaimable):
        report(staff.place.pk, call, staff.desk, files_key="person:somebody-else")
    key = f"person:{staff.resident.person_id}"
    made = report(staff.place.pk, call, staff.resident, files_key=key)
    assert Attachment.objects.get(place_id=staff.place.pk).case_id == made.case_id


def test_a_visitor_sends_under_the_session(staff: Any) -> None:
    client = Client()
    token = client.post(URL, {"file": photo()}).json()["id"]
    key = f"session:{client.session.session_key}"
    made = report(staff.place.pk, Call(body="井盖坏了", photos=(token,)), Actor(channel="web"), files_key=key)
    assert Attachment.objects.filter(case_id=made.case_id).count() == 1


@pytest.mark.parametrize("content", [HTML, b""])
def test_what_is_no_photo_is_refused_with_a_sentence(staff: Any, content: bytes) -> None:
    answer = Client().post(URL, {"file": SimpleUploadedFile("照片.jpg", content, "image/jpeg")})
    assert answer.status_code == 422
    assert len(answer.json()["error"]) > 5


def test_no_file_is_refused(staff: Any) -> None:
    assert Client().post(URL, {}).status_code == 422


def test_it_answers_to_post_only(staff: Any) -> None:
    assert Client().get(URL).status_code == 405


def test_one_address_cannot_fill_the_disk_by_dropping_its_session(staff: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(views, "VISITOR_MOST", 2)
    found = [Client().post(URL, {"file": photo()}).status_code for _ in range(3)]
    assert found == [201, 201, 429]

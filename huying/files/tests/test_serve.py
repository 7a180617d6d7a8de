"""What a browser is told about a file."""

import pytest
from django.test import RequestFactory

from huying.files import actions, errors, queries, store

from . import samples
from .conftest import PLACE, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def attached(case_id):
    def attach(data, name):
        token = actions.stage(PLACE, upload(data, name), "person").token
        (ref,) = actions.claim(PLACE, [token], "person", case_id=case_id)
        return queries.get(PLACE, ref.id)

    return attach


def body(response):
    return b"".join(response.streaming_content)


def test_a_photo_is_shown_and_asked_for_again_each_time(attached):
    row = attached(samples.phone_photo(), "井盖.jpg")
    response = queries.serve(row)
    assert body(response) == store.path_of(PLACE, row.id).read_bytes()
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Disposition"].startswith("inline")
    assert response["Cache-Control"] == "private, no-cache"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    small = queries.serve(row, thumb=True)
    assert small["Content-Type"] == "image/webp"
    assert body(small) == store.path_of(PLACE, row.id, thumb=True).read_bytes()
    assert small["ETag"] != response["ETag"]


@pytest.mark.parametrize(
    ("data", "mime"),
    [(samples.PDF, "application/pdf"), (samples.MP3, "audio/mpeg"), (samples.WAV, "audio/wav")],
)
def test_anything_else_is_only_downloaded(attached, data, mime):
    response = queries.serve(attached(data, '说明";\r\nX: y.pdf'), thumb=True)
    assert response["Content-Disposition"].startswith("attachment")
    assert "\n" not in response["Content-Disposition"]
    assert response["Content-Type"] == mime
    assert response["X-Content-Type-Options"] == "nosniff"
    assert body(response) == data
    assert response["Content-Length"] == str(len(data))


def test_an_unchanged_file_is_not_sent_again(attached):
    row = attached(samples.phone_photo(), "a.jpg")
    tag = queries.serve(row)["ETag"]
    again = queries.serve(row, request=RequestFactory().get("/", headers={"If-None-Match": tag}))
    assert again.status_code == 304
    assert again["Cache-Control"] == "private, no-cache"
    other = queries.serve(row, request=RequestFactory().get("/", headers={"If-None-Match": '"other"'}))
    assert other.status_code == 200


def test_what_is_missing_on_the_disk_is_gone(attached):
    row = attached(samples.PDF, "a.pdf")
    store.remove(PLACE, row.id)
    with pytest.raises(errors.Gone):
        queries.serve(row)


def test_several_cases_at_once(attached, case_id, django_assert_num_queries):
    row = attached(samples.PDF, "a.pdf")
    with django_assert_num_queries(1):
        assert [found.id for found in queries.of_cases(PLACE, [case_id])[case_id]] == [row.id]
    assert queries.of_case(PLACE + 1, case_id) == []
    assert queries.get(PLACE + 1, row.id) is None


def test_only_photos_that_are_kept_and_not_private_can_be_published(attached):
    photo, pdf = attached(samples.phone_photo(), "a.jpg"), attached(samples.PDF, "a.pdf")
    actions.publish(PLACE, photo.id, True)
    assert queries.get(PLACE, photo.id).public_ok
    actions.publish(PLACE, photo.id, False)
    assert not queries.get(PLACE, photo.id).public_ok
    with pytest.raises(errors.NotPublishable):
        actions.publish(PLACE, pdf.id, True)
    with pytest.raises(errors.NotPublishable):
        actions.publish(PLACE + 1, photo.id, True)

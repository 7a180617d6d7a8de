"""Staged files become attachments inside the transaction of the case: all or none, once, by who sent them."""

import uuid

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from huying.files import actions, errors, queries
from huying.files.models import Attachment, StagedFile

from . import samples
from .conftest import PLACE, upload

pytestmark = pytest.mark.django_db


def test_one_statement_and_in_the_order_of_the_tokens(photo, case_id):
    staged = [
        actions.stage(PLACE, upload(samples.PDF, "b.pdf"), "person"),
        actions.stage(PLACE, photo("a.jpg"), "person"),
        actions.stage(PLACE, upload(samples.MP3, "c.mp3"), "person"),
    ]
    tokens = [staged[i].token for i in (2, 0, 1)]
    event = uuid.uuid4()
    with CaptureQueriesContext(
        connection,
    ) as seen:
        refs = actions.claim(PLACE, tokens, "person", case_id=case_id, event_id=event, private=True)
    assert len(seen) == 1
    assert [ref.name for ref in refs] == ["c.mp3", "b.pdf", "a.jpg"]
    rows = {row.id: row for row in queries.of_case(PLACE, case_id)}
    assert set(rows) == {ref.id for ref in refs}
    for ref in refs:
        row = rows[ref.id]
        assert (row.kind, row.mime, row.bytes, bytes(row.sha256).hex()) == (
            ref.kind,
            ref.mime,
            ref.bytes,
            ref.sha256,
        )
        assert row.event_id == event
        assert row.private
        assert not row.public_ok
    assert rows[staged[1].id].width == 600


def test_no_tokens_no_statement(case_id, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert actions.claim(PLACE, [], "person", case_id=case_id) == []


def test_a_token_named_twice_is_one_file(case_id):
    token = actions.stage(PLACE, upload(samples.PDF), "person").token
    assert len(actions.claim(PLACE, [token, token], "person", case_id=case_id)) == 1


def _refused(place, tokens, key, case_id):
    with pytest.raises(errors.NotClaimable), transaction.atomic():
        actions.claim(place, tokens, key, case_id=case_id)


def test_all_or_none(case_id):
    token = actions.stage(PLACE, upload(samples.PDF), "person").token
    _refused(PLACE, [token, "forged"], "person", case_id)
    assert not Attachment.objects.exists()
    assert StagedFile.objects.get().claimed_at is None
    assert len(actions.claim(PLACE, [token], "person", case_id=case_id)) == 1


def test_another_person_or_place_cannot_claim_it(case_id):
    token = actions.stage(PLACE, upload(samples.PDF), "person").token
    _refused(PLACE, [token], "somebody else", case_id)
    _refused(PLACE + 1, [token], "person", case_id)


def test_a_token_is_good_once(case_id):
    token = actions.stage(PLACE, upload(samples.PDF), "person").token
    actions.claim(PLACE, [token], "person", case_id=case_id)
    _refused(PLACE, [token], "person", uuid.uuid4())


def test_too_many_are_refused(case_id):
    with pytest.raises(errors.TooMany):
        actions.claim(PLACE, [str(i) for i in range(13)], "person", case_id=case_id)


@pytest.mark.django_db(transaction=True)
def test_outside_of_a_transaction_it_is_a_mistake(case_id):
    with pytest.raises(RuntimeError, match="inside the transaction"):
        actions.claim(PLACE, ["token"], "person", case_id=case_id)


@pytest.mark.django_db(transaction=True)
def test_when_the_case_is_rolled_back_the_file_can_be_claimed_again(case_id):
    token = actions.stage(PLACE, upload(samples.PDF), "person").token
    with transaction.atomic():
        actions.claim(PLACE, [token], "person", case_id=case_id)
        transaction.set_rollback(True)
    with transaction.atomic():
        (ref,) = actions.claim(PLACE, [token], "person", case_id=case_id)
    assert queries.get(PLACE, ref.id).case_id == case_id

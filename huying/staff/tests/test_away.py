"""One's own absence, declared on the page: the stand-in acts at once, and what should be known before is said."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from huying import clock
from huying.ledger.models import Event
from huying.staff import sight
from huying.staff.models import Absence, Person
from huying.testing.access import sign_in
from huying.testing.cast import hold, make_cast, mini_place
from huying.testing.statements import assert_statements

pytestmark = pytest.mark.django_db
PAGE = "/me/away/"


@pytest.fixture
def cast():
    return make_cast(mini_place())


def signed_in(person: Person) -> Client:
    client = Client()
    sign_in(client, person)
    return client


def typed(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def days(first: float, last: float) -> dict[str, str]:
    now = clock.now()
    since, until = typed(now + timedelta(days=first)), typed(now + timedelta(days=last))
    return {"what": "declare", "since": since, "until": until, "reason": "leave"}


@pytest.fixture
def deputy(cast):
    """Somebody who stands in (B) for the village's clerk."""
    person = Person.objects.create_user("deputy", name="示例·代办", place=cast.place, password=None)
    post = cast.clerk.holdings.get().post
    hold(person, post.role, post.division_id, post.organ_id, slot="B")
    return person


def test_the_stand_in_acts_while_one_is_away_and_not_after(cast, deputy):
    client, post = signed_in(cast.clerk), cast.clerk.holdings.get().post_id
    assert post not in sight.sight_of(deputy).post_ids
    answer = client.post(PAGE, days(-0.01, 2))
    assert (answer.status_code, answer["Location"]) == (303, PAGE)
    assert post in sight.sight_of(deputy).post_ids
    [told] = Event.objects.filter(kind="staff.absent")
    assert (told.person_id, told.subject_id) == (cast.clerk.pk, cast.clerk.pk)
    row = Absence.objects.get()
    assert client.post(PAGE, {"what": "end", "id": row.pk}).status_code == 303
    assert post not in sight.sight_of(deputy).post_ids
    assert Event.objects.filter(kind="staff.back").count() == 1


def test_who_leaves_nobody_behind_or_goes_twice_is_told_and_may_still_go(cast, deputy):
    alone = signed_in(cast.clerk)
    deputy.holdings.get().delete()
    answer = alone.post(PAGE, days(1, 2))
    assert answer.status_code == 422
    assert "没有 B 岗" in answer.content.decode()
    # Only the list of one's own absences says that there is none, not the warning too.
    assert answer.content.decode().count("没有登记外出") == 1
    assert not Absence.objects.exists()
    assert alone.post(PAGE, sure(1, 2)).status_code == 303
    again = alone.post(PAGE, days(1.5, 3)).content.decode()
    assert "有重叠" in again
    assert "有重叠" not in alone.post(PAGE, days(2.5, 3)).content.decode()


def sure(first: float, last: float) -> dict[str, str]:
    """The form sent again after its warning."""
    sent = days(first, last)
    return {**sent, "sure": f"{sent['since']}/{sent['until']}"}


def test_other_days_after_a_warning_are_looked_at_again(cast):
    alone = signed_in(cast.clerk)
    sent = {**days(1, 2), "sure": sure(3, 4)["sure"]}
    assert alone.post(PAGE, sent).status_code == 422
    assert not Absence.objects.exists()


def test_a_stand_in_who_is_away_too_is_named(cast, deputy):
    assert signed_in(deputy).post(PAGE, sure(1, 5)).status_code == 303
    page = signed_in(cast.clerk).post(PAGE, days(2, 3)).content.decode()
    assert "示例·代办也不在" in page
    assert signed_in(cast.clerk).post(PAGE, days(6, 7)).status_code == 303


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"since": "soon"}, "since"),
        ({"until": "2020-01-01T00:00"}, "已经过去"),
        ({"reason": "tired"}, "reason"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_lost(cast, deputy, wrong, words):
    answer = signed_in(cast.clerk).post(PAGE, {**days(1, 2), **wrong})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Absence.objects.exists()


def test_the_head_of_the_organ_and_the_administrator_see_and_end_it_and_nobody_else(cast):
    client = signed_in(cast.officer)
    client.post(PAGE, sure(-0.01, 2))
    row = Absence.objects.get()
    assert cast.officer.name in signed_in(cast.head).get(PAGE).content.decode()
    assert cast.officer.name not in signed_in(cast.clerk).get(PAGE).content.decode()
    for other in (cast.clerk, cast.inspector):
        assert signed_in(other).post(PAGE, {"what": "end", "id": row.pk}).status_code == 403
    assert signed_in(cast.outsider).post(PAGE, {"what": "end", "id": row.pk}).status_code == 404
    for who in (cast.head, cast.admin):
        Absence.objects.filter(pk=row.pk).update(until=None)
        assert signed_in(who).post(PAGE, {"what": "end", "id": row.pk}).status_code == 303
        row.refresh_from_db()
        assert row.until is not None
        assert row.until <= clock.now()


def test_the_page_costs_the_same_however_many_are_away(cast):
    client = signed_in(cast.head)
    client.get(PAGE)
    for n in (1, 5):
        for _ in range(n):
            Absence.objects.create(place=cast.place, person=cast.officer, since=clock.now())
        with assert_statements(6):
            client.get(PAGE)

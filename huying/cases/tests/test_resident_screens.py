"""Residents' screens over HTTP: what they show, to whom, and what they refuse."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from huying.cases import tracks
from huying.cases.actions import perform, report
from huying.cases.actions.others import publish
from huying.cases.calls import Call, Reporter
from huying.cases.models import Case
from huying.cases.tests.test_lifecycle import STALL, a_point
from huying.testing.statements import statements

PHONE = "13900000000"


@pytest.fixture
def visitor(staff: Any) -> Client:
    return Client()


def send(client: Client, staff: Any, **more: Any) -> Any:
    lon, lat = a_point(staff)
    data = {
        "body": STALL,
        "call": "help",
        "place": f"{lon},{lat}",
        "reporter_name": "示例·王一",
        "reporter_phone": PHONE,
    }
    return client.post(reverse("cases:report"), {**data, **more})


def reported(client: Client, staff: Any, **more: Any) -> Case:
    answer = send(client, staff, **more)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return Case.objects.get(number=answer.headers["Location"].rstrip("/").rsplit("/", 1)[1])


def test_a_report_is_taken_and_its_code_opens_it_elsewhere(visitor: Client, staff: Any) -> None:
    case = reported(visitor, staff)
    done = visitor.get(reverse("cases:done", args=[case.number]))
    code = tracks.shown(tracks.code_of(case.id))
    assert code in done.content.decode()
    other = Client()
    assert other.get(reverse("cases:track_case", args=[case.number])).status_code == 404
    assert other.get(reverse("cases:done", args=[case.number])).status_code == 404
    assert other.post(reverse("cases:track"), {"code": code.lower()}).status_code == 302
    page = other.get(reverse("cases:track_case", args=[case.number]))
    assert STALL in page.content.decode()
    linked = Client().get(reverse("cases:track_link", args=[tracks.code_of(case.id)]))
    assert linked.status_code == 302


def test_nothing_typed_is_lost_when_something_is_wrong(visitor: Client, staff: Any) -> None:
    answer = send(visitor, staff, body="", address="菜市场东门")
    assert answer.status_code == 422
    assert "菜市场东门" in answer.content.decode()
    assert Case.objects.count() == 0


def test_script_in_a_report_is_shown_as_text(visitor: Client, staff: Any) -> None:
    case = reported(visitor, staff, body="<script>alert(1)</script> 路灯坏了，晚上看不见", place="")
    page = visitor.get(reverse("cases:track_case", args=[case.number])).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_same_form_sent_twice_makes_one_case(visitor: Client, staff: Any) -> None:
    first = send(visitor, staff, key="form-1")
    again = send(visitor, staff, key="form-1")
    assert first.headers["Location"] == again.headers["Location"]
    assert Case.objects.count() == 1


def test_wrong_codes_are_slowed_down(visitor: Client, staff: Any) -> None:
    url = reverse("cases:track")
    answers = [visitor.post(url, {"code": f"{n:016d}"}).content.decode() for n in range(25)]
    assert "没有查到" in answers[0]
    assert "输错次数太多" in answers[-1]


def test_a_telephone_number_finds_its_cases_only_with_the_code_sent_to_it(
    visitor: Client, staff: Any, settings: Any
) -> None:
    settings.HUYING_DEMO = True
    case = reported(visitor, staff)
    other = Client()
    url = reverse("cases:track_phone")
    page = other.post(url, {"phone": PHONE}).content.decode()
    assert case.number not in page
    wrong = other.post(url, {"phone": PHONE, "code": "000000"})
    assert wrong.status_code in (302, 422)
    if wrong.status_code == 422:
        code = page.split("验证码是 ")[1][:6]
        assert other.post(url, {"phone": PHONE, "code": code}).status_code == 302
    assert case.number in other.get(reverse("cases:track_case", args=[case.number])).content.decode()


def test_somebody_near_is_offered_the_same_call_and_joins_it(visitor: Client, staff: Any) -> None:
    case = reported(visitor, staff)
    neighbour = Client()
    lon, lat = a_point(staff)
    offered = neighbour.post(
        reverse("cases:similar"), {"body": STALL, "place": f"{lon},{lat}"}
    ).content.decode()
    assert reverse("cases:join", args=[case.number]) in offered
    assert "示例·王一" not in offered
    assert neighbour.post(reverse("cases:join", args=[case.number])).status_code == 302
    case.refresh_from_db()
    assert case.joins == 1
    page = neighbour.get(reverse("cases:done", args=[case.number])).content.decode()
    code = page.split('data-copy="')[1][:19]
    assert code != tracks.shown(tracks.code_of(case.id))  # a code of their own
    assert Client().get(reverse("cases:track_link", args=[code])).status_code == 302
    assert neighbour.get(reverse("cases:track_case", args=[case.number])).status_code == 200


@pytest.mark.parametrize("more", [{"confidential": "yes"}, {"call": "report", "against": "某单位"}])
def test_closed_calls_are_neither_offered_nor_joined(
    visitor: Client, staff: Any, more: dict[str, str]
) -> None:
    case = reported(visitor, staff, **more)
    neighbour = Client()
    lon, lat = a_point(staff)
    offered = neighbour.post(
        reverse("cases:similar"), {"body": STALL, "place": f"{lon},{lat}"}
    ).content.decode()
    assert case.number not in offered
    assert neighbour.post(reverse("cases:join", args=[case.number])).status_code == 404


def test_only_what_was_approved_is_public(visitor: Client, staff: Any) -> None:
    case = reported(visitor, staff)
    url = reverse("cases:public_case", args=[case.number])
    assert visitor.get(url).status_code == 404
    publish(case, "菜市场门口占道", "已经清理", staff.desk)
    page = visitor.get(url).content.decode()
    assert "已经清理" in page
    assert STALL not in page
    assert "示例·王一" not in page


def test_a_confidential_case_is_never_published(visitor: Client, staff: Any) -> None:
    from huying.cases.actions import Refused

    case = reported(visitor, staff, confidential="yes")
    with pytest.raises(Refused):
        publish(case, "标题", "内容", staff.desk)
    case.refresh_from_db()
    assert not case.public


def test_who_is_not_satisfied_reopens_it_with_a_reason(visitor: Client, staff: Any) -> None:
    case = reported(visitor, staff)
    place = staff.place.pk
    perform(place, case.id, "sign_in", staff.officer(), {})
    perform(
        place, case.id, "done", staff.officer(),
        {
            "truth": "genuine", "completion": "substantive", "solved": "solved", "contact_how": "none",
            "internal_account": "已办理", "public_reply": "摊位已经清理完毕。",
        },
    )  # fmt: skip
    perform(place, case.id, "pass", staff.desk, {"solved": "solved", "public_reply": "摊位已经清理完毕。"})
    case.refresh_from_db()
    url = reverse("cases:track_move", args=[case.number])
    bare = visitor.post(url, {"move": "reopen", "seen": case.version, "satisfaction": "unsatisfied"})
    assert bare.status_code == 422
    full = {"move": "reopen", "seen": case.version, "satisfaction": "unsatisfied", "reason": "又摆出来了"}
    assert visitor.post(url, full).status_code == 302
    case.refresh_from_db()
    assert (case.round, case.closed_at) == (2, None)
    assert visitor.post(url, full).status_code == 409  # an old page: the case has moved on


def test_the_inside_account_never_reaches_the_caller(visitor: Client, staff: Any) -> None:
    case = reported(visitor, staff)
    perform(staff.place.pk, case.id, "note", staff.officer(), {"note": "此人多次来电"})
    page = visitor.get(reverse("cases:track_case", args=[case.number])).content.decode()
    assert "此人多次来电" not in page


@pytest.mark.parametrize("held", [1, 12])
def test_pages_take_a_fixed_number_of_statements(visitor: Client, staff: Any, held: int) -> None:
    person = staff.resident
    lon, lat = a_point(staff)
    for _n in range(held):
        made = report(
            staff.place.pk, Call(body=STALL, lon=lon, lat=lat, reporter=Reporter(person.person_id)), person
        )
    visitor.force_login(staff.person("resident"), backend="django.contrib.auth.backends.ModelBackend")
    visitor.get(reverse("cases:mine"))
    with statements() as seen:
        visitor.get(reverse("cases:mine"))
    assert len(seen) <= 9, seen
    with statements() as seen:
        visitor.get(reverse("cases:track_case", args=[made.number]))
    assert len(seen) <= 18, seen


def test_a_place_without_words_of_its_own_tells_the_usual_way(visitor: Client, staff: Any) -> None:
    home = visitor.get("/").content.decode()
    assert "我要反映" in home
    assert "部门到现场" in home
    assert home.count("<li>") >= 4

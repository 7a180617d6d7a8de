"""Who joined a case follows it and rates it as one who joined: the caller's words, pictures and moves stay the caller's."""

from __future__ import annotations

from typing import Any

from django.test import Client

from huying.cases.actions.others import join
from huying.cases.calls import Reporter
from huying.cases.models import Case, Contact
from huying.cases.tests.test_lifecycle import told
from huying.cases.who import Actor
from huying.reviews.tests.conftest import close

WORDS = "东凤街道菜市场门口占道经营，我是王某，电话随时打"


def joined(case: Case) -> Any:
    return join(case.place_id, case.id, Reporter(None, "示例·李二", "100-0000-0077"), Actor(channel="web"))


def test_the_code_of_a_joiner_opens_no_move_and_no_words_of_the_caller(staff: Any) -> None:
    case = told(staff, body=WORDS)
    code = joined(case).track_code
    client = Client()
    assert client.get(f"/t/{code}/").status_code in (302, 404)
    client.post("/track/", {"code": code})
    page = client.get(f"/track/{case.number}/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "王某" not in text
    assert "附议" in text
    assert page.context["moves"] == []
    for move in ("urge", "supplement", "rated", "reopen"):
        answer = client.post(
            f"/track/{case.number}/move/", {"move": move, "message": "x", "satisfaction": "unsatisfied"}
        )
        assert answer.status_code == 409, move
    assert Case.objects.get(id=case.id).version == case.version


def test_the_caller_still_reads_and_does_everything(staff: Any) -> None:
    from huying.cases import tracks

    case = told(staff, body=WORDS)
    client = Client()
    client.post("/track/", {"code": tracks.code_of(case.id)})
    page = client.get(f"/track/{case.number}/")
    assert "王某" in page.content.decode()
    assert page.context["moves"]


def test_who_joined_rates_apart_from_the_page_they_follow(staff: Any) -> None:
    case = told(staff)
    one = joined(case)
    client = Client()
    client.post("/track/", {"code": one.track_code})
    assert client.get(f"/rate/joined/{case.number}/").status_code == 404  # it is not over yet
    close(staff, case)
    assert f"/rate/joined/{case.number}/" in client.get(f"/track/{case.number}/").content.decode()
    there = client.get(f"/rate/joined/{case.number}/")["Location"]
    assert client.post(there, {"satisfaction": "unsatisfied", "comment": "还在"}).status_code == 200
    case.refresh_from_db()
    assert case.satisfaction is None
    assert Contact.objects.get(id=one.contact_id).satisfaction == 1
    assert Client().get(f"/rate/joined/{case.number}/").status_code == 404

"""All four shipped places in one database: whoever serves in one finds nothing of the others, wherever he looks.

One person of the first place holds a post of every role there, so nobody sees more. He asks for every address that
needs no name, follows every link he is shown (each kind of page a few times), reads every list of the API, and asks for
things of the other places by their names.
"""

from __future__ import annotations

import html
import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, Resolver404, resolve, reverse

from huying.cases.actions import report
from huying.cases.calls import Call, Reporter
from huying.cases.models import Case
from huying.cases.tests.loading import PRESETS
from huying.cases.who import Actor
from huying.ledger import jobs, readers
from huying.ledger.actions import Actor as LedgerActor
from huying.places import memory
from huying.places.actions import load_preset
from huying.places.info import GENERAL
from huying.presets.actions import publish
from huying.staff import tokens
from huying.staff.models import Person
from huying.staff.sight import sight_of
from huying.testing.access import sign_in, url_names
from huying.testing.cast import hold

NAMES = ("huinan", "zhenlai", "zhenjiang", "dashiqiao")
EACH = 2  # pages of one kind that are looked at
MOST = 260  # pages in all
LEAVES = ("staff:sign_out", "set_language")
HREF = re.compile(r'(?:href|hx-get|src)="(/[^"#]*)')


@dataclass
class There:
    """One of the places: what is told of it that nobody of another place may read."""

    place_id: int
    code: str
    person: Person
    cases: list[Case]
    marks: list[str]


def settled(name: str) -> There:
    """A place with one person in all posts, who has reported some things."""
    about = (PRESETS / name / "place.yaml").read_text("utf-8")
    code = next(line for line in about.splitlines() if line.startswith("code:")).split('"')[1]
    edition = publish(code, PRESETS / name)
    place, _ = load_preset(code, edition.files, edition_id=edition.pk)
    assert place is not None
    known = memory.of(place.pk)
    person = Person.objects.create(
        place=place, username=f"all-{name}", name=f"全岗{name}", kind="staff", is_active=True
    )
    for role in known.roles.values():
        if role.code in ("visitor", "resident", "delegate"):
            continue
        if not role.tier:
            assert known.centre is not None
            hold(person, role.code, None, known.centre.id)
            continue
        layer = role.layer or GENERAL
        rows = (
            r for r in known.divisions.values() if r.tier == role.tier and (not r.is_grid or r.layer == layer)
        )
        hold(person, role.code, min(rows, key=lambda row: row.code).id)
    cases = []
    sight = sight_of(person)
    village = min((r for r in known.divisions.values() if r.tier == known.tiers[0]), key=lambda row: row.code)
    for number in range(3):
        call = Call(
            body=f"记号{name}：第{number}件，路灯不亮", division_id=village.id, confidential=number == 2,
            reporter=Reporter(None, f"某甲{name}", f"1000001{place.pk:02d}0{number}"),
        )  # fmt: skip
        made = report(place.pk, call, Actor(channel="hotline", sight=sight))
        cases.append(Case.objects.get(place_id=place.pk, id=made.case_id))
    jobs.drain(place.pk)
    readers.run(place.pk)
    marks = [f"记号{name}", f"某甲{name}", f"全岗{name}", *(case.number for case in cases), str(cases[0].id)]
    return There(place.pk, code, person, cases, marks)


@pytest.fixture
def four(db: Any) -> list[There]:
    return [settled(name) for name in NAMES]


def found(text: str, others: list[There]) -> list[str]:
    return [mark for there in others for mark in there.marks if mark in text]


def body_of(answer: Any) -> str:
    """What came, files and streams too."""
    raw = b"".join(answer.streaming_content) if getattr(answer, "streaming", False) else answer.content
    text: str = raw.decode("utf-8", "replace")
    return text


def walk(client: Client, starts: list[str]) -> Iterator[tuple[str, str]]:
    """Pages by address: those to start from, and what they link to, each kind of page a few times."""
    waiting, seen = deque(starts), set(starts)
    kinds: Counter[str] = Counter()
    while waiting and sum(kinds.values()) < MOST:
        path = waiting.popleft()
        try:
            kind = resolve(path.partition("?")[0]).view_name
        except Resolver404:
            continue
        if kind in LEAVES or kinds[kind] >= EACH:
            continue
        kinds[kind] += 1
        answer = client.get(path)
        text = body_of(answer)
        yield path, text
        if answer.status_code == 200 and "html" in answer.headers.get("Content-Type", ""):
            for link in HREF.findall(text):
                link = html.unescape(link)
                if link not in seen:
                    seen.add(link)
                    waiting.append(link)


def addresses() -> list[str]:
    """Every address that needs no name."""
    paths = []
    for name in url_names():
        try:
            paths.append(reverse(name))
        except NoReverseMatch:
            continue
    return paths


def test_nothing_of_the_other_places_is_found(four: list[There]) -> None:
    here, others = four[0], four[1:]
    client = Client()
    sign_in(client, here.person)
    own = seen = 0
    for path, text in walk(client, ["/", *addresses()]):
        seen += 1
        own += bool(found(text, [here]))
        assert not found(text, others), (path, found(text, others))
    assert seen > 100, seen
    assert own > 8, own  # it is looked where something stands


def test_things_of_another_place_are_not_there_by_name(four: list[There]) -> None:
    here, other = four[0], four[1]
    client = Client()
    sign_in(client, here.person)
    for case in other.cases:
        for name in ("cases:case", "cases:track_case", "cases:file"):
            try:
                path = reverse(name, args=[case.number])
            except NoReverseMatch:
                continue
            answer = client.get(path)
            assert answer.status_code in (302, 403, 404), (path, answer.status_code)
            assert not found(body_of(answer), [other]) or answer.status_code == 404, path
        sent = {"move": "note", "data": {"note": "看看"}, "seen": 1}
        assert client.post(reverse("cases:move", args=[case.number]), sent).status_code in (403, 404)
    assert client.get(reverse("staff:person", args=[other.person.pk])).status_code == 404


def test_the_api_tells_nothing_of_the_other_places(four: list[There]) -> None:
    here, others = four[0], four[1:]
    _token, key = tokens.create(here.person, "all", tokens.SCOPES, actor=LedgerActor())
    client = Client(headers={"Authorization": f"Bearer {key}"})
    answered = own = 0
    for path, about in schema(client).items():
        if "get" not in about or "{" in path:
            continue
        answer = client.get(path)
        text = body_of(answer)
        answered += answer.status_code == 200
        own += bool(found(text, [here]))
        assert not found(text, others), (path, found(text, others))
    assert answered >= 4, answered
    assert own, "the lists of the API were looked at where something stands"
    for there in others:
        for case in there.cases:
            for path in (f"/api/v1/cases/{case.number}", f"/api/v1/cases/{case.id}"):
                assert client.get(path).status_code == 404, path
            sent = {"move": "note", "data": {"note": "看看"}, "seen": 1}
            answer = client.post(f"/api/v1/cases/{case.number}/moves", sent, content_type="application/json")
            assert answer.status_code == 404


def test_a_call_by_the_api_needs_no_kind_in_any_place(four: list[There]) -> None:
    """Each place has a kind of its own that calls become; whoever sends one need not know it."""
    for there in four:
        _token, key = tokens.create(there.person, "calls", tokens.SCOPES, actor=LedgerActor())
        headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": f"one-{there.code}"}
        call = {"body": "路口的井盖松了", "reporter": {"name": "某乙", "phone": "10000010001"}}
        answer = Client(headers=headers).post("/api/v1/cases", call, content_type="application/json")
        assert answer.status_code == 201, answer.content.decode()
        case = Case.objects.get(place_id=there.place_id, number=answer.json()["number"])
        assert case.kind == there.cases[0].kind


def schema(client: Client) -> dict[str, Any]:
    """The API's own description of its addresses."""
    paths: dict[str, Any] = client.get("/api/v1/openapi.json").json()["paths"]
    return paths

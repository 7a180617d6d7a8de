"""Callers who do not give up, and a count of what is held: for tests that kill what serves them.

A caller sends each call until it is acknowledged, always under the same idempotency key, as a well-behaved system
does. ``python -m huying.testing.faults key|overdue N|fresh N|erase`` prepares a deployment that is being served.
"""

from __future__ import annotations

import http.client
import json
import sys
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

BODIES = (
    "小区东门的路灯坏了三天，晚上看不见路，请尽快来修。",
    "朝阳街口的井盖松动，车一过就响，怕有人摔着。",
    "楼下烧烤摊每天到半夜，油烟和噪声很大。",
    "村口垃圾桶满了好几天没有人清运，味道很大。",
)


@dataclass
class Callers:
    """*count* callers at once; ``port`` says where the server listens at the moment."""

    port: Callable[[], int]
    key: str
    count: int = 8
    numbers: dict[str, str] = field(default_factory=dict)  # idempotency key → acknowledged number
    retries: int = 0
    strange: list[str] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> Callers:
        """Begin to call."""
        self._threads = [
            threading.Thread(target=self._call, args=(n,), daemon=True) for n in range(self.count)
        ]
        for thread in self._threads:
            thread.start()
        return self

    def finish(self, patience: float = 60.0) -> None:
        """No new calls; wait until every one that was begun is acknowledged."""
        self.stopping.set()
        for thread in self._threads:
            thread.join(patience)
        if any(thread.is_alive() for thread in self._threads):
            raise AssertionError(f"calls without an answer after {patience} s: {self.strange[-3:]}")

    def _call(self, caller: int) -> None:
        line: http.client.HTTPConnection | None = None
        number = 0
        while not self.stopping.is_set():
            number += 1
            key = uuid.uuid4().hex
            body = {
                "body": f"{BODIES[number % len(BODIES)]}（{caller}-{number}）",
                "reporter": {"name": "王某"},
            }
            text = json.dumps(body, ensure_ascii=False).encode()
            until = time.monotonic() + 90
            while time.monotonic() < until:
                try:
                    if line is None:
                        line = http.client.HTTPConnection("127.0.0.1", self.port(), timeout=15)
                    line.request("POST", "/api/v1/cases", text, self._headers(key))
                    answer = line.getresponse()
                    said = answer.read()
                except (OSError, http.client.HTTPException):
                    line = None
                    self.retries += 1
                    time.sleep(0.1)
                    continue
                if answer.status == 201:
                    self.numbers[key] = json.loads(said)["number"]
                    break
                if answer.status not in (500, 502, 503):
                    self.strange.append(f"{answer.status} {said[:200]!r}")
                    break
                self.retries += 1
                time.sleep(0.1)
            else:
                self.strange.append("never answered")

    def _headers(self, key: str) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self.key}", "Content-Type": "application/json", "Idempotency-Key": key,
        }  # fmt: skip


HALF_MADE = {
    "a case without its first event": "SELECT count(*) FROM cases_case c WHERE NOT EXISTS (SELECT FROM ledger_event e"
    " WHERE e.place_id = c.place_id AND e.case_id = c.id AND e.kind = 'case.reported')",
    "a first event without its case": "SELECT count(*) FROM ledger_event e WHERE kind = 'case.reported' AND NOT EXISTS"
    " (SELECT FROM cases_case c WHERE c.place_id = e.place_id AND c.id = e.case_id)",
    "two first events": "SELECT count(*) FROM (SELECT FROM ledger_event WHERE kind = 'case.reported'"
    " GROUP BY place_id, case_id HAVING count(*) > 1) AS twice",
    "a case without its key": "SELECT count(*) FROM cases_case c WHERE NOT EXISTS (SELECT FROM ledger_key k"
    " WHERE k.place_id = c.place_id AND k.subject_kind = 'case' AND k.subject_id = c.id)",
    "a case without its caller": "SELECT count(*) FROM cases_case c WHERE NOT anonymous AND NOT EXISTS"
    " (SELECT FROM cases_contact k WHERE k.place_id = c.place_id AND k.case_id = c.id)",
    "a noted key without its case": "SELECT count(*) FROM cases_asked a WHERE NOT EXISTS"
    " (SELECT FROM cases_case c WHERE c.place_id = a.place_id AND c.id = a.case_id)",
}


def half_made(cursor: Any) -> dict[str, int]:
    """What is there in part only, and how often; {} when all is well."""
    found = {}
    for what, sql in HALF_MADE.items():
        cursor.execute(sql)
        if count := cursor.fetchone()[0]:
            found[what] = count
    return found


def _desk() -> Any:
    from huying.places import memory
    from huying.places.models import Place
    from huying.staff.models import Person
    from huying.testing.cast import hold

    place = Place.objects.get()
    person = Person.objects.filter(username="fault-desk").first()
    if person is None:
        person = Person.objects.create(
            place=place, username="fault-desk", name="fault-desk", kind="staff", is_active=True
        )
        office = memory.of(place.pk).organ_by_code("centre")
        hold(person, "centre_desk", None, office.id if office else None)
    return person


def make_key() -> str:
    """A key that acts as the centre's desk of the only place."""
    from huying.ledger.actions import Actor
    from huying.staff import tokens

    return tokens.create(_desk(), "faults", tokens.SCOPES, actor=Actor())[1]


def make_cases(count: int, days_ago: int = 0) -> None:
    """Cases reported so many days ago: of those long past all alarms are due."""
    from datetime import timedelta

    from huying import clock
    from huying.cases.actions import report
    from huying.cases.calls import Call
    from huying.cases.who import Actor
    from huying.staff import sight

    person = _desk()
    actor = Actor(channel="hotline", sight=sight.sight_of(person))
    then = clock.now() - timedelta(days=days_ago)
    for number in range(count):
        report(person.place_id, Call(body=f"{BODIES[0]}（{number}）", anonymous=True), actor, now=then)


def erase_first() -> str:
    """Erase what is private of the first case; its id."""
    from huying import clock
    from huying.cases.models import Case
    from huying.ledger.erasure import erase

    person = _desk()
    case = Case.objects.filter(place_id=person.place_id).order_by("id")[0]
    erase(person.place_id, ("case", case.id), "request", "2026-1", person.pk, clock.now())
    return str(case.id)


if __name__ == "__main__":
    import django

    django.setup()
    if sys.argv[1] == "key":
        print(make_key())  # noqa: T201 - the answer
    elif sys.argv[1] == "erase":
        print(erase_first())  # noqa: T201
    else:
        make_cases(int(sys.argv[2]), 40 if sys.argv[1] == "overdue" else 0)

"""Law 3 held by chance: lists and ``visible`` show exactly what ``may_see`` allows, whatever the case and the sight."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from huying.cases import inbox, lists
from huying.cases.actions import report
from huying.cases.calls import Call
from huying.cases.lists import Filter
from huying.cases.models import Case, Contact, Leg, Named
from huying.cases.sight import may_see, visible
from huying.ledger.ids import uuid7
from huying.staff.sight import Sight

PLACE = 7
# Shrinking replays hundreds of examples against the database; a failure is small enough as it is drawn.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
PEOPLE = [UUID(int=n) for n in (1, 2, 3)]
PATHS = ["", "1/", "1/2/", "1/2/3/", "1/4/"]
KEYS = ["organ:1", "organ:2", "desk:1", "division:3", f"person:{PEOPLE[0]}"]
AT = datetime(2026, 11, 2, 9, tzinfo=UTC)

people = st.sampled_from(PEOPLE)
organs = st.sampled_from([1, 2, 3])
maybe = st.none()

cases = st.fixed_dictionaries(
    {
        "place_id": st.sampled_from([PLACE, PLACE, PLACE, 8]),
        "path": st.sampled_from(PATHS),
        "call": st.sampled_from(["help", "complaint", "report"]),
        "confidential": st.booleans(),
        "owner_key": st.sampled_from([*KEYS, "caller:x"]),
        "organ_ids": st.lists(organs, max_size=2, unique=True),
        "subject_person_id": maybe | people,
        "subject_organ_id": maybe | organs,
        "reporter_id": maybe | people,
        "closed": st.booleans(),
        "due": maybe | st.integers(-3, 3),
    }
)
rows = st.tuples(
    cases,
    st.lists(st.sampled_from(KEYS), max_size=2),  # legs
    st.lists(people, max_size=1),  # named
    st.lists(people, max_size=1),  # joined
)
sights = st.builds(
    lambda person, paths, organ_ids, keys: Sight(
        place_id=PLACE, person_id=person, post_id=None, post_ids=frozenset(), roles=frozenset(), rights=frozenset(),
        paths=tuple(paths), organs=frozenset(organ_ids), owner_keys=frozenset(keys), delegations=(), is_resident=False,
    ),
    maybe | people, st.lists(st.sampled_from(PATHS[1:]), max_size=2, unique=True),
    st.lists(organs, max_size=2), st.lists(st.sampled_from(KEYS), max_size=3),
)  # fmt: skip

NOTHING = {
    "place_id": PLACE, "path": "1/4/", "call": "help", "confidential": False, "owner_key": "caller:x", "organ_ids": [],
    "subject_person_id": None, "subject_organ_id": None, "reporter_id": None, "closed": False, "due": None,
}  # fmt: skip
ME = PEOPLE[1]
SEEING = Sight(
    place_id=PLACE, person_id=ME, post_id=None, post_ids=frozenset(), roles=frozenset(), rights=frozenset(),
    paths=("1/2/",), organs=frozenset([2]), owner_keys=frozenset(["desk:1"]), delegations=(), is_resident=False,
)  # fmt: skip


def one(legs: Any = (), named: Any = (), joined: Any = (), **values: Any) -> Any:
    return {**NOTHING, **values}, list(legs), list(named), list(joined)


#: A case for each single reason to see it or not to see it: chance alone may leave one out.
EACH_RULE = [
    one(), one(owner_key="desk:1", confidential=True), one(legs=["desk:1"], confidential=True),
    one(named=[ME], confidential=True), one(joined=[ME], call="report"), one(reporter_id=ME, call="report"),
    one(path="1/2/3/"), one(organ_ids=[2]),
    one(path="1/2/", confidential=True), one(organ_ids=[2], call="report"), one(path="1/2/", place_id=8),
    one(path="1/2/", subject_person_id=ME), one(owner_key="desk:1", subject_organ_id=2),
]  # fmt: skip


def make(row: Any) -> tuple[Case, Any]:
    values, legs, named, joined = row
    values = dict(values)
    closed, due = values.pop("closed"), values.pop("due")
    case = Case(
        id=uuid7(), number=str(uuid7()), kind="request", edition_id=1, channel="web", title="t", step="s",
        phase="handle", token={}, reported_at=AT, changed_at=AT, closed_at=AT if closed else None,
        due_at=None if due is None else AT + timedelta(hours=due), **values,
    )  # fmt: skip
    case.save(force_insert=True)
    own = {"place_id": case.place_id, "case_id": case.id}
    for key in legs:
        Leg.objects.create(
            id=uuid7(), flow="f", part="support", organ_id=1, owner_key=key, step="s", phase="handle", token={},
            opened_at=AT, **own,
        )  # fmt: skip
    for person in named:
        Named.objects.create(id=uuid7(), person_id=person, at=AT, **own)
    for person in joined:
        Contact.objects.create(id=uuid7(), sealed=b"", person_id=person, join=True, at=AT, **own)
    return case, {"leg_keys": legs, "named": named, "joined": joined}


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written here is gone afterwards: each example starts from nothing."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, phases=PHASES, suppress_health_check=list(HealthCheck))
@given(st.lists(rows, min_size=1, max_size=6), sights)
@example(EACH_RULE, SEEING)
def test_every_list_shows_exactly_what_may_be_seen(drawn: Any, sight: Sight) -> None:
    with undone():
        made = [make(row) for row in drawn]
        allowed = {case.id for case, known in made if may_see(sight, case, **known)}
        assert {case.id for case in visible(sight)} == allowed
        assert {row.case.id for row in lists.listing(sight, Filter(scope="all")).rows} == allowed
        for scope in ("area", "organ", "reported"):
            shown = {row.case.id for row in lists.listing(sight, Filter(scope=scope)).rows}
            assert shown <= allowed, scope
        work = {row.case.id for row in lists.work(sight).rows}
        assert work <= allowed
        # What waits is everything open that they hold, the case or a part of it, unless they are its subject.
        held = {
            case.id
            for case, known in made
            if case.place_id == PLACE
            and case.id in allowed
            and (
                (case.closed_at is None and case.owner_key in sight.owner_keys)
                or sight.owner_keys.intersection(known["leg_keys"])
            )
        }
        assert work == held
        narrowed = {row.case.id for row in lists.work(sight, wanted=Filter(call="help")).rows}
        assert narrowed == {case.id for case, _ in made if case.id in work and case.call == "help"}
        assert lists.count_work(sight) == len(lists.work(sight).rows)
        after = {row.case.id for row in lists.work(sight, wanted=Filter(scope="after")).rows}
        assert after == {
            case.id
            for case, _ in made
            if case.id in allowed and case.closed_at and case.due_at and case.owner_key in sight.owner_keys
        }
        nothing: Any = SimpleNamespace(preset=None)
        assert inbox.scopes(sight, nothing)[0] == "mine"


@pytest.mark.django_db
@settings(max_examples=20, deadline=None, phases=PHASES, suppress_health_check=list(HealthCheck))
@given(st.lists(rows, min_size=3, max_size=9), st.integers(1, 3), st.booleans())
def test_pages_forwards_and_backwards_hold_every_line_once(drawn: Any, size: int, narrowed: bool) -> None:
    sight = Sight(
        place_id=PLACE, person_id=None, post_id=None, post_ids=frozenset(), roles=frozenset(), rights=frozenset(),
        paths=("1/",), organs=frozenset(), owner_keys=frozenset(KEYS), delegations=(), is_resident=False,
    )  # fmt: skip
    wanted = Filter(urgent=False, phase="handle") if narrowed else Filter()
    with undone():
        for row in drawn:
            make(row)
        whole = [_key(row) for row in lists.work(sight, wanted=wanted).rows]
        assert len(set(whole)) == len(whole)
        forwards: list[Any] = []
        page = lists.work(sight, size=size, wanted=wanted)
        while True:
            forwards += [_key(row) for row in page.rows]
            if not page.after:
                break
            last, page = page, lists.work(sight, page.after, size, wanted=wanted)
            back = lists.work(sight, page.before, size, wanted=wanted)
            assert [_key(row) for row in back.rows] == [_key(row) for row in last.rows]
        assert forwards == whole


def _key(row: Any) -> Any:
    return row.case.id, row.leg.id if row.leg else None


def test_papers_of_the_authorities_are_told_to_nobody_outside(staff: Any) -> None:
    """A supervision order is a case too; what anybody may read about cases never holds one."""
    from huying.cases.sight import tellable

    place = staff.place.pk
    call = report(place, Call(body="路灯坏了", lon=126.045, lat=42.683, anonymous=True), staff.desk)
    paper = Case.objects.get(place_id=place, id=call.case_id)
    Case.objects.filter(place_id=place, id=call.case_id).update(public=True)
    assert [case.id for case in tellable(place)] == [call.case_id]
    assert paper.kind == "request"
    Case.objects.filter(place_id=place, id=call.case_id).update(kind="supervision")
    assert not tellable(place).exists()
    from huying.api.open311.reading import public_cases
    from huying.cases import published, queries

    assert not public_cases(place).exists()
    assert published.by_number(staff.memory, paper.number) is None
    assert queries.similar_open(place, "路灯坏了", 126.045, 42.683) == []

"""The leaders' figures: whatever happens, they are what the cases and the ledger say, counted independently."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from huying import clock as clocks
from huying.cases import jobs, queries
from huying.cases.actions import Conflict, Refused, perform, report
from huying.cases.calls import Call, Reporter
from huying.cases.counted import LEVELS, MEASURES, RESPONSE_MEASURES, Course, Response, Sums
from huying.cases.models import Case, Leg
from huying.cases.tests.test_lifecycle import a_point, told
from huying.cases.who import Actor
from huying.ledger import jobs as ledger_jobs
from huying.ledger import readers

BODIES = (
    "东凤街道菜市场门口占道经营，流动摊贩把人行道全占了",
    "小区自来水停了两天了，什么时候来水",
    "路灯坏了，晚上黑得看不见路",
    "垃圾箱满了没有人来清，臭得很",
    "有个事想问问你们",
)
ANSWERS: dict[str, Any] = {
    "truth": "genuine", "completion": "substantive", "contact_how": "phone", "internal_account": "已办理",
    "public_reply": "已经安排人员处理完毕。", "return_reason": "not_ours", "reason": "不在本单位职责内",
    "extend_reason": "works", "extend_days": "3", "message": "请尽快", "note": "记一笔", "due": "2026-04-20T17:00",
    "refuse_reason": "elsewhere", "ruling": "按职责由该单位承办", "ours": "lead", "opinion": "愿意承办", "item": "E101",
    "question": "归谁管", "shelf_reason": "season", "review_on": "2026-03-30", "urgency": "1",
}  # fmt: skip


def follow(place: Any) -> None:
    ledger_jobs.drain(place.pk)
    readers.run(place.pk)


def total(place: Any, name: str) -> int:
    whole = Sums.objects.filter(place_id=place.pk, level="place", basis="in")
    return sum(whole.values_list(name, flat=True))


def a_data(dice: random.Random, offer: queries.Offer) -> dict[str, Any]:
    data = {one.id: ANSWERS[one.id] for one in offer.fields if one.id in ANSWERS}
    ids = {one.id for one in offer.fields}
    if "organ" in ids:
        data["organ"] = dice.choice(["chengguan", "police", "housing"])
    if "organs" in ids:
        data["organs"] = dice.sample(["chengguan", "police", "housing", "water"], 2)
    if "solved" in ids:
        data["solved"] = dice.choice(["solved", "solved", "partly", "unsolved"])
        data["unsolved_reason"] = "条件暂不具备"
    if "truth" in ids:
        data["truth"] = dice.choice(["genuine", "genuine", "untrue"])
    if "satisfaction" in ids:
        data["satisfaction"] = dice.choice(["satisfied", "fair", "unsatisfied"])
    return data


def play(staff: Any, clock: Any, seed: int, cases: int, moves: int) -> None:
    """A history made by chance: calls, every sort of move by those who may make it, and time going by."""
    dice = random.Random(seed)
    place = staff.place.pk
    actors = [
        staff.desk,
        staff.leader,
        *(staff.officer(o) for o in ("chengguan", "police", "housing", "water")),
    ]
    lon, lat = a_point(staff)
    for _n in range(cases):
        resident = staff.resident
        placed = {"lon": lon, "lat": lat} if dice.random() < 0.7 else {}
        kind = dice.choice(["help", "help", "complaint", "report", "consult"])
        call = Call(
            body=dice.choice(BODIES), call=kind, confidential=dice.random() < 0.1,
            reporter=Reporter(resident.person_id, "示例·王一", "10000000001"), **placed,
        )  # fmt: skip
        report(place, call, resident)
        clock.advance(timedelta(minutes=dice.randint(1, 600)))
    for _n in range(moves):
        clock.advance(timedelta(minutes=dice.randint(1, 240)))
        jobs.sweep(place)
        case = dice.choice(list(Case.objects.filter(place_id=place).order_by("id")))
        actor = dice.choice([*actors, staff.resident])
        try:
            seen = queries.view(case, actor)
        except Case.DoesNotExist:
            continue
        offers = [*seen.offers, *(offer for leg in seen.legs for offer in leg.offers)]
        offers = [one for one in offers if one.move.id not in ("link", "merge", "split")]
        if not offers:
            continue
        # Notes and messages can be made at any time; prefer what moves the case on.
        steps = [one for one in offers if one.move.to]
        offer = dice.choice(steps if steps and dice.random() < 0.8 else offers)
        try:
            perform(place, case.id, offer.move.id, actor, a_data(dice, offer), leg_id=offer.leg_id)
        except (Refused, Conflict):
            continue
        if dice.random() < 0.2:
            follow(staff.place)
    follow(staff.place)


# Each figure again from the cases, in SQL that shares nothing with the reader.
_OPEN = (
    "c.kind = 'request' AND NOT c.confidential AND c.call <> 'report' AND c.subject_organ_id IS NULL "
    "AND c.subject_person_id IS NULL"
)
_FINE = f"{_OPEN} AND c.closed_at IS NOT NULL AND c.result NOT IN ('void', 'merged')"
_VALID = f"{_FINE} AND c.result NOT IN ('unfounded', 'beyond_powers', 'refused')"
INDEPENDENT = {
    "reported": _OPEN,
    "sealed": f"c.kind = 'request' AND NOT ({_OPEN})",
    "closed": _FINE,
    "voided": f"{_OPEN} AND c.closed_at IS NOT NULL AND c.result IN ('void', 'merged')",
    "untrue": f"{_OPEN} AND c.closed_at IS NOT NULL AND c.result = 'unfounded'",
    "beyond": f"{_OPEN} AND c.closed_at IS NOT NULL AND c.result = 'beyond_powers'",
    "refused": f"{_OPEN} AND c.closed_at IS NOT NULL AND c.result = 'refused'",
    "solved": f"{_VALID} AND c.fields->>'solved' = 'solved'",
    "partly": f"{_VALID} AND c.fields->>'solved' = 'partly'",
    "unsolved": f"{_VALID} AND c.fields->>'solved' = 'unsolved'",
    "satisfied": f"{_OPEN} AND c.result NOT IN ('void', 'merged') AND c.satisfaction = 3",
    "fair": f"{_OPEN} AND c.result NOT IN ('void', 'merged') AND c.satisfaction = 2",
    "unsatisfied": f"{_OPEN} AND c.result NOT IN ('void', 'merged') AND c.satisfaction = 1",
    "unrated": f"{_FINE} AND c.satisfaction IS NULL",
    "contacted": f"{_OPEN} AND coalesce(c.fields->>'contact_how', 'none') NOT IN ('none', '')",
}
# From the ledger: how often, by the kind of move.
_MOVES = (
    "SELECT count(*) FROM ledger_event e JOIN cases_case c ON c.place_id = e.place_id AND c.id = e.case_id "
)
_EXTENDED = (
    f"{_MOVES} WHERE {_OPEN} AND e.leg_id IS NULL AND e.kind = 'case.moved' AND e.data->>'move' = 'extend'"
)
_REOPENED = (
    f"{_MOVES} WHERE {_OPEN} AND e.leg_id IS NULL AND e.kind = 'case.moved' "
    "AND e.data->>'move' IN ('reopen', 'check_failed')"
)
_RETURNED = (
    f"{_MOVES} WHERE {_OPEN} AND ((e.leg_id IS NULL AND e.data->>'move' = 'return') "
    "OR (e.leg_id IS NOT NULL AND e.data->>'move' = 'agree'))"
)
# A step was left, or something was done in it, after its limit: the limit is what the event before it said.
_LATE = f"""
WITH told AS (
  SELECT e.case_id, e.at, e.kind, e.data->>'step' AS step, e.data->>'owner' AS owner, (e.data->>'closed') AS closed,
    lag((e.data->>'due')::timestamptz) OVER w AS due, lag(e.data->>'closed') OVER w AS was_closed,
    lag(e.data->>'step') OVER w AS was_step, lag(e.data->>'owner') OVER w AS was_owner
  FROM ledger_event e WHERE e.leg_id IS NULL AND e.kind IN ('case.reported', 'case.moved', 'case.fired')
  WINDOW w AS (PARTITION BY e.case_id ORDER BY e.version, e.id))
SELECT count(*) FROM cases_case c WHERE {_FINE} AND NOT EXISTS (
  SELECT 1 FROM told t WHERE t.case_id = c.id AND t.due IS NOT NULL AND t.was_closed IS NULL AND t.at > t.due
  AND NOT (t.kind = 'case.fired' AND (t.step <> t.was_step OR t.owner IS DISTINCT FROM t.was_owner)))
"""


def one(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize("seed", [1, 2])
def test_every_figure_is_what_the_cases_say(staff: Any, clock: Any, seed: int) -> None:
    play(staff, clock, seed, cases=25, moves=400)
    expected = {
        name: one(f"SELECT count(*) FROM cases_case c WHERE {rule}") for name, rule in INDEPENDENT.items()
    }
    expected |= {"extended": one(_EXTENDED), "reopened": one(_REOPENED), "returned": one(_RETURNED)}
    expected["closed_in_time"] = one(_LATE)
    found = {name: total(staff.place, name) for name in expected}
    assert found == expected
    assert expected["closed"] + expected["voided"] > 0  # the history is one in which things happen
    assert expected["reported"] + expected["sealed"] == 25
    # The sums are the sums of the rows, at every level where somebody can look.
    for name in MEASURES:
        rows = Response if name in RESPONSE_MEASURES else Course
        found_rows = sum(rows.objects.values_list(name, flat=True))
        for level in LEVELS:
            sums = Sums.objects.filter(level=level, basis="in").values_list(name, flat=True)
            assert sum(sums) == (0 if name == "sealed" and level != "place" else found_rows), (name, level)
    assert not Sums.objects.exclude(level="place").filter(sealed__gt=0).exists()
    assert (
        total(staff.place, "dispatched")
        >= total(staff.place, "arrived")
        >= total(staff.place, "arrived_in_time")
    )


def test_parts_of_organs_answer_for_themselves(staff: Any, clock: Any) -> None:
    made = report(staff.place.pk, Call(body="小区门口的事说不清楚归谁"), Actor(channel="web"))
    place = staff.place.pk
    perform(
        place, made.case_id, "gather", staff.desk,
        {"item": "E101", "organs": ["chengguan", "police"], "due": "2026-03-20T17:00"},
    )  # fmt: skip
    early, late = Leg.objects.filter(place_id=place).order_by("id")
    code = staff.memory.organ(early.organ_id).code
    clock.advance(timedelta(hours=1))
    perform(place, made.case_id, "sign_in", staff.officer(code), {}, leg_id=early.id)
    follow(staff.place)
    assert [total(staff.place, n) for n in ("dispatched", "arrived", "arrived_in_time")] == [2, 1, 1]
    clock.advance(timedelta(days=2))
    perform(
        place,
        made.case_id,
        "sign_in",
        staff.officer(staff.memory.organ(late.organ_id).code),
        {},
        leg_id=late.id,
    )
    follow(staff.place)
    assert [total(staff.place, n) for n in ("dispatched", "arrived", "arrived_in_time")] == [2, 2, 1]
    assert {row.organ_id for row in Response.objects.all()} == {early.organ_id, late.organ_id}


def test_arriving_in_time_late_and_not_at_all(staff: Any, clock: Any) -> None:
    in_time, late, _never = told(staff), told(staff), told(staff)
    place = staff.place.pk
    clock.advance(timedelta(hours=1))
    perform(place, in_time.id, "sign_in", staff.officer(), {})
    clock.advance(timedelta(days=2))
    jobs.sweep(place)
    perform(place, late.id, "sign_in", staff.officer(), {})
    follow(staff.place)
    assert [total(staff.place, n) for n in ("dispatched", "arrived", "arrived_in_time")] == [3, 2, 1]
    waiting = Response.objects.get(arrived_at=None)
    assert waiting.due_at is not None
    assert waiting.due_at < clocks.now()


def test_a_case_taken_back_by_the_desk_asks_nobody_for_an_answer(staff: Any, clock: Any) -> None:
    case = told(staff)
    perform(staff.place.pk, case.id, "void", staff.desk, {"reason": "重复录入"})
    follow(staff.place)
    assert [total(staff.place, n) for n in ("reported", "voided", "closed", "dispatched")] == [1, 1, 0, 0]


def test_a_sealed_case_is_in_no_figure_by_town_organ_or_item(staff: Any, clock: Any) -> None:
    told(staff, confidential=True)
    told(staff, call="report")
    follow(staff.place)
    [row] = Sums.objects.all()
    assert (row.level, row.basis, row.key) == ("place", "in", "")
    assert (row.sealed, row.reported, row.dispatched) == (2, 0, 0)


def sums_of(place: Any) -> dict[tuple[Any, ...], tuple[int, ...]]:
    """Every sum that is not nought."""
    rows = Sums.objects.filter(place_id=place.pk).values_list("level", "day", "basis", "key", *MEASURES)
    return {row[:4]: row[4:] for row in rows if any(row[4:])}


def test_starting_the_reader_anew_gives_the_same(staff: Any, clock: Any) -> None:
    play(staff, clock, 5, cases=6, moves=60)
    before = {name: total(staff.place, name) for name in MEASURES}
    rows_before = sums_of(staff.place)
    for table in (Sums, Course, Response):
        table.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_reader SET page = 0 WHERE name = 'cases.tally'")
    follow(staff.place)
    assert {name: total(staff.place, name) for name in MEASURES} == before
    assert sums_of(staff.place) == rows_before


def test_a_page_costs_six_statements_whatever_it_holds(staff: Any, clock: Any) -> None:
    from huying.cases.tallies import tally
    from huying.ledger import pages
    from huying.testing.statements import statements

    for _n in range(5):
        told(staff)
    ledger_jobs.drain(staff.place.pk)
    events = pages.load(staff.place.pk, 1)
    assert events is not None
    with statements() as seen:
        tally(staff.place.pk, 1, events)
    assert len(seen) <= 6, seen


def test_the_day_is_the_local_one(staff: Any, clock: Any) -> None:
    clock.set(datetime(2026, 3, 2, 16, 30, tzinfo=UTC))  # past midnight in China
    told(staff)
    follow(staff.place)
    assert {row.day.isoformat() for row in Sums.objects.filter(basis="in")} == {"2026-03-03"}

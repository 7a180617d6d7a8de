"""A stretch of life in which every measure happens: calls, moves, call-backs, drawn by a seed."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

from huying.cases import jobs
from huying.cases.actions import Conflict, Refused, perform, report
from huying.cases.actions.others import join
from huying.cases.calls import Call, Reporter
from huying.cases.models import Case
from huying.cases.queries import view
from huying.cases.tests.test_lifecycle import a_point
from huying.cases.tests.test_tallies import a_data, follow, play
from huying.cases.who import Actor
from huying.reviews.actions.answering import called, not_reached
from huying.reviews.models import Task
from huying.staff.sight import sight_of

# What happens often and what rarely, so that most cases come to an end, each in its own way.
USUAL = {
    "sign_in": 8, "done": 8, "finish": 8, "pass": 6, "rated": 6, "extend": 6, "agree": 4, "rework": 3, "untrue": 4,
    "void": 0.3, "refuse": 1, "beyond": 1, "answer": 1, "ask_shelf": 1, "convene": 1, "transfer": 1,
}  # fmt: skip


def history(staff: Any, clock: Any, seed: int, cases: int = 9, moves: int = 150) -> None:
    """Some weeks by chance, with calls that came in otherwise, and some that many have joined."""
    dice = random.Random(seed)
    lon, lat = a_point(staff)
    for n in range(5):
        channel = dice.choice(["street", "video", "hotline"])
        who = Actor(
            channel=channel, sight=sight_of(staff.person("street", role="town_clerk", division="220523"))
        )
        report(staff.place.pk, Call(body="路灯坏了，晚上黑得看不见路", lon=lon, lat=lat), who)
        clock.advance(timedelta(hours=dice.randint(1, 30)))
        if n == 0:
            first = Case.objects.filter(place_id=staff.place.pk, kind="request").latest("id")
            for k in range(4):
                one = staff.actor(f"neighbour-{k}", kind="resident")
                join(staff.place.pk, first.id, Reporter(one.person_id, f"示例·邻{k}", f"1000000010{k}"), one)
    play(staff, clock, seed, cases, 0)
    officers = {
        staff.memory.organ_by_code(code).id: staff.officer(code)
        for code in ("chengguan", "police", "housing", "water")
    }
    for _n in range(moves):
        clock.advance(timedelta(minutes=dice.randint(1, 240)))
        jobs.sweep(staff.place.pk)
        case = dice.choice(list(Case.objects.filter(place_id=staff.place.pk, kind="request").order_by("id")))
        kind, _sep, ident = case.owner_key.partition(":")
        actor = staff.desk if kind == "desk" else staff.resident
        if kind == "organ":
            actor = officers.get(int(ident), staff.desk)
        elif case.step in ("joint", "settle"):
            parts = [officers[organ] for organ in case.organ_ids if organ in officers]
            actor = dice.choice([*parts, *parts, staff.desk])
        try:
            seen = view(case, actor)
        except Case.DoesNotExist:
            continue
        offers = [*seen.offers, *(offer for leg in seen.legs for offer in leg.offers)]
        offers = [one for one in offers if one.move.to and one.move.id not in ("merge", "split")]
        if not offers:
            continue
        offer = dice.choices(offers, [USUAL.get(one.move.id, 2) for one in offers])[0]
        data = a_data(dice, offer)
        if data.get("solved") != "unsolved":
            data.pop("unsolved_reason", None)
        try:
            perform(staff.place.pk, case.id, offer.move.id, actor, data, leg_id=offer.leg_id)
        except (Refused, Conflict):
            continue
        if dice.random() < 0.1:
            follow(staff.place)
            call_back(staff, clock, dice)
    clock.advance(timedelta(hours=dice.randint(1, 200)))
    follow(staff.place)
    call_back(staff, clock, dice)
    follow(staff.place)


def call_back(staff: Any, clock: Any, dice: random.Random) -> None:
    """The seat works off some of the call-backs that were drawn: some callers are reached, some are not."""
    seat = staff.actor("seat", "hotline", role="callback_seat", organ="centre")
    waiting = Task.objects.filter(place_id=staff.place.pk, kind="call_back", done_at=None).order_by("id")
    for task in list(waiting):
        clock.advance(timedelta(minutes=dice.randint(1, 20)))
        said = dice.choice(["satisfied", "satisfied", "fair", "unsatisfied", "not reached", "not reached"])
        if said == "not reached":
            while not_reached(staff.place.pk, task.id, {"not_reached": "no_answer"}, seat):
                clock.advance(timedelta(minutes=dice.randint(1, 20)))
            continue
        data = {"said_solved": "solved", "said_satisfaction": said, "wish": dice.choice(["again", "leave"])}
        if said == "unsatisfied":
            data["said_reason"] = "not_done"
        called(staff.place.pk, task.id, data, seat)

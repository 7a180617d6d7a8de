"""One's own households on the phone: who sees which, and what a visit leaves behind."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.urls import reverse

from huying import clock as clocks
from huying.cases.models import Case
from huying.ledger.actions import Actor
from huying.ledger.models import Event
from huying.rosters.models import Entry, Pairing
from huying.rosters.tests.conftest import VILLAGE
from huying.staff.actions_posts import end_absence, set_absence
from huying.testing.statements import statements

WELL = {"how": "door", "found": "well", "body": "家里都好，水电正常"}


def page(client: Any, name: str = "mine", *args: Any, query: str = "") -> str:
    answer = client.get(reverse(f"rosters:{name}", args=args) + query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def write(client: Any, home: Any, kind: str = "visit", status: int = 200, **data: Any) -> Any:
    where = reverse("rosters:open", args=[home.id, "pairing", kind])
    answer = client.post(where, {"key": str(uuid4()), **data})
    assert answer.status_code == status, answer.content.decode()[-2000:]
    return answer


def test_everybody_has_their_own_and_nobody_elses(rosters):
    mine = rosters.homes(2)
    hers = rosters.homes(1, "other", first=11)
    client = rosters.village.browser("officer")
    text = page(client)
    assert all(home.label in text for home in mine)
    assert hers[0].label not in text
    for home in (*mine, *hers):
        status = client.get(reverse("rosters:household", args=[home.id])).status_code
        assert status == (200 if home in mine else 404)
    assert client.get(reverse("rosters:open", args=[hers[0].id, "pairing", "visit"])).status_code == 404
    assert client.get(reverse("rosters:coverage")).status_code == 403
    assert rosters.village.browser("desk").get(reverse("rosters:mine")).status_code == 403


def test_a_visit_is_a_case_and_the_household_counts_as_visited(rosters):
    home, unseen = rosters.homes(2)
    client = rosters.village.browser("officer")
    form = page(client, "open", home.id, "pairing", "visit")
    assert home.address in form
    write(client, home, **WELL)
    case = Case.objects.get(kind="visit")
    assert (case.result, case.closed_at is not None, case.grid_id) == ("done", True, rosters.grid.id)
    assert Entry.objects.get(household_id=home.id).case_id == case.id
    event = Event.objects.get(kind="roster.opened")
    assert (event.case_id, event.data["household"], event.data["kind"]) == (case.id, str(home.id), "visit")
    visited = dict(Pairing.objects.values_list("household_id", "visited_at"))
    assert (visited[home.id], visited[unseen.id]) == (event.at, None)
    due = page(client, query="?due=1")
    assert unseen.label in due
    assert home.label not in due
    assert case.number in page(client, "household", home.id)


def test_what_was_heard_becomes_a_bill_by_the_village(rosters):
    from huying.cases.tests.zhenlai import move

    [home] = rosters.homes(1)
    write(rosters.village.browser("officer"), home, **{**WELL, "found": "matter", "body": "门口路灯三天不亮"})
    note = Case.objects.get(kind="visit")
    village = rosters.village.memory.by_code(VILLAGE).id
    assert (note.step, note.owner_key) == ("look", f"desk:{village}")
    move(rosters.village.browser("worker"), note, "to_bill", item="B02")
    bill = Case.objects.get(kind="bill")
    assert (note.result, bill.title, bill.step) == ("transferred", note.title, "sort")


def test_a_bill_opened_for_a_household_is_collected_on_a_round_and_no_visit(rosters):
    [home] = rosters.homes(1)
    client = rosters.village.browser("officer")
    write(client, home, "bill", body="楼道堆着旧家具，老人过不去", call="help", anonymous="on")
    bill = Case.objects.get(kind="bill")
    assert (bill.channel, bill.step, bill.address) == ("grid", "sort", "")
    assert Entry.objects.get().kind == "bill"
    assert Pairing.objects.get().visited_at is None


def test_a_form_with_a_gap_is_kept_and_nothing_is_opened(rosters):
    [home] = rosters.homes(1)
    answer = write(rosters.village.browser("officer"), home, status=422, how="door", body="下水道返味")
    assert "下水道返味" in answer.content.decode()
    assert not Case.objects.exists()
    assert not Entry.objects.exists()


def test_the_same_form_sent_twice_is_one_visit(rosters):
    [home] = rosters.homes(1)
    client, key = rosters.village.browser("officer"), str(uuid4())
    for _again in range(2):
        write(client, home, **WELL, key=key)
    assert (
        Case.objects.count(),
        Entry.objects.count(),
        Event.objects.filter(kind="roster.opened").count(),
    ) == (1, 1, 1)


def test_a_stand_in_has_them_while_nobody_is_at_work(rosters, clock):
    [home] = rosters.homes(1)
    stand_in = rosters.stand_in("vanguard")
    client = rosters.village.browser("vanguard")
    assert client.get(reverse("rosters:mine")).status_code == 403  # not acting in the post
    people = rosters.village.people
    away = [set_absence(people[name], clocks.now(), None, actor=Actor()) for name in ("officer", "other")]
    text = page(client)
    assert home.label in text
    assert "（代班）" in text
    write(client, home, **WELL)
    assert Case.objects.get().reporter_id == stand_in.pk
    clock.advance(timedelta(hours=1))
    for one in away:
        end_absence(one, actor=Actor())
    assert client.get(reverse("rosters:mine")).status_code == 403
    assert client.get(reverse("rosters:household", args=[home.id])).status_code == 404


def test_a_new_period_asks_for_nothing_but_shows_who_was_not_seen(rosters, clock):
    [home] = rosters.homes(1)
    client = rosters.village.browser("officer")
    write(client, home, **WELL)
    assert home.label not in page(client, query="?due=1")
    clock.advance(timedelta(days=32))
    assert home.label in page(client, query="?due=1")


def test_pages_go_on_and_cost_the_same_however_many(rosters):
    from huying.rosters import queries

    rosters.homes(3)
    person = rosters.village.people["officer"]
    first, after = queries.mine(person, size=2)
    rest, last = queries.mine(person, after, size=2)
    assert [one.household.code for one in (*first, *rest)] == ["h1", "h2", "h3"]
    assert (bool(after), last) == (True, "")
    with statements() as few:
        queries.mine(person)
    rosters.homes(7, first=21)
    with statements() as many:
        assert len(queries.mine(person)[0]) == 10
    assert len(few) == len(many) == 3

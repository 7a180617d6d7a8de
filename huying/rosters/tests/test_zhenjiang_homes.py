"""ZJ2 as Zhenjiang New Area's account tells it: a volunteer visits one of at most thirty households, writes down what was
heard, and it becomes a matter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse

from huying.cases.models import Case, Link
from huying.cases.tests.people import Staff
from huying.cases.tests.walking import in_place, move, said, signed_in
from huying.ledger.actions import Actor
from huying.rosters.importing import import_households
from huying.rosters.models import Household, Pairing
from huying.staff.models import Person
from huying.testing.statements import assert_statements

BRANCH = "321171001001-g01"
HEAD = "code,grid,address,label,roster,username\n"


@pytest.fixture
def staff(db: Any, settings: Any) -> Iterator[Staff]:
    with in_place("zhenjiang", settings) as made:
        yield made


def lines(count: int, username: str) -> bytes:
    rows = (f"h{n},{BRANCH},示例路{n}号,示例户{n},volunteers,{username}\n" for n in range(1, count + 1))
    return (HEAD + "".join(rows)).encode()


def test_zj2_a_visit_is_written_in_the_notebook_and_becomes_a_matter(staff: Staff) -> None:
    volunteer = signed_in(staff, "volunteer", role="volunteer", division=BRANCH)
    branch = signed_in(staff, "branch", role="branch_secretary", division=BRANCH)
    person: Person = staff.people["volunteer"]
    import_households(staff.place.pk, lines(30, person.username), "户.csv", actor=Actor())
    assert Pairing.objects.count() == 30
    assert "示例户1" in said(volunteer.get(reverse("rosters:mine")))
    home = Household.objects.get(code="h7")
    where = reverse("rosters:open", args=[home.id, "volunteers", "note"])
    assert "示例路7号" in volunteer.get(where).content.decode()
    sent = {"key": "visit-7", "note_class": "visit", "body": "楼道灯坏了三天，老人上下楼看不见"}
    assert volunteer.post(where, sent).status_code == 200
    note = Case.objects.get(kind="note")
    grid = staff.memory.by_code(BRANCH)
    assert (note.step, note.owner_key) == ("look", f"post:branch_secretary@{grid.id}")
    assert Pairing.objects.get(household_id=home.id).visited_at is not None
    move(branch, note, "to_matter", site_note="去看过，灯管烧了")
    matter = Case.objects.get(kind="matter")
    assert (note.step, note.result) == ("done", "transferred")
    assert (matter.grid_id, matter.step) == (grid.id, "home")
    assert Link.objects.filter(case_id=note.id, other_id=matter.id, kind="opened").exists()


def test_zj2_the_household_shows_the_matter_that_came_of_a_note_to_those_who_may_see_it(staff: Staff) -> None:
    volunteer = signed_in(staff, "volunteer", role="volunteer", division=BRANCH)
    branch = signed_in(staff, "branch", role="branch_secretary", division=BRANCH)
    person: Person = staff.people["volunteer"]
    import_households(staff.place.pk, lines(2, person.username), "户.csv", actor=Actor())
    home = Household.objects.get(code="h2")
    where, page = (
        reverse("rosters:open", args=[home.id, "volunteers", "note"]),
        reverse("rosters:household", args=[home.id]),
    )
    volunteer.post(where, {"key": "v", "note_class": "visit", "body": "楼道灯坏了三天"})
    note = Case.objects.get(kind="note")
    move(branch, note, "to_matter", site_note="去看过，灯管烧了")
    matter = Case.objects.get(kind="matter")
    link = f'href="{reverse("cases:case", args=[matter.number])}"'
    seen = branch.get(page)
    assert link in seen.content.decode()
    assert "中心户核实" in said(seen)
    assert matter.number in said(seen)
    assert branch.get(reverse("cases:case", args=[matter.number])).status_code == 200
    assert link in volunteer.get(page).content.decode()  # theirs: it lies in their grid
    # Whoever manages posts reads every household, and no case.
    keeper = signed_in(staff, "keeper", role="admin", division="321171")
    theirs = keeper.get(page)
    assert theirs.status_code == 200
    assert "您看不到的事项" in said(theirs)
    assert matter.number not in theirs.content.decode()
    assert "中心户核实" not in said(theirs)
    branch.get(page)
    # Four of signing in, three of the household, two of each roster that they keep; entries, cases, links, matters.
    with assert_statements(15):
        branch.get(page)
    other = reverse("rosters:household", args=[Household.objects.get(code="h1").id])
    assert matter.number not in branch.get(other).content.decode()

"""Households from a file: all or nothing, each defect named by line and column, a trial run that changes nothing."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from huying.ledger.models import Event
from huying.places.tables import ImportRefused
from huying.rosters.models import Household, Pairing
from huying.rosters.tests.conftest import GRID, HEAD

GOOD = f"h1,{GRID},示例路1号,示例户1,pairing,officer\n"


def defects(rosters, text):
    with pytest.raises(ImportRefused) as refused:
        rosters.bring(text)
    assert not Household.objects.exists()
    assert not Pairing.objects.exists()
    return [(one.line, one.column) for one in refused.value.problems]


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (f",{GRID},示例路2号,,,", "code"),
        (f"h2,{GRID},,,,", "address"),
        ("h2,nowhere,示例路2号,,,", "grid"),
        ("h2,220821001,示例路2号,,,", "grid"),  # a street
        (f"h2,{GRID},示例路2号,户主13900000000,,", "label"),
        (f"h2,{GRID},示例路2号,{'户' * 41},,", "label"),
        (f"h2,{GRID},示例路2号,,nothing,officer", "roster"),
        (f"h2,{GRID},示例路2号,,,officer", "roster"),
        (f"h2,{GRID},示例路2号,,pairing,somebody", "username"),
        (f"h1,{GRID},别的路1号,,,", "code"),  # line 2 says otherwise
        (f"h1,{GRID},示例路1号,,pairing,other", "username"),  # paired by line 2
    ],
)
def test_one_wrong_line_and_nothing_is_done(rosters, line, column):
    assert defects(rosters, GOOD + line + "\n") == [(3, column)]


def test_an_eleventh_household_of_one_person_is_refused(rosters):
    rows = [f"h{n},{GRID},示例路{n}号,,pairing,officer\n" for n in range(1, 12)]
    assert defects(rosters, "".join(rows)) == [(12, "username")]
    rosters.bring("".join(rows[:10]))
    with pytest.raises(ImportRefused):
        rosters.bring(rows[10])  # those before count too
    assert Pairing.objects.count() == 10


def test_a_post_in_a_grid_serves_that_grid_only(rosters, monkeypatch):
    from dataclasses import replace

    from huying.rosters import queries

    of_grid = {"pairing": replace(rosters.roster, who=("grid_worker",))}
    monkeypatch.setattr(queries, "rosters_of", lambda place_id: of_grid)
    rosters.village.person("worker-g", role="grid_worker", division=GRID)
    assert defects(rosters, "h1,220821001001-g02,示例路1号,,pairing,worker-g\n") == [(2, "username")]
    rosters.bring(f"h1,{GRID},示例路1号,,pairing,worker-g\n")
    assert Pairing.objects.count() == 1


def test_the_same_file_again_changes_nothing_and_another_one_what_it_says(rosters):
    rosters.bring(GOOD)
    before = Pairing.objects.get()
    assert rosters.bring(GOOD).changes == []
    outcome = rosters.bring(f"h1,{GRID[:-2]}02,示例路9号,,pairing,other\n")
    assert [(one.table, one.what) for one in outcome.changes] == [
        ("households", "change"),
        ("pairings", "replace"),
    ]
    home, pairing = Household.objects.get(), Pairing.objects.get()
    assert (home.address, home.label, pairing.id) == ("示例路9号", "示例户1", before.id)
    assert pairing.grid_id == home.grid_id != before.grid_id
    assert pairing.path == home.path
    said = [event.data for event in Event.objects.filter(kind="roster.imported").order_by("id")]
    assert said == [
        {"added": 1, "changed": 0, "paired": 1, "moved": 0}, {"added": 0, "changed": 1, "paired": 0, "moved": 1},
    ]  # fmt: skip


def test_a_trial_run_on_the_page_then_for_real(rosters):
    admin = rosters.village.person("admin", role="admin", division="220821")
    client = rosters.village.browser("admin")
    assert admin.pk

    def send(text, **more):
        file = SimpleUploadedFile("户.csv", (HEAD + text).encode(), content_type="text/csv")
        return client.post(reverse("rosters:import"), {"file": file, **more})

    tried = send(GOOD)
    assert tried.status_code == 200
    assert "示例路1号" in tried.content.decode()
    assert not Household.objects.exists()
    assert send("h2,nowhere,示例路2号,,,\n", really="1").status_code == 422
    assert send(GOOD, really="1").status_code == 200
    assert Pairing.objects.count() == 1
    assert rosters.village.browser("secretary").get(reverse("rosters:import")).status_code == 403

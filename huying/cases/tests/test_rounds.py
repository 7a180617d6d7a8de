"""DS5: routine rounds by a plan: a date opens a round for the grid, its points are ticked off on the way, what is found
becomes a case linked to the round, and a round that nobody walked is seen to be missed, by grid and not by person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from huying import clock
from huying.cases import duties, rounds
from huying.cases.actions import fire
from huying.cases.models import Case, Link
from huying.cases.tests.people import Staff
from huying.cases.tests.test_dashiqiao import TOWN, VILLAGE, grid_codes
from huying.cases.tests.walking import in_place, move, said, signed_in
from huying.files.models import Attachment
from huying.files.tests.samples import phone_photo
from huying.testing.statements import statements

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # 09:00 in China


@pytest.fixture
def staff(db: Any, settings: Any) -> Iterator[Staff]:
    with in_place("dashiqiao", settings, MONDAY) as made:
        yield made


def opened(staff: Staff, at: datetime = MONDAY) -> list[Case]:
    duties.forget()
    duties.open_due(staff.place.pk, at)
    return list(Case.objects.filter(place_id=staff.place.pk, kind="round").order_by("id"))


def test_the_points_of_a_round_are_ticked_off_and_what_is_found_is_linked_to_it(staff: Staff) -> None:
    grid = grid_codes(staff, "general")[0]
    worker = signed_in(staff, "worker", role="grid_worker", division=grid)
    village = signed_in(staff, "village", role="village_secretary", division=VILLAGE)
    (case,) = opened(staff)
    assert case.owner_key == f"division:{staff.memory.by_code(grid).id}"
    assert case.title in said(worker.get("/grid/"))  # it waits on the phone's first page
    page = worker.get(f"/cases/{case.number}/").content.decode()
    offered = set(re.findall(r'name="ticked" value="([^"]+)"', page))
    assert len(offered) == 10  # its own route, not those of enterprises and schools
    assert all(one.startswith("g-") for one in offered)
    move(worker, case, "tick", ticked=["g-roads", "g-shops"])
    assert (case.step, case.fields["ticked"]) == ("walk", ["g-roads", "g-shops"])
    again = worker.get(f"/cases/{case.number}/").content.decode()
    assert (
        len(re.findall(r'name="ticked" value="g-(?:roads|shops)"[^>]*checked', again)) == 4
    )  # in both forms
    token = worker.post("/files/", {"file": SimpleUploadedFile("a.jpg", phone_photo(), "image/jpeg")}).json()[
        "id"
    ]
    move(worker, case, "found", content="三号楼前井盖翘起来了", photos=token)
    found = Case.objects.get(place_id=staff.place.pk, kind="finding")
    assert (found.step, found.grid_id, found.reporter_id) == ("look", case.grid_id, staff.people["worker"].pk)
    assert "井盖" in found.title
    assert Link.objects.filter(case_id=case.id, other_id=found.id).exists()
    assert list(Attachment.objects.values_list("case_id", flat=True)) == [found.id]
    assert found.number in said(worker.get(f"/cases/{case.number}/"))
    assert "三号楼前井盖翘起来了" in said(village.get(f"/cases/{found.number}/"))
    move(worker, case, "walked", ticked=["g-roads", "g-shops", "g-rubbish"])
    assert (case.step, case.result) == ("done", "done")
    assert "垃圾点和卫生死角" in said(village.get(f"/cases/{case.number}/"))


def test_each_layer_has_its_own_route_and_rhythm(staff: Staff) -> None:
    shop, school = staff.memory.grids["enterprise"][0], staff.memory.grids["school"][0]
    staff.person("works", role="enterprise_worker", division=shop.code)
    staff.person("school", role="school_worker", division=school.code)
    assert opened(staff) == []  # Monday the 2nd is no day of theirs
    found = opened(staff, MONDAY + timedelta(days=3))  # with Wednesday the 4th, and the 5th
    assert {case.fields["duty"]: case.owner_key for case in found} == {
        "round-school": f"division:{school.id}", "round-enterprise": f"division:{shop.id}",
    }  # fmt: skip


def test_a_round_that_nobody_walked_is_seen_as_missed_by_grid_and_not_by_person(staff: Staff) -> None:
    codes = grid_codes(staff, "general")
    staff.person("lazy", role="grid_worker", division=codes[0])
    signed_in(staff, "busy", role="grid_worker", division=codes[1])
    first, second = opened(staff)
    busy = signed_in(staff, "busy")
    move(
        busy,
        second if second.grid_id == staff.memory.by_code(codes[1]).id else first,
        "walked",
        ticked=["g-roads"],
    )
    later = MONDAY + timedelta(days=9)
    for case in (first, second):
        fire(staff.place.pk, case.id, now=later)
    with clock.frozen(later):
        town = signed_in(staff, "town", role="town_clerk", division=TOWN)
        page = town.get("/rounds/")
        text = said(page)
        assert staff.memory.by_code(codes[0]).name in text
        assert "lazy" not in text
        assert page.context["whole"] == {"planned": 2, "done": 1, "missed": 1, "open": 0}
        assert "每周网格巡查" in text
        assert "每周一" in text
        far = signed_in(staff, "far", role="town_clerk", division="210882104")
        assert far.get("/rounds/").context["whole"]["planned"] == 0
        assert "没有漏巡" in said(far.get("/rounds/"))
        officer = signed_in(staff, "officer", role="officer", organ="chengguan")
        assert officer.get("/rounds/").status_code == 403


def test_the_page_costs_the_same_however_many_rounds_there_are(staff: Staff) -> None:
    codes = grid_codes(staff, "general")
    for n, code in enumerate(codes[:3]):
        staff.person(f"w{n}", role="grid_worker", division=code)
    opened(staff)
    client = signed_in(staff, "town", role="town_clerk", division=TOWN)
    client.get("/rounds/")
    with statements() as few:
        client.get("/rounds/")
    for n, code in enumerate(codes[3:6]):
        staff.person(f"v{n}", role="grid_worker", division=code)
    opened(staff)
    with statements() as many:
        client.get("/rounds/")
    assert len(many) == len(few)
    assert rounds.first_id(MONDAY) <= Case.objects.filter(kind="round").order_by("id")[0].id

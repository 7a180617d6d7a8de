"""The grid worker's pages: what waits, the quick report, what is kept while there is no network."""

from __future__ import annotations

from typing import Any

import pytest

from huying.cases.actions import perform, report
from huying.cases.calls import Call
from huying.cases.models import Case
from huying.cases.tests.desk_browser import browser, desk
from huying.cases.tests.test_lifecycle import a_point, told
from huying.cases.who import Actor
from huying.testing.statements import statements
from huying.ui.device import device_mark


@pytest.fixture
def worker(staff: Any) -> Any:
    """The browser of who looks after the first grid."""
    return browser(staff, "worker", role="grid_worker", division=staff.memory.grids["general"][0].code)


def point(staff: Any) -> str:
    lon, lat = a_point(staff)
    return f"{lon},{lat}"


def photo() -> Any:
    from io import BytesIO

    from django.core.files.uploadedfile import SimpleUploadedFile
    from PIL import Image

    made = BytesIO()
    Image.new("RGB", (40, 30), "green").save(made, "JPEG")
    return SimpleUploadedFile("after.jpg", made.getvalue(), "image/jpeg")


def sent(staff: Any, **more: Any) -> dict[str, Any]:
    return {
        "key": "g-1",
        "body": "路口堆着垃圾，把道挡了一半",
        "place": point(staff),
        "few_item": "E105",
        **more,
    }


def only_case(staff: Any) -> Case:
    return Case.objects.get(place_id=staff.place.pk)


def test_a_quick_report_comes_through_the_grid_with_its_place_and_item(staff: Any, worker: Any) -> None:
    answer = worker.post("/grid/report/", sent(staff))
    assert (answer.status_code, answer["Location"]) == (303, "/grid/")
    case = only_case(staff)
    grid = staff.memory.grids["general"][0]
    assert (case.channel, case.item, case.grid_id) == ("grid", "E105", grid.id)
    assert case.reporter_id == staff.person("worker").pk
    page = worker.get("/grid/").content.decode()
    assert case.number in page


def test_without_a_position_the_own_grid_is_ticked_never_guessed(staff: Any, worker: Any) -> None:
    grid = staff.memory.grids["general"][0]
    other = staff.memory.grids["general"][-1]
    worker.post("/grid/report/", sent(staff, place="", grid=str(other.id)))
    case = only_case(staff)
    assert (case.grid_id, case.division_id) == (None, None)
    worker.post("/grid/report/", sent(staff, place="", grid=str(grid.id), key="g-2"))
    assert Case.objects.filter(place_id=staff.place.pk, grid_id=grid.id).count() == 1


def test_handled_on_the_spot_goes_to_verification(staff: Any, worker: Any) -> None:
    answer = worker.post("/grid/report/", sent(staff, handled_now="yes", after_photos_files=photo()))
    assert answer.status_code == 303
    case = only_case(staff)
    assert case.step == "verify"
    from huying.files.models import Attachment

    assert Attachment.objects.filter(case_id=case.id).count() == 1


def test_only_admitted_items_are_handled_on_the_spot_and_shown_afterwards(staff: Any, worker: Any) -> None:
    item = next(row.code for row in staff.memory.preset.leaves if not row.grid)
    answer = worker.post("/grid/report/", sent(staff, few_item="", item=item, handled_now="yes"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "路口堆着垃圾" in page
    assert page.count('class="hy-error"') == 2
    assert f'value="{item}"' not in worker.get("/grid/report/").content.decode()
    assert not Case.objects.exists()


def test_a_kept_report_is_taken_once_and_only_as_its_author(staff: Any, worker: Any) -> None:
    mark = device_mark(staff.person("worker"))
    kept = {"headers": {"X-Queued": "1"}}
    other = worker.post("/grid/report/", sent(staff, who="somebody"), **kept)
    assert other.status_code == 409
    assert not Case.objects.exists()
    first = worker.post("/grid/report/", sent(staff, who=mark), **kept)
    assert (first.status_code, first.json()["number"]) == (201, only_case(staff).number)
    again = worker.post("/grid/report/", sent(staff, who=mark), **kept)
    assert (again.status_code, again.json()["number"]) == (200, only_case(staff).number)
    # The line was lost after the first sending, and its photo is sent anew under another token.
    photos = worker.post("/grid/report/", sent(staff, who=mark, photos_files=photo()), **kept)
    assert (photos.status_code, photos.json()) == (200, {"again": True})
    wrong = worker.post("/grid/report/", sent(staff, who=mark, body="", key="g-3"), **kept)
    assert wrong.status_code == 422
    assert len(wrong.json()["errors"]) == 1
    assert Case.objects.count() == 1


def test_what_the_desk_sends_to_the_grid_waits_there(staff: Any, worker: Any) -> None:
    lon, lat = a_point(staff)
    made = report(staff.place.pk, Call(body="说不清的一件事", lon=lon, lat=lat), Actor(channel="web"))
    answer = desk(staff).post(
        f"/desk/cases/{made.number}/move/", {"move": "to_grid", "item": "E105", "seen": "1", "key": "d-1"}
    )
    assert answer.status_code == 303
    page = worker.get("/grid/").content.decode()
    assert made.number in page
    assert made.number in worker.get("/grid/cases/?scope=area").content.decode()
    case = only_case(staff)
    grid_actor = staff.actor("worker", "grid")
    perform(case.place_id, case.id, "return", grid_actor, {"return_reason": "not_ours", "reason": "要部门来"})
    assert f"/cases/{made.number}/" not in worker.get("/grid/cases/").content.decode()


def test_today_costs_the_same_however_much_there_is(staff: Any, worker: Any) -> None:
    told(staff)
    worker.get("/grid/")
    with statements() as few:
        worker.get("/grid/")
    for n in range(4):
        told(staff, body=f"占道经营又来了第{n}次，人行道走不了")
    with statements() as many:
        worker.get("/grid/")
    assert len(few) == len(many) <= 16, many


def test_only_those_with_a_grid_have_these_pages(staff: Any) -> None:
    for name, post in (
        ("desk", {"role": "centre_desk", "organ": "centre"}), ("clerk", {"role": "town_clerk", "division": "220523001"}),
        ("resident", {"kind": "resident"}),
    ):  # fmt: skip
        client = browser(staff, name, **post)
        assert [client.get(f"/grid/{one}").status_code for one in ("", "report/", "cases/")] == [403] * 3

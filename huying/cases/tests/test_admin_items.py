"""The handbook and the editions: reading, changing an item as a new edition, differences, pictures."""

from __future__ import annotations

from typing import Any

from huying.cases import handbook
from huying.cases.models import Case
from huying.cases.tests.desk_browser import browser, desk
from huying.cases.tests.test_admin_ledger import admin
from huying.cases.tests.test_lifecycle import told
from huying.cases.tests.walking import said
from huying.presets.models import Edition
from huying.testing.statements import assert_statements

PAGE = "/admin/items/E101/"


def form(staff: Any, code: str = "E101", **change: Any) -> dict[str, Any]:
    """What the browser would send: the item's own cells with a change."""
    cells = handbook.own_cells(staff.memory.preset, code)
    sent = {
        name: cells[name].split(";") if name in ("co_handlers", "kinds") else cells[name] for name in cells
    }
    return {**sent, **change}


def test_the_tree_is_searched_by_keyword_and_shows_what_is_missing(staff: Any) -> None:
    client = admin(staff)
    text = said(client.get("/admin/items/"))
    assert "占道经营" in text
    assert "待县里补充" in text
    assert "事发地乡镇" in text
    assert "division@" not in text  # the town in which the case lies, not its code
    found = said(client.get("/admin/items/?q=摆地摊"))
    assert "占道经营" in found
    assert "路灯不亮" not in found
    assert "没有" in said(client.get("/admin/items/?q=zzzz"))
    with assert_statements(5):
        client.get("/admin/items/")


def test_showing_a_change_publishes_nothing(staff: Any) -> None:
    answer = admin(staff).post(PAGE, form(staff, handle_limit="3 workdays"))
    assert answer.status_code == 200
    assert any("3 workdays" in one for one in answer.context["changes"])
    assert answer.context["effects"] == {}
    assert Edition.objects.count() == 1


def test_a_published_change_is_in_force_and_open_cases_stay_with_theirs(staff: Any) -> None:
    before = told(staff)
    client = admin(staff)
    base = staff.memory.edition_id
    sent = form(staff, handle_limit="3 workdays", base=str(base), publish="1", note="时限放宽")
    answer = client.post(PAGE, sent)
    assert answer.status_code == 303
    newest = Edition.objects.order_by("-number").first()
    assert newest is not None
    assert (newest.number, newest.note) == (2, "时限放宽")
    assert staff.memory.edition_id == newest.pk
    assert staff.memory.preset.items["E101"].limits["handle"] == "3 workdays"
    # Nothing but the one row changed.
    first = Edition.objects.get(number=1)
    lines = zip(
        first.files["catalogue.csv"].splitlines(), newest.files["catalogue.csv"].splitlines(), strict=True
    )
    assert sum(one != other for one, other in lines) == 1
    assert {k: v for k, v in first.files.items() if k != "catalogue.csv"} == {
        k: v for k, v in newest.files.items() if k != "catalogue.csv"
    }
    assert Case.objects.get(id=before.id).edition_id == base
    assert told(staff).edition_id == newest.pk
    page = said(client.get("/admin/presets/2/"))
    assert "3 workdays" in page
    assert client.get("/admin/presets/2/?with=1").context["other"] == 1


def test_a_change_that_breaks_the_preset_says_what_is_wrong(staff: Any) -> None:
    answer = admin(staff).post(PAGE, form(staff, handle_limit="soon", publish="1", base="1"))
    assert answer.status_code == 422
    assert any("handle_limit" in one for one in answer.context["problems"])
    assert "soon" in answer.content.decode()  # what was typed is kept
    assert Edition.objects.count() == 1


def test_two_administrators_at_once_do_not_overwrite_each_other(staff: Any) -> None:
    client = admin(staff)
    base = str(staff.memory.edition_id)
    assert client.post(PAGE, form(staff, grade="1", base=base, publish="1")).status_code == 303
    late = client.post(PAGE, form(staff, grade="2", base=base, publish="1"))
    assert late.status_code == 409
    assert Edition.objects.count() == 2


def test_an_item_that_does_not_exist_is_not_found(staff: Any) -> None:
    assert admin(staff).get("/admin/items/NONE/").status_code == 404


def test_editions_files_and_pictures_can_be_read(staff: Any) -> None:
    client = admin(staff)
    assert "第 1 版" in said(client.get("/admin/presets/"))
    page = client.get("/admin/presets/1/")
    assert page.context["problems"] == []
    assert "占道经营" in said(client.get("/admin/presets/1/file/?name=catalogue.csv"))
    assert client.get("/admin/presets/1/file/?name=../settings.py").status_code == 404
    picture = client.get("/admin/presets/1/flows/six-steps.svg")
    assert picture["Content-Type"].startswith("image/svg+xml")
    assert "报到" in picture.content.decode()
    wide = client.get("/admin/presets/1/flows/six-steps/?zoom=150")
    plain = client.get("/admin/presets/1/flows/six-steps/")
    assert wide.context["width"] > plain.context["width"]
    for address in (
        "/admin/presets/9/",
        "/admin/presets/1/flows/none/",
        "/admin/presets/9/flows/six-steps.svg",
    ):
        assert client.get(address).status_code == 404


def test_a_desk_may_not_change_the_handbook(staff: Any) -> None:
    client = browser(staff, "desk", role="centre_desk", organ="centre")
    assert client.post(PAGE, {}).status_code == 403


NEW = "/admin/items/new/"


def test_a_new_item_is_shown_then_published_and_calls_can_be_about_it(staff: Any) -> None:
    client = admin(staff)
    sent = {
        **form(staff),
        "code": "E199",
        "parent": "E1",
        "name": "乱搭晾衣架",
        "keywords": "晾衣架;晾衣杆;乱搭乱晒",
        "base": str(staff.memory.edition_id),
    }
    shown = client.post(NEW, sent)
    assert shown.status_code == 200
    assert any("E199" in one for one in shown.context["changes"])
    assert Edition.objects.count() == 1
    assert client.post(NEW, {**sent, "publish": "1"}).status_code == 303
    made = staff.memory.preset.items["E199"]
    assert (str(made.name), made.parent, made.handler) == ("乱搭晾衣架", "E1", "chengguan")
    assert told(staff, body="小区门口乱搭晾衣架，晾衣杆伸到路上").item == "E199"
    lines = staff.memory.preset.files["catalogue.csv"].splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("E199,"))
    assert lines[at - 1].startswith("E1")  # it stands with its neighbours, not at the end of the file
    assert lines[at + 1].startswith("E2,")


def test_a_new_item_with_a_code_that_is_taken_or_none_is_refused(staff: Any) -> None:
    client = admin(staff)
    for change, word in (
        ({"code": "E101"}, "占道经营"),
        ({"code": "a b"}, "字母"),
        ({"parent": "E101"}, "哪一类"),
    ):
        answer = client.post(
            NEW, {**form(staff), "code": "E199", "parent": "E1", "name": "某事", "publish": "1", **change}
        )
        assert answer.status_code == 422
        assert any(word in one for one in answer.context["problems"]), answer.context["problems"]
    wrong = client.post(
        NEW, {**form(staff), "code": "E199", "parent": "E1", "name": "某事", "handle_limit": "soon"}
    )
    assert wrong.status_code == 422
    assert "某事" in wrong.content.decode()
    assert Edition.objects.count() == 1


def test_an_item_is_taken_off_and_its_cases_stay(staff: Any) -> None:
    case = told(staff)
    client = admin(staff)
    shown = client.post(PAGE, {"end": "1"})
    assert shown.status_code == 200
    assert any("E101" in one for one in shown.context["changes"])
    sent = {"end": "1", "publish": "1", "base": str(staff.memory.edition_id)}
    assert client.post(PAGE, sent)["Location"] == "/admin/items/"
    assert "E101" not in staff.memory.preset.items
    assert client.get(PAGE).status_code == 404
    assert Case.objects.get(id=case.id).item == "E101"
    assert "占道经营" in said(desk(staff).get(f"/cases/{case.number}/"))  # its own edition still has the name
    # A heading with items below it cannot go.
    assert client.post("/admin/items/E1/", {"end": "1"}).status_code == 404

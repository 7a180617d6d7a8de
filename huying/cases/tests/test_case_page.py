"""The case page: for those with duty only, with the moves that they may make and no others."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from huying.cases.actions import perform
from huying.cases.models import Case
from huying.cases.tests.desk_browser import PHONE, browser, desk, officer, reported, text, unclear
from huying.testing.statements import assert_statements, statements


def url(case: Case) -> str:
    return reverse("cases:case", args=[case.number])


def moves_in(page: str) -> set[str]:
    return {part.split('"')[0] for part in page.split('name="move" value="')[1:]}


def test_each_person_is_offered_their_own_moves(staff: Any) -> None:
    case = reported(staff)
    assert {"sign_in", "return", "note", "message"} <= moves_in(text(officer(staff).get(url(case))))
    at_desk = moves_in(text(desk(staff).get(url(case))))
    assert {"transfer", "void", "urge"} <= at_desk
    assert not {"sign_in", "return"} & at_desk
    leader = browser(staff, "leader", role="leader", division="220523")
    assert moves_in(text(leader.get(url(case)))) == {"instruct", "urge"}


def test_another_organs_case_is_as_if_it_were_not_there(staff: Any) -> None:
    case = reported(staff)
    other = officer(staff, "water")
    there, missing = other.get(url(case)), other.get(reverse("cases:case", args=["HN19990101-00001"]))
    assert (there.status_code, missing.status_code) == (404, 404)
    for name in ("move", "contact", "readers", "publish"):
        assert other.post(reverse(f"cases:{name}", args=[case.number])).status_code == 404
    for name in ("case_docx", "case_pdf", "case_print"):
        assert other.get(reverse(f"cases:{name}", args=[case.number])).status_code == 404


def test_the_subject_of_a_complaint_does_not_see_it(staff: Any) -> None:
    organ = staff.memory.organ_by_code("chengguan").id
    case = unclear(staff, subject_organ_id=organ, call="complaint")
    perform(staff.place.pk, case.id, "dispatch", staff.desk, {"item": "E101", "organ": "police"})
    assert officer(staff, "police").get(url(case)).status_code == 200
    assert officer(staff).get(url(case)).status_code == 404
    assert case.number not in text(officer(staff).get("/inbox/", {"scope": "all"}))


def test_a_confidential_case_is_for_its_holder_and_those_named(staff: Any) -> None:
    case = unclear(staff, confidential=True)
    leader = browser(staff, "leader", role="leader", division="220523")
    assert leader.get(url(case)).status_code == 404
    at_desk = desk(staff)
    assert "谁可以看这件事" in text(at_desk.get(url(case)))
    person = staff.person("leader")
    sent = at_desk.post(reverse("cases:readers", args=[case.number]), {"person": str(person.id)}, follow=True)
    assert "leader" in text(sent)
    assert leader.get(url(case)).status_code == 200
    # Being allowed to read is not being allowed to name others.
    second = staff.person("second", role="leader", division="220523")
    leader.post(reverse("cases:readers", args=[case.number]), {"person": str(second.id)})
    assert browser(staff, "second").get(url(case)).status_code == 404


def test_neither_contact_nor_phone_is_in_the_page(staff: Any) -> None:
    page = text(officer(staff).get(url(reported(staff))))
    assert PHONE not in page
    assert "示例·王一" not in page
    assert "姓名和电话已隐藏" in page


def test_what_people_wrote_is_text(staff: Any) -> None:
    case = reported(
        staff,
        "占道经营<script>alert(1)</script>流动摊贩把人行道全占了",
        address="<img src=x onerror=alert(2)>",
    )
    perform(staff.place.pk, case.id, "note", staff.officer(), {"note": "<b onmouseover=alert(3)>"})
    page = text(officer(staff).get(url(case)))
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<b onmouseover" not in page


def test_the_story_says_what_the_caller_reads_and_what_stays_inside(staff: Any) -> None:
    case = reported(staff)
    perform(staff.place.pk, case.id, "note", staff.officer(), {"note": "先看资产台账"})
    perform(staff.place.pk, case.id, "message", staff.officer(), {"message": "正在前往现场"})
    page = text(officer(staff).get(url(case))).partition('id="story"')[2]
    note, message = page.index("先看资产台账"), page.index("正在前往现场")
    assert "诉求人可见" not in page[note - 400 : note]
    assert "诉求人可见" in page[message - 400 : message]


def test_each_organ_of_a_joint_case_has_its_line_and_its_moves(staff: Any) -> None:
    case = unclear(staff)
    data = {"item": "E101", "organs": ["chengguan", "police"], "due": "2099-01-05T17:00"}
    perform(staff.place.pk, case.id, "gather", staff.desk, data)
    page = text(officer(staff, "police").get(url(case)))
    assert "县公安局" in page
    assert any(move.startswith("sign_in@") for move in moves_in(page))
    assert sum(move.startswith("sign_in@") for move in moves_in(page)) == 1


def test_a_grid_worker_reads_the_case_they_reported_as_its_caller(staff: Any) -> None:
    from huying.cases.actions import report
    from huying.cases.calls import Call, Reporter

    grid = staff.memory.grids["general"][0]
    actor = staff.actor("grid", "grid", role="grid_worker", division=grid.code)
    made = report(
        staff.place.pk, Call(body="路口井盖丢了", reporter=Reporter(actor.person_id, "示例·孙一")), actor
    )
    case = Case.objects.get(id=made.case_id)
    perform(staff.place.pk, case.id, "note", staff.desk, {"note": "内部说明一二三"})
    page = text(browser(staff, "grid").get(url(case)))
    assert "内部说明一二三" not in page
    assert "查看联系方式" not in page


def test_the_page_costs_the_same_after_many_moves(staff: Any) -> None:
    case = reported(staff)
    client = officer(staff)
    perform(staff.place.pk, case.id, "note", staff.officer(), {"note": "一"})
    client.get(url(case))
    with statements() as few:
        client.get(url(case))
    for n in range(12):
        perform(staff.place.pk, case.id, "note", staff.officer(), {"note": f"第{n}次"})
    with assert_statements(len(few)):
        client.get(url(case))
    assert len(few) <= 14


def test_a_joint_case_costs_no_more_with_more_organs(staff: Any) -> None:
    found = []
    for organs in (["chengguan", "police"], ["chengguan", "police", "water", "housing", "transport"]):
        case = unclear(staff)
        data = {"item": "E101", "organs": organs, "due": "2099-01-05T17:00"}
        perform(staff.place.pk, case.id, "gather", staff.desk, data)
        client = desk(staff)
        client.get(url(case))
        with statements() as seen:
            client.get(url(case))
        found.append(len(seen))
    assert found[0] == found[1]

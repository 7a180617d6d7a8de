"""Taking a call and typing: earlier calls of the number, suggestions while typing, what happens after saving."""

from __future__ import annotations

from typing import Any

from huying.cases.models import Case, Contact
from huying.cases.tests.desk_browser import browser, desk, officer
from huying.cases.tests.test_lifecycle import STALL, a_point, told
from huying.ledger import queries as ledger
from huying.testing.statements import statements

PHONE = "10000000001"
ODD = "有个事想问问你们"


def sent(**more: str) -> dict[str, str]:
    return {"key": "k-1", "call": "help", "body": ODD, "urgency": "0", "reporter_phone": PHONE, **more}


def only_case(staff: Any) -> Case:
    return Case.objects.get(place_id=staff.place.pk)


def test_a_call_becomes_a_case_with_its_caller_and_goes_on_to_the_dispatch_card(staff: Any) -> None:
    browser_ = desk(staff)
    answer = browser_.post(
        "/desk/call/",
        sent(reporter_name="示例·王一", reporter_address="某小区3号楼", source="省热线", source_number="S-7"),
    )
    case = only_case(staff)
    assert (answer.status_code, answer["Location"]) == (303, f"/desk/taken/{case.number}/")
    assert (case.channel, case.step, case.source, case.source_number) == ("hotline", "take", "省热线", "S-7")
    assert Contact.objects.get(case_id=case.id).phone_hash
    page = browser_.get(answer["Location"]).content.decode()
    from huying.cases import tracks

    assert tracks.shown(tracks.code_of(case.id)) in page
    assert 'name="move" value="dispatch"' in page
    done = browser_.post(
        f"/desk/cases/{case.number}/move/", {"move": "dispatch", "seen": "1", "key": "m-1", "item": "E101"}
    )
    assert done.status_code == 303
    case.refresh_from_db()
    assert (case.step, case.organ_id) == ("arrive", staff.memory.organ_by_code("chengguan").id)


def test_the_code_is_told_only_in_the_browser_that_took_the_call(staff: Any) -> None:
    desk(staff).post("/desk/call/", sent())
    other = browser(staff, "desk2", role="centre_desk", organ="centre")
    assert other.get(f"/desk/taken/{only_case(staff).number}/").status_code == 404


def test_what_was_typed_comes_back_with_what_is_wrong(staff: Any) -> None:
    answer = desk(staff).post(
        "/desk/call/", sent(body="", reporter_name="示例·王一", division="999999", source="省热线")
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "示例·王一" in page
    assert "省热线" in page
    assert 'value="k-1"' in page
    assert page.count('class="hy-error"') == 2
    assert not Case.objects.filter(place_id=staff.place.pk).exists()


def test_sending_twice_makes_one_case(staff: Any) -> None:
    browser_ = desk(staff)
    first = browser_.post("/desk/call/", sent())
    again = browser_.post("/desk/call/", sent())
    assert first["Location"] == again["Location"]
    assert only_case(staff)


def test_earlier_calls_of_the_number_are_at_hand_and_nothing_is_unsealed(staff: Any) -> None:
    case = told(staff)  # with the same number
    browser_ = desk(staff)
    page = browser_.post("/desk/call/earlier/", {"reporter_phone": "100-0000-0001"}).content.decode()
    assert case.number in page
    assert "示例·王一" not in page
    assert PHONE not in page
    few = browser_.post("/desk/call/earlier/", {"reporter_phone": "100"}).content.decode()
    assert case.number not in few


def test_earlier_calls_keep_to_sight(staff: Any) -> None:
    case = told(staff, call="report")  # a report of wrongdoing is for its holders alone
    Case.objects.filter(place_id=case.place_id, id=case.id).update(owner_key="organ:0")
    page = desk(staff).post("/desk/call/earlier/", {"reporter_phone": PHONE}).content.decode()
    assert case.number not in page


def test_filling_in_the_caller_goes_on_record(staff: Any) -> None:
    case = told(staff)
    page = desk(staff).post("/desk/call/recall/", {"reporter_phone": PHONE}).content.decode()
    assert "示例·王一" in page
    last = ledger.history(case.place_id, case.id)[-1].event
    assert (last.kind, last.person_id) == ("case.unmasked", staff.person("desk").pk)


def test_an_anonymous_call_keeps_nothing_of_the_number(staff: Any) -> None:
    answer = desk(staff).post("/desk/call/", sent(anonymous="yes"))
    assert answer.status_code == 303
    assert only_case(staff).anonymous
    assert not Contact.objects.exists()


def test_a_question_answered_on_the_telephone_is_closed_at_once(staff: Any) -> None:
    answer = desk(staff).post(
        "/desk/call/", sent(call="consult", item="L301", answered="yes", answer="供水时间是早六点到晚十点。")
    )
    assert answer.status_code == 303
    case = only_case(staff)
    assert (case.result, case.reply, case.item) == ("answered", "供水时间是早六点到晚十点。", "L301")
    assert case.closed_at is not None


def test_an_answer_needs_its_words_and_its_item(staff: Any) -> None:
    answer = desk(staff).post("/desk/call/", sent(call="consult", answered="yes"))
    assert answer.status_code == 422
    assert answer.content.decode().count('class="hy-error"') == 2


def test_the_suggestion_follows_the_typing(staff: Any) -> None:
    case = told(staff)
    browser_ = desk(staff)
    typed = {"body": STALL, "place": "{},{}".format(*a_point(staff)), "call": "complaint"}
    browser_.post("/desk/call/suggest/", typed)  # memories are warm
    with statements() as seen:
        page = browser_.post("/desk/call/suggest/", typed).content.decode()
    assert "占道经营" in page
    assert "执法局" in page or "城管" in page or staff.memory.organ_by_code("chengguan").name in page
    assert f"/desk/call/join/{case.number}/" in page
    assert len(seen) <= 6, seen
    empty = browser_.post("/desk/call/suggest/", {"body": ""})
    assert empty.status_code == 200
    assert "pick_item" not in empty.content.decode()


def test_the_same_trouble_again_is_joined(staff: Any) -> None:
    case = told(staff)
    browser_ = desk(staff)
    answer = browser_.post(
        f"/desk/call/join/{case.number}/", {"reporter_phone": "10000000002", "reporter_name": "示例·李二"}
    )
    assert answer["Location"] == f"/desk/taken/{case.number}/"
    case.refresh_from_db()
    assert case.joins == 1
    assert browser_.get(answer["Location"]).status_code == 200


def test_a_village_reports_for_somebody_with_fewer_fields(staff: Any) -> None:
    village = staff.memory.division(staff.memory.grids["general"][0].parent_id)
    secretary = browser(staff, "secretary", role="village_secretary", division=village.code)
    page = secretary.get("/desk/call/").content.decode()
    assert 'name="source"' not in page
    assert "/desk/call/earlier/" not in page
    assert secretary.post("/desk/call/earlier/", {"reporter_phone": PHONE}).status_code == 403
    answer = secretary.post("/desk/call/", sent(body="路边一棵大树要倒了", division=str(village.id)))
    case = only_case(staff)
    assert (case.channel, case.division_id) == ("street", village.id)
    assert secretary.get(answer["Location"]).status_code == 200


def test_who_cannot_see_the_case_afterwards_still_gets_its_number(staff: Any) -> None:
    village = staff.memory.division(staff.memory.grids["general"][0].parent_id)
    secretary = browser(staff, "secretary", role="village_secretary", division=village.code)
    answer = secretary.post("/desk/call/", sent())  # without a place it lies in nobody's area
    page = secretary.get(answer["Location"]).content.decode()
    assert only_case(staff).number in page
    assert ODD not in page


def test_only_those_who_serve_take_calls(staff: Any) -> None:
    assert browser(staff, "resident", kind="resident").get("/desk/call/").status_code == 403
    assert browser(staff, "leader", role="leader", division="220523").get("/desk/call/").status_code == 403
    assert officer(staff, "water").get("/desk/call/").status_code == 200

"""What everybody may read of a case: prepared without the door number, and never with somebody's number in it."""

from typing import Any

from django.urls import reverse

from huying.cases.discreet import discreet, tells_who
from huying.cases.models import Case
from huying.cases.tests.desk_browser import desk, reported, text
from huying.cases.tests.test_case_page import url

WHERE = "金山村二组七号院门前"


def told(staff: Any, **words: Any) -> Case:
    """A case in 金山村 whose reply names the door."""
    village = staff.memory.by_code("220523100221")
    case = reported(staff, address=WHERE, division_id=village.id)
    Case.objects.filter(id=case.id).update(reply=f"已到{WHERE}清理，联系13912345678。", **words)
    return Case.objects.get(place_id=staff.place.pk, id=case.id)


def publish(page: Any, case: Case, title: str, words: str) -> Any:
    return page.post(reverse("cases:publish", args=[case.number]), {"title": title, "text": words})


def test_the_words_offered_leave_out_the_door_and_the_number(staff: Any) -> None:
    case = told(staff)
    village = staff.memory.division(case.division_id).name
    form = text(desk(staff).get(url(case))).split("公开", 1)[1]
    offered = discreet(case.reply, case, staff.memory)
    assert offered == f"已到{village}清理，联系***。"
    assert offered in form


def test_a_number_in_the_public_text_is_refused_and_nothing_typed_is_lost(staff: Any) -> None:
    case, page = told(staff), desk(staff)
    typed = "垃圾已清理，有事请拨13912345678找老李。"
    answer = publish(page, case, "垃圾清理", typed)
    assert answer.status_code == 422
    assert typed in text(answer)
    assert "公开的文字里有电话号码或身份证号" in text(answer)
    case.refresh_from_db()
    assert (case.public, case.public_text) == (False, "")
    assert publish(page, case, "垃圾清理", "垃圾已清理。").status_code == 303
    case.refresh_from_db()
    assert (case.public, case.public_text) == (True, "垃圾已清理。")


def test_an_empty_text_is_refused_beside_the_field(staff: Any) -> None:
    case = told(staff)
    answer = publish(desk(staff), case, "垃圾清理", "")
    assert answer.status_code == 422
    assert "公开标题和内容都要填写" in text(answer)


def test_a_case_number_is_nobodys_number() -> None:
    assert tells_who("电话13912345678")
    assert tells_who("证件", "11010519491231002X")
    assert not tells_who("编号HN20261013912-00001", "水表2202391234567890123456")

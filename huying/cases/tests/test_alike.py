"""Like bills proposed to the county's clerk before dispatching (ZL15): of alike ones only, and accepted as by hand."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from huying.cases.actions import perform, report
from huying.cases.calls import Call
from huying.cases.models import Case
from huying.cases.tests.zhenlai import Village
from huying.ledger.models import Event


def at_the_county(
    village: Village, body: str, item: str = "B04", *, metres: float = 0, **more: Any
) -> Case:  # fmt: skip
    """A bill so many metres north of the usual point, handed up as far as the centre's assigning."""
    _grid, _area, lon, lat = village.point()
    made = report(
        village.place.pk,
        Call(body=body, lon=lon, lat=lat + metres / 111_320, anonymous=True, **more),
        village.resident,
    )
    case = Case.objects.get(id=made.case_id)
    for move, actor, data in (
        ("sorted", village.worker, {"item": item}), ("genuine", village.secretary, {"site_note": "属实"}),
        ("raise", village.secretary, {"reason": "要专业队伍"}), ("weigh", village.clerk, {}),
        ("raise", village.clerk, {"reason": "街道没有队伍"}), ("take", village.acting("desk"), {"item": item}),
    ):  # fmt: skip
        perform(village.place.pk, case.id, move, actor, data)
    case.refresh_from_db()
    return case


def card(client: Client, case: Case) -> str:
    """The part of the dispatch card that proposes a group; empty when none is proposed."""
    page = client.get(reverse("cases:desk_case", args=[case.number])).content.decode()
    found = re.search(r'<section class="card mb-3" id="alike">.*?</section>', page, re.DOTALL)
    return found.group(0) if found else ""


def pressed(form: str) -> dict[str, Any]:
    """What the browser sends when the button of the proposal is pressed as it stands."""
    sent: dict[str, Any] = {"pick": []}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = (re.search(rf'{what}="([^"]*)"', tag) for what in ("name", "value"))
        if name is None or name[1] == "csrfmiddlewaretoken":
            continue
        if name[1] == "pick":
            sent["pick"].append(value[1] if value else "")
        else:
            sent[name[1]] = value[1] if value else ""
    for name, text in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>([^<]*)</textarea>', form):
        sent[name] = text.strip()
    return sent


def test_only_bills_alike_are_proposed(village: Village, clock: Any) -> None:
    early = at_the_county(village, "三号楼外墙瓷砖松动")
    clock.advance(timedelta(days=8))
    lead = at_the_county(village, "外墙瓷砖往下掉，一号楼")
    near = at_the_county(village, "外墙瓷砖往下掉，二号楼", metres=50)
    far = at_the_county(village, "外墙瓷砖往下掉，九号楼", metres=120)
    other = at_the_county(village, "屋顶漏雨", "B08")
    below = Case.objects.get(  # still with the community, from where the centre may merge it as well
        id=report(
            village.place.pk,
            Call(body="外墙瓷砖往下掉，六号楼", lon=lead.lon, lat=lead.lat, item="B04"),
            village.resident,
        ).case_id
    )
    sealed = at_the_county(village, "外墙瓷砖往下掉，五号楼", metres=5)
    Case.objects.filter(id=sealed.id).update(confidential=True)
    desk = village.browser("desk")
    shown = card(desk, lead)
    assert near.number in shown
    assert below.number in shown
    for case in (early, far, other, sealed):
        assert case.number not in shown
    assert card(desk, other) == ""
    assert card(desk, far) != ""  # fifty to a hundred and twenty: near enough to that one


def test_one_press_makes_the_group_that_choosing_by_hand_makes(village: Village, clock: Any) -> None:
    lead, *others = (at_the_county(village, f"外墙瓷砖往下掉，{n}号楼", metres=10 * n) for n in range(3))
    desk = village.browser("desk")
    fields = pressed(card(desk, lead))
    assert sorted(one.split(":")[0] for one in fields["pick"]) == sorted(str(case.id) for case in others)
    answer = desk.post(reverse("cases:bulk"), fields)
    assert answer.status_code == 200
    for case in others:
        case.refresh_from_db()
        assert (case.result, case.lead_id, case.closed_at is not None) == ("merged", lead.id, True)
        [moved] = Event.objects.filter(case_id=case.id, kind="case.moved").order_by("-version")[:1]
        assert any(one.get("move") == "merge" for one in moved.data["flow"])
    lead.refresh_from_db()
    assert (lead.joins, lead.step) == (2, "assign")
    assert Event.objects.filter(case_id=lead.id, kind="case.merged").count() == 2
    assert card(desk, lead) == ""  # nothing is left to propose


def test_a_bill_that_somebody_moved_meanwhile_is_not_dragged_along(village: Village, clock: Any) -> None:
    lead, other = (at_the_county(village, f"外墙瓷砖往下掉，{n}号楼") for n in range(2))
    desk = village.browser("desk")
    fields = pressed(card(desk, lead))
    perform(village.place.pk, other.id, "open_up", village.acting("desk"), {})
    assert desk.post(reverse("cases:bulk"), fields).status_code in (409, 422)
    other.refresh_from_db()
    assert (other.step, other.lead_id) == ("offer", None)


def test_whoever_cannot_move_several_is_proposed_nothing(village: Village, clock: Any) -> None:
    lead = at_the_county(village, "外墙瓷砖往下掉，一号楼")
    at_the_county(village, "外墙瓷砖往下掉，二号楼")
    assert (
        'id="alike"'
        in village.browser("desk").get(reverse("cases:desk_case", args=[lead.number])).content.decode()
    )
    assert card(village.browser("secretary"), lead) == ""

"""The two places in a real browser: a call claimed from the pool at a desk, an errand ordered by a resident on a phone, and a
notebook entry written by a volunteer that climbs to the village's desk."""

from __future__ import annotations

from typing import Any

import pytest

from huying.cases.models import Case
from huying.cases.tests.browser.test_main_job import make_move
from huying.cases.tests.people import Staff, behind_server
from huying.testing.browser import DESK, PHONE, picture, signed_in
from huying.ui.build import built

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not built(), reason="npm run build was not run"),
]


def newest(staff: Staff) -> Case:
    return Case.objects.filter(place_id=staff.place.pk).order_by("-id")[0]


def test_dashiqiao_the_pool_at_a_desk_and_an_errand_on_a_phone(
    live_server: Any, settings: Any, open_page: Any
) -> None:
    village = "210882003001"
    staff = behind_server(
        "dashiqiao", settings,
        {
            "desk": {"role": "centre_desk", "organ": "centre"}, "officer": {"role": "officer", "organ": "chengguan"},
            "agent": {"role": "agent", "division": village}, "resident": {"kind": "resident"},
            "worker": {"role": "grid_worker", "division": f"{village}-g01"},
        },
    )  # fmt: skip
    desk = signed_in(open_page(live_server.url, DESK), "desk")
    desk.goto("/desk/call/")
    desk.fill("[name=body]", "铁西社区门前一排路灯不亮，晚上漆黑一片")
    desk.fill("[name=address]", "铁西社区三号楼前")
    desk.locator("#call-form button.btn-primary").first.click()
    desk.wait_for_url(lambda address: "/desk/call/" not in address.rstrip("/") + "/" or "taken" in address)
    case = newest(staff)
    desk.goto(f"/cases/{case.number}/")
    picture(desk, "dsq-desk-case")
    from huying.cases.actions import perform

    perform(case.place_id, case.id, "take_in", staff.desk, {"item": "Q112"})
    officer = signed_in(open_page(live_server.url, DESK), "officer")
    officer.goto("/inbox/")
    assert case.number in officer.content()
    picture(officer, "dsq-pool-inbox")
    officer.goto(f"/cases/{case.number}/")
    make_move(officer, "认领")
    case.refresh_from_db()
    assert (case.step, case.owner_key) == ("assign", f"organ:{staff.memory.organ_by_code('chengguan').id}")
    officer.goto(f"/cases/{case.number}/")
    picture(officer, "dsq-claimed")
    phone = signed_in(open_page(live_server.url, PHONE), "resident")
    phone.goto("/open/")
    picture(phone, "dsq-open-phone")
    phone.locator("a", has_text="请人代办").first.click()
    phone.wait_for_url(lambda address: "errand" in address)
    phone.fill("[name=body]", "帮家里老人买一盒降压药")
    picture(phone, "dsq-errand-phone")
    phone.locator("select[name=division], [name=division]").first.evaluate(
        "(el, value) => { el.value = value; el.dispatchEvent(new Event('change', {bubbles: true})) }",
        str(staff.memory.by_code(village).id),
    )
    phone.locator("form button.btn-primary").last.click()
    phone.wait_for_url(lambda address: "/report/done/" in address)
    errand = newest(staff)
    assert (errand.kind, errand.step) == ("errand", "wait")
    picture(phone, "dsq-errand-done")
    phone.goto(f"/circle/?village={village}")
    phone.wait_for_selector("text=最近的服务点")
    phone.wait_for_timeout(1500)
    picture(phone, "dsq-circle-phone")
    agent = signed_in(open_page(live_server.url, PHONE), "agent")
    agent.goto(f"/cases/{errand.number}/")
    make_move(agent, "认领代办")
    errand.refresh_from_db()
    assert errand.step == "run"
    picture(agent, "dsq-errand-agent")
    worker = signed_in(open_page(live_server.url, PHONE), "worker")
    worker.goto("/open/dispute/")
    picture(worker, "dsq-dispute-form")


def test_zhenjiang_a_notebook_entry_on_a_phone_climbs_to_the_villages_desk(
    live_server: Any, settings: Any, open_page: Any
) -> None:
    village = "321171001001"
    branch = f"{village}-g01"
    staff = behind_server(
        "zhenjiang", settings,
        {
            "volunteer": {"role": "volunteer", "division": branch}, "branch": {"role": "branch_secretary", "division": branch},
            "home": {"role": "centre_home", "division": branch}, "village": {"role": "village_desk", "division": village},
            "resident": {"kind": "resident"},
        },
    )  # fmt: skip
    phone = signed_in(open_page(live_server.url, PHONE), "volunteer")
    phone.goto("/open/note/")
    phone.fill("[name=body]", "三楼楼道灯坏了，老人上下楼看不清")
    phone.locator("input[name=note_class][value=visit]").locator("xpath=ancestor::label[1]").click()
    picture(phone, "zj-note-phone")
    phone.locator("form button.btn-primary").last.click()
    phone.wait_for_selector("text=已登记")
    note = newest(staff)
    assert (note.kind, note.step) == ("note", "look")
    branch_page = signed_in(open_page(live_server.url, PHONE), "branch")
    branch_page.goto(f"/cases/{note.number}/")
    make_move(branch_page, "转成事项上报")
    matter = newest(staff)
    assert (matter.kind, matter.step) == ("matter", "home")
    home = signed_in(open_page(live_server.url, PHONE), "home")
    home.goto(f"/cases/{matter.number}/")
    picture(home, "zj-home-phone")
    make_move(home, "报支部书记", site_note="看过了，灯头坏了")
    branch_page.goto(f"/cases/{matter.number}/")
    make_move(branch_page, "报村（社区）专席", site_note="请社区换灯")
    desk = signed_in(open_page(live_server.url, DESK), "village")
    desk.goto("/inbox/")
    assert matter.number in desk.content()
    desk.goto(f"/cases/{matter.number}/")
    picture(desk, "zj-village-desk")
    matter.refresh_from_db()
    assert (matter.step, matter.tier) == ("desk", "village")

"""The lists of services and a round of the grid on a phone, in a real browser."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest

from huying import clock
from huying.cases import duties
from huying.cases.models import Case
from huying.cases.tests.browser.test_dashiqiao_zhenjiang import newest
from huying.cases.tests.browser.test_main_job import make_move
from huying.cases.tests.people import behind_server
from huying.testing.browser import DESK, PHONE, picture, signed_in
from huying.ui.build import built

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not built(), reason="npm run build was not run"),
]
VILLAGE = "210882003001"


def test_a_service_is_found_and_ordered_and_a_round_is_walked_on_a_phone(
    live_server: Any, settings: Any, open_page: Any
) -> None:
    staff = behind_server(
        "dashiqiao", settings,
        {
            "resident": {"kind": "resident"}, "worker": {"role": "grid_worker", "division": f"{VILLAGE}-g01"},
            "idle": {"role": "grid_worker", "division": f"{VILLAGE}-g02"},
            "town": {"role": "town_clerk", "division": VILLAGE[:9]},
        },
    )  # fmt: skip
    phone = signed_in(open_page(live_server.url, PHONE), "resident")
    phone.goto("/services/")
    picture(phone, "dsq-services")
    phone.fill("[name=q]", "医保")
    phone.keyboard.press("Enter")
    phone.wait_for_url(lambda address: "q=" in address)
    began = time.monotonic()
    phone.reload()
    phone.wait_for_selector("text=门诊慢特病认定")
    assert time.monotonic() - began < 5  # on a quiet machine a fraction of a second
    picture(phone, "dsq-services-found")
    phone.goto("/services/?theme=T5")
    picture(phone, "dsq-services-theme")
    phone.goto(f"/services/T5D05/?village={VILLAGE}")
    phone.wait_for_timeout(1500)
    picture(phone, "dsq-service")
    phone.locator("a", has_text="请人代办").first.click()
    phone.wait_for_url(lambda address: "/open/errand/" in address)
    phone.fill("[name=body]", "帮我妈办门诊慢病本")
    picture(phone, "dsq-order")
    phone.locator("select[name=division], [name=division]").first.evaluate(
        "(el, value) => { el.value = value; el.dispatchEvent(new Event('change', {bubbles: true})) }",
        str(staff.memory.by_code(VILLAGE).id),
    )
    phone.locator("form button.btn-primary").last.click()
    phone.wait_for_url(lambda address: "/report/done/" in address)
    assert newest(staff).item == "T5D05"

    monday = clock.now() - timedelta(days=clock.now().weekday())
    duties.forget()
    duties.open_due(staff.place.pk, monday)
    duties.forget()
    rounds = Case.objects.filter(place_id=staff.place.pk, kind="round", fields__duty="round-general")
    mine = rounds.get(owner_key=f"division:{staff.memory.by_code(f'{VILLAGE}-g01').id}")
    worker = signed_in(open_page(live_server.url, PHONE), "worker")
    worker.goto("/grid/")
    picture(worker, "dsq-round-today")
    worker.goto(f"/cases/{mine.number}/")
    panel = worker.locator(".hy-moves details", has_text="勾选看过的点").first
    panel.locator("summary").click()
    for point in ("主要道路和巷口", "垃圾点和卫生死角"):
        panel.locator("label", has_text=point).click()
    picture(worker, "dsq-round-ticking")
    panel.locator("button[type=submit]").click()
    worker.wait_for_timeout(500)
    mine.refresh_from_db()
    assert mine.fields["ticked"] == ["g-roads", "g-rubbish"]
    worker.goto(f"/cases/{mine.number}/")
    make_move(worker, "发现问题", content="三号楼前井盖翘起来了")
    assert Case.objects.filter(place_id=staff.place.pk, kind="finding").count() == 1
    worker.goto(f"/cases/{mine.number}/")
    picture(worker, "dsq-round")
    rounds.exclude(id=mine.id).update(result="missed", closed_at=clock.now())
    for name, size in (("phone", PHONE), ("desk", DESK)):
        town = signed_in(open_page(live_server.url, size), "town")
        town.goto("/rounds/")
        picture(town, f"dsq-rounds-{name}")
    wide = signed_in(open_page(live_server.url, DESK), "resident")
    wide.goto("/services/")
    picture(wide, "dsq-services-desk")

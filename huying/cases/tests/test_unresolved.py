"""An owner that cannot be resolved: the case goes to the centre's desk, and the ledger can say so."""

from __future__ import annotations

from typing import Any

from huying.cases.actions import perform, report
from huying.cases.calls import Call
from huying.cases.models import Case
from huying.cases.tests.test_lifecycle import STALL, a_point
from huying.ledger import queries as ledger


def test_work_that_no_organ_had_goes_back_to_the_desk(staff: Any) -> None:
    grid = staff.memory.grids["general"][0]
    lon, lat = a_point(staff)
    worker = staff.actor("worker", "grid", role="grid_worker", division=grid.code)
    made = report(staff.place.pk, Call(body=STALL, lon=lon, lat=lat, fields={"handled_now": True}), worker)
    case = Case.objects.get(place_id=staff.place.pk, id=made.case_id)
    assert case.step == "verify"
    done = perform(staff.place.pk, case.id, "rework", staff.desk, {"reason": "照片看不出已经清理"})
    assert (done.step, done.owner_key) == ("handle", f"desk:{staff.memory.top.id}")
    told = ledger.history(staff.place.pk, case.id)[-1].event.data["flow"]
    assert [e["relation"] for e in told if e["event"] == "unresolved"] == ["organ(item)"]


def test_a_pool_of_several_is_an_owner_that_the_ledger_can_name() -> None:
    from huying.ledger.kinds import CODE

    assert CODE.fullmatch("pool:grid,stand-in")
    assert CODE.fullmatch("post(secretary)@here")
    assert not CODE.fullmatch("Wang, 12 Main St")

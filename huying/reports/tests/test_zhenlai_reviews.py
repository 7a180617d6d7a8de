"""The three reviews of the county of the twelve steps (ZL10): each bill inspected after it was written off, the quarter
appraised, the year ranked, and the quarter's report issued by those who lead the reviews. Units only, with this place's own
figures.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from huying.cases import jobs
from huying.cases.actions import Refused, perform, report
from huying.cases.calls import Call, Reporter
from huying.cases.models import Case
from huying.cases.tests.zhenlai import TOWN, VILLAGE, Village
from huying.indicators.periods import quarter, year
from huying.ledger import jobs as ledger_jobs
from huying.ledger import readers
from huying.reports import actions, queries
from huying.reports import jobs as report_jobs
from huying.reports.errors import ReportError
from huying.reports.models import Report
from huying.reviews import appraising

OTHER = "220821001002"
REPLY = {"internal_account": "已清走", "public_reply": "楼道已经清好了，谢谢您。"}


class Walk:
    """Small bills of two communities, settled there, each by the same people."""

    def __init__(self, village: Village) -> None:
        self.village = village
        self.place: int = village.place.pk
        self.appraiser = village.acting("appraiser")
        self.people = {
            code: village.actor(f"secretary-{code}", role="village_secretary", division=code)
            for code in (VILLAGE, OTHER)
        }

    def moved(self, case: Case, move: str, actor: Any, **data: Any) -> Case:
        perform(self.place, case.id, move, actor, data)
        case.refresh_from_db()
        return case

    def bill(self, code: str, body: str) -> Case:
        """Reported, sorted, found true, and given to the community itself to solve."""
        division = self.village.memory.by_code(code)
        who = self.village.resident
        call = Call(
            body=body, division_id=division.id, item="B02", reporter=Reporter(person_id=who.person_id)
        )  # fmt: skip
        made = report(self.place, call, who)
        case = Case.objects.get(id=made.case_id)
        for move, data in (
            ("sorted", {"item": "B02"}), ("genuine", {"site_note": "属实"}), ("settle", {"plan": "清理"}),
        ):  # fmt: skip
            self.moved(case, move, self.people[code], **data)
        return case

    def written_off(self, code: str, case: Case) -> Case:
        self.moved(case, "solved", self.people[code], solved="solved", **REPLY)
        self.moved(case, "told", self.people[code], route="dynamic", public_reply=REPLY["public_reply"])
        return self.moved(case, "written_off", self.people[code])

    def settle_ledger(self) -> None:
        ledger_jobs.drain(self.place)
        readers.run(self.place, 50)


@pytest.fixture
def walk(village: Village, clock: Any) -> Walk:
    return Walk(village)


def test_each_bill_is_inspected_after_it_was_written_off(walk: Walk, clock: Any) -> None:
    good, poor, unseen = (
        walk.written_off(VILLAGE, walk.bill(VILLAGE, f"{n}单元楼道堆着旧家具")) for n in (1, 2, 3)
    )
    for case in (good, poor, unseen):  # nothing is left out, and inspecting holds no bill open
        assert (case.step, case.closed_at is not None) == ("inspect", True)
        assert case.owner_key == f"post:appraiser@{walk.village.memory.top.id}"
    with pytest.raises(Refused):
        walk.moved(good, "passed", walk.people[VILLAGE])  # nobody inspects their own
    walk.moved(good, "passed", walk.appraiser, inspect_note="到现场看过", sampled=True)
    walk.moved(poor, "failed", walk.appraiser, reason="东西还在")
    assert (good.step, poor.step, poor.round, poor.closed_at) == ("archive", "study", 2, None)
    clock.advance(timedelta(days=21))
    jobs.sweep(walk.place)
    unseen.refresh_from_db()
    assert unseen.step == "archive"  # not inspected in time counts as passed


def test_the_quarter_is_appraised_the_year_ranked_and_the_report_issued(walk: Walk, clock: Any) -> None:
    for number in range(10):  # one community in time and to everybody's content, the other late
        case = walk.written_off(VILLAGE, walk.bill(VILLAGE, f"{number}单元楼道堆着旧家具"))
        walk.moved(case, "rated", walk.village.resident, satisfaction="satisfied")
    slow = [walk.bill(OTHER, f"{number}号楼道堆着旧家具") for number in range(10)]
    clock.advance(timedelta(days=5))
    for case in slow:
        walk.written_off(OTHER, case)
        walk.moved(
            case, "rated", walk.village.resident, satisfaction="unsatisfied" if case is slow[0] else "fair"
        )
    walk.settle_ledger()
    with pytest.raises(Refused, match="not-over"):
        appraising.issue(walk.place, quarter(2026, 1), "village", walk.appraiser)

    clock.set(datetime(2026, 4, 9, 2, tzinfo=UTC))
    with pytest.raises(Refused, match="not-allowed"):
        appraising.issue(walk.place, quarter(2026, 1), "village", walk.village.desk)
    issued = appraising.issue(walk.place, quarter(2026, 1), "village", walk.appraiser)
    names = [(walk.village.memory.division(row.unit_id).code, row.rank) for row in issued.rows]
    assert names == [(VILLAGE, 1), (OTHER, 2)]
    first, second = issued.rows
    assert [part.indicator for part in first.parts] == ["on_time", "satisfied", "redone"]
    assert (first.total, {part.indicator: part.rate for part in first.parts}["on_time"]) == (100.0, 1.0)
    assert second.total < first.total
    town = appraising.standings(walk.place, quarter(2026, 1), "town")
    assert [walk.village.memory.division(row.unit_id).code for row in town.rows] == [TOWN]

    while report_jobs.make_due():
        pass
    draft = Report.objects.get(kind="quarterly", issued_at=None)
    with pytest.raises((ReportError, Report.DoesNotExist)):
        actions.issue(walk.village.acting("desk"), draft.id)
    sent = actions.issue(walk.appraiser, draft.id)
    assert sent.number == "〔2026〕第1期"
    read = str(queries.one(walk.people[OTHER].sight, sent.id).content)
    for code in (VILLAGE, OTHER):
        assert walk.village.memory.by_code(code).name in read

    clock.set(datetime(2027, 1, 5, 2, tzinfo=UTC))
    ranked = appraising.issue(walk.place, year(2026), "village", walk.appraiser)
    assert [(row.unit_id, row.rank, row.sample) for row in ranked.rows] == [
        (first.unit_id, 1, 10), (second.unit_id, 2, 10),
    ]  # fmt: skip

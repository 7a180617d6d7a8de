"""Studies: asked on a page, done by the worker, kept; what changes nothing changes no figure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from huying.cases.lists import ZONE
from huying.cases.models import Case
from huying.cases.tests.walking import said
from huying.cases.world import span_of
from huying.places import actions as places
from huying.testing.statements import statements
from huying.whatif import actions, jobs
from huying.whatif.changes import Changes, ChangesRefused, from_plain, read
from huying.whatif.models import Study
from huying.whatif.setting import setting_of
from huying.whatif.tests.made import traces
from huying.whatif.tests.test_slow_page import leader

SINCE, UNTIL = datetime(2026, 2, 9, tzinfo=ZONE), datetime(2026, 2, 28, tzinfo=ZONE)
FORM = {
    "name": "处置一天办完",
    "since": "2026-02-09",
    "until": "2026-02-27",
    "step": "six-steps.handle",
    "step_limit": "1 work hours",
}


def worked(staff: Any, plain: dict[str, Any]) -> dict[str, Any]:
    return actions.work(staff.place.pk, SINCE, UNTIL, from_plain(plain, staff.memory), replications=6)


def test_no_change_makes_no_difference(staff: Any, clock: Any) -> None:
    traces(staff, 80)
    found = worked(staff, {})
    assert found["rate"]["change"] == [0, 0, 0]
    assert found["rate"]["before"] == found["rate"]["after"]
    assert found["loads"]["before"] == found["loads"]["after"]
    assert found["cases"] == 80


def test_replays_come_near_to_what_really_was(staff: Any, clock: Any) -> None:
    traces(staff, 160)
    found = worked(staff, {})
    assert abs(found["rate"]["before"][0] - found["real"]["rate"]) < 0.06
    assert abs(found["closed"]["before"][0] - found["real"]["closed"]) < 8


def test_a_longer_limit_makes_fewer_late_and_says_what_it_takes_for_granted(staff: Any, clock: Any) -> None:
    traces(staff, 120)
    longer = worked(staff, {"limits": {"steps": {"handle": "15 workdays"}}})
    assert longer["rate"]["change"][0] > 0.02
    assert any(code == "pace" for code, *_ in longer["warnings"])


def test_more_staff_in_full_proportion_helps_and_says_so_of_the_organ(staff: Any, clock: Any) -> None:
    traces(staff, 120, slow=1.5)
    found = worked(staff, {"staff": {"chengguan": {"factor": 3, "effect": "full"}}})
    organ = f"organ:{staff.memory.organ_by_code('chengguan').id}"
    row = next(one for one in found["owners"] if one["owner"] == organ)
    assert row["touched"]
    assert row["rate"]["change"][0] > 0.03
    assert row["load"]["after"][0] < row["load"]["before"][0]


def test_another_route_moves_the_work(staff: Any, clock: Any) -> None:
    traces(staff, 80)
    found = worked(staff, {"routing": {"E101": "water"}})
    turns = {row["owner"]: row["turns"] for row in found["owners"]}
    water = f"organ:{staff.memory.organ_by_code('water').id}"
    assert turns[water]["before"][0] == 0
    assert turns[water]["after"][0] > 40


def test_more_calls_are_more_calls(staff: Any, clock: Any) -> None:
    traces(staff, 80)
    found = worked(staff, {"arrivals": 2})
    assert found["closed"]["after"][0] > 1.8 * found["closed"]["before"][0]


def test_open_on_saturdays_ends_working_limits_sooner(staff: Any, clock: Any) -> None:
    week = {
        day: [["08:30", "11:30"], ["13:00", "17:00"]]
        for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    }
    traces(staff, 60)
    found = worked(staff, {"calendar": [{"organ": "all", "hours": week}]})
    assert found["rate"]["after"][0] >= 0
    assert ["hours", 0] in found["warnings"]


def test_the_form_the_worker_and_the_result(staff: Any, clock: Any) -> None:
    traces(staff, 60)
    page = leader(staff)
    answer = page.post("/analysis/what-if/new/", FORM)
    assert answer.status_code == 302, said(answer)
    where = answer["Location"]
    assert "等待推演" in said(page.get(where))
    before = Case.objects.count()
    assert jobs.run_studies() == 1
    assert jobs.run_studies() == 0
    with statements() as found:
        told = said(page.get(where))
    assert len([one for one in found if "whatif_" in one]) == 1
    assert "处置一天办完" in told
    assert "改动后按时率" in told
    assert "处置时限：1个工作时" in told
    assert Case.objects.count() == before
    study = Study.objects.get()
    assert (study.state, study.done) == (Study.DONE, 100)
    assert len(str(study.result)) < 60_000
    assert "已完成" in said(page.get("/analysis/what-if/"))
    # Whoever waits on the page is told to load it again.
    assert page.get(where, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


@pytest.mark.parametrize(
    ("over", "why"),
    [
        ({"step": "", "step_limit": ""}, "至少改动一项"),
        ({"until": "2027-02-27"}, "3 至 366 天"),
        ({"until": "9999-12-31"}, "3 至 366 天"),
        ({"step_limit": "soon"}, "soon"),
        ({"yaml": "limits:\n  steps: {nowhere: 1 workday}"}, "nowhere"),
        ({"yaml": "staff: [\n"}, "改动"),
        ({"staff_organ": "chengguan", "staff": "many"}, "不是数字"),
        ({"staff_organ": "chengguan", "staff": "nan"}, "nan"),
        ({"arrivals": "1e999"}, "inf"),
    ],
)  # fmt: skip
def test_what_cannot_be_studied_is_said_and_nothing_typed_is_lost(
    staff: Any, clock: Any, over: dict[str, str], why: str
) -> None:
    answer = leader(staff).post("/analysis/what-if/new/", {**FORM, **over})
    assert answer.status_code == 422
    assert why in said(answer)
    assert "处置一天办完" in answer.content.decode()
    assert not Study.objects.exists()


def test_an_empty_period_fails_in_plain_words(staff: Any, clock: Any) -> None:
    page = leader(staff)
    where = page.post("/analysis/what-if/new/", FORM)["Location"]
    assert jobs.run_studies() == 1
    assert "这段时间没有记录" in said(page.get(where))


def test_a_run_that_was_cut_off_is_done_again_and_then_given_up(staff: Any, clock: Any) -> None:
    traces(staff, 30)
    made = actions.ask(staff.place.pk, None, SINCE, UNTIL, {"arrivals": 1.5})
    Study.objects.update(state=Study.RUNNING, done=40)
    assert jobs.run_studies() == 1
    made.refresh_from_db()
    assert made.state == Study.DONE
    Study.objects.update(state=Study.RUNNING, done=-1)
    jobs.run_studies()
    made.refresh_from_db()
    assert (made.state, made.problem) == (Study.FAILED, "cut-off")


def test_a_study_that_nobody_needs_is_called_off(staff: Any, clock: Any, monkeypatch: Any) -> None:
    """While it waits, and while the worker is at it; what had come to its end stays."""
    traces(staff, 30)
    page = leader(staff)
    where = page.post("/analysis/what-if/new/", FORM)["Location"]
    assert "取消推演" in said(page.get(where))
    assert "推演已取消" in said(page.post(f"{where}call-off/", follow=True))
    assert jobs.run_studies() == 0
    # Another one, called off when the worker has told of its first steps.
    made = actions.ask(staff.place.pk, None, SINCE, UNTIL, {"arrivals": 1.5})
    begun: list[float] = []
    real = actions.run

    def run(courses: Any, setting: Any, changes: Any, asked: Any, tell: Any) -> Any:
        def told(share: float) -> None:
            begun.append(share)
            actions.call_off(staff.place.pk, made.id)
            tell(share)

        return real(courses, setting, changes, asked, told)

    monkeypatch.setattr(actions, "run", run)
    jobs.run_studies()
    made.refresh_from_db()
    assert (made.state, made.problem, made.result) == (Study.FAILED, "called-off", None)
    assert 0 < len([share for share in begun if share < 1]) < 10  # it stopped soon
    monkeypatch.undo()
    done = actions.ask(staff.place.pk, None, SINCE, UNTIL, {"arrivals": 1.5})
    jobs.run_studies()
    assert not actions.call_off(staff.place.pk, done.id)
    done.refresh_from_db()
    assert done.state == Study.DONE


def test_nobody_queues_up_a_days_work(staff: Any, clock: Any) -> None:
    for _ in range(actions.WAITING_MOST):
        actions.ask(staff.place.pk, None, SINCE, UNTIL, {"arrivals": 1.5})
    with pytest.raises(actions.StudyRefused):
        actions.ask(staff.place.pk, None, SINCE, UNTIL, {"arrivals": 1.5})


def test_changes_are_checked_with_line_and_mend(staff: Any) -> None:
    lines = [
        "limits:",
        "  steps: {handle: 3 workdays}",
        "  items: {NONE: 1 workday}",
        "routing: {E101: nobody}",
    ]
    text = "\n".join([*lines, "staff: {chengguan: 90}", "weather: fine", ""])
    with pytest.raises(ChangesRefused) as refused:
        read(text, staff.memory, "c.yaml")
    found = {(one.line, one.code) for one in refused.value.problems}
    assert found == {(3, "unknown-item"), (4, "unknown-organ"), (5, "bad-number"), (6, "unknown-part")}
    assert all(one.mend for one in refused.value.problems)


def test_a_replay_counts_in_the_hours_in_which_limits_count(staff: Any, clock: Any) -> None:
    week = {"sat": [["09:00", "12:00"]]}
    for code in ("chengguan", "centre"):
        places.set_office_hours(
            staff.place.pk, staff.memory.organ_by_code(code).id, week, actor=places.SYSTEM
        )
    memory = staff.memory
    setting = setting_of(memory, SINCE.timestamp(), UNTIL.timestamp())
    monday = datetime(2026, 2, 9, 9, 0, tzinfo=ZONE).timestamp()
    span = span_of("1 work hour")

    def due(owner: str) -> str:
        return f"{datetime.fromtimestamp(setting.hours(owner).due(monday, span), ZONE):%a %H:%M}"

    organ = memory.organ_by_code("chengguan").id
    assert due(f"organ:{organ}") == due(f"desk:{memory.top.id}") == "Sat 10:00"
    town = memory.children(memory.top.id)[0].id
    assert due(f"desk:{town}") == due(f"organ:{memory.organ_by_code('water').id}") == "Mon 10:00"


def test_changes_of_every_kind_are_read(staff: Any) -> None:
    found: Changes = read(
        'name: n\nlimits: {steps: {organ-leg.handle: 3 workdays}, items: {E101: {arrive: 1 work hours}}}\nrouting: {E101: water}\n'
        'calendar:\n  - {organ: chengguan, hours: [["08:00", "12:00"]], open: [2026-02-21], closed: []}\n'
        "staff: {centre: {factor: 2, effect: full}}\narrivals: 1.2\n",
        staff.memory,
    )  # fmt: skip
    organ = f"organ:{staff.memory.organ_by_code('chengguan').id}"
    desk = f"desk:{staff.memory.top.id}"
    assert found.step_limits["organ-leg", "handle"].amount == 3
    assert found.item_limits["E101", "arrive"].working
    assert set(found.calendars) == {organ}
    assert (found.staff, found.full, found.arrivals) == ({desk: 2.0}, frozenset({desk}), 1.2)
    assert not found.empty
    assert timedelta(days=3) < UNTIL - SINCE

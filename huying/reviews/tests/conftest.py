"""Cases that were closed or returned, and those who look back at them."""

from __future__ import annotations

from typing import Any

import pytest

from huying.cases.actions import perform
from huying.cases.models import Case
from huying.cases.tests.test_lifecycle import told
from huying.reviews.models import Deduction

DONE = {
    "truth": "genuine", "completion": "substantive", "solved": "solved", "contact_how": "phone",
    "internal_account": "已劝离并安排巡查", "public_reply": "摊位已清理，我们会安排人员早晚巡查。",
}  # fmt: skip


def close(staff: Any, case: Case, **more: Any) -> Case:
    """Take a case through to its rating."""
    place = staff.place.pk
    perform(place, case.id, "sign_in", staff.officer(), {}, **more)
    perform(place, case.id, "done", staff.officer(), DONE, **more)
    perform(
        place,
        case.id,
        "pass",
        staff.desk,
        {"solved": "solved", "public_reply": "摊位已清理，欢迎监督。"},
        **more,
    )
    case.refresh_from_db()
    return case


@pytest.fixture
def closed(staff: Any) -> Any:
    """Makes closed cases that wait for their rating."""

    def make(**more: Any) -> Case:
        return close(staff, told(staff, **more))

    return make


@pytest.fixture
def refused(clock: Any, staff: Any, read_on: Any) -> Any:
    """An organ returned a case, the centre did not agree: buck-passing. The deduction that was proposed."""

    def go(case: Case | None = None) -> Deduction:
        place, case = staff.place.pk, case or told(staff)
        perform(
            place, case.id, "return", staff.officer(), {"return_reason": "not_ours", "reason": "不归我们管"}
        )
        perform(place, case.id, "return_refused", staff.desk, {"reason": "就在你们的清单里"})
        read_on(place)
        made = list(Deduction.objects.filter(rule="passed_on", case_id=case.id))
        assert len(made) == 1
        return made[0]

    return go


@pytest.fixture
def seat(staff: Any) -> Any:
    """The person at the call-back seat."""
    return staff.actor("seat", "hotline", role="callback_seat", organ="centre")


@pytest.fixture
def head(staff: Any) -> Any:
    """The head of the centre, who assesses."""
    return staff.actor("centre-head", role="centre_head", organ="centre")


@pytest.fixture
def inspector(staff: Any) -> Any:
    return staff.actor("inspector", role="inspector", organ="discipline")


@pytest.fixture
def everybody_drawn(monkeypatch: Any) -> None:
    """The lot falls on every case: what is drawn then does not depend on the key of this run."""
    from huying.reviews import sampling

    monkeypatch.setattr(sampling, "lot", lambda *args: 0.0)

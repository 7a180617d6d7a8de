"""The worker's loop, which also keeps the clock of all cases, does not wait for a study."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from huying.whatif import actions, jobs
from huying.whatif.models import Study
from huying.whatif.tests.test_study import SINCE, UNTIL


@pytest.mark.django_db(transaction=True)
def test_the_loop_goes_on_while_a_study_is_done(live: Any, clock: Any, monkeypatch: Any) -> None:
    staff, _url = live
    let_go, did = threading.Event(), threading.Event()
    real = actions.run_next

    def slowly(place_id: int) -> bool:
        let_go.wait(20)
        did.set()
        return real(place_id)

    monkeypatch.setattr(actions, "run_next", slowly)
    assert jobs.start_studies() is None  # nothing waits
    made = actions.ask(staff.place.pk, None, SINCE, UNTIL, {"arrivals": 1.5})
    thread = jobs.start_studies()
    assert thread is not None
    assert not did.is_set()  # the tick is back while the study is still under way
    assert jobs.start_studies() is None  # and does not begin another
    let_go.set()
    thread.join(60)
    made.refresh_from_db()
    assert (made.state, made.problem) == (
        Study.FAILED,
        "history",
    )  # it was looked at: nothing is on record here

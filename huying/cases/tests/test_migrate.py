"""Open cases move to another edition by a checked mapping; owners and limits stay, and the story replays."""

from __future__ import annotations

import re
from typing import Any

import pytest

from huying.cases.actions import migrate as migrating
from huying.cases.actions import perform
from huying.cases.models import Case
from huying.cases.tests.loading import PRESETS
from huying.cases.tests.test_lifecycle import told
from huying.cases.who import CLOCK_ACTOR
from huying.flow import machine
from huying.ledger import queries as ledger
from huying.presets.actions import publish
from huying.presets.queries import compiled


def test_a_step_with_another_name_takes_its_cases_along(staff: Any) -> None:
    case = told(staff)
    perform(staff.place.pk, case.id, "sign_in", staff.officer(), {})
    case.refresh_from_db()
    due, owner = case.due_at, case.owner_key
    # "handle" is also a stage and a phase: only the step and what leads to it get the new name
    files = {
        path.relative_to(PRESETS / "huinan").as_posix(): path.read_bytes()
        for path in (PRESETS / "huinan").rglob("*.*")
    }
    text = files["flows/six-steps.yaml"].decode()
    text = re.sub(r"(?m)^  handle:", "  dispose:", text)
    text = re.sub(r"(from: |to: |step: |\[|, )handle(?=[,\]}\s])", r"\1dispose", text)
    text = re.sub(r"(phase: |stage: )dispose", r"\1handle", text)
    files["flows/six-steps.yaml"] = text.encode()
    new = publish("220523", files)
    blocked = migrating.plan(staff.place.pk, case.edition_id, new.pk)
    assert not blocked.sound
    with pytest.raises(migrating.NotSound):
        migrating.migrate(staff.place.pk, case.edition_id, new.pk, CLOCK_ACTOR)
    names = {("six-steps", "handle"): ("six-steps", "dispose")}
    done = migrating.migrate(staff.place.pk, case.edition_id, new.pk, CLOCK_ACTOR, renamed=names)
    assert done.moved == 1
    case = Case.objects.get(place_id=staff.place.pk, id=case.id)
    assert (case.edition_id, case.step, case.due_at, case.owner_key) == (new.pk, "dispose", due, owner)
    flow = compiled(new.pk).flow_of(case.kind)
    events = [e for h in ledger.history(staff.place.pk, case.id) for e in h.event.data.get("flow", ())]
    assert machine.replay(flow, events).to_json() == case.token
    moved = perform(
        staff.place.pk, case.id, "done", staff.officer(),
        {
            "truth": "genuine", "completion": "substantive", "solved": "solved", "contact_how": "none",
            "internal_account": "已办", "public_reply": "已经处理完毕。",
        },
    )  # fmt: skip
    assert moved.step == "verify"

"""What may be edited in a draft: texts, remarks and choices, no figures."""

from __future__ import annotations

from typing import Any

import pytest

from huying.reports import actions
from huying.reports.errors import ReportError, Stale
from huying.reports.tests.test_kinds import draft


def test_editing_choices_and_remarks_but_no_figures(lived: Any) -> None:
    head = lived.actor("desk_head")
    report = draft(lived, "monthly")
    cases = next(one for one in report.content["sections"] if one["kind"] == "cases")
    picked = [one["id"] for one in cases["candidates"]][::-1][:2]
    assert len(picked) == 2
    edited = actions.edit(
        head,
        report.id,
        {"remarks": {"figures": "样本较少。"}, "chosen": {"cases": picked}},
        seen=report.version,
    )
    assert edited.content == report.content
    assert edited.edits["chosen"]["cases"] == picked
    with pytest.raises(Stale):
        actions.edit(head, report.id, {}, seen=report.version)
    for wrong in (
        {"texts": {"figures": "100%"}}, {"chosen": {"cases": ["another"]}}, {"remarks": {"nowhere": "x"}},
        {"remarks": {"figures": "x" * 4001}},
    ):  # fmt: skip
        with pytest.raises(ReportError):
            actions.edit(head, report.id, wrong)

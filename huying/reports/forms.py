"""What the screens send: which report is wanted, and what was written into a draft."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from huying.reports.models import Report
from huying.ui.typed import whole


def edits_of(report: Report, sent: QueryDict) -> dict[str, Any]:
    """The texts, remarks and choices of the edit page.

    A choice is a ticked box ``pick-SECTION`` with the candidate's id; its place in the order is ``rank-SECTION-ID``.
    """
    found: dict[str, Any] = {"texts": {}, "remarks": {}, "chosen": {}}
    for section in report.content["sections"]:
        ident = section["id"]
        if section["kind"] == "text":
            if f"text-{ident}" in sent:
                found["texts"][ident] = sent[f"text-{ident}"]
            continue
        found["remarks"][ident] = sent.get(f"remark-{ident}", "")
        if "candidates" in section:
            picked = sent.getlist(f"pick-{ident}")
            order = {one["id"]: number for number, one in enumerate(section["candidates"])}
            found["chosen"][ident] = sorted(
                picked, key=lambda one: (_rank(sent.get(f"rank-{ident}-{one}", "")), order.get(one, 0))
            )
    return found


def _rank(text: str) -> int:
    return 999 if (number := whole(text, 3)) is None else number

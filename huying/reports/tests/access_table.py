"""Who may open reports: the office that writes them, and the readers that they name; to others they do not exist."""

from __future__ import annotations

from typing import Any

from huying.reports.models import Report
from huying.reports.tests.mini import mini_report, reports_edition
from huying.testing.access import Row, only

STAFF = (
    "grid_worker",
    "secretary",
    "clerk",
    "desk",
    "officer",
    "head",
    "inspector",
    "leader",
    "admin",
    "outsider",
)
# Named: the leader, village secretaries, the discipline office; and the desk, whose report it is.
READS = only("desk", "leader", "secretary", "inspector", others=404, resident=403)
WRITES = only("desk", others=404, resident=403)


def _issued(world: Any) -> dict[str, Any]:
    return {"report_id": world.objects["issued"].id}


def _draft(world: Any) -> dict[str, Any]:
    return {"report_id": world.objects["draft"].id}


SENT = only("desk", status=303, others=404, resident=403)
ROWS = {
    "reports:list": Row(only(*STAFF)),
    "reports:new": Row(only("desk", "clerk")),
    "reports:report": Row(READS, kwargs=_issued),
    "reports:pdf": Row(READS, kwargs=_issued),
    "reports:docx": Row(READS, kwargs=_issued),
    "reports:edit": Row(WRITES, kwargs=_draft),
    # Stale on purpose: nothing happens, but whoever may ask is told so.
    "reports:anew": Row(SENT, kwargs=_draft, method="post", data=lambda world: {"seen": "9"}),
    "reports:drop": Row(SENT, kwargs=_draft, method="post", data=lambda world: {"seen": "9"}),
    "reports:issue": Row(SENT, kwargs=_draft, method="post", data=lambda world: {"seen": "9"}),
    # A reader comes back to the report and is told that it is not theirs to correct.
    "reports:correct": Row(
        only("desk", "leader", "secretary", "inspector", status=303, others=404, resident=403),
        kwargs=_issued,
        method="post",
    ),
}


def prepare(cast: Any) -> dict[str, Any]:
    reports_edition(cast.place)
    return {"issued": mini_report(cast), "draft": mini_report(cast, Report.State.DRAFT)}

"""Who may look at how cases went: those who answer for the place (centre's head, leaders, inspectors)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from huying.ledger.ids import uuid7
from huying.testing.access import Row, only
from huying.whatif.models import Study

WIDE = only("inspector", "leader")
ASKED = datetime(2026, 3, 1, tzinfo=UTC)


def prepare(cast: Any) -> dict[str, Any]:
    """A study that waits."""
    return {
        "study": Study.objects.create(
            place_id=cast.place.pk, id=uuid7(), name="study", asked_at=ASKED,
            params={"since": "2026-01-01T00:00:00+08:00", "until": "2026-02-01T00:00:00+08:00", "changes": {}},
        )
    }  # fmt: skip


ROWS = {
    "whatif:slow": Row(WIDE),
    "whatif:way": Row(WIDE, query="?from=&to=take"),
    "whatif:studies": Row(WIDE),
    "whatif:ask": Row(WIDE, method="post"),
    "whatif:call_off": Row(
        only("inspector", "leader", status=303),
        method="post",
        kwargs=lambda world: {"study_id": world.objects["study"].id},
    ),
    "whatif:study": Row(WIDE, kwargs=lambda world: {"study_id": world.objects["study"].id}),
}

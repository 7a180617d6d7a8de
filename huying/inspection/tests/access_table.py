"""Who may open this room's addresses: inspectors; for everybody else who is signed in they are not there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from huying.cases.tests.mini import REAL, mini_case, mini_edition
from huying.testing.access import Row, everybody, only

INSPECTORS = only("inspector", others=404)
NOTHING = UUID(int=7)


def _case(world: Any) -> dict[str, Any]:
    return {"number": world.objects["case"].number}


ROWS = {
    "inspection:findings": Row(INSPECTORS),
    "inspection:finding": Row(everybody(404, visitor=302), kwargs=lambda world: {"ident": NOTHING}),
    "inspection:conclude": Row(
        everybody(404, visitor=302), kwargs=lambda world: {"ident": NOTHING}, method="post",
        data=lambda world: {"outcome": "nothing", "note": "没有问题"},
    ),
    "inspection:papers": Row(INSPECTORS),
    "inspection:order": Row(INSPECTORS),
    "inspection:case": Row(INSPECTORS, kwargs=_case),
    "inspection:log": Row(INSPECTORS),
    "inspection:ask": Row(only("grid_worker", "secretary", "clerk", "officer", "head", others=404)),
}  # fmt: skip


def prepare(cast: Any) -> dict[str, Any]:
    mini_edition(cast.place, more={"inspection.yaml": (REAL / "inspection.yaml").read_bytes()})
    return {"case": mini_case(cast)}

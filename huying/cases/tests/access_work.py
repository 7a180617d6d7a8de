"""Who may open the inbox and what belongs to it."""

from huying.testing.access import Row, everybody, only

STAFF = everybody(visitor=302, resident=403)


def _pick(world):
    case = world.objects["case"]
    return {"pick": f"{case.id}::{case.version}"}


ROWS = {
    "cases:work": Row(STAFF),
    "cases:filters": Row(everybody(303, visitor=302, resident=403), method="post", data=lambda world: {"name": "x"}),
    "cases:bulk": Row(only("clerk", "desk", "head", "outsider"), method="post", data=_pick),
    "cases:export_csv": Row(only("clerk", "desk", "head", "outsider")),
    "cases:export_xlsx": Row(only("clerk", "desk", "head", "outsider")),
}  # fmt: skip

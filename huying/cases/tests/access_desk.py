"""Who may take calls, decide at the desk, and settle whose duty something is."""

import uuid

from huying.testing.access import MISSING, Row, only

# The outsider sits at the desk of another place, which has no preset yet: nothing of this place is there for them.
REPORTS = ("grid_worker", "secretary", "clerk", "desk", "officer", "head")
TAKES = ("clerk", "desk")
DECIDES = ("secretary", "clerk", "desk")


def _case(world):
    return {"number": world.objects["case"].number}


def _nothing(world):
    return {"move": "nothing"}


ROWS = {
    "cases:desk_call": Row(only(*REPORTS, outsider=MISSING)),
    "cases:desk_suggest": Row(only(*REPORTS, outsider=MISSING), method="post"),
    "cases:desk_earlier": Row(only(*TAKES, "outsider"), method="post"),
    # No number typed: there is nobody to fill in.
    "cases:desk_recall": Row(only("desk", "outsider", status=MISSING), method="post"),
    "cases:desk_join": Row(only(*REPORTS, status=303, outsider=MISSING), kwargs=_case, method="post"),
    # Not taken in this browser.
    "cases:desk_taken": Row(only(*REPORTS, "outsider", status=MISSING), kwargs=_case),
    "cases:desk_case": Row(only(*DECIDES, outsider=MISSING), kwargs=_case),
    "cases:desk_item": Row(only(*DECIDES, outsider=MISSING), kwargs=_case),
    "cases:desk_move": Row(
        only(*DECIDES, status=422, outsider=MISSING), kwargs=_case, method="post", data=_nothing
    ),
    "cases:desk_queue": Row(only(*DECIDES, "outsider")),
    "cases:desk_settle": Row(only("desk", outsider=MISSING), kwargs=_case),
    "cases:precedents": Row(only("desk", "head", "inspector", "leader", "outsider")),
    "cases:precedent_end": Row(
        only("desk", "outsider", status=MISSING),
        kwargs=lambda world: {"precedent_id": uuid.UUID(int=7)},
        method="post",
        data=lambda world: {"reason": "职责已调整"},
    ),
}

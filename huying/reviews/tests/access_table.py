"""Who may open this room's addresses."""

from typing import Any

from huying.reviews.actions.links import code_of
from huying.reviews.tests.made import everything
from huying.testing.access import BAD, MISSING, Row, everybody, only

# The outsider sits at the desk of another place, which has no preset yet: nothing of this place is there for them.
READS = ("grid_worker", "secretary", "clerk", "officer", "head", "inspector", "leader")


def prepare(cast: Any) -> dict[str, Any]:
    return everything(cast)


def _task(kind: str) -> Any:
    return lambda world: {"task_id": world.objects[kind].id}


def _number(world: Any) -> Any:
    return {"number": world.objects["case"].number}


ROWS = {
    "reviews:rate_merged": Row(everybody(MISSING), kwargs=_number),  # it was not merged
    "reviews:rate_joined": Row(everybody(MISSING), kwargs=_number),  # nobody of the cast joined it

    "reviews:calls": Row(only("desk", "outsider")),
    "reviews:call": Row(only("desk", outsider=MISSING), kwargs=_task("call_back")),
    # Nothing filled in: it is said what is missing.
    "reviews:answer": Row(
        only("desk", status=BAD, outsider=MISSING), kwargs=_task("call_back"), method="post",
        data=lambda world: {"did": "answered"},
    ),
    "reviews:contact": Row(
        only("desk", outsider=MISSING), kwargs=_task("call_back"), method="post", data=lambda world: {"reason": "回访"}
    ),
    "reviews:checks": Row(only("desk", "clerk", "outsider")),
    "reviews:check": Row(only("desk", "clerk", outsider=MISSING), kwargs=_task("check")),
    "reviews:look_backs": Row(only("desk", "clerk", "head", "inspector", "leader", "outsider")),
    # Whoever serves in no organ and assesses nothing has none to read.
    "reviews:deductions": Row(only(*READS)),
    "reviews:deduction": Row(
        only("officer", "head", "inspector", "leader", grid_worker=MISSING, secretary=MISSING, clerk=MISSING),
        kwargs=lambda world: {"ident": world.objects["deduction"].id},
    ),
    # The head of one department does not read the marks of the others.
    "reviews:appraisal": Row(only("inspector", "leader", head=MISSING)),
    # The case lies in the village, in no grid; the department handled it.
    "reviews:slip": Row(only("secretary", "clerk", "desk", "officer", "head", grid_worker=MISSING, outsider=MISSING), kwargs=_number),
    "reviews:make_slip": Row(
        only("secretary", "clerk", "desk", "officer", "head", grid_worker=MISSING, outsider=MISSING), kwargs=_number, method="post"
    ),
    # Whoever has the link.
    "reviews:rate": Row(everybody(), kwargs=lambda world: {"code": code_of(world.objects["case"])}),
}  # fmt: skip

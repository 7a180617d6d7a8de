"""Who may open the residents' addresses: everybody their own calls, nobody somebody else's."""

from __future__ import annotations

from typing import Any

from huying.cases import tracks
from huying.cases.actions import report
from huying.cases.calls import Call, Reporter
from huying.cases.models import Case
from huying.cases.who import Actor
from huying.testing.access import MISSING, OK, Row, everybody
from huying.testing.cast import OUTSIDER

STAFF_HOME = dict.fromkeys(
    (
        "grid_worker",
        "secretary",
        "clerk",
        "desk",
        "officer",
        "head",
        "inspector",
        "leader",
        "admin",
        OUTSIDER,
    ),
    302,
)


def prepare(cast: Any, objects: dict[str, Any]) -> None:
    """A call of the resident of the cast, and a published one."""
    resident = cast.person("resident")
    actor = Actor(channel="web", sight=cast.sight("resident"))
    made = report(
        cast.place.pk, Call(body="门前的路灯坏了三天", reporter=Reporter(resident.pk, "示例·居民")), actor
    )
    objects["call"] = Case.objects.get(place_id=cast.place.pk, id=made.case_id)


def _call(world: Any) -> dict[str, Any]:
    return {"number": world.objects["call"].number}


MINE = everybody(MISSING, resident=OK)

ROWS = {
    "cases:home": Row(everybody(OK, **STAFF_HOME)),
    "cases:public": Row(everybody()),
    "cases:public_case": Row(everybody(MISSING), kwargs=_call),  # not approved for publication
    "cases:public_photo": Row(
        everybody(MISSING), kwargs=lambda world: {**_call(world), "file_id": world.objects["call"].id}
    ),
    # The outsider's place has published no preset, so nothing can be reported there.
    "cases:report": Row(everybody(**{OUTSIDER: MISSING})),
    "cases:similar": Row(
        everybody(**{OUTSIDER: MISSING}), method="post", data=lambda world: {"body": "路灯坏了"}
    ),
    "cases:join": Row(everybody(302, **{OUTSIDER: MISSING}), kwargs=_call, method="post"),
    "cases:done": Row(MINE, kwargs=_call),
    "cases:track": Row(everybody()),
    "cases:track_phone": Row(everybody()),
    "cases:track_case": Row(MINE, kwargs=_call),
    "cases:track_move": Row(
        everybody(MISSING, resident=409),
        kwargs=_call,
        method="post",
        data=lambda world: {"move": "no-such-move"},
    ),
    "cases:track_photo": Row(
        everybody(MISSING), kwargs=lambda world: {**_call(world), "file_id": world.objects["call"].id}
    ),
    # The code itself is the key: whoever has it may follow the call.
    "cases:track_link": Row(
        everybody(302), kwargs=lambda world: {"code": tracks.code_of(world.objects["call"].id)}
    ),
    "cases:mine": Row(everybody()),
}

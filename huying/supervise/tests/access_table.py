"""Who may open this room's addresses.

The order of these rows is about the cast's case: it went to the officer's department, with a copy to the office of the
inspector; the leader issued it. The secretary and the clerk see the case, and not the order about it.
"""

from __future__ import annotations

from typing import Any

from huying.cases.actions import perform
from huying.cases.models import Case
from huying.cases.tests.mini import mini_case, mini_edition
from huying.cases.who import Actor
from huying.supervise.tests.makers import DEMAND
from huying.testing.access import Row, everybody, only

STAFF = everybody(visitor=302, resident=403)
SEES = ("desk", "officer", "head", "inspector", "leader")
HIDDEN = {"others": 404, "resident": 403}


def _order(world: Any) -> dict[str, Any]:
    return {"number": world.objects["order"].number}


def _organ(world: Any) -> dict[str, Any]:
    return {"organ": world.cast.memory.organ_by_code("discipline").id}


def _nothing(world: Any) -> dict[str, Any]:
    import uuid

    return {"trigger_id": uuid.UUID(int=9)}


ROWS = {
    "supervise:orders": Row(STAFF),
    "supervise:new": Row(only("inspector", "leader", outsider=403)),
    "supervise:sign": Row(only(*SEES, status=303, **HIDDEN), kwargs=_order, method="post", data=_organ),
    "supervise:order_docx": Row(only(*SEES, **HIDDEN), kwargs=_order),
    "supervise:order_pdf": Row(only(*SEES, **HIDDEN), kwargs=_order),
    "supervise:suggestions": Row(only("inspector", "leader", outsider=403)),
    # A suggestion of nobody: it is not there for those who could have one.
    "supervise:dismiss": Row(
        only("inspector", "leader", status=404, outsider=403), kwargs=_nothing, method="post"
    ),
    "supervise:bulletins": Row(STAFF),
    "supervise:bulletin": Row(
        only(*SEES, **HIDDEN), kwargs=lambda world: {"number": world.objects["bulletin"]}
    ),
}


def prepare(cast: Any) -> dict[str, Any]:
    mini_edition(cast.place)
    case = mini_case(cast)
    leader = Actor(channel="web", sight=cast.sight("leader"))
    data = {"to_organ": "chengguan", "demand": DEMAND, "level": "3", "days": 3, "copies": ["discipline"]}
    (opened,) = perform(cast.place.pk, case.id, "supervise", leader, data).opened
    told = {
        "bulletin_title": "关于占道经营整改不力的通报",
        "bulletin_text": "城管局未按期整改占道经营，现予通报。",
    }
    perform(cast.place.pk, opened, "bulletin", leader, told)
    from huying.supervise.models import Bulletin

    order = Case.objects.get(place_id=cast.place.pk, id=opened)
    return {"case": case, "order": order, "bulletin": Bulletin.objects.get(place_id=cast.place.pk).number}

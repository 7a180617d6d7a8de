"""What is done with one case from the call to its rating, in the way of each place, and by whom."""

from __future__ import annotations

import json
import uuid
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench import _load

Script = Generator[bytes, tuple[int, bytes], None]
Step = tuple[str, str, dict[str, Any]]
"""Who, which move, with which answers."""


@dataclass(frozen=True)
class Way:
    """The people (role, and the code of the organ or division they serve in), what is reported, and the moves."""

    people: Mapping[str, Mapping[str, str]]
    body: str
    steps: Sequence[Step]
    at: str = ""  # report it in this division, at the centre of its first grid


_TOLD = {
    "solved": "solved",
    "internal_account": "已到场处理并安排巡查",
    "public_reply": "已处理好，我们会安排人员早晚巡查。",
}
_REASON = {"reason": "本级没有队伍，需要上一级办"}
_COMMUNITY, _STREET = "220821001001", "220821001"

WAYS = {
    "huinan": Way(
        {"desk": {"role": "centre_desk", "organ": "centre"}, "officer": {"role": "officer", "organ": "chengguan"}},
        "占道经营，小摊贩把人行道占了，行人只能走车道。",
        (
            ("officer", "sign_in", {}),
            ("officer", "done", {"truth": "genuine", "completion": "substantive", "contact_how": "phone"} | _TOLD),
            ("desk", "pass", {"solved": "solved", "public_reply": "摊位已清理。"}),
            ("resident", "rated", {"satisfaction": "satisfied", "comment": "很快"}),
        ),
    ),
    # The whole account: up from the community to the county, claimed by a squad, the answer down again, checked.
    "zhenlai": Way(
        {
            "worker": {"role": "village_worker", "division": _COMMUNITY},
            "secretary": {"role": "village_secretary", "division": _COMMUNITY},
            "clerk": {"role": "town_clerk", "division": _STREET},
            "desk": {"role": "centre_desk", "organ": "centre"},
            "squad": {"role": "squad_member", "organ": "housing"},
            "appraiser": {"role": "appraiser", "organ": "organisation"},
        },
        "三单元外墙瓷砖往下掉，差点砸到人，请来看看。",
        (
            ("worker", "sorted", {"item": "B04"}),
            ("secretary", "genuine", {"site_note": "到现场看过，属实"}),
            ("secretary", "raise", _REASON),
            ("clerk", "weigh", {}),
            ("clerk", "raise", _REASON),
            ("desk", "take", {"item": "B04"}),
            ("desk", "open_up", {}),
            ("squad", "claim", {}),
            ("squad", "finished", {"item": "B04"} | _TOLD),
            ("desk", "pass_down", {}),
            ("clerk", "pass_down", {}),
            ("secretary", "told", {"route": "tracking", "public_reply": _TOLD["public_reply"]}),
            ("secretary", "written_off", {}),
            ("resident", "rated", {"satisfaction": "satisfied", "comment": "很快"}),
        ),
        at=_COMMUNITY,
    ),
}  # fmt: skip


def life(way: Way, keys: Mapping[str, str], point: Sequence[float]) -> Script:
    """The requests of one case, from the call to its rating."""
    call = {"body": way.body, "lon": point[0], "lat": point[1], "reporter": {"me": True}}
    status, answer = yield _load.request("/api/v1/cases", keys["resident"], call, uuid.uuid4().hex)
    _expect(status, 201, "report", answer)
    made = json.loads(answer)
    number, seen = made["number"], 1
    for who, name, data in way.steps:
        body = {"move": name, "data": data, "seen": seen}
        status, answer = yield _load.request(
            f"/api/v1/cases/{number}/moves", keys[who], body, uuid.uuid4().hex
        )
        _expect(status, 200, name, answer)
        seen = json.loads(answer)["version"]


def _expect(status: int, wanted: int, name: str, answer: bytes) -> None:
    if status != wanted:
        raise RuntimeError(f"{name}: {status} instead of {wanted}: {answer[:400].decode()}")

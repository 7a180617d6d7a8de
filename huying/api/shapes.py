"""What is sent to the writing calls, checked exactly; the same models make the OpenAPI document."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

# PostgreSQL keeps no NUL in text.
STORABLE = r"^[^\x00]*$"


def text(most: int, **more: Any) -> Any:
    """A string of at most *most* characters that can be stored."""
    return Field(max_length=most, pattern=STORABLE, **more)


class Sent(BaseModel):
    """Base of what is sent: unknown fields are errors, so that a typing mistake is not lost silently."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class ReporterIn(Sent):
    """How to reach whoever called; sealed before it is stored, and never told by this interface."""

    name: Annotated[str, text(40)] = ""
    phone: Annotated[str, text(20)] = ""
    address: Annotated[str, text(200)] = ""
    me: Annotated[
        bool, Field(description="The person behind the key is who reports (residents: always).")
    ] = False


class CallIn(Sent):
    """A call: what happened, where, and who says so. Only ``body`` is needed."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "body": "朝阳街与兴工路交叉口路灯不亮已经三天，晚上出行不安全。",
                "call": "help",
                "lon": 126.043,
                "lat": 42.683,
                "reporter": {"name": "示例·王一", "phone": "100-0000-0001"},
            }
        }
    )

    body: Annotated[str, text(4000, min_length=1, description="What happened, in the caller's words.")]
    title: Annotated[str, text(200)] = ""
    kind: Annotated[str, text(40, description="Kind of case, as the place's preset names it.")] = ""
    call: Annotated[
        Literal["consult", "help", "complaint", "report", "suggestion"],
        Field(description="咨询, 求助, 投诉, 举报 (of wrongdoing), 建议."),
    ] = "help"
    lon: Annotated[float | None, Field(ge=-180, le=180, description="Degrees, in ``system``.")] = None
    lat: Annotated[float | None, Field(ge=-90, le=90)] = None
    system: Annotated[
        Literal["wgs84", "gcj02", "bd09"], Field(description="Coordinate system of lon and lat.")
    ] = "wgs84"
    address: Annotated[str, text(200)] = ""
    division: Annotated[
        str, text(40, description="Code of the division or grid, where there is no point.")
    ] = ""
    item: Annotated[str, text(60, description="Code of an item; left out, the platform suggests.")] = ""
    reporter: ReporterIn = Field(default_factory=ReporterIn)
    anonymous: bool = False
    confidential: bool = False
    urgency: Annotated[Literal[0, 1, 2], Field(description="0 ordinary, 1 urgent, 2 critical.")] = 0
    flags: Annotated[list[Annotated[str, text(30)]], Field(max_length=10)] = Field(default_factory=list)
    photos: Annotated[
        list[Annotated[str, text(60)]], Field(max_length=12, description="Tokens from POST /files, same key.")
    ] = Field(default_factory=list)
    source: Annotated[str, text(40, description="The system it came from.")] = ""
    source_number: Annotated[str, text(80, description="Its number there.")] = ""
    subject_organ: Annotated[
        str,
        text(40, description="Code of the organ that the call is about: that organ does not see the case."),
    ] = ""
    fields: Annotated[dict[str, Any], Field(description="Further fields of the kind's form.")] = Field(
        default_factory=dict
    )


class MoveIn(Sent):
    """A move: its id and what its form asks for, as ``GET …/moves`` says."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"move": "arrive", "data": {}, "seen": 1, "leg": None}}
    )

    move: Annotated[str, text(60, min_length=1)]
    data: dict[str, Any] = Field(default_factory=dict)
    seen: Annotated[
        int | None,
        Field(ge=1, le=2_147_483_647, description="The version that you looked at; another one gives 409."),
    ] = None
    leg: Annotated[UUID | None, Field(description="The organ's part, for moves on it.")] = None

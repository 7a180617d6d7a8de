"""What the calls about cases answer: models (for the OpenAPI document) and the functions that fill them.

Everything here is within the sight of whoever asks; contacts are never among it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from huying.api.out_reference import CodeName, code_name, division, organ
from huying.cases import lists, naming
from huying.cases.models import Case
from huying.cases.queries import CaseView, Offer
from huying.places.info import PlaceMemory
from huying.presets.queries import compiled


class TakenOut(Schema):
    number: str
    track_code: str = Field(description="For GET /track/{code}; shown to the caller, kept by nobody.")
    promised_at: datetime | None


class MovedOut(Schema):
    number: str
    version: int = Field(description="Send it as ``seen`` with the next move.")
    step: str
    due_at: datetime | None
    closed: bool
    opened: list[str] = Field(description="Numbers of the cases that this move opened.")


class PartOut(Schema):
    """An organ's part of a case."""

    id: UUID
    organ: CodeName | None
    part: str = Field(description="lead, support or opinion")
    step: CodeName
    opened_at: datetime
    arrived_at: datetime | None
    due_at: datetime | None
    closed_at: datetime | None
    result: str


class CaseRow(Schema):
    number: str
    kind: str
    call: str
    channel: str
    title: str
    item: CodeName | None
    step: CodeName
    phase: str
    owner: str = Field(description="Who has it now, in words.")
    organ: CodeName | None
    division: CodeName | None
    grid: CodeName | None
    lon: float | None = Field(description="WGS 84 degrees.")
    lat: float | None
    address: str
    urgency: int
    confidential: bool
    reported_at: datetime
    changed_at: datetime
    due_at: datetime | None
    overdue: bool
    promised_at: datetime | None
    closed_at: datetime | None
    result: str
    satisfaction: int | None = Field(description="1 unsatisfied, 2 fair, 3 satisfied.")
    version: int
    joins: int
    leg: UUID | None = Field(None, description="In scope=mine: the organ's part that waits, if it is one.")


class CasePage(Schema):
    cases: list[CaseRow]
    next: str | None = Field(description="Cursor of the next page.")
    previous: str | None


class FileOut(Schema):
    id: UUID
    kind: str
    name: str
    mime: str
    bytes: int


class CaseOut(CaseRow):
    body: str
    reply: str
    where: str
    parts: list[PartOut]
    files: list[FileOut]
    related: list[str] = Field(description="Numbers of linked cases that the caller may see too.")
    has_contact: bool
    suggestion: dict[str, Any] | None = Field(description="For those who serve: items, organs, reasons.")
    fields: dict[str, Any] = Field(
        description="What forms collected (codes, dates, numbers); for those who serve."
    )


class MoveOut(Schema):
    move: str
    name: str
    leg: UUID | None = Field(description="Send it along when the move is on an organ's part.")
    form: dict[str, Any] = Field(description="JSON Schema (2020-12) of ``data``.")


class MovesOut(Schema):
    number: str
    version: int = Field(description="Send it as ``seen``.")
    step: CodeName
    moves: list[MoveOut]


class Said(Schema):
    label: str
    value: str


class LineOut(Schema):
    at: datetime
    title: str
    who: str
    to: str
    late: str
    erased: bool
    version: int | None
    said: list[Said]


class TimelineOut(Schema):
    number: str
    lines: list[LineOut]


class StageOut(Schema):
    name: str
    state: str = Field(description="done, now or ahead")


class TrackOut(Schema):
    number: str
    title: str
    item: str
    step: CodeName
    phase: str
    stages: list[StageOut]
    owner: str
    reported_at: datetime
    promised_at: datetime | None
    closed_at: datetime | None
    result: str
    reply: str
    satisfaction: int | None
    version: int
    lines: list[LineOut]
    moves: list[MoveOut] = Field(description="What the caller may do now, such as rating it.")


class StagedOut(Schema):
    token: str = Field(description="Put it into ``photos`` of a call, or a photo or file field of a move.")
    kind: str
    name: str
    mime: str
    bytes: int


def row(case: Case, memory: PlaceMemory, now: datetime, leg: Any = None) -> dict[str, Any]:
    """A case as lists show it. No SQL statement."""
    preset = compiled(case.edition_id)
    flow = preset.flow_of(case.kind)
    due = case.due_at if leg is None else leg.due_at
    return {
        "number": case.number, "kind": case.kind, "call": case.call, "channel": case.channel, "title": case.title,
        "item": code_name(case.item, naming.item_name(preset, case.item)),
        "step": {"code": case.step, "name": naming.step_name(flow, case.step)}, "phase": case.phase,
        "owner": naming.owner_name(memory, case.owner_key), "organ": organ(memory, case.organ_id),
        "division": division(memory, case.division_id), "grid": division(memory, case.grid_id),
        "lon": case.lon, "lat": case.lat, "address": case.address, "urgency": case.urgency,
        "confidential": case.confidential, "reported_at": case.reported_at, "changed_at": case.changed_at,
        "due_at": due, "overdue": case.closed_at is None and due is not None and due < now,
        "promised_at": case.promised_at, "closed_at": case.closed_at, "result": case.result,
        "satisfaction": case.satisfaction, "version": case.version, "joins": case.joins,
        "leg": None if leg is None else leg.id,
    }  # fmt: skip


def page(found: lists.Page, memory: PlaceMemory, now: datetime) -> dict[str, Any]:
    """A page of a list."""
    return {
        "cases": [row(one.case, memory, now, one.leg) for one in found.rows],
        "next": found.after or None,
        "previous": found.before or None,
    }


def case(view: CaseView) -> dict[str, Any]:
    """A case with everything about it."""
    found, memory = view.case, view.memory
    files = [
        one for one in view.attachments if view.inside or one.created_at <= found.reported_at
    ]  # whoever called reads their own photos, not those of the work
    return {
        **row(found, memory, view.now),
        "body": found.body, "reply": found.reply, "where": view.where,
        "parts": [
            {
                "id": one.leg.id, "organ": organ(memory, one.leg.organ_id), "part": one.leg.part,
                "step": {"code": one.leg.step, "name": one.step}, "opened_at": one.leg.opened_at,
                "arrived_at": one.leg.arrived_at, "due_at": one.leg.due_at, "closed_at": one.leg.closed_at,
                "result": one.leg.result,
            }
            for one in view.legs
        ],
        "files": [
            {"id": one.id, "kind": one.kind, "name": one.name, "mime": one.mime, "bytes": one.bytes} for one in files
        ],
        "related": [one.number for one in view.related], "has_contact": view.has_contact,
        "suggestion": found.suggestion if view.inside else None, "fields": found.fields if view.inside else {},
    }  # fmt: skip


def moves(offers: Sequence[Offer], lang: str) -> list[dict[str, Any]]:
    """Offers with the JSON Schema of their forms."""
    return [
        {"move": one.move.id, "name": one.name, "leg": one.leg_id, "form": one.form.json_schema(lang)}
        for one in offers
    ]


def lines(found: Sequence[Any]) -> list[dict[str, Any]]:
    """The story of a case."""
    return [
        {
            "at": one.at, "title": one.title, "who": one.who, "to": one.to, "late": one.late, "erased": one.erased,
            "version": one.version, "said": [{"label": said.label, "value": said.value} for said in one.said],
        }
        for one in found
    ]  # fmt: skip


def track(view: CaseView, lang: str) -> dict[str, Any]:
    """A case as its caller sees it."""
    found = view.case
    return {
        "number": found.number, "title": found.title, "item": view.item,
        "step": {"code": found.step, "name": view.step}, "phase": found.phase,
        "stages": [{"name": name, "state": state} for name, state in view.stages], "owner": view.owner,
        "reported_at": found.reported_at, "promised_at": found.promised_at, "closed_at": found.closed_at,
        "result": found.result, "reply": found.reply, "satisfaction": found.satisfaction, "version": found.version,
        "lines": lines(view.lines), "moves": moves(view.offers, lang),
    }  # fmt: skip

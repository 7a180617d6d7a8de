"""What guards may ask about a case, gathered in one place so that flows of every preset find the same names.

| name | meaning |
| --- | --- |
| ``item.code``, ``.field``, ``.grid``, ``.auto``, ``.fixed``, ``.grade`` | the item that was chosen or suggested |
| ``sure`` | the suggestion is confident enough for automatic dispatch, and the case is placed |
| ``placed`` | the case lies in a division |
| ``in_grid`` | the case lies in a grid of the general layer |
| ``call``, ``channel``, ``kind``, ``urgency``, ``confidential``, ``anonymous``, ``joins`` | of the call |
| ``overdue`` | the step's limit has passed |
| ``joint_work`` | several organs worked in this round |
| every field that an earlier move collected | its last value (``truth``, ``solved``…) |
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from huying.cases.models import Case


def item_facts(row: Any) -> dict[str, Any]:
    """An item as guards see it; empty for none, so that a comparison with it is false."""
    if row is None:
        return {}
    return {
        "code": row.code,
        "field": row.field,
        "grid": row.grid,
        "auto": row.auto,
        "fixed": row.fixed,
        "grade": row.grade,
    }


def of_call(
    *,
    kind: str,
    call: str,
    channel: str,
    item_row: Any,
    organ_id: int | None,
    sure: bool,
    placed: bool,
    in_grid: bool = False,
    urgency: int,
    confidential: bool,
    anonymous: bool,
    fields: Mapping[str, Any],
) -> dict[str, Any]:
    """The facts of a call that is just coming in."""
    return {
        **fields,
        "kind": kind,
        "call": call,
        "channel": channel,
        "item": item_facts(item_row),
        "item_row": item_row,
        "organ_id": organ_id,
        "sure": sure,
        "placed": placed,
        "in_grid": in_grid,
        "urgency": urgency,
        "confidential": confidential,
        "anonymous": anonymous,
        "joins": 0,
        "overdue": False,
        "joint_work": False,
    }  # fmt: skip


def of_case(case: Case, item_row: Any, now: datetime, *, joint: bool = False) -> dict[str, Any]:
    """The facts of a case as it stands."""
    return {
        **case.fields,
        "kind": case.kind,
        "call": case.call,
        "channel": case.channel,
        "item": item_facts(item_row),
        "item_row": item_row,
        "organ_id": case.organ_id,
        "sure": False,
        "placed": case.division_id is not None,
        "in_grid": case.grid_id is not None,
        "urgency": case.urgency,
        "confidential": case.confidential,
        "anonymous": case.anonymous,
        "joins": case.joins,
        "overdue": case.due_at is not None and case.due_at < now,
        "joint_work": joint,
    }

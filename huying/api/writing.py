"""The two calls that write, without any web framework around them: taking a call, making a move.

``direct.py`` serves them straight from WSGI because they carry the load; ``v1.py`` serves the same functions through
Django, where they are documented. Both give byte for byte the same answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from pydantic import ValidationError

from huying.api.auth import Caller, caller_of
from huying.api.problems import Problem, of_validation
from huying.api.shapes import CallIn, MoveIn
from huying.cases.actions import KeyReused, Refused, Stale, perform, report
from huying.cases.calls import Call, CallRefused, Reporter
from huying.cases.kinds import default_kind
from huying.cases.models import Case
from huying.files.errors import FileError
from huying.places import coords
from huying.places import memory as places
from huying.places.info import PlaceMemory

MOST_BODY = 256 * 1024  # bytes of JSON; files go to POST /files


@dataclass(slots=True)
class Asked:
    """A request as far as these calls look at it. *header* finds a header by its name, or None."""

    header: Callable[[str], str | None]
    body: bytes
    lang: str = "zh"


@dataclass(slots=True)
class Answer:
    """Status, JSON body and further headers."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json"


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def checked(asked: Asked, model: type[Any]) -> Any:
    """The body as *model*. Raises Problem."""
    if len(asked.body) > MOST_BODY:
        raise Problem("too-large")
    kind = (asked.header("Content-Type") or "").partition(";")[0].strip().lower()
    if kind not in ("application/json", ""):
        raise Problem("unsupported-media-type")
    try:
        return model.model_validate_json(asked.body)
    except ValidationError as error:
        raise of_validation(error.errors(include_url=False, include_input=False)) from None


_KEY = re.compile(r"[!-~]{1,80}")  # what the document says


def key_of(asked: Asked) -> str | None:
    """The idempotency key that came along. Raises Problem when it cannot be one."""
    key = asked.header("Idempotency-Key")
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        raise Problem("invalid", errors={"Idempotency-Key": _("1 to 80 printable ASCII characters.")})
    return key


def take_call(asked: Asked) -> Answer:
    """POST /cases: 201 with number, track code and promise. Raises Problem."""
    caller = caller_of(asked.header("Authorization"), "cases:write")
    if not caller.sight.can("report"):
        raise Problem("not-allowed")
    sent = checked(asked, CallIn)
    call = call_of(sent, caller, places.of(caller.place_id), asked.lang)
    try:
        made = report(caller.place_id, call, caller.actor, key=key_of(asked))
    except CallRefused as refused:
        raise Problem("invalid", errors=refused.errors) from None
    except KeyReused:
        raise Problem("key-reused") from None
    except FileError as error:
        raise Problem("invalid", errors={"photos": str(error)}) from None
    said = {"number": made.number, "track_code": made.track_code, "promised_at": _iso(made.promised_at)}
    headers = {"Location": f"/api/v1/cases/{made.number}"}
    if made.again:
        headers["Idempotency-Replayed"] = "true"
    return Answer(201, _encode(said).encode(), headers)


def make_move(asked: Asked, number: str) -> Answer:
    """POST /cases/{number}/moves: 200 with how the case stands now. Raises Problem."""
    caller = caller_of(asked.header("Authorization"), "cases:move")
    sent = checked(asked, MoveIn)
    key = key_of(asked)
    if not 0 < len(number) <= 40 or "\x00" in number:
        raise Problem("not-found")
    return move_answer(asked, sent, key, caller.place_id, number, number, caller.actor)


def move_answer(
    asked: Asked, sent: MoveIn, key: str | None, place_id: int, which: UUID | str, number: str, actor: Any
) -> Answer:
    """Make the move and say how the case stands, or why not. Raises Problem."""
    try:
        done = perform(
            place_id, which, sent.move, actor, sent.data, key=key, seen=sent.seen, leg_id=sent.leg, lang=asked.lang
        )  # fmt: skip
    except Case.DoesNotExist:
        raise Problem("not-found") from None
    except Stale as stale:
        raise Problem("stale", version=stale.version, step=stale.step) from None
    except KeyReused:
        raise Problem("key-reused") from None
    except Refused as refused:
        raise Problem(refused.code, detail=refused.detail, errors=refused.errors) from None
    except CallRefused as refused:
        raise Problem("invalid", errors=refused.errors) from None
    except FileError as error:
        raise Problem("file-refused", detail=str(error)) from None
    opened: list[str] = []
    if done.opened:
        opened = list(
            Case.objects.filter(place_id=place_id, id__in=done.opened)
            .order_by("id")
            .values_list("number", flat=True)
        )
    said = {
        "number": number, "version": done.version, "step": done.step, "due_at": _iso(done.due_at),
        "closed": done.closed, "opened": opened,
    }  # fmt: skip
    return Answer(200, _encode(said).encode(), {"Idempotency-Replayed": "true"} if done.again else {})


def call_of(sent: CallIn, caller: Caller, memory: PlaceMemory, lang: str) -> Call:
    """What was sent as the cases room takes it. Raises Problem with every field that is wrong."""
    errors: dict[str, str] = {}
    division_id = None
    if sent.division:
        division = memory.by_code(sent.division)
        if division is None or not division.active:
            errors["division"] = _("No such division here.")
        else:
            division_id = division.id
    subject_id = None
    if sent.subject_organ:
        organ = memory.organ_by_code(sent.subject_organ)
        if organ is None:
            errors["subject_organ"] = _("No such organ here.")
        else:
            subject_id = organ.id
    lon, lat = sent.lon, sent.lat
    if lon is not None and lat is not None and sent.system != "wgs84":
        lon, lat = coords.to_wgs84(lon, lat, sent.system)
    fields = _fields(sent, memory, lang, errors)
    if caller.sight.is_resident:
        # How urgent it is, and what marks it bears, is for those who serve to say.
        errors.update(
            {name: _("This is not yours to set.") for name in ("urgency", "flags") if getattr(sent, name)}
        )
    if errors:
        raise Problem("invalid", errors=errors)
    told = sent.reporter
    mine = told.me or caller.sight.is_resident or bool(caller.sight.delegations)
    return Call(
        body=sent.body, title=sent.title, kind=sent.kind, call=sent.call, lon=lon, lat=lat, address=sent.address,
        division_id=division_id, item=sent.item,
        reporter=Reporter(caller.person_id if mine and not sent.anonymous else None, told.name, told.phone, told.address),
        anonymous=sent.anonymous, confidential=sent.confidential, urgency=sent.urgency, flags=tuple(sent.flags),
        photos=tuple(sent.photos), source=sent.source, source_number=sent.source_number,
        subject_organ_id=subject_id, fields=fields,
    )  # fmt: skip


# Fields of a kind's form that are fields of CallIn; the others travel in ``fields``.
_OWN = frozenset(
    ("photos", "body", "title", "place", "address", "call", "item", "urgency", "confidential", "anonymous",
     "reporter_name", "reporter_phone", "reporter_address", "after_photos", "division")
)  # fmt: skip


def _fields(sent: CallIn, memory: PlaceMemory, lang: str, errors: dict[str, str]) -> dict[str, Any]:
    """The further fields, checked by the form of the kind."""
    preset = memory.preset
    kind = sent.kind or (default_kind(preset) if preset is not None else "")
    if not sent.fields or preset is None or kind not in preset.kinds:
        return {}
    form = preset.form_of(kind)
    further = form.pick((), [name for name in form.ids if name not in _OWN])
    cleaned, found = further.clean(
        sent.fields, lang, {"call": sent.call, "anonymous": sent.anonymous, "urgency": sent.urgency}
    )
    errors.update({f"fields.{name}": text for name, text in found.items()})
    return dict(cleaned.all)

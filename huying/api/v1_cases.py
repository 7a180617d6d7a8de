"""Cases over REST: taking, listing, reading, moving; and following one by its code."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal
from uuid import UUID

from django.core.cache import cache
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from ninja import Router, Status
from ninja.params.functions import Path, Query

from huying import clock
from huying.api import auth
from huying.api import out_cases as out
from huying.api.problems import Problem
from huying.api.service import Key, asked, caller, documented, http, lang
from huying.api.shapes import STORABLE, MoveIn
from huying.api.writing import checked, key_of, make_move, move_answer, take_call
from huying.cases import lists, naming, queries
from huying.cases.models import Case
from huying.cases.store import legs_of
from huying.cases.who import API, Actor
from huying.files import actions as staging
from huying.files import queries as files
from huying.files.errors import FileError, Gone, StoreFull
from huying.files.sniff import MOST
from huying.places import memory as places
from huying.presets.queries import compiled
from huying.staff.throttle import address_of
from huying.ui.typed import day_of

router = Router()
NUMBER = Path(..., min_length=1, max_length=40)
TEXT = STORABLE
DAY = r"^(\d{4}-\d{2}-\d{2})?$"


@router.post(
    "/cases", response={201: out.TakenOut}, tags=["cases"], auth=None, summary="Take in a call", operation_id="takeCall",
    url_name="cases",
    openapi_extra=documented(
        "malformed", "not-allowed", "key-reused", "too-large", "unsupported-media-type", "invalid",
        scope="cases:write", body="CallIn", keyed=True,
    ) | {"security": [{"Key": []}]},
)  # fmt: skip
def take(request: HttpRequest) -> HttpResponse:
    """Make a case of a call: placed, sorted, routed to whoever has the duty, with a limit, in one transaction.

    The person behind the key must have the right to report. Only `body` is needed; without
    a point, a known address or a division the call is not given an invented place but goes to the centre's desk.
    """
    return http(take_call(asked(request)))


@router.get(
    "/cases", response=out.CasePage, tags=["cases"], auth=Key("cases:read"), summary="List cases",
    operation_id="listCases", url_name="cases_list",
    openapi_extra=documented("bad-cursor", "invalid", scope="cases:read"),
)  # fmt: skip
def listing(
    request: HttpRequest,
    scope: Literal["all", "mine", "area", "organ", "reported"] = Query(
        "all",
        description="all: everything within sight, newest first; mine: what waits for the person, next limit first",
    ),
    q: str = Query("", max_length=100, pattern=TEXT, description="Words of number, title, text, address."),
    step: str = Query("", max_length=40, pattern=TEXT),
    phase: str = Query("", max_length=20, pattern=TEXT),
    item: str = Query("", max_length=60, pattern=TEXT),
    call: Literal["", "consult", "help", "complaint", "report", "suggestion"] = "",
    channel: str = Query("", max_length=20, pattern=TEXT),
    division: str = Query(
        "", max_length=40, pattern=TEXT, description="Code of a division: it and all below."
    ),
    organ: str = Query("", max_length=40, pattern=TEXT, description="Code of the organ in the lead."),
    state: Literal["", "open", "overdue", "soon", "closed", "paused", "unplaced"] = "",
    since: str = Query("", pattern=DAY, description="Reported on this day or later (local time)."),
    until: str = Query("", pattern=DAY),
    urgent: Literal["true", "false"] = "false",
    cursor: str = Query("", max_length=200, pattern=TEXT),
    limit: int = Query(lists.PAGE, ge=1, le=200),
) -> Any:
    """Cases within the sight of the person behind the key. Pages by cursor, so page 1,000 costs what page 1 does."""
    who = caller(request)
    memory = places.of(who.place_id)
    division_id = organ_id = None
    if division:
        row = memory.by_code(division)
        if row is None:
            raise Problem("invalid", errors={"division": _("No such division here.")})
        division_id = row.id
    if organ:
        office = memory.organ_by_code(organ)
        if office is None:
            raise Problem("invalid", errors={"organ": _("No such organ here.")})
        organ_id = office.id
    wanted = lists.Filter(
        scope=scope, q=q, step=step, phase=phase, item=item, call=call, channel=channel, division_id=division_id,
        organ_id=organ_id, state=state, since=_day("since", since), until=_day("until", until), urgent=urgent == "true",
    )  # fmt: skip
    try:
        if scope == "mine":
            found = lists.work(who.sight, cursor, limit, wanted=wanted, memory=memory)
        else:
            found = lists.listing(who.sight, wanted, cursor, limit, memory)
    except lists.BadCursor:
        raise Problem("bad-cursor") from None
    return out.page(found, memory, clock.now())


def _day(name: str, typed: str) -> date | None:
    found = day_of(typed)
    if typed and found is None:
        raise Problem("invalid", errors={name: _("This value cannot be used here.")})
    return found


def _case(request: HttpRequest, number: str) -> tuple[auth.Caller, Case]:
    who = caller(request)
    if "\x00" in number:
        raise Problem("not-found")
    try:
        return who, queries.by_number(who.place_id, number)
    except Case.DoesNotExist:
        raise Problem("not-found") from None


def _view(request: HttpRequest, number: str) -> queries.CaseView:
    who, case = _case(request, number)
    try:
        return queries.view(case, who.actor)
    except Case.DoesNotExist:
        raise Problem("not-found") from None


@router.get(
    "/cases/{number}", response=out.CaseOut, tags=["cases"], auth=Key("cases:read"), summary="One case",
    operation_id="getCase", url_name="case",
    openapi_extra=documented("not-found", "invalid", scope="cases:read"),
)  # fmt: skip
def one(request: HttpRequest, number: str = NUMBER) -> Any:
    """The case as it stands. Texts and files as far as the person may read them; contacts never."""
    return out.case(_view(request, number))


@router.get(
    "/cases/{number}/timeline", response=out.TimelineOut, tags=["cases"], auth=Key("cases:read"),
    summary="What happened", operation_id="getTimeline", url_name="timeline",
    openapi_extra=documented("not-found", "invalid", scope="cases:read"),
)  # fmt: skip
def timeline(request: HttpRequest, number: str = NUMBER) -> Any:
    """The story of the case in plain words, as the person may read it, oldest first."""
    view = _view(request, number)
    return {"number": view.case.number, "lines": out.lines(view.lines)}


@router.get(
    "/cases/{number}/moves", response=out.MovesOut, tags=["cases"], auth=Key("cases:read"), summary="Moves now",
    operation_id="getMoves", url_name="moves",
    openapi_extra=documented("not-found", "invalid", scope="cases:read"),
)  # fmt: skip
def moves(request: HttpRequest, number: str = NUMBER) -> Any:
    """The moves that the person may make now, on the case and on organs' parts of it, each with the JSON Schema of
    what it asks for. Organs and items are given by their codes, files by tokens from `POST /files`."""
    who, case = _case(request, number)
    legs = legs_of(case.place_id, case.id)
    if not queries.seen_by(case, who.actor, legs):
        raise Problem("not-found")
    memory, preset = places.of(case.place_id), compiled(case.edition_id)
    offers, parts = queries.offers_of(case, legs, who.actor, memory, preset, clock.now())
    every = [*offers, *(offer for part in parts for offer in part.offers)]
    flow = preset.flow_of(case.kind)
    return {
        "number": case.number, "version": case.version,
        "step": {"code": case.step, "name": naming.step_name(flow, case.step)}, "moves": out.moves(every, lang()),
    }  # fmt: skip


@router.post(
    "/cases/{number}/moves", response={200: out.MovedOut}, tags=["cases"], auth=None, summary="Make a move",
    operation_id="makeMove", url_name="move",
    openapi_extra=documented(
        "malformed", "not-allowed", "not-found", "key-reused", "stale", "too-large", "unsupported-media-type", "invalid",
        "unknown-move", "guard-failed", "kept-by-room", "missing-fields", "not-admitted", "refused", "file-refused",
        scope="cases:move", body="MoveIn", keyed=True,
    ) | {"security": [{"Key": []}]},
)  # fmt: skip
def make(request: HttpRequest, number: str = NUMBER) -> HttpResponse:
    """Make one of the moves that `GET …/moves` lists. Checked, locked, changed and recorded in one transaction."""
    return http(make_move(asked(request), number))


@router.get(
    "/cases/{number}/files/{file_id}", tags=["cases"], auth=Key("cases:read"), summary="A photo or file",
    operation_id="getFile", url_name="file",
    openapi_extra=documented("not-found", "invalid", scope="cases:read")
    | {"x-binary": True},
)  # fmt: skip
def file(
    request: HttpRequest, file_id: UUID, number: str = NUMBER, thumb: Literal["true", "false"] = "false"
) -> HttpResponseBase:
    """The content of one of the case's files; `thumb=true` gives a photo's thumbnail."""
    who, case = _case(request, number)
    legs = legs_of(case.place_id, case.id)
    found = files.get(case.place_id, file_id) if queries.seen_by(case, who.actor, legs) else None
    if found is None or not queries.may_open(
        found, case, who.actor, queries.is_inside(case, who.actor, legs)
    ):
        raise Problem("not-found")
    try:
        return files.serve(found, thumb=thumb == "true", request=request)
    except (Gone, FileNotFoundError):
        raise Problem("not-found") from None


@router.post(
    "/files", response={201: out.StagedOut}, tags=["cases"], auth=Key("cases:write"), summary="Send a photo or file",
    operation_id="sendFile", url_name="files",
    openapi_extra=documented("malformed", "too-large", "invalid", "file-refused", "store-full", scope="cases:write",
                             multipart=True),
)  # fmt: skip
def send_file(request: HttpRequest) -> Any:
    """Stage a file (multipart field `file`); its token goes with a call or a move of the same person within a day.

    Photos are re-encoded, and what they hide (place, device) is removed.
    """
    who = caller(request)
    try:
        sent = request.FILES.get("file")
    except RequestDataTooBig:
        raise Problem("too-large", limit=max(MOST.values())) from None
    if sent is None:
        raise Problem("invalid", errors={"file": _("Send the file as the field “file” of a multipart form.")})
    try:
        staged = staging.stage(who.place_id, sent, who.actor.scope)
    except FileError as error:
        code = "store-full" if isinstance(error, StoreFull) else "file-refused"
        raise Problem(code, detail=str(error), file_code=error.code) from None
    said = out.StagedOut(
        token=staged.token, kind=staged.kind, name=staged.name, mime=staged.mime, bytes=staged.bytes
    )
    return Status(201, said)


# — by code, without a key —

CODE = Path(..., min_length=1, max_length=40, description="The track code, with or without dashes.")
WRONG_MOST = 60  # wrong codes from one address in an hour


def _tracked(request: HttpRequest, code: str) -> tuple[Case, Actor]:
    name = f"api.track:{address_of(request)}"
    if cache.get(name, 0) >= WRONG_MOST:
        raise Problem("too-many-requests", headers={"Retry-After": "3600"})
    case = queries.by_track(code)
    if case is None:
        cache.add(name, 0, 3600)
        try:
            cache.incr(name)
        except ValueError:  # it ran out between the two calls
            cache.add(name, 1, 3600)
        raise Problem("not-found")
    return case, Actor(channel=API, holds=frozenset({case.id}))


@router.get(
    "/track/{code}", response=out.TrackOut, tags=["track"], auth=None, summary="Follow a call",
    operation_id="track", url_name="track", openapi_extra=documented("not-found", "invalid"),
)  # fmt: skip
def track(request: HttpRequest, code: str = CODE) -> Any:
    """A call as whoever made it sees it, with the moves that are theirs (rating, reopening). No key."""
    case, actor = _tracked(request, code)
    try:
        return out.track(queries.view(case, actor), lang())
    except Case.DoesNotExist:
        raise Problem("not-found") from None


@router.post(
    "/track/{code}/moves", response={200: out.MovedOut}, tags=["track"], auth=None, summary="Rate or reopen",
    operation_id="moveByCode", url_name="track_move",
    openapi_extra=documented(
        "malformed", "not-allowed", "not-found", "key-reused", "stale", "too-large", "unsupported-media-type", "invalid",
        "unknown-move", "guard-failed", "missing-fields", "refused", "file-refused", body="MoveIn", keyed=True,
    ),
)  # fmt: skip
def track_move(request: HttpRequest, code: str = CODE) -> HttpResponse:
    """Make one of the caller's own moves on the case that the code opens. No key."""
    case, actor = _tracked(request, code)
    sent_as = asked(request)
    sent = checked(sent_as, MoveIn)
    key = key_of(sent_as)
    # Keys of people without an account are kept apart by case, for they all act in one channel.
    return http(
        move_answer(sent_as, sent, f"{case.id.hex}:{key}"[:80] if key else None, case.place_id, case.id, case.number, actor)
    )  # fmt: skip

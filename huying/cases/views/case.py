"""The case page of those who serve, and the one address to which its moves go."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from huying.cases import naming
from huying.cases.actions import KeyReused, Refused, Stale, perform
from huying.cases.calls import CallRefused
from huying.cases.models import Case
from huying.cases.queries import seen_by
from huying.cases.store import legs_of
from huying.cases.views.case_context import NOTHING, Tried, case_context
from huying.cases.views.common import (
    actor_of,
    files_key,
    lang_of,
    memory_of,
    posted,
    refusal,
    seen_of,
    stale,
)
from huying.cases.views.files import stage_sent
from huying.cases.views.staff import case_of, staff_page
from huying.cases.who import Actor
from huying.files.errors import FileError
from huying.presets.queries import compiled


@never_cache
@staff_page
def case(request: HttpRequest, number: str) -> HttpResponse:
    """Everything about a case that the person may see, and the moves that they may make now."""
    return _page(request, case_of(request, number), actor_of(request))


@never_cache
@staff_page
def move(request: HttpRequest, number: str) -> HttpResponse:
    """Make a move: fields ``move`` (``id`` or ``id@leg``), ``key``, ``seen`` and what the move's form asks for.

    303 to the case page when it was made; 422 with what is wrong, 409 when somebody was faster: both show the case as
    it stands now, with everything that was typed.
    """
    found = case_of(request, number)
    if request.method != "POST":
        # Somebody reloads the answer to a refused move.
        return HttpResponseRedirect(reverse("cases:case", args=[found.number]))
    actor = actor_of(request)
    legs = legs_of(found.place_id, found.id)
    if not seen_by(found, actor, legs):
        raise Http404("no such case")
    ident = request.POST.get("move", "")[:120]
    move_id, _at, leg_text = ident.partition("@")
    leg = next((one for one in legs if str(one.id) == leg_text), None)
    flow = compiled(found.edition_id).flow_of(found.kind)
    if leg is not None:
        flow = compiled(found.edition_id).flows[leg.flow]
    if move_id not in flow.by_id or (leg_text and leg is None):
        tried = Tried(general=_("This step is over; the case has moved on."))
        return _page(request, found, actor, tried, 422)
    fields = compiled(found.edition_id).move_form(flow.id, move_id).fields
    data = posted(request, fields)
    key = request.POST.get("key", "")[:80]
    problems = stage_sent(request, fields, data)
    if problems:
        return _page(request, found, actor, Tried(ident, data, problems, key=key), 422)
    return _make(request, found, actor, ident, leg.id if leg is not None else None, flow, data, key)


def _make(
    request: HttpRequest, case: Case, actor: Actor, ident: str, leg_id: UUID | None, flow: Any,
    data: dict[str, Any], key: str,
) -> HttpResponse:  # fmt: skip
    move_id = ident.partition("@")[0]
    status = 422
    try:
        done = perform(
            case.place_id, case.id, move_id, actor, data, key=key or None, seen=seen_of(request), leg_id=leg_id,
            lang=lang_of(), files_key=files_key(request),
        )  # fmt: skip
    except Refused as error:
        tried = Tried(ident, data, error.errors, refusal(error), key)
    except Stale as error:
        tried, status = Tried(ident, data, {}, stale(error), key), 409
    except KeyReused:
        # The same form was sent before with other content: a new key makes this a new attempt.
        tried, status = Tried(ident, data, {}, _KEY_REUSED(), ""), 409
    except CallRefused as error:
        tried = Tried(ident, data, error.errors, _("Please check what is marked."), key)
    except FileError as error:
        tried = Tried(ident, _without_files(data, flow, move_id, case), {}, str(error), key)
    except Case.DoesNotExist:
        raise Http404("no such case") from None
    else:
        _say(request, case, flow, move_id, done)
        return _after(request, case, actor)
    case.refresh_from_db()
    return _page(request, case, actor, tried, status)


def _KEY_REUSED() -> str:
    return _(
        "This form was sent before with other content. Please look at the case below and send it again if need be."
    )


def _without_files(data: dict[str, Any], flow: Any, move_id: str, case: Case) -> dict[str, Any]:
    """What was typed, without uploads that cannot be claimed any more."""
    fields = compiled(case.edition_id).move_form(flow.id, move_id).fields
    files = {one.id for one in fields if one.type in ("photo", "files")}
    return {name: value for name, value in data.items() if name not in files}


def _say(request: HttpRequest, case: Case, flow: Any, move_id: str, done: Any) -> None:
    """What the person reads who made the move: what it was, and where the case stands now."""
    memory = memory_of(request)
    whole = compiled(case.edition_id).flow_of(case.kind)
    words = {
        "move": naming.move_name(flow, move_id), "step": naming.step_name(whole, done.step),
        "owner": naming.owner_name(memory, done.owner_key),
    }  # fmt: skip
    if done.closed or not words["owner"]:
        text = _("“%(move)s” is done. The case now stands at “%(step)s”.") % words
    else:
        text = _("“%(move)s” is done. The case now stands at “%(step)s”, with %(owner)s.") % words
    messages.success(request, text)


def _after(request: HttpRequest, case: Case, actor: Actor) -> HttpResponse:
    """Back to the case; to the inbox when the move took it out of the person's sight."""
    fresh = Case.objects.get(place_id=case.place_id, id=case.id)
    legs = legs_of(case.place_id, case.id)
    where = (
        reverse("cases:case", args=[case.number]) if seen_by(fresh, actor, legs) else reverse("cases:work")
    )
    return HttpResponseRedirect(where, status=303)


def _page(
    request: HttpRequest, case: Case, actor: Actor, tried: Tried = NOTHING, status: int = 200
) -> HttpResponse:
    return render(request, "cases/case.html", case_context(request, case, actor, tried), status=status)

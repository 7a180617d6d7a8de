"""Bulk moves: only those that every chosen case offers, each performed by itself with its own result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from huying.cases import bulk as lines
from huying.cases import inbox, naming
from huying.cases.actions import KeyReused, Refused, Stale, perform
from huying.cases.calls import CallRefused
from huying.cases.lists import Page, Row
from huying.cases.models import Case
from huying.cases.views.common import actor_of, lang_of, memory_of, posted, refusal, schema_fields
from huying.cases.views.staff import staff_page
from huying.cases.who import Actor
from huying.places.info import PlaceMemory
from huying.presets.queries import compiled
from huying.staff import sight as sights


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one line."""

    case: Case
    done: bool
    text: str


@never_cache
@staff_page
def bulk(request: HttpRequest) -> HttpResponse:
    """Fields: ``pick`` (many), ``query`` (the list to go back to) and, to act, ``move`` as ``flow/move`` with its form.

    Each line is performed by itself: what is refused or was overtaken stays chosen, with what was typed (422).
    """
    sight, memory = sights.of(request), memory_of(request)
    if not sight.can("bulk"):
        raise PermissionDenied
    query = inbox.address(
        inbox.filter_of(QueryDict(request.POST.get("query", "")[:1000]), sight, memory), memory
    )
    back = f"{reverse('cases:work')}?{query}"
    picks = lines.parse(request.POST.getlist("pick"))
    if request.method != "POST" or not picks:
        return HttpResponseRedirect(back, status=303)
    actor = actor_of(request)
    chosen = lines.choose(picks, actor, memory)
    context: dict[str, Any] = {
        "preset_of_place": memory.preset,
        "query": query,
        "back": back,
        "gone": len(picks) - len(chosen),
        "results": [],
    }
    tried, status = "", 200
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    offered = {f"{flow}/{move}": offer for (flow, move), offer in lines.common(chosen)}
    key = request.POST.get("key", "")[:36] or str(uuid4())
    if offer := offered.get(request.POST.get("move", "")):
        tried = request.POST["move"]
        values = posted(request, lines.fields_of(offer))
        results, failed, errors = _perform_each(chosen, actor, offer.move.id, values, key)
        context["results"] = results
        status = 422 if failed else 200
        chosen = lines.choose(failed, actor, memory)
        offered = {f"{flow}/{move}": offer for (flow, move), offer in lines.common(chosen)}
    elif request.POST.get("move"):
        context["general"], status = _("Not every case you chose offers this step any more."), 409
    chosen = lines.at_version(chosen)
    context |= {
        "chosen": chosen, "key": key, "tried": tried,
        "lines": inbox.lines(sight, Page([Row(one.case) for one in chosen]), memory),
        "panel": [_form(ident, offer, chosen, memory, tried, values, errors) for ident, offer in offered.items()],
    }  # fmt: skip
    return render(request, "cases/bulk.html", context, status=status)


def _perform_each(
    chosen: Sequence[lines.Chosen], actor: Actor, move: str, values: Mapping[str, Any], key: str
) -> tuple[list[Result], list[lines.Pick], dict[str, str]]:
    """Perform the move line by line: the results, the picks that failed, and what is wrong with the fields."""
    results: list[Result] = []
    failed: list[lines.Pick] = []
    errors: dict[str, str] = {}
    moved: dict[UUID, int] = {}  # several parts of one case: our own step is no reason to stop
    for one in chosen:
        case, pick = one.case, one.pick
        try:
            done = perform(
                case.place_id, case.id, move, actor, values, key=f"{key}:{pick.leg_id or pick.case_id}",
                seen=moved.get(case.id, pick.seen), leg_id=pick.leg_id, lang=lang_of(),
            )  # fmt: skip
        except Refused as error:
            errors |= error.errors
            results.append(Result(case, False, _why(error)))
        except CallRefused as error:
            errors |= error.errors
            results.append(Result(case, False, _("Please check what is marked.")))
        except Stale:
            results.append(Result(case, False, _("Somebody else has moved it on; look at it again.")))
        except KeyReused:
            results.append(Result(case, False, _("This was sent before with other content.")))
        except Case.DoesNotExist:
            results.append(Result(case, False, _("This is no longer here")))
        else:
            moved[case.id] = done.version
            flow = compiled(case.edition_id).flow_of(case.kind)
            results.append(Result(case, True, naming.step_name(flow, done.step)))
            continue
        failed.append(pick)
    return results, failed, errors


def _why(error: Refused) -> str:
    if error.errors:
        return f"{refusal(error)} {'；'.join(dict.fromkeys(error.errors.values()))}"
    return refusal(error)


def _form(
    ident: str, offer: Any, chosen: Sequence[lines.Chosen], memory: PlaceMemory, tried: str,
    values: Mapping[str, Any], errors: Mapping[str, str],
) -> dict[str, Any]:  # fmt: skip
    mine = ident == tried
    preset = compiled(chosen[0].case.edition_id)
    items = {one.case.item for one in chosen}
    known = {"item": next(iter(items))} if len(items) == 1 else {}
    return {
        "id": ident, "label": offer.name, "danger": offer.move.tone == "danger", "open": mine,
        "fields": schema_fields(
            lines.fields_of(offer), preset, memory, values=values if mine else known, errors=errors if mine else None,
            templates=offer.templates,
        ),
    }  # fmt: skip

"""What the place's rules ask a person to think about: issue an order, or say why not."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from huying.cases.actions import Refused
from huying.cases.views.common import actor_of, lang_of, memory_of
from huying.presets.read_supervision import of as rules_of
from huying.staff import sight as sights
from huying.staff.access import needs
from huying.supervise import actions, lists
from huying.supervise.models import Trigger
from huying.supervise.views.common import RIGHT


@never_cache
@require_GET
@needs(RIGHT)
def suggestions(request: HttpRequest) -> HttpResponse:
    """Orders to think about. Two SQL statements of its own."""
    sight, memory = sights.of(request), memory_of(request)
    triggers = lists.suggestions(sight)
    cases = lists.cases_of(sight, triggers)
    rules = rules_of(memory.preset).rules
    rows = []
    for one in triggers:
        case, rule = cases.get(one.case_id), rules.get(one.rule)
        if case is None:
            continue  # the person may not see it (any more)
        organ = memory.organs.get(one.organ_id)
        rows.append(
            {
                "id": one.id, "case": case, "rule": rule.name.text(lang_of()) if rule is not None else one.rule,
                "organ": organ.name if organ is not None else "", "count": one.count, "at": one.happened_at,
            }
        )  # fmt: skip
    return render(request, "supervise/suggestions.html", {"rows": rows, "preset_of_place": memory.preset})


@never_cache
@require_POST
@needs(RIGHT)
def dismiss(request: HttpRequest, trigger_id: UUID) -> HttpResponse:
    """Do not issue the order, for the reason in the field ``reason``."""
    memory = memory_of(request)
    trigger = Trigger.objects.filter(place_id=memory.place_id, id=trigger_id).first()
    sight = sights.of(request)
    if trigger is None or trigger.to_key not in sight.owner_keys:
        raise Http404("no such suggestion")
    try:
        actions.dismiss(trigger, actor_of(request), request.POST.get("reason", ""))
    except Refused as error:
        if error.code == "missing-fields":
            messages.error(request, _("Please say why no order is needed."))
        else:
            messages.info(request, _("Somebody has answered this already."))
    else:
        messages.success(request, _("Kept on record: no order."))
    return HttpResponseRedirect(reverse("supervise:suggestions"), status=303)

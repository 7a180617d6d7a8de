"""The lists of orders, and signing for a copy."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from huying.cases.actions import Refused
from huying.cases.models import Case
from huying.cases.queries import seen_by
from huying.cases.views.common import actor_of, memory_of
from huying.cases.views.staff import case_of, staff_page
from huying.staff import sight as sights
from huying.supervise import actions, lists
from huying.supervise.kinds import kinds_at
from huying.supervise.views.common import after_last, cursor, may_issue
from huying.ui.typed import whole


@never_cache
@require_GET
@staff_page
def orders(request: HttpRequest) -> HttpResponse:
    """Orders to answer, to accept, to sign for, or all that one sees. At most six SQL statements of its own."""
    sight, memory = sights.of(request), memory_of(request)
    answer, accept = lists.waiting(sight, "handle"), lists.waiting(sight, "verify")
    unsigned = lists.unsigned(sight)
    tab = request.GET.get("tab", "")
    if tab not in lists.TABS:
        full = ((lists.ANSWER, answer), (lists.ACCEPT, accept), (lists.COPIES, unsigned))
        tab = next((name for name, found in full if found), lists.ALL)
    after, size, following = cursor(request.GET.get("after", "")), lists.PAGE, ""
    found: list[Case]
    not_signed: set[Any] = set()
    if tab == lists.ANSWER:
        found = answer
    elif tab == lists.ACCEPT:
        found = accept
    else:
        if tab == lists.COPIES:
            found, not_signed = lists.copies(sight, after)
        else:
            found = lists.everything(sight, after)
        following = after_last([case.id for case in found], size)
        found = found[:size]
    names = {
        lists.ANSWER: (pgettext("orders", "To answer"), len(answer)),
        lists.ACCEPT: (pgettext("orders", "To accept"), len(accept)),
        lists.COPIES: (pgettext("orders", "Copies to me"), unsigned),
        lists.ALL: (pgettext("orders", "All"), None),
    }
    context = {
        "lines": lists.lines(found, memory, not_signed), "tab": tab, "may_issue": may_issue(sight),
        "suggested": len(lists.suggestions(sight)) if may_issue(sight) else 0,
        "tabs": [
            {"label": label, "url": f"?tab={name}", "current": name == tab, "count": count or ""}
            for name, (label, count) in names.items()
        ],
        "next": f"?tab={tab}&after={following}" if following else "",
        "previous": f"?tab={tab}" if after is not None else "", "preset_of_place": memory.preset,
    }  # fmt: skip
    return render(request, "supervise/orders.html", context)


@never_cache
@require_POST
@staff_page
def sign(request: HttpRequest, number: str) -> HttpResponse:
    """Sign for the copy of an order, for the organ in the field ``organ``."""
    case = order_of(request, number)
    actor = actor_of(request)
    organ = whole(request.POST.get("organ", "")) or 0
    try:
        actions.sign_for(case, organ, actor)
    except Refused:
        messages.error(request, _("This copy is not yours to sign for."))
    else:
        messages.success(request, _("Signed for."))
    return HttpResponseRedirect(reverse("cases:case", args=[case.number]), status=303)


def order_of(request: HttpRequest, number: str) -> Case:
    """The order with the number, if the person may see it. Raises Http404."""
    case = case_of(request, number)
    if case.kind not in kinds_at(case.place_id) or not seen_by(case, actor_of(request)):
        raise Http404("no such order")
    return case

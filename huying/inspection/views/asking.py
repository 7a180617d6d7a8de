"""How an organ or a town asks the inspection office."""

from __future__ import annotations

from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from huying.cases.actions import KeyReused, Refused
from huying.cases.calls import CallRefused
from huying.cases.views.common import actor_of, memory_of
from huying.inspection import actions, queries
from huying.staff.access import to_sign_in


@never_cache
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """For those who handle cases; the answer comes to their own list of cases."""
    if not request.user.is_authenticated:
        return to_sign_in(request)
    memory, actor = memory_of(request), actor_of(request)
    office = queries.office_of(memory)
    if not actor.has("handle") or office is None or not queries.inspection_of(memory).request:
        raise Http404
    errors, status = {}, 200
    if request.method == "POST":
        try:
            made = actions.ask(
                memory, actor, request.POST.get("text", ""), key=request.POST.get("key") or None
            )
        except CallRefused as problem:
            errors, status = {"text": "; ".join(problem.errors.values())}, 422
        except (KeyReused, Refused):
            errors, status = {"text": _("This was sent before with other content.")}, 409
        else:
            messages.success(
                request, _("Sent to the inspection office under %(number)s.") % {"number": made.number}
            )
            return redirect("cases:case", number=made.number)
    context = {
        "office": office.name, "key": request.POST.get("key") or uuid4().hex,
        "field": {
            "id": "text", "label": _("What do you ask of the inspection office?"), "type": "long", "required": True,
            "max": 4000, "value": request.POST.get("text", ""), "errors": errors.get("text", ""),
            "hint": _("Only you and the inspection office read it."),
        },
    }  # fmt: skip
    return render(request, "inspection/ask.html", context, status=status)

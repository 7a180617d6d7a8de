"""Emergency duty: declaring one for an area, so that stand-ins act, and calling it off."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from huying import clock
from huying.places import memory
from huying.staff import actions_emergency, sight
from huying.staff.access import needs
from huying.staff.actor import actor_of
from huying.staff.forms import EmergencyForm, put_errors
from huying.staff.models import Emergency

SHOWN = 20


@never_cache
@needs("manage_people", "instruct")
@require_http_methods(["GET", "POST"])
def emergencies(request: HttpRequest) -> HttpResponse:
    """What is in force and what was, newest first; ``what`` = ``declare`` (with the form) or ``end`` (with ``id``)."""
    place = memory.of(sight.of(request).place_id)
    form = EmergencyForm(place, get_language() or "zh-hans", None)
    status = 200
    if request.method == "POST" and request.POST.get("what") == "end":
        number = request.POST.get("id", "")
        row = get_object_or_404(
            Emergency,
            pk=int(number) if number.isdecimal() and len(number) < 18 else 0,
            place_id=place.place_id,
        )
        actions_emergency.end_emergency(row, actor=actor_of(request))
        messages.success(request, _("Called off. The posts are with their first holders again."))
        return HttpResponseRedirect(reverse("staff:emergencies"), status=303)
    if request.method == "POST":
        form = EmergencyForm(place, get_language() or "zh-hans", request.POST)
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                actions_emergency.declare_emergency(
                    place.place_id,
                    int(data["division"]),
                    data["reason"],
                    data["until"],
                    actor=actor_of(request),
                )
            except ValidationError as problem:
                put_errors(form, problem)
            else:
                messages.success(request, _("Declared. The stand-ins of the area act from now on."))
                return HttpResponseRedirect(reverse("staff:emergencies"), status=303)
    now = clock.now()
    rows = [
        {
            "row": row,
            "where": place.divisions[row.division_id].name if row.division_id in place.divisions else "",
            "runs": row.until is None or row.until > now,
        }
        for row in Emergency.objects.filter(place_id=place.place_id).order_by("-id")[:SHOWN]
    ]
    if request.method == "POST" and request.POST.get("what") != "declare":
        status = 422
    return render(request, "staff/emergencies.html", {"rows": rows, "form": form}, status=status)

"""Declaring one's own absence, on the phone too; heads and administrators see who is away and may end it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from huying import clock
from huying.staff import actions_posts, sight
from huying.staff import away as aways
from huying.staff.access import signed_in
from huying.staff.actor import actor_of
from huying.staff.forms import AbsenceForm, put_errors
from huying.staff.models import Absence, Person


@never_cache
@signed_in
@require_http_methods(["GET", "POST"])
def away(request: HttpRequest) -> HttpResponse:
    """My absences and a form for the next; ``what`` = ``declare`` (again with ``sure`` where there was a warning) or ``end``
    (with ``id``: one's own, or one that somebody leads)."""
    person = request.user
    assert isinstance(person, Person)
    if not person.is_staff or person.place_id is None:
        raise PermissionDenied
    if request.method == "POST" and request.POST.get("what") == "end":
        return _end(request, person)
    now = clock.now()
    form = AbsenceForm(request.POST if request.method == "POST" else None, initial={"since": now})
    warnings: list[str] = []
    asked = ""
    if request.method == "POST" and form.is_valid():
        since, until = form.cleaned_data["since"], form.cleaned_data["until"]
        if until is not None and until <= now:
            form.add_error("until", _("This is over already."))
        else:
            asked = (
                f"{since:%Y-%m-%dT%H:%M}/{until:%Y-%m-%dT%H:%M}"
                if until is not None
                else f"{since:%Y-%m-%dT%H:%M}/"
            )
            # Whoever changes the days after a warning is warned again of what holds for the new ones.
            warnings = [] if request.POST.get("sure") == asked else _warnings(person, since, until)
            if not warnings:
                try:
                    actions_posts.set_absence(person, actor=actor_of(request), **form.cleaned_data)
                except ValidationError as problem:
                    put_errors(form, problem)
                else:
                    messages.success(request, _("Declared. Your stand-ins act while you are away."))
                    return HttpResponseRedirect(reverse("staff:away"), status=303)
    seen = sight.of(request)
    context: dict[str, Any] = {
        "form": form, "warnings": warnings, "asked": asked, "now": now, "mine": list(aways.coming(person, now)),
        "leads": aways.leads(seen), "others": list(aways.led_by(seen, now)) if aways.leads(seen) else [],
    }  # fmt: skip
    return render(request, "staff/away.html", context, status=422 if request.method == "POST" else 200)


def _end(request: HttpRequest, person: Person) -> HttpResponse:
    number = request.POST.get("id", "")
    ident = int(number) if number.isdecimal() and len(number) < 18 else 0
    row = get_object_or_404(Absence.objects.select_related("person"), pk=ident, place_id=person.place_id)
    now = clock.now()
    if row.person_id != person.pk and row.pk not in {one.pk for one in aways.led_by(sight.of(request), now)}:
        raise PermissionDenied
    if row.until is None or row.until > now:
        actions_posts.end_absence(row, actor=actor_of(request))
    messages.success(request, _("Ended. The posts are with their first holder again."))
    return HttpResponseRedirect(reverse("staff:away"), status=303)


def _warnings(person: Person, since: Any, until: Any) -> list[str]:
    """What somebody should know before they go; nothing of it forbids going."""
    found = []
    if aways.overlapping(person, since, until):
        found.append(_("You have declared an absence in this time already; the two overlap."))
    for one in aways.uncovered(person, since, until):
        if one.away:
            names = "、".join(one.away)
            found.append(
                _("Nobody acts as %(post)s then: %(names)s, who could, is away too.") % {"post": one.post, "names": names}
            )  # fmt: skip
        else:
            found.append(
                _("Nobody acts as %(post)s while you are away: the post has no stand-in.")
                % {"post": one.post}
            )
    return found

"""The page of notices, the bell, one's choice of channels, and what was sent."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huying.cases.sight import visible
from huying.notices import actions, channels, choices, outbox, queries
from huying.notices.forms import ChoiceForm
from huying.notices.kinds import ABOUT, look_of
from huying.notices.models import Delivery
from huying.notices.words import case_url
from huying.staff import sight as sights
from huying.staff.access import needs, signed_in
from huying.staff.forms import put_errors
from huying.staff.models import Person
from huying.ui.choices import Look


@never_cache
@signed_in
@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """One's own notices, newest first. Three SQL statements beside those of signing in."""
    sight = sights.of(request)
    only = request.GET.get("show") == "unread"
    lines, after = queries.page(sight, only_unread=only, after=request.GET.get("after", ""))
    waiting = queries.unread(sight)
    show = "show=unread&" if only else ""
    context = {
        "lines": lines, "waiting": waiting, "only": only, "frame": _frame(request),
        "next": f"?{show}after={after}" if after else "", "first": not request.GET.get("after"),
        "tabs": [
            {"label": pgettext("notices", "All"), "url": "?", "current": not only},
            {"label": _("Unread"), "url": "?show=unread", "current": only, "count": _capped(waiting)},
        ],
    }  # fmt: skip
    return render(request, "notices/notices.html", context)


@never_cache
@require_GET
def bell(request: HttpRequest) -> HttpResponse:
    """The figure on the bell, fetched beside the page; empty for visitors. One SQL statement."""
    count = 0
    if request.user.is_authenticated:
        count = queries.unread(sights.of(request))
    return render(request, "notices/bell.html", {"count": count, "shown": _capped(count)})


@never_cache
@signed_in
@require_GET
def open_notice(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Go to what a notice is about; it counts as read then."""
    sight = sights.of(request)
    found = actions.read(sight, notice_id)
    if found is None:
        raise Http404
    if found.kind in ABOUT:
        about = ABOUT[found.kind](sight, [found.case_id]).get(found.case_id)
        return HttpResponseRedirect(about.url if about is not None else reverse("notices:notices"))
    case = visible(sight).filter(id=found.case_id).first()
    if case is None:
        messages.info(request, _("This case is no longer with you."))
        return HttpResponseRedirect(reverse("notices:notices"))
    mine = sight.is_resident or case.reporter_id == sight.person_id
    return HttpResponseRedirect(case_url(case, resident=mine))


@signed_in
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all as read."""
    actions.read_all(sights.of(request))
    return HttpResponseRedirect(reverse("notices:notices"), status=303)


@never_cache
@signed_in
@require_http_methods(["GET", "POST"])
def choice(request: HttpRequest) -> HttpResponse:
    """Choose how to be told besides here."""
    person = request.user
    assert isinstance(person, Person)
    if request.method == "POST":
        form = ChoiceForm(request.POST)
        if form.is_valid():
            try:
                choices.save(person, **form.cleaned_data)
            except ValidationError as problem:
                put_errors(form, problem)
            else:
                messages.success(request, _("Saved."))
                return HttpResponseRedirect(reverse("notices:notices"), status=303)
    else:
        held = choices.of(person)
        form = ChoiceForm(
            initial={
                "sms": channels.SMS in held.channels, "mail": channels.MAIL in held.channels,
                "nights": held.nights, "address": choices.mail_of(person),
            }
        )  # fmt: skip
    context = {
        "form": form, "frame": _frame(request), "has_phone": person.phone_hash is not None,
        "ready": [name for name in channels.NAMES if channels.find(name) is not None],
    }  # fmt: skip
    return render(request, "notices/choice.html", context, status=422 if form.errors else 200)


@never_cache
@needs("manage_people")
@require_GET
def sent(request: HttpRequest) -> HttpResponse:
    """How many messages went out in the last week, and which could not be sent. Two SQL statements."""
    place_id = sights.of(request).place_id
    counts = queries.figures(place_id)
    states: dict[str, Look] = {
        "sent": Look(pgettext("message", "Sent"), "good", "send"),
        "waiting": Look(_("Waiting"), "wait", "clock"),
        "failed": Look(_("Not delivered"), "bad", "alert-triangle"),
        "dropped": Look(_("No longer needed"), "neutral", "check"),
    }
    counts["waiting"] = counts.get("waiting", 0) + counts.pop("queued", 0)
    names = {channels.SMS: _("Text message"), channels.MAIL: _("E-mail")}
    context: dict[str, Any] = {
        "figures": [{"look": look, "count": counts.get(code, 0)} for code, look in states.items()],
        "failed": [
            {
                "row": row, "channel": names.get(row.channel, row.channel), "again": row.template != outbox.CODE,
                "kind": Look(_("One-time code"), "neutral", "key") if row.template == outbox.CODE else look_of(row.template),
            }
            for row in queries.failed(place_id)
        ],
        "missing": [name for code, name in names.items() if channels.find(code) is None],
    }  # fmt: skip
    return render(request, "notices/sent.html", context)


@needs("manage_people")
@require_POST
def again(request: HttpRequest, place_id: int, delivery_id: UUID) -> HttpResponse:
    """Try a message that failed once more."""
    if place_id != sights.of(request).place_id:
        raise Http404
    if not Delivery.objects.filter(place_id=place_id, id=delivery_id).exists():
        raise Http404
    if outbox.again(place_id, delivery_id):
        messages.success(request, _("It is being sent again."))
    return HttpResponseRedirect(reverse("notices:sent"), status=303)


def _frame(request: HttpRequest) -> str:
    return "ui/resident.html" if sights.of(request).is_resident else "ui/desk.html"


def _capped(count: int) -> str:
    return "99+" if count > 99 else str(count) if count else ""

"""Rating by link or QR code without signing in, and the slip with that code that staff print."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huying.cases.actions import Refused
from huying.cases.models import Case, Contact
from huying.cases.queries import is_caller
from huying.cases.sight import visible
from huying.cases.views.common import JOINED, actor_of, memory_of
from huying.reviews.actions import links
from huying.staff import sight as sights
from huying.staff.access import needs

COOKIE = "huying_rates"
CHOICES = ("satisfied", "fair", "unsatisfied")


@never_cache
@require_http_methods(["GET", "POST"])
def rate(request: HttpRequest, code: str) -> HttpResponse:
    """Say how one case was handled. The link opens this page and nothing else. Four SQL statements at most to show."""
    try:
        opened = links.open_code(code)
    except links.BadLink as bad:
        return render(request, "reviews/rate_over.html", {"over": bad.over}, status=410 if bad.over else 404)
    if not opened.may:
        return render(
            request, "reviews/rate_over.html", {"rated": True}, status=200 if request.method == "GET" else 409
        )
    if request.method == "GET":
        return _form(request, opened)
    device = request.COOKIES.get(COOKIE, "")[:64] or secrets.token_urlsafe(24)
    data = {
        "satisfaction": request.POST.get("satisfaction", ""), "comment": request.POST.get("comment", "")[:500],
        "wish": request.POST.get("wish") == "again",
    }  # fmt: skip
    try:
        came = links.rate(opened, data, device=device)
    except Refused as error:
        if error.code in ("rated", "over"):
            return render(request, "reviews/rate_over.html", {"rated": True}, status=409)
        problem = _("Please say what is still wrong, so that it can be done.")
        if "satisfaction" in error.errors:
            problem = _("Please choose one.")
        return _form(request, opened, status=422, problem=problem, values=data)
    answer = render(
        request,
        "reviews/rate_done.html",
        {"came": came},
    )
    answer.set_cookie(
        COOKIE, device, max_age=int(links.KEPT.total_seconds()), path="/rate/", httponly=True, samesite="Lax",
        secure=request.is_secure(),
    )  # fmt: skip
    return answer


@never_cache
@require_GET
def rate_merged(request: HttpRequest, number: str) -> HttpResponse:
    """From the page of a call that was merged into another to the rating of that one: once, and apart from its own caller's.
    At most four SQL statements."""
    memory = memory_of(request)
    case = Case.objects.filter(place_id=memory.place_id, number=number, lead_id__isnull=False).first()
    actor = actor_of(request)
    if case is None or not is_caller(case, actor):
        raise Http404
    lead = links.lead_of(case)
    if lead is None or lead.closed_at is None:
        raise Http404
    return redirect("reviews:rate", code=links.code_of(lead, case.id))


@never_cache
@require_GET
def rate_joined(request: HttpRequest, number: str) -> HttpResponse:
    """From the page on which somebody who joined follows a case to the rating that is theirs. At most three SQL statements."""
    memory = memory_of(request)
    case = Case.objects.filter(place_id=memory.place_id, number=number, closed_at__isnull=False).first()
    if case is None:
        raise Http404
    contact = request.session.get(JOINED, {}).get(str(case.id))
    person = actor_of(request).person_id
    if contact is None and person is not None:
        own = Contact.objects.filter(place_id=memory.place_id, case_id=case.id, person_id=person, join=True)
        contact = own.values_list("id", flat=True).first()
    if contact is None:
        raise Http404
    return redirect("reviews:rate", code=links.code_of(case, UUID(str(contact))))


def _form(request: HttpRequest, opened: links.Opened, status: int = 200, **more: Any) -> HttpResponse:
    labels = {"satisfied": _("Satisfied"), "fair": _("Fairly satisfied"), "unsatisfied": _("Not satisfied")}
    values = more.get("values") or {}
    context = {
        "number": opened.case.number, "joined": opened.contact is not None, "merged": opened.by is not None and opened.contact is None,
        "beside": opened.by is not None, "problem": more.get("problem", ""), "values": values,
        "rating": {
            "id": "satisfaction", "label": _("Are you satisfied with how it was handled?"), "type": "choice", "required": True,
            "value": values.get("satisfaction", ""),
            "choices": [{"id": one, "label": labels[one]} for one in CHOICES],
        },
        "comment": {
            "id": "comment", "label": _("What would you like to say?"), "type": "long", "max": 500, "rows": 3,
            "value": values.get("comment", ""),
        },
        "wish": {
            "id": "wish", "label": _("Shall it be done again?"), "type": "choice", "when": "satisfaction = unsatisfied",
            "value": "again" if values.get("wish") else "",
            "choices": [{"id": "again", "label": _("Yes, please do it again")}, {"id": "leave", "label": _("No need")}],
        },
    }  # fmt: skip
    return render(request, "reviews/rate.html", context, status=status)


def _closed_case(request: HttpRequest, number: str) -> Case:
    memory_of(request)
    case = visible(sights.of(request)).filter(number=number).first()
    if case is None or case.closed_at is None:
        raise Http404
    return case


@never_cache
@needs("reply", "desk", "call_back", "handle")
@require_GET
def slip(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for a rating slip of a closed case. One SQL statement beside those of signing in."""
    return render(request, "reviews/slip.html", {"case": _closed_case(request, number), "picture": ""})


@never_cache
@needs("reply", "desk", "call_back", "handle")
@require_POST
def make_slip(request: HttpRequest, number: str) -> HttpResponse:
    """Make the link and its QR code for printing or sending; that it was made is on record."""
    case = _closed_case(request, number)
    code = links.made(case, actor_of(request))
    url = request.build_absolute_uri(reverse("reviews:rate", args=[code]))
    picture = segno.make(url, error="m").svg_inline(scale=5, border=2, svgclass="hy-slip")
    return render(request, "reviews/slip.html", {"case": case, "picture": picture, "url": url})

"""What staff do with a case beside its moves: look at the contact, name readers, publish, open a photo."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from huying.cases.actions import Refused
from huying.cases.actions.others import name_reader, unmask
from huying.cases.actions.others import publish as publish_case
from huying.cases.models import Case
from huying.cases.queries import is_inside, may_open, seen_by
from huying.cases.store import legs_of
from huying.cases.views.case_context import PUBLIC_TEXT, case_context, public_fields
from huying.cases.views.common import actor_of, refusal
from huying.cases.views.staff import case_of, staff_page
from huying.cases.who import Actor
from huying.files import queries as files
from huying.files.errors import FileError, Gone
from huying.staff.models import Person


def seen_case(request: HttpRequest, number: str) -> tuple[Case, Actor, bool]:
    """The case, who asks, and whether they read it as staff. Raises Http404 when it is not for their eyes."""
    case, actor = case_of(request, number), actor_of(request)
    legs = legs_of(case.place_id, case.id)
    if not seen_by(case, actor, legs):
        raise Http404("no such case")
    return case, actor, is_inside(case, actor, legs)


@never_cache
@require_POST
@staff_page
def contact(request: HttpRequest, number: str) -> HttpResponse:
    """Show who called and how to reach them, for a reason (field ``reason``) that goes on record.

    HTMX gets the card only; without script the whole page comes back with it.
    """
    case, actor, inside = seen_case(request, number)
    reason = request.POST.get("reason", "").strip()
    status, people, error = 200, [], ""
    try:
        if not inside:
            raise Refused("not-allowed")
        # Somebody who joined without saying who they are left nothing to show.
        people = [
            one
            for one in unmask(case, reason, actor)
            if any(one.get(x) for x in ("name", "phone", "address"))
        ]
    except Refused as refused:
        status, error = 422, refused.errors.get("reason") or refusal(refused)
    found = {
        "case": case,
        "people": people,
        "looked": True,
        "contact_error": error,
        "reason": reason,
        "may_unmask": inside,
    }
    if request.headers.get("HX-Request") == "true":
        return render(request, "cases/_contact.html", found, status=status)
    return render(request, "cases/case.html", {**case_context(request, case, actor), **found}, status=status)


@require_POST
@staff_page
def readers(request: HttpRequest, number: str) -> HttpResponse:
    """Name a person (field ``person``) who may read a confidential case besides its holders."""
    case, actor, inside = seen_case(request, number)
    try:
        person = Person.objects.get(
            id=UUID(request.POST.get("person", "")), place_id=case.place_id, kind=Person.Kind.STAFF
        )
        if not inside:
            raise Refused("not-allowed")
        name_reader(case, person.id, actor)
    except (ValueError, Person.DoesNotExist):
        messages.error(request, _("Please choose a person from the list."))
    except Refused as refused:
        messages.error(request, refusal(refused))
    else:
        messages.success(request, _("%(name)s can now read this case.") % {"name": person.name})
    return _back(case)


@require_POST
@staff_page
def publish(request: HttpRequest, number: str) -> HttpResponse:
    """Approve the public title, text and photos (``photo``: ids), or take everything back (``take_back``)."""
    case, actor, inside = seen_case(request, number)
    approved = "take_back" not in request.POST
    title = request.POST.get("title", "").strip()
    text = request.POST.get("text", "").strip()
    error = ""
    try:
        if not inside:
            raise Refused("not-allowed")
        if approved and (not title or not text):
            error = _("A public title and text are needed.")
        else:
            photos = {UUID(one) for one in request.POST.getlist("photo")}
            publish_case(case, title, text[:PUBLIC_TEXT], actor, approved=approved, photos=photos)
    except ValueError:
        error = _("Please check what is marked.")
    except (Refused, FileError) as refused:
        error = refusal(refused) if isinstance(refused, Refused) else str(refused)
    if not error:
        messages.success(request, _("Approved for publication.") if approved else _("No longer published."))
        return _back(case)
    # What was typed comes back beside what is wrong with it.
    context = case_context(request, case, actor)
    if "public_fields" in context:
        context |= {"public_fields": public_fields(title, text, error), "public_open": True}
    else:
        messages.error(request, error)
    return render(request, "cases/case.html", context, status=422)


@require_GET
@staff_page
def attachment(request: HttpRequest, number: str, file_id: UUID) -> HttpResponseBase:
    """A photo or file of the case (``?thumb=1``: a photo's thumbnail), for those who see the case."""
    case, actor, inside = seen_case(request, number)
    found = files.get(case.place_id, file_id)
    if found is None or not may_open(found, case, actor, inside):
        raise Http404("no such file")
    try:
        return files.serve(found, thumb=bool(request.GET.get("thumb")), request=request)
    except (Gone, FileNotFoundError):
        raise Http404("no such file") from None


def _back(case: Case) -> HttpResponse:
    return HttpResponseRedirect(reverse("cases:case", args=[case.number]), status=303)

"""Signing in by the outside sign-on, and linking it with one's account."""

from __future__ import annotations

import logging

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from huying.places.current import place_id_of
from huying.staff import identities, oidc, throttle
from huying.staff.access import next_of, person_of, signed_in
from huying.staff.models import Person
from huying.staff.views.entry import enter

log = logging.getLogger(__name__)
WANTED, LINKS = "outside_next", "outside_links"


@never_cache
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Off to the provider. Somebody who is signed in comes back to link the two accounts."""
    if not oidc.offered():
        raise Http404
    if throttle.address_is_busy(request):
        return _failed(request, _("Too many tries. Please wait a while."), 429)
    request.session[WANTED] = next_of(request)
    request.session[LINKS] = str(request.user.pk) if request.user.is_authenticated else ""
    try:
        return oidc.send(request, request.build_absolute_uri(reverse("staff:outside_back")))
    except oidc.ProviderFailed as error:
        log.warning("the outside sign-on cannot be reached: %s", error)
        return _failed(request, _("The outside sign-on cannot be reached. Please use your password."), 502)


@never_cache
@require_GET
def back(request: HttpRequest) -> HttpResponse:
    """Back from the provider: sign in, link, or say why not."""
    if not oidc.offered():
        raise Http404
    wanted, links = request.session.pop(WANTED, "/"), request.session.pop(LINKS, "")
    try:
        known = oidc.received(request)
    except oidc.ProviderFailed as error:
        log.warning("the outside sign-on failed: %s", error)
        return _failed(request, _("The outside sign-on did not work. Please try again."), 400)
    if isinstance(request.user, Person) and links == str(request.user.pk):
        return _link(request, request.user, known)
    person = identities.person_of(known.issuer, known.subject)
    if person is None:
        place_id = place_id_of(request)
        if not settings.HUYING_OIDC_RESIDENTS or not place_id:
            words = _(
                "This account is not known here yet. Sign in with your password once and link it under “My account”."
            )
            return _failed(request, words, 403)
        person = identities.new_resident(place_id, known.issuer, known.subject, known.name)
    return enter(request, person, how="outside", wanted=wanted, second_done=known.second)


def _link(request: HttpRequest, person: Person, known: oidc.Known) -> HttpResponse:
    try:
        identities.link(person, known.issuer, known.subject)
    except ValidationError as problem:
        messages.error(request, problem.messages[0])
    else:
        messages.success(request, _("Linked. You can sign in that way from now on."))
    return HttpResponseRedirect(reverse("staff:me"))


@require_POST
@signed_in
def unlink(request: HttpRequest) -> HttpResponse:
    """End the link from the account page."""
    if identities.unlink(person_of(request)):
        messages.success(request, _("The link was ended."))
    return HttpResponseRedirect(reverse("staff:me"))


def _failed(request: HttpRequest, words: str, status: int) -> HttpResponse:
    return render(request, "staff/outside_failed.html", {"words": words}, status=status)

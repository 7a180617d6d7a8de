"""The administrator's page about API keys."""

from __future__ import annotations

from datetime import datetime, time
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from huying.staff import sight, tokens
from huying.staff.access import needs
from huying.staff.actor import actor_of
from huying.staff.forms import KeyForm, person_named, put_errors
from huying.staff.models import ApiToken

MANAGE = "manage_keys"


@never_cache
@needs(MANAGE)
@require_http_methods(["GET", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """All keys, and a form for a new one, whose text is shown once."""
    place_id = sight.of(request).place_id
    form = KeyForm(request.POST or None)
    text = ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            expires = data["expires"]
            _token, text = tokens.create(
                person_named(place_id, data["username"]),
                data["name"],
                data["scopes"],
                actor=actor_of(request),
                expires=timezone.make_aware(datetime.combine(expires, time.max)) if expires else None,
            )
            form = KeyForm()
        except ValidationError as problem:
            put_errors(form, problem)
    rows = ApiToken.objects.filter(place_id=place_id).select_related("person").order_by("-created")[:200]
    context = {"keys": rows, "form": form, "text": text}
    return render(request, "staff/keys.html", context, status=422 if form.errors else 200)


@needs(MANAGE)
@require_POST
def key_revoke(request: HttpRequest, key_id: UUID) -> HttpResponse:
    """Make a key void."""
    token = get_object_or_404(ApiToken, pk=key_id, place_id=sight.of(request).place_id)
    tokens.revoke(token, actor=actor_of(request))
    messages.success(request, _("The key was revoked."))
    return HttpResponseRedirect(reverse("staff:keys"))

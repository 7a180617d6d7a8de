"""One's own account: posts, sessions, password, language."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huying.ledger.actions import Actor
from huying.staff import actions_people, contact, oidc, second_factor, sight, signin
from huying.staff.access import next_of, person_of, signed_in
from huying.staff.acting import acting_posts
from huying.staff.forms import PasswordForm, SettingsForm, put_errors
from huying.staff.models import Person
from huying.staff.queries import posts_shown


@never_cache
@signed_in
@require_GET
def me(request: HttpRequest) -> HttpResponse:
    """What the platform knows about me and what I can set."""
    person = person_of(request)
    seen = sight.of(request)
    context = {
        "account": person,
        "posts": posts_shown(person, get_language() or "zh-hans"),
        "chosen": seen.post_id,
        "sessions": signin.sessions_of(person),
        "this_session": request.session.session_key,
        "phone": contact.masked(contact.phone_of(person)),
        "settings_form": SettingsForm(
            initial={"language": get_language(), "elder_mode": request.COOKIES.get("huying_elder") == "1"}
        ),
        "device": second_factor.device_of(person),
        "outside": oidc.offered(),
        "linked": oidc.offered() and person.identities.exists(),
        "frame": "ui/resident.html" if person.kind == Person.Kind.RESIDENT else "ui/desk.html",
    }
    return render(request, "staff/me.html", context)


@signed_in
@require_POST
def choose_post(request: HttpRequest) -> HttpResponse:
    """Act in one post from now on, or in all together."""
    wanted = request.POST.get("post", "")
    if not wanted:
        request.session.pop(signin.POST, None)
    else:
        mine = {str(post.id) for post in acting_posts(person_of(request))}
        if wanted not in mine:
            raise Http404
        request.session[signin.POST] = int(wanted)
    return HttpResponseRedirect(next_of(request, reverse("staff:me")))


@signed_in
@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """End one of my sessions, or all but this one."""
    person = person_of(request)
    only = request.POST.get("session") or None
    count = signin.end_sessions(person, keep=request.session.session_key, only=only)
    messages.success(request, _("%(count)s sessions ended.") % {"count": count})
    return HttpResponseRedirect(reverse("staff:me"))


@signed_in
@require_POST
def settings(request: HttpRequest) -> HttpResponse:
    """Keep language and type size with the account, and use them in this browser."""
    form = SettingsForm(request.POST)
    answer = HttpResponseRedirect(reverse("staff:me"))
    if form.is_valid():
        person = person_of(request)
        actions_people.change_person(
            person, actor=Actor(person_id=person.pk, channel="web"), **form.cleaned_data
        )
        year = 365 * 24 * 3600
        answer.set_cookie("django_language", form.cleaned_data["language"], max_age=year, samesite="Lax")
        elder = "1" if form.cleaned_data["elder_mode"] else "0"
        answer.set_cookie("huying_elder", elder, max_age=year, samesite="Lax")
        messages.success(request, _("Saved."))
    return answer


@never_cache
@sensitive_post_parameters()
@signed_in
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change my password; also where a handed-out one has to be changed first."""
    person = person_of(request)
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not person.check_password(form.cleaned_data["old"]):
            form.add_error("old", _("This is not your present password."))
        else:
            try:
                actions_people.change_password(
                    person,
                    form.cleaned_data["password"],
                    actor=Actor(person_id=person.pk, channel="web"),
                    keep=request.session.session_key,
                )
            except ValidationError as problem:
                put_errors(form, problem)
            else:
                signin.password_changed(request, person)
                messages.success(request, _("Your password was changed. Other sessions were ended."))
                return HttpResponseRedirect(next_of(request))
    context = {"form": form, "forced": person.must_change_password, "next": next_of(request, "")}
    return render(request, "staff/password.html", context, status=422 if form.errors else 200)

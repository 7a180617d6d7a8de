"""Signing in and out, the second factor, registering."""

from __future__ import annotations

from secrets import token_hex

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_lockout_response
from django.contrib import messages
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from huying.ledger.actions import Actor
from huying.places.current import place_id_of
from huying.places.models import Place
from huying.staff import (
    actions_people,
    backends,
    codes,
    events,
    oidc,
    second_factor,
    sight,
    signin,
    throttle,
)
from huying.staff.access import next_of, person_of, signed_in
from huying.staff.forms import CodeForm, PhoneForm, RegisterForm, SignInForm, put_errors
from huying.staff.models import Person

REGISTER = "register"


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page. The same words whatever was wrong, so that nobody learns which names exist."""
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if throttle.address_is_busy(request):
            return _locked(request, form.cleaned_data["username"])
        person = authenticate(request, **form.cleaned_data)
        if isinstance(person, Person):
            return enter(request, person)
        _note_failure(form.cleaned_data["username"])
        if getattr(request, "axes_locked_out", False) or not AxesProxyHandler.is_allowed(
            request, {"username": form.cleaned_data["username"]}
        ):
            return _locked(request, form.cleaned_data["username"])
        form.add_error(None, _("Name or password is wrong."))
    context = {"form": form, "next": next_of(request, ""), "demo": signin.demo(), "outside": oidc.offered()}
    answer = render(request, "staff/sign_in.html", context)
    if form.errors:
        answer.status_code = 422
    return answer


def enter(
    request: HttpRequest, person: Person, how: str = "password", wanted: str = "", second_done: bool = False
) -> HttpResponse:
    """Start the session and say where to go: second factor, new password, or the page that was wanted.

    With *second_done* the outside sign-on has checked a second factor that the operator accepts.
    """
    seen = sight.sight_of(person)
    has_device = not signin.demo() and second_factor.device_of(person) is not None
    needed = not second_done and (has_device or second_factor.required(seen))
    signin.sign_in(request, person, how=how, second=needed)
    answer = HttpResponseRedirect(wanted or next_of(request))
    if person.language:
        answer.set_cookie("django_language", person.language, max_age=365 * 24 * 3600, samesite="Lax")
    if person.elder_mode:
        answer.set_cookie("huying_elder", "1", max_age=365 * 24 * 3600, samesite="Lax")
    return answer


def _locked(request: HttpRequest, username: str) -> HttpResponse:
    answer: HttpResponse = get_lockout_response(request, {"username": username})
    return answer


def _note_failure(username: str) -> None:
    person = backends.find(username)
    if person is not None:
        with transaction.atomic():
            events.write(events.SIGN_IN_FAILED, person, Actor(channel="web"), {"why": "password"})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    signin.sign_out(request)
    return HttpResponseRedirect("/")


@never_cache
@signed_in
@require_http_methods(["GET", "POST"])
def second(request: HttpRequest) -> HttpResponse:
    """Ask for a code of the authenticator; who has none yet is sent to set one up."""
    person = person_of(request)
    if request.session.get(signin.SECOND) == signin.DONE:
        return HttpResponseRedirect(next_of(request))
    if second_factor.device_of(person) is None:
        return HttpResponseRedirect(reverse("staff:second_set_up"))
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if second_factor.check(person, form.cleaned_data["code"]):
            signin.second_factor_done(request)
            return HttpResponseRedirect(next_of(request))
        with transaction.atomic():
            events.write(
                events.SIGN_IN_FAILED, person, Actor(person_id=person.pk, channel="web"), {"why": "code"}
            )
        form.add_error("code", _("This code is wrong or too old."))
    status = 422 if form.errors else 200
    return render(request, "staff/second.html", {"form": form, "next": next_of(request, "")}, status=status)


@never_cache
@signed_in
@require_http_methods(["GET", "POST"])
def second_set_up(request: HttpRequest) -> HttpResponse:
    """Set up the authenticator: QR code, one code to confirm, then recovery codes once."""
    person = person_of(request)
    has_one = second_factor.device_of(person) is not None
    if has_one and request.session.get(signin.SECOND) != signin.DONE:
        # Whoever has only the password must not replace the authenticator.
        return HttpResponseRedirect(reverse("staff:second"))
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actor = Actor(person_id=person.pk, channel="web")
        found = second_factor.confirm(person, form.cleaned_data["code"], actor=actor)
        if found is not None:
            signin.second_factor_done(request)
            return render(request, "staff/recovery.html", {"codes": found, "next": next_of(request)})
        form.add_error(
            "code", _("This code is wrong. Check the time of your telephone and try the next one.")
        )
    device = second_factor.pending(person) or second_factor.begin(person)
    place = Place.objects.filter(pk=place_id_of(request)).first()
    context = {
        "form": form,
        "picture": second_factor.picture(device, place.name if place else "Huying"),
        "secret": second_factor.secret_of(device),
        "next": next_of(request, ""),
    }
    return render(request, "staff/second_set_up.html", context, status=422 if form.errors else 200)


@never_cache
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """A resident's account: number, code, name, password."""
    place_id = place_id_of(request)
    if request.method == "POST" and "code" in request.POST:
        return _register(request, place_id)
    phone_form = PhoneForm(request.POST or None)
    if request.method == "POST" and phone_form.is_valid():
        try:
            sent = codes.send(phone_form.cleaned_data["phone"], REGISTER, throttle.address_of(request))
        except codes.CodeRefused as refused:
            phone_form.add_error("phone", _refusal(refused.why))
        else:
            form = RegisterForm(initial={"phone": sent.phone})
            return render(request, "staff/register.html", {"form": form, "shown": sent.shown, "step": 2})
    status = 422 if phone_form.errors else 200
    return render(request, "staff/register.html", {"form": phone_form, "step": 1}, status=status)


def _register(request: HttpRequest, place_id: int) -> HttpResponse:
    form = RegisterForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        number = data["phone"]
        try:
            # The rules first: a code that was right is used up, and whether the number has an account
            # already is
            # told only to who holds the telephone.
            actions_people.check_password_rules(data["password"], Person(name=data["name"]))
            if not codes.check(number, REGISTER, data["code"]):
                raise ValidationError({"code": _("This code is wrong or too old.")})
            person = actions_people.create_person(
                place_id,
                f"r-{token_hex(8)}",  # residents sign in by number; this says nothing about the person
                data["name"],
                kind=Person.Kind.RESIDENT,
                phone=number,
                password=data["password"],
                actor=Actor(channel="web"),
            )
        except ValidationError as problem:
            put_errors(form, problem)
        else:
            signin.sign_in(request, person, how="register")
            messages.success(request, _("Your account is ready."))
            return HttpResponseRedirect(next_of(request))
    return render(request, "staff/register.html", {"form": form, "step": 2}, status=422)


def _refusal(why: str) -> str:
    return {
        "phone": _("This is not a mobile number."),
        "wait": _("Too many codes were asked for. Please wait a minute and try again."),
        "no_sender": _("Codes cannot be sent here yet. Please ask the centre to make an account for you."),
    }[why]

"""The administrator's pages about people."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huying import clock
from huying.places import memory
from huying.staff import actions_people, actions_posts, contact, queries, second_factor, sight
from huying.staff.access import needs
from huying.staff.actor import actor_of
from huying.staff.forms import (
    AbsenceForm,
    ChangeForm,
    DelegateForm,
    PersonForm,
    PostForm,
    ReasonForm,
    put_errors,
)
from huying.staff.models import Absence, Delegate, Holding, Person

MANAGE = "manage_people"


@never_cache
@needs(MANAGE)
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with an account here, by name; found by name, user name or whole number."""
    text, kind = request.GET.get("q", "")[:60], request.GET.get("kind", "")[:10]
    rows, more = queries.people(sight.of(request).place_id, text, kind, request.GET.get("after", "")[:120])
    context = {"people": rows, "q": text, "kind": kind, "kinds": Person.Kind.choices, "more": more}
    return render(request, "staff/people.html", context)


@needs(MANAGE)
@require_http_methods(["GET", "POST"])
def person_new(request: HttpRequest) -> HttpResponse:
    """Make an account; its first password is shown once."""
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actor = actor_of(request)
        try:
            made = actions_people.create_person(sight.of(request).place_id, actor=actor, **form.cleaned_data)
        except ValidationError as problem:
            put_errors(form, problem)
        else:
            password = actions_people.reset_password(made, actor=actor)
            return render(
                request, "staff/passwords.html", {"passwords": {made.username: password}, "made": made}
            )
    return render(request, "staff/person_new.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@needs(MANAGE)
@require_GET
def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """One account: posts, absences, what can be done."""
    return _page(request, _find(request, person_id))


def _page(request: HttpRequest, who: Person, status: int = 200, **more: object) -> HttpResponse:
    place = memory.of(sight.of(request).place_id)
    language = get_language() or "zh-hans"
    holdings = list(queries.holdings_of(who))
    now = clock.now()
    context = {
        "who": who,
        "holdings": [
            (held, queries.where_of(place, held.post.division_id, held.post.organ_id)) for held in holdings
        ],
        "absences": [
            row
            for row in Absence.objects.filter(person=who).order_by("-since")[:10]
            if row.until is None or row.until > now
        ],
        "delegations": [
            (row, place.division(row.division_id).name) for row in Delegate.objects.filter(person=who)
        ],
        "phone": contact.masked(contact.phone_of(who)),
        "change_form": ChangeForm(initial={"name": who.name}),
        "post_form": PostForm(place, language, prefix="post"),
        "absence_form": AbsenceForm(prefix="absence"),
        "delegate_form": DelegateForm(place, language, prefix="delegate"),
        "reason_form": ReasonForm(),
        "device": second_factor.device_of(who),
        **more,
    }
    return render(request, "staff/person.html", context, status=status)


@needs(MANAGE)
@require_POST
def person_do(request: HttpRequest, person_id: UUID, what: str) -> HttpResponse:
    """One of the things that can be done to an account; see `_DO`."""
    who = _find(request, person_id)
    do = _DO.get(what)
    if do is None:
        raise Http404
    try:
        return do(request, who) or HttpResponseRedirect(reverse("staff:person", args=[who.pk]))
    except ValidationError as problem:
        found = problem.messages
        return _page(request, who, status=422, problems=found)


def _end(request: HttpRequest, who: Person) -> None:
    if who.pk == sight.of(request).person_id:
        raise ValidationError(_("You cannot end your own account."))
    actions_people.end_person(who, actor=actor_of(request))
    messages.success(request, _("The account was ended."))


def _return(request: HttpRequest, who: Person) -> None:
    actions_people.return_person(who, actor=actor_of(request))
    messages.success(request, _("The account is open again."))


def _reset(request: HttpRequest, who: Person) -> HttpResponse:
    password = actions_people.reset_password(who, actor=actor_of(request))
    return render(request, "staff/passwords.html", {"passwords": {who.username: password}, "made": who})


def _unlock(request: HttpRequest, who: Person) -> None:
    actions_people.unlock(who, actor=actor_of(request))
    messages.success(request, _("Sign-in is unlocked."))


def _no_device(request: HttpRequest, who: Person) -> None:
    second_factor.remove(who, actor=actor_of(request))
    messages.success(request, _("The authenticator was removed."))


def _change(request: HttpRequest, who: Person) -> None:
    form = ChangeForm(request.POST)
    if not form.is_valid():
        raise ValidationError([error for errors in form.errors.values() for error in errors])
    changes = {"name": form.cleaned_data["name"]}
    if form.cleaned_data["phone"]:
        changes["phone"] = form.cleaned_data["phone"]
    actions_people.change_person(who, actor=actor_of(request), **changes)
    messages.success(request, _("Saved."))


def _unmask(request: HttpRequest, who: Person) -> HttpResponse:
    phone = actions_people.unmask_phone(who, request.POST.get("reason", ""), actor=actor_of(request))
    return _page(request, who, unmasked=phone or _("none"))


def _take(request: HttpRequest, who: Person) -> None:
    place = memory.of(sight.of(request).place_id)
    form = PostForm(place, "zh-hans", request.POST, prefix="post")
    if not form.is_valid():
        raise ValidationError([error for errors in form.errors.values() for error in errors])
    data = form.cleaned_data
    post = actions_posts.make_post(
        place.place_id, data["role"], _int(data["division"]), _int(data["organ"]), data["name"]
    )
    slot = Holding.Slot.B if request.POST.get("slot") == "B" else Holding.Slot.A
    actions_posts.take_post(who, post, actor=actor_of(request), slot=slot)
    messages.success(request, _("Saved."))


def _leave(request: HttpRequest, who: Person) -> None:
    held = get_object_or_404(Holding, pk=_int(request.POST.get("holding", "")) or 0, person=who)
    actions_posts.leave_post(held, actor=actor_of(request))
    messages.success(request, _("Saved."))


def _away(request: HttpRequest, who: Person) -> None:
    form = AbsenceForm(request.POST, prefix="absence")
    if not form.is_valid():
        raise ValidationError([error for errors in form.errors.values() for error in errors])
    actions_posts.set_absence(who, actor=actor_of(request), **form.cleaned_data)
    messages.success(request, _("Saved."))


def _back(request: HttpRequest, who: Person) -> None:
    row = get_object_or_404(Absence, pk=_int(request.POST.get("absence", "")) or 0, person=who)
    actions_posts.end_absence(row, actor=actor_of(request))
    messages.success(request, _("Saved."))


def _delegate(request: HttpRequest, who: Person) -> None:
    place = memory.of(sight.of(request).place_id)
    form = DelegateForm(place, "zh-hans", request.POST, prefix="delegate")
    if not form.is_valid():
        raise ValidationError([error for errors in form.errors.values() for error in errors])
    data = form.cleaned_data
    actions_posts.make_delegate(who, data["body"], int(data["division"]), actor=actor_of(request))
    messages.success(request, _("Saved."))


def _undelegate(request: HttpRequest, who: Person) -> None:
    row = get_object_or_404(Delegate, pk=_int(request.POST.get("delegate", "")) or 0, person=who)
    actions_posts.end_delegate(row, actor=actor_of(request))
    messages.success(request, _("Saved."))


_DO: dict[str, Callable[[HttpRequest, Person], HttpResponse | None]] = {
    "end": _end,
    "return": _return,
    "reset": _reset,
    "unlock": _unlock,
    "no-device": _no_device,
    "change": _change,
    "unmask": _unmask,
    "take": _take,
    "leave": _leave,
    "away": _away,
    "back": _back,
    "delegate": _delegate,
    "undelegate": _undelegate,
}


def _find(request: HttpRequest, person_id: UUID) -> Person:
    return get_object_or_404(Person, pk=person_id, place_id=sight.of(request).place_id)


def _int(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 19 else None

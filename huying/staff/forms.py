"""Forms of this room. They read and tidy; what is allowed is decided by the actions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from huying.places.info import PlaceMemory
from huying.staff import tokens
from huying.staff.models import Absence, Delegate, Emergency, Holding, Person


def _password(label: Any, fresh: bool = False) -> forms.CharField:
    autocomplete = "new-password" if fresh else "current-password"
    return forms.CharField(
        label=label,
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
        help_text=_("At least 10 characters, not only figures, not a common password") if fresh else "",
    )


class SignInForm(forms.Form):
    """User name or telephone number, and password."""

    username = forms.CharField(
        label=_("User name or mobile number"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = _password(_("Password"))


class CodeForm(forms.Form):
    """A code of the authenticator, or a recovery code."""

    code = forms.CharField(
        label=_("Verification code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
    )


class PhoneForm(forms.Form):
    """First step of registering: a number to send a code to."""

    phone = forms.CharField(
        label=_("Mobile number"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )


class RegisterForm(forms.Form):
    """Second step of registering."""

    phone = forms.CharField(widget=forms.HiddenInput, max_length=20)
    code = forms.CharField(
        label=_("Code from the message"),
        max_length=6,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
    name = forms.CharField(
        label=_("Your name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = _password(_("Choose a password"), fresh=True)
    agree = forms.BooleanField(
        label=_("I agree that my name and number are kept to answer what I report"), required=True
    )


class PasswordForm(forms.Form):
    """The present password and a new one twice."""

    old = _password(_("Present password"))
    password = _password(_("New password"), fresh=True)
    again = _password(_("New password once more"), fresh=True)

    def clean(self) -> dict[str, Any]:
        """Both new ones have to be the same."""
        found = super().clean() or {}
        if found.get("password") and found.get("again") and found["password"] != found["again"]:
            raise ValidationError({"again": _("The two are not the same.")})
        return found


class PersonForm(forms.Form):
    """A new account for staff."""

    username = forms.RegexField(
        label=_("User name"),
        regex=r"^[\w.@-]{2,60}$",
        help_text=_("Letters, figures, . _ - @"),
        error_messages={"invalid": _("Use 2 to 60 letters, figures or . _ - @")},
    )
    name = forms.CharField(label=_("Name"), max_length=60)
    phone = forms.CharField(label=_("Mobile number"), max_length=20, required=False)


class ChangeForm(forms.Form):
    """What an administrator may correct. An empty number leaves the one that is kept."""

    name = forms.CharField(label=_("Name"), max_length=60)
    phone = forms.CharField(label=_("New mobile number"), max_length=20, required=False)


class ReasonForm(forms.Form):
    """Why somebody looks at what is masked."""

    reason = forms.CharField(label=_("Reason"), min_length=2, max_length=200)


class _PlaceForm(forms.Form):
    """A form whose choices are divisions, organs and roles of one place."""

    def __init__(self, place: PlaceMemory, language: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place = place
        for name, choices in self.choices(place, language).items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

    def choices(self, place: PlaceMemory, language: str) -> dict[str, list[tuple[Any, Any]]]:
        """Choices by field."""
        raise NotImplementedError


def division_choices(place: PlaceMemory) -> list[tuple[Any, Any]]:
    """Every active division and grid, top first, indented by depth."""
    top = place.top
    found: list[tuple[Any, Any]] = [("", "—")]
    for row in place.below(top.id) if top else ():
        found.append((str(row.id), "\u3000" * (len(row.ancestors) - 1) + row.name))
    return found


def organ_choices(place: PlaceMemory) -> list[tuple[Any, Any]]:
    """Every active organ by name."""
    rows = sorted((row for row in place.organs.values() if row.active), key=lambda row: row.name)
    return [("", "—"), *((str(row.id), row.name) for row in rows)]


class PostForm(_PlaceForm):
    """A post: a role at a division, an organ or both."""

    role = forms.ChoiceField(label=_("Role"))
    division = forms.ChoiceField(label=_("Division or grid"), required=False)
    organ = forms.ChoiceField(label=_("Organ"), required=False)
    name = forms.CharField(
        label=_("Name of the post"),
        max_length=120,
        required=False,
        help_text=_("Made up from the others if empty"),
    )

    def choices(self, place: PlaceMemory, language: str) -> dict[str, list[tuple[Any, Any]]]:
        """Roles that staff can hold, divisions, organs."""
        roles = [
            (code, role.name_in(language))
            for code, role in place.roles.items()
            if code not in ("visitor", "resident", "delegate")
        ]
        return {"role": roles, "division": division_choices(place), "organ": organ_choices(place)}


class HoldForm(forms.Form):
    """Let somebody hold a post."""

    username = forms.CharField(label=_("User name"), max_length=60)
    slot = forms.ChoiceField(label=_("As"), choices=Holding.Slot.choices)


class AbsenceForm(forms.Form):
    """From when to when somebody is away."""

    since = forms.DateTimeField(
        label=_("From"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    until = forms.DateTimeField(
        label=_("Until"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    reason = forms.ChoiceField(label=_("Reason"), choices=Absence.Reason.choices)


class _DivisionForm(_PlaceForm):
    """A form that asks for a division, not a grid."""

    def choices(self, place: PlaceMemory, language: str) -> dict[str, list[tuple[Any, Any]]]:
        """Divisions without grids."""
        ids = {str(row.id) for row in place.divisions.values() if not row.is_grid}
        return {"division": [row for row in division_choices(place) if row[0] in ids]}


class EmergencyForm(_DivisionForm):
    """Where an emergency is declared, what for, and when it ends by itself."""

    division = forms.ChoiceField(label=_("Area"))
    reason = forms.ChoiceField(label=_("Reason"), choices=Emergency.Reason.choices)
    until = forms.DateTimeField(
        label=_("Until"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


class DelegateForm(_DivisionForm):
    """Of which body somebody is a delegate, for which division."""

    body = forms.ChoiceField(label=_("Delegate of"), choices=Delegate.Kind.choices)
    division = forms.ChoiceField(label=_("For"))


class KeyForm(forms.Form):
    """A new API key."""

    name = forms.CharField(label=_("What it is for"), max_length=80)
    username = forms.CharField(
        label=_("Acts as"),
        max_length=60,
        help_text=_("User name; the key can do what this person can, at most"),
    )
    scopes = forms.MultipleChoiceField(
        label=_("Scopes"), choices=list(tokens.SCOPES.items()), widget=forms.CheckboxSelectMultiple
    )
    expires = forms.DateField(
        label=_("Valid until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


class ImportForm(forms.Form):
    """A file to import, and what is in it."""

    what = forms.ChoiceField(
        label=_("What is in the file"),
        choices=[
            ("people", _("People and posts (CSV)")),
            ("organs", _("Organs (CSV)")),
            ("divisions", _("Divisions (CSV or GeoJSON)")),
            ("grids", _("Grids (CSV or GeoJSON)")),
        ],
    )
    file = forms.FileField(label=_("File"))
    surveyed = forms.BooleanField(label=_("The outlines are surveyed, not sketched"), required=False)


class HolidayForm(forms.Form):
    """One day of the holiday table."""

    date = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    working = forms.ChoiceField(label=_("Is"), choices=[("no", _("a day off")), ("yes", _("a working day"))])
    name = forms.CharField(label=pgettext_lazy("thing", "Name"), max_length=60, required=False)


class SettingsForm(forms.Form):
    """Language and type size of one's own pages."""

    language = forms.ChoiceField(label=_("Language"), choices=[("zh-hans", "简体中文"), ("en", "English")])
    elder_mode = forms.BooleanField(label=_("Large type and simple pages"), required=False)


def put_errors(form: forms.Form, problem: ValidationError) -> None:
    """Hang the errors of an action on the form: on its fields where it has them."""
    if not hasattr(problem, "error_dict"):
        form.add_error(None, problem)
        return
    for field, errors in problem.message_dict.items():
        for error in errors:
            form.add_error(field if field in form.fields else None, error)


def person_named(place_id: int, username: str) -> Person:
    """The active person of the place with that user name. Raises ValidationError (field `username`)."""
    found = Person.objects.filter(place_id=place_id, username=username.strip(), is_active=True).first()
    if found is None:
        raise ValidationError({"username": _("Nobody here has this user name.")})
    return found

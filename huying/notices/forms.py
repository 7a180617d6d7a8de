"""Forms of this room."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ChoiceForm(forms.Form):
    """How one wants to be told besides in the app."""

    sms = forms.BooleanField(label=_("Text messages to my mobile number"), required=False)
    mail = forms.BooleanField(label=_("E-mail"), required=False)
    address = forms.CharField(label=_("Mail address"), required=False, max_length=120)
    nights = forms.BooleanField(
        label=_("Also between 21:00 and 8:00"),
        help_text=_("Otherwise messages of the night come at 8:00; urgent ones always come at once."),
        required=False,
    )

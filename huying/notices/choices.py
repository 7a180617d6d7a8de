"""How people want to be told: read and changed here."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from huying.ledger import keys, sealing
from huying.notices import channels
from huying.notices.models import Choice
from huying.staff.models import Person

_CONTEXT = "notices.choice.mail"


def of(person: Person) -> Choice:
    """What *person* has chosen, or what holds for who has not. One SQL statement."""
    found = Choice.objects.filter(place_id=person.place_id or 0, person_id=person.pk).first()
    return found or Choice(
        place_id=person.place_id or 0, person_id=person.pk, channels=list(channels.DEFAULT), nights=False
    )


def mail_of(person: Person) -> str:
    """The person's mail address in clear, "" when there is none or it was erased."""
    choice = of(person)
    if choice.mail_sealed is None or person.place_id is None:
        return ""
    subject = ("person", person.pk)
    key = keys.find(person.place_id, [subject]).get(subject)
    if key is None:
        return ""
    return str(sealing.open_sealed(person.place_id, key, bytes(choice.mail_sealed), _CONTEXT)["mail"])


def save(person: Person, *, sms: bool, mail: bool, nights: bool, address: str) -> None:
    """Keep the person's choice; the address lies sealed under their data key. Raises ValidationError (by field)."""
    if person.place_id is None:
        raise ValidationError(_("This account belongs to no place."))
    address = address.strip()
    if address:
        try:
            validate_email(address)
        except ValidationError:
            raise ValidationError({"address": _("This is not a mail address.")}) from None
    elif mail:
        raise ValidationError({"address": _("Please give the address to write to.")})
    wanted = [name for name, on in ((channels.SMS, sms), (channels.MAIL, mail)) if on]
    with transaction.atomic():
        sealed = None
        if address:
            subject = ("person", person.pk)
            key = keys.find_or_make(person.place_id, [subject])[subject]
            sealed = sealing.seal(person.place_id, key, {"mail": address}, _CONTEXT).blob
        values = {"channels": wanted, "nights": nights, "mail_sealed": sealed}
        mine = {"place_id": person.place_id, "person_id": person.pk}
        if not Choice.objects.filter(**mine).update(**values):
            Choice.objects.create(**mine, **values)

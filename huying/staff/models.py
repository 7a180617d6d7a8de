"""Tables about people who sign in and the posts they hold.

What a person may see and do is never stored: it is worked out from these rows each time
(`huying.staff.sight`).
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from huying import clock
from huying.ledger.ids import uuid7
from huying.ledger.keys import lookup_hash
from huying.places.models import Division, Organ, Place
from huying.staff import seating
from huying.staff.people import PersonManager


def new_id() -> uuid.UUID:
    """A time-ordered UUID for a person or a token."""
    return uuid7()


class Person(AbstractBaseUser):
    """Somebody, or some system, that signs in. Phone numbers are kept sealed, and hashed for looking up."""

    class Kind(models.TextChoices):
        """Why the account exists."""

        STAFF = "staff", _("staff")
        RESIDENT = "resident", _("resident")
        SERVICE = "service", _("system")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="people")
    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.STAFF)
    phone_sealed = models.BinaryField(null=True, blank=True)
    phone_hash = models.BinaryField(max_length=32, null=True, blank=True)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    language = models.CharField(max_length=10, blank=True, default="")
    elder_mode = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[PersonManager] = PersonManager()

    class Meta:
        indexes = [
            models.Index(fields=["place", "kind", "name", "id"], name="person_list"),
        ]
        constraints = [
            # A resident signs in with a phone number, so it may name one account only.
            models.UniqueConstraint(
                fields=["phone_hash"],
                condition=models.Q(kind="resident", is_active=True, phone_hash__isnull=False),
                name="person_resident_phone",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_staff(self) -> bool:
        """Whether the person serves; says nothing about rights, which come from posts."""
        return self.kind == Person.Kind.STAFF

    def get_full_name(self) -> str:
        """The name as shown."""
        return self.name

    def get_short_name(self) -> str:
        """The name as shown; Chinese names are not cut."""
        return self.name


class Post(models.Model):
    """A role at a division, at an organ or at both, such as the secretary of a village.

    People come and go; a post stays. With both it is an organ's duty for a division (the centre's desk).
    """

    id = models.BigAutoField(primary_key=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=40, help_text="code in the preset's roles.yaml")
    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, null=True, blank=True, related_name="posts"
    )
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, null=True, blank=True, related_name="posts")
    name = models.CharField(max_length=120, blank=True, default="")
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(division__isnull=False) | models.Q(organ__isnull=False),
                name="post_somewhere",
            ),
            models.UniqueConstraint(
                fields=["place", "role", "division", "organ"], nulls_distinct=False, name="post_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.role


class Holding(models.Model):
    """Who holds a post, from when to when. A holders act; B holders act while every A is absent or there
    is none.

    Where several hold one post, each has a *seat* of it: what somebody signs as one of them is answered to that seat
    (``staff.seats``). A successor takes the seat that became free.
    """

    class Slot(models.TextChoices):
        """First holder or stand-in."""

        A = "A", _("holder (A)")
        B = "B", _("stand-in (B)")

    id = models.BigAutoField(primary_key=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="holdings")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="holdings")
    slot = models.CharField(max_length=1, choices=Slot.choices, default=Slot.A)
    since = models.DateTimeField(default=clock.now)
    until = models.DateTimeField(null=True, blank=True)
    seat = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)  # of A holders

    class Meta:
        indexes = [
            models.Index(fields=["person", "until"], name="holding_of_person"),
            models.Index(fields=["post", "slot", "until"], name="holding_of_post"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["post", "person"], condition=models.Q(until=None), name="holding_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} {self.slot} {self.person_id}"

    def save(self, *args: Any, **more: Any) -> None:
        """Keep the row; a new A holder gets the first seat of the post that is free in that stretch."""
        self.seat_all([self])
        super().save(*args, **more)

    @classmethod
    def seat_all(cls, holdings: Sequence[Holding]) -> None:
        """Give each new A holder, of one stretch and each of another post, the first seat that is free in it. One SQL
        statement, none when all have theirs."""
        new = [one for one in holdings if one.slot == cls.Slot.A and one.seat is None]
        if new:
            seating.first_free(cls.objects.filter(slot=cls.Slot.A), new)


class Absence(models.Model):
    """A stretch of time in which somebody is away and the stand-ins act."""

    class Reason(models.TextChoices):
        """Why, in a word; more is nobody's business."""

        LEAVE = "leave", _("leave")
        SICK = "sick", _("sick leave")
        TRAINING = "training", _("training")
        TRAVEL = "travel", _("on a work trip")
        SECONDED = "seconded", _("seconded elsewhere")
        OTHER = "other", _("other")

    id = models.BigAutoField(primary_key=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="absences")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=10, choices=Reason.choices, default=Reason.LEAVE)

    class Meta:
        indexes = [models.Index(fields=["person", "until"], name="absence_of_person")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(since__lt=models.F("until")),
                name="absence_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.since:%Y-%m-%d}"


class Emergency(models.Model):
    """A stretch of time in which the stand-ins (B) of all posts of an area act beside the first holders (A).

    Cases are not touched: they belong to posts, and more people act in those posts until it is called off.
    """

    class Reason(models.TextChoices):
        """What it is about, in a word."""

        FLOOD = "flood", _("flood or rainstorm")
        SNOW = "snow", _("snowstorm or cold")
        FIRE = "fire", _("fire")
        EPIDEMIC = "epidemic", _("epidemic")
        DRILL = "drill", _("drill")
        OTHER = "other", _("other")

    id = models.BigAutoField(primary_key=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="emergencies")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=10, choices=Reason.choices, default=Reason.OTHER)

    class Meta:
        indexes = [models.Index(fields=["place", "until"], name="emergency_of_place")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(since__lte=models.F("until")),
                name="emergency_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.since:%Y-%m-%d}"


class Delegate(models.Model):
    """A person elected or appointed to speak for a division: a whistle-blower with rights of his own."""

    class Kind(models.TextChoices):
        """Of which body."""

        PARTY = "party", _("Party congress delegate")
        CONGRESS = "congress", _("people's congress deputy")
        CPPCC = "cppcc", _("CPPCC member")

    id = models.BigAutoField(primary_key=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="delegations")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="delegates")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind", "division"], name="delegate_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.person_id}"


class OneTimeCode(models.Model):
    """A six-digit code sent to a phone, kept only as a keyed hash."""

    id = models.BigAutoField(primary_key=True)
    purpose = models.CharField(max_length=20)
    phone_hash = models.BinaryField(max_length=32)
    code_hash = models.BinaryField(max_length=32)
    address = models.GenericIPAddressField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["phone_hash", "purpose", "-created_at"], name="code_of_phone"),
            models.Index(fields=["address", "-created_at"], name="code_of_address"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.created_at:%H:%M}"


class Authenticator(TOTPDevice):  # type: ignore[misc]  # django-otp ships no types
    """An authenticator app. Its secret is not in the database: the row and the key file make it together.

    So a copy of the database alone, a backup for instance, gives nobody a second factor.
    """

    DERIVED = "derived"  # as the device's name; a device set up before that keeps its secret in the row
    SECRET = 20  # bytes, as RFC 4226 advises

    class Meta:
        proxy = True

    @property
    def bin_key(self) -> bytes:
        """The secret shared with the app."""
        if self.name != self.DERIVED:
            return bytes.fromhex(self.key)
        return lookup_hash(f"{self.user_id}:{self.key}", "staff.totp")[: self.SECRET]


class RecoveryCode(models.Model):
    """A code that stands in once for a lost authenticator, kept only as a hash."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="recovery_codes")
    code_hash = models.BinaryField(max_length=32)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.person_id)


class Identity(models.Model):
    """An account of the outside sign-on that stands for a person; known by a keyed hash only."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="identities")
    issuer = models.CharField(max_length=200)
    mark = models.BinaryField(max_length=32, unique=True)
    linked_at = models.DateTimeField(default=clock.now)

    class Meta:
        db_table = "staff_identity"


class ApiToken(models.Model):
    """A key with which another system acts as a person, within scopes. Only its SHA-256 is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="tokens")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=80)
    hash = models.BinaryField(max_length=32, unique=True)
    scopes = models.JSONField(default=list)
    created = models.DateTimeField(default=clock.now)
    last_used = models.DateTimeField(null=True, blank=True)
    expires = models.DateTimeField(null=True, blank=True)
    revoked = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


# Word and the mark of it in a browser's agent; the first that fits counts, as most also claim to be another.
_BROWSERS = (
    ("WeChat", "MicroMessenger"),
    ("Edge", "Edg/"),
    ("Firefox", "Firefox/"),
    ("Chrome", "Chrome/"),
    ("Safari", "Safari/"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("HarmonyOS", "HarmonyOS"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("macOS", "Mac OS X"),
    ("Linux", "Linux"),
)


class Session(AbstractBaseSession):
    """A browser session that knows whose it is, so that people can see and end their own (Django's
    documented way)."""

    person_id = models.UUIDField(null=True, db_index=True)
    agent = models.CharField(max_length=200, blank=True, default="")
    address = models.GenericIPAddressField(null=True, blank=True)
    started_at = models.DateTimeField(default=clock.now)
    seen_at = models.DateTimeField(default=clock.now)

    class Meta(AbstractBaseSession.Meta):
        abstract = False
        db_table = "staff_session"

    @property
    def browser(self) -> str:
        """Browser and system in two words, as far as the agent says; "" when it does not."""
        words = [
            next((word for word, mark in marks if mark in self.agent), "") for marks in (_BROWSERS, _SYSTEMS)
        ]
        return " · ".join(word for word in words if word)

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        """The engine that reads and writes these rows."""
        from huying.staff.sessions import SessionStore

        return SessionStore

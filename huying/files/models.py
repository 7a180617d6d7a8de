"""Tables of the attachments. The place leads every key; cases are known by id only, since they are a layer
above."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from huying import clock


class Kind(models.TextChoices):
    """What a file is to people."""

    PHOTO = "photo", _("photo")
    AUDIO = "audio", _("sound recording")
    VIDEO = "video", _("video")
    DOCUMENT = "document", _("document")


class File(models.Model):
    """What staged files and attachments have in common; ``bytes`` is the size of what is kept."""

    pk = models.CompositePrimaryKey("place_id", "id")
    place_id = models.SmallIntegerField()
    id = models.UUIDField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=160, blank=True)
    mime = models.CharField(max_length=100)
    bytes = models.BigIntegerField()
    sha256 = models.BinaryField(max_length=32)
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        abstract = True


class StagedFile(File):
    """A file sent ahead of the case or move it belongs to. Swept when nobody claims it within a day."""

    token_hash = models.BinaryField(max_length=32, help_text="of the token together with who staged it")
    actor_hash = models.BinaryField(max_length=32)
    claimed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "files_staged"
        constraints = [models.UniqueConstraint(fields=["place_id", "token_hash"], name="files_staged_token")]
        indexes = [
            models.Index(
                fields=["place_id", "actor_hash"],
                name="files_staged_actor",
                condition=models.Q(claimed_at__isnull=True),
            ),
            models.Index(fields=["created_at"], name="files_staged_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Attachment(File):
    """A file of a case. Erasing empties the row and deletes the bytes; ``gone_at`` says that they are off
    the disk."""

    case_id = models.UUIDField()
    event_id = models.UUIDField(null=True, help_text="the ledger event it came with")
    private = models.BooleanField(default=False, help_text="for those who handle the case, not its reporter")
    public_ok = models.BooleanField(default=False, help_text="approved for everyone to see")
    erased_at = models.DateTimeField(null=True)
    gone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "files_attachment"
        indexes = [
            models.Index(fields=["place_id", "case_id", "id"], name="files_attachment_case"),
            models.Index(
                fields=["erased_at"],
                name="files_attachment_to_delete",
                condition=models.Q(erased_at__isnull=False, gone_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

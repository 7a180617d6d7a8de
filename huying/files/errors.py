"""Why a file is refused or cannot be kept. ``str(error)`` is a sentence for the person who sent it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class FileError(Exception):
    """Base of all. ``code`` is stable (for the API); the message is translated when it is shown."""

    code = "file"
    message: str | Promise = _("This file cannot be accepted.")

    def __init__(self, message: str | Promise | None = None, **values: Any) -> None:
        self.values: Mapping[str, Any] = values
        if message is not None:
            self.message = message
        super().__init__(self.code)

    def __str__(self) -> str:
        return str(self.message) % self.values if self.values else str(self.message)


class Empty(FileError):
    """Nothing in it."""

    code = "empty"
    message = _("The file is empty.")


class TooBig(FileError):
    """More bytes than its kind may have."""

    code = "too_big"
    message = _("The file is too big: at most %(most)s MB.")


class TooManyPixels(FileError):
    """A decompression bomb, or a picture beyond what phones make."""

    code = "too_many_pixels"
    message = _("The picture is too large: %(width)s × %(height)s pixels.")


class WrongType(FileError):
    """The content is none of the types that are taken, whatever the name says."""

    code = "wrong_type"
    message = _(
        "This type of file is not accepted. Photos: JPEG, PNG, WebP. Documents: PDF, Word, Excel, "
        "PowerPoint, OFD. Also sound and video recordings."
    )


class Heic(WrongType):
    """A photo in a format that cannot be decoded here."""

    code = "heic"
    message = _(
        "Photos in HEIC or AVIF format cannot be read here. Choose “Most Compatible” under Settings, Camera, "
        "Formats on the phone, or send a screenshot of the photo."
    )


class Macros(WrongType):
    """An Office file with a program in it."""

    code = "macros"
    message = _("Office files with macros are not accepted: save the file without macros and send it again.")


class Broken(FileError):
    """Cut off or damaged."""

    code = "broken"
    message = _("The picture is damaged or incomplete: please take or choose it again.")


class Infected(FileError):
    """The scanner found something."""

    code = "infected"
    message = _("The virus scanner refused this file.")


class ScanFailed(FileError):
    """The scanner did not answer: nothing unscanned is let in."""

    code = "scan_failed"
    message = _("The file could not be checked for viruses just now. Please try again in a few minutes.")


class StoreFull(FileError):
    """No room on the disk; nothing was kept."""

    code = "store_full"
    message = _("The server has no room left for files. Nothing was kept; please send the case without it.")


class TooMany(FileError):
    """More files than one sender may have waiting, or than one step may carry."""

    code = "too_many"
    message = _("Too many files: at most %(most)s.")


class NotClaimable(FileError):
    """A token that is unknown, another person's, used already or swept."""

    code = "not_claimable"
    message = _("An uploaded file is no longer there. Please add it again.")


class Gone(FileError):
    """The bytes were erased, or are missing on the disk."""

    code = "gone"
    message = _("This file has been deleted.")


class NotPublishable(FileError):
    """Only re-encoded photos lose their hidden data, so only they may be shown to everyone."""

    code = "not_publishable"
    message = _("Only photos can be published.")

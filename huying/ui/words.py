"""Words that scripts show. They live in the same catalogue as all others and are sent with each page."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _


def script_words() -> Mapping[str, str]:
    """Every word of the scripts in the current language; {name} marks are filled in by the script."""
    return _words(get_language())


@lru_cache(
    maxsize=8
)  # once a language: each countdown asks, and sixty translations a line were a sixth of a list
def _words(language: str | None) -> Mapping[str, str]:
    return {
        "close": _("Close"),
        "retry": _("Try again"),
        "copied": _("Copied"),
        "copyFailed": _("Could not copy; press and hold the text to copy it"),
        # the line and the server
        "offline": _("No network. What you typed is kept; send it again when the network is back"),
        "backOnline": _("The network is back"),
        "unreachable": _("The server cannot be reached. What you typed is kept; please try again shortly"),
        "timeout": _("No answer yet. What you typed is kept; please try again"),
        "serverError": _(
            "Something went wrong on our side ({status}). What you typed is kept; please try again"
        ),
        "badRequest": _("The request was not understood. Please reload the page and try again"),
        "signIn": _("You have been signed out. Sign in again; what you typed is kept"),
        "forbidden": _("You may not do this, or the page is too old. Please reload it"),
        "notFound": _("This is no longer here"),
        "tooLarge": _("This is too large to send"),
        "tooMany": _("Too many attempts. Please wait a while"),
        "busy": _("The system is busy. What you typed is kept; please try again shortly"),
        # drafts
        "draftRestored": _("What you had typed before was put back."),
        "draftDrop": _("Clear it"),
        # countdown
        "days": _("{n} d"),
        "hours": _("{n} h"),
        "minutes": _("{n} min"),
        "seconds": _("{n} s"),
        "leftTime": _("{time} left"),
        "overdueBy": _("Overdue by {time}"),
        # photos
        "uploading": _("Sending {name}"),
        "removePhoto": _("Remove {name}"),
        "photoFailed": _("The photo was not taken ({status})"),
        "photoLost": _("The photo did not get through. Press “Try again”"),
        "photoTooLarge": _("{name} is larger than {mb} MB"),
        "tooManyPhotos": _("At most {n}"),
        "waitForPhotos": _("Photos are still being sent; one moment please"),
        "photosFailed": _("Some photos were not sent. Send without them?"),
        # reports kept while there is no network
        "photoKept": _("No network: the photo is kept and sent with the report"),
        "reportKept": _("No network. The report is kept on this device and sent once the network is back"),
        "reportSent": _("A kept report was sent"),
        "reportNoText": _("(without text)"),
        "reportDrop": _("Delete this kept report"),
        "reportDropSure": _("Delete this report? It was not sent yet."),
        # choosing
        "typeToFind": _("Type to find"),
        "nothingFound": _("Nothing found"),
        "removeChoice": _("Remove {name}"),
        # maps
        "map": _("Map"),
        "zoomIn": _("Zoom in"),
        "zoomOut": _("Zoom out"),
        "mapCtrl": _("Hold Ctrl while scrolling to zoom the map"),
        "mapFingers": _("Move the map with two fingers"),
        "mapFailed": _("This device cannot draw the map. Use “My position” or write the address"),
        "pointChosen": _("Chosen: {lon}, {lat}"),
        "noGps": _("This device has no positioning. Choose on the map or write the address"),
        "gpsRefused": _("Positioning is not allowed. Choose on the map or write the address"),
        "gpsFailed": _("No position found. Choose on the map or write the address"),
    }

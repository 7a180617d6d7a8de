"""How a person is told apart on a device that several use, without saying who it is."""

from __future__ import annotations

from typing import Any

from django.utils.crypto import salted_hmac


def device_mark(user: Any) -> str:
    """A short mark of the signed-in person for what is kept in the browser; empty for a visitor."""
    if user is None or not user.is_authenticated:
        return ""
    return salted_hmac("huying.ui.drafts", str(user.pk)).hexdigest()[:12]

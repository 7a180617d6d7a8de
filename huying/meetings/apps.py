"""The meetings as a Django app."""

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    """Meetings whose agenda comes from open cases and whose decisions are moves on them."""

    name = "huying.meetings"
    label = "meetings"

    def ready(self) -> None:
        """Know the events, forget what is erased, and stand in the frame."""
        from huying.meetings import erasure, frame, ledger_kinds

        ledger_kinds.register()
        erasure.register()
        frame.install()

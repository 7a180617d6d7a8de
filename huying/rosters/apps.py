"""The rosters as a Django app."""

from django.apps import AppConfig


class RostersConfig(AppConfig):
    """Households paired with people in posts; visits to them are cases like any other."""

    name = "huying.rosters"
    label = "rosters"

    def ready(self) -> None:
        """Know the events, forget what is erased, and stand in the frame."""
        from huying.rosters import erasure, frame, ledger_kinds

        ledger_kinds.register()
        erasure.register()
        frame.install()

"""App settings of the room *staff*."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """The room that knows who serves where."""

    name = "huying.staff"
    label = "staff"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to sign-ins, so that each is on the ledger."""
        from huying.staff import signals  # noqa: F401

"""App settings of the room *staff*."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """The room that knows who serves where."""

    name = "huying.staff"
    label = "staff"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make kinds of event known, follow divisions that move, and fill in the page frame."""
        from huying.staff import erasure, events, follow, frame  # noqa: F401

        erasure.register()
        frame.install()

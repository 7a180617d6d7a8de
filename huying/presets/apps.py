"""App settings of the room *presets*."""

from django.apps import AppConfig


class PresetsConfig(AppConfig):
    """The room that reads, checks and keeps the definitions of places."""

    name = "huying.presets"
    label = "presets"
    default_auto_field = "django.db.models.BigAutoField"

"""App settings of the room *places*."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """The room that knows the map of a place."""

    name = "huying.places"
    label = "places"
    default_auto_field = "django.db.models.BigAutoField"

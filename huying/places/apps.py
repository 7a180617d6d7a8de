"""App settings of the room *places*."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """The room that knows the map of a place."""

    name = "huying.places"
    label = "places"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the room's kinds of event known to the ledger, and let its commands find places by their code."""
        from huying.ledger.commands import name_places
        from huying.places import events  # noqa: F401
        from huying.places.models import Place

        name_places(lambda code: Place.objects.filter(code=code).values_list("pk", flat=True).first())

"""The wiring room."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class SiteConfig(AppConfig):
    """Settings, addresses, error pages and the command; the one table says how the worker does."""

    name = "huying.site"
    label = "huying_site"

    def ready(self) -> None:
        """Wire what every process needs that talks to the database."""
        from huying.site import adapters

        connection_created.connect(adapters.register, dispatch_uid="huying.site.adapters")

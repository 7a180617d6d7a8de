"""The wiring room."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Settings, addresses, error pages and the command; the one table says how the worker does."""

    name = "huying.site"
    label = "huying_site"

"""The wiring room."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Settings, addresses, error pages and the command; no tables."""

    name = "huying.site"
    label = "huying_site"

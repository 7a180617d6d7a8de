"""Import and export as a Django app."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """What comes in from other systems in bulk."""

    name = "huying.exchange"
    label = "exchange"
    verbose_name = "Exchange"

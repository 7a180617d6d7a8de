"""Supervision as a Django app."""

from django.apps import AppConfig


class SuperviseConfig(AppConfig):
    """Orders to rectify, their copies and bulletins, and the rules that lead to them."""

    name = "huying.supervise"
    label = "supervise"

    def ready(self) -> None:
        """Follow the ledger, add the effect that issues bulletins, stand in the frame and on the page of a case."""

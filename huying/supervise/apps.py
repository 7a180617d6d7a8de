"""Supervision as a Django app."""

from django.apps import AppConfig


class SuperviseConfig(AppConfig):
    """Orders to rectify, their copies and bulletins, and the rules that lead to them."""

    name = "huying.supervise"
    label = "supervise"

    def ready(self) -> None:
        """Follow the ledger, carry out the effect that issues bulletins, and stand in the frame."""
        from huying.cases.actions import effects
        from huying.ledger import readers
        from huying.supervise import (
            bulletins,
            erasure,
            frame,
            keeping,
            ledger_kinds,
            levels,
            telling,
            watching,
        )

        erasure.register()
        ledger_kinds.register()
        telling.register()
        levels.register()
        effects.register("bulletin", bulletins.issue)
        readers.register("supervise.orders", keeping.keep)
        readers.register("supervise.rules", watching.watch)
        frame.install()

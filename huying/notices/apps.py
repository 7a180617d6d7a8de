"""The notices as a Django app."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Who is told what, and how."""

    name = "huying.notices"
    label = "notices"

    def ready(self) -> None:
        """Follow the ledger, forget what is erased, carry one-time codes, and stand in the frame."""
        from huying.ledger import readers
        from huying.notices import erasure, frame, outbox, pools, reader

        readers.register("notices", reader.follow)
        erasure.register()
        outbox.carry_codes()
        frame.install()
        pools.install()

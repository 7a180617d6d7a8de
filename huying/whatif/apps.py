"""Why is it slow, and what if? Reads the ledger, writes no case."""

from django.apps import AppConfig


class WhatifConfig(AppConfig):
    """How cases really went, and what would change if something were changed."""

    name = "huying.whatif"
    label = "whatif"

    def ready(self) -> None:
        """Follow the ledger and stand in the frame."""
        from huying.ledger import readers
        from huying.whatif import frame, traces

        readers.register("whatif.traces", traces.follow)
        frame.install()

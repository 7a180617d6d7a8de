"""The ledger as a Django app."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Registers the ledger's own kinds of event."""

    name = "huying.ledger"
    label = "ledger"
    verbose_name = "Ledger"

    def ready(self) -> None:
        """Make the ledger's own kinds and reader known."""
        from huying.ledger import erasure, readers
        from huying.ledger import ledger_kinds as ledger_kinds

        readers.register("ledger.erasures", erasure.write_list)

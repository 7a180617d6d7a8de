"""The inspection channel as a Django app."""

from django.apps import AppConfig


class InspectionConfig(AppConfig):
    """What inspectors order, are asked, and find."""

    name = "huying.inspection"
    label = "inspection"

    def ready(self) -> None:
        """Follow the ledger for what patterns are made of, forget what is erased, and stand in the frame."""
        from huying.inspection import erasure, frame, ledger_kinds, reader
        from huying.ledger import readers

        ledger_kinds.register()
        readers.register("inspection.facts", reader.follow)
        erasure.register()
        frame.install()

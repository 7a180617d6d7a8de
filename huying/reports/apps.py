"""The reports as a Django app."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Reports on schedule and on demand, in the layout of official papers."""

    name = "huying.reports"
    label = "reports"

    def ready(self) -> None:
        """Make the kinds of events known, follow refused returns, stand in the frame."""
        from huying.ledger import readers, vouched
        from huying.reports import erasure, frame, ledger_kinds, refusals, vouching

        ledger_kinds.register()
        erasure.register()
        readers.register("reports.refusals", refusals.follow)
        vouched.register("reports", vouching.TABLES, vouching.check)
        frame.install()

"""The indicators as a Django app."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """What the place measures itself by: figures, how they went, and the cases behind them."""

    name = "huying.indicators"
    label = "indicators"

    def ready(self) -> None:
        """Make the kinds of events known and stand in the frame."""
        from huying.indicators import frame, ledger_kinds

        ledger_kinds.register()
        frame.install()

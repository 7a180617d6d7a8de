"""The main job: calls that become cases, are routed, handled, verified, rated and closed."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "huying.cases"
    label = "cases"

    def ready(self) -> None:
        from huying.cases import erasure, frame, ledger_kinds, readers

        erasure.register()
        ledger_kinds.register()
        readers.register()
        frame.install()

"""The only writers of cases (law 1): ``report`` makes one, ``perform`` changes one, ``fire`` is the clock's hand."""

from huying.cases.actions.perform import Conflict, Performed, Refused, Stale, fire, fire_next, perform
from huying.cases.actions.report import KeyReused, Reported, report

__all__ = [
    "Conflict", "KeyReused", "Performed", "Refused", "Reported", "Stale", "fire", "fire_next", "perform", "report",
]  # fmt: skip

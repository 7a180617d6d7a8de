"""What a report is made from: the place, the period, whose report it is, and the figures, read once each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from django.utils.translation import override

from huying.cases import looks
from huying.indicators import queries as indicators
from huying.indicators.asking import AREAS
from huying.indicators.periods import Period
from huying.indicators.queries import Figure
from huying.places.info import DivisionInfo, PlaceMemory
from huying.presets.definition import Preset
from huying.presets.report_definition import ReportKind
from huying.reports.periods import zone_of

Triple = tuple[Figure, Figure | None, Figure | None]


@dataclass
class Making:
    """One report on its way."""

    memory: PlaceMemory
    preset: Preset
    kind: ReportKind
    division: DivisionInfo
    period: Period
    now: datetime
    _held: dict[Any, Any] = field(default_factory=dict)

    @property
    def place_id(self) -> int:
        return self.memory.place_id

    @property
    def top(self) -> bool:
        """Whether it is the report of the whole place."""
        return self.memory.top is not None and self.division.id == self.memory.top.id

    def moments(self, period: Period | None = None) -> tuple[datetime, datetime]:
        """The period from its first midnight to the one after its last day."""
        period, zone = period or self.period, zone_of(self.memory)
        return datetime.combine(period.start, time(), zone), datetime.combine(period.end, time(), zone)

    def own(self) -> dict[str, Triple]:
        """The figures of whose report it is, each with the period before and the year before."""
        if "own" not in self._held:
            if self.top:
                found = indicators.compared(self.place_id, self.period).get(None, {})
            else:
                key = self.division.id
                by = self.division.tier
                found = indicators.compared(self.place_id, self.period, by=by, ids=[key]).get(key, {})
            self._held["own"] = found
        own: dict[str, Triple] = self._held["own"]
        return own

    def level(self, by: str, period: Period | None = None) -> dict[Any, dict[str, Figure]]:
        """The figures of all units of a level that belong to this report."""
        period = period or self.period
        if (by, period) not in self._held:
            found = indicators.figures(self.place_id, period, by=by)
            if by in AREAS:
                under = self.division.path
                found = {
                    key: one
                    for key, one in found.items()
                    if isinstance(key, int)
                    and key in self.memory.divisions
                    and self.memory.division(key).path.startswith(under)
                }
            self._held[by, period] = found
        level: dict[Any, dict[str, Figure]] = self._held[by, period]
        return level

    def name(self, by: str, key: Any) -> str:
        """What a key of a level is called."""
        if by == "organ":
            return self.memory.organ(key).name if key in self.memory.organs else "未明确单位"
        if by in AREAS:
            return self.memory.division(key).name if key in self.memory.divisions else "未定位"
        if by == "item":
            row = self.preset.items.get(str(key))
            return str(row.name) if row is not None else "未定事项"
        with override("zh-hans"):  # the language of reports, whatever the reader's
            return looks.channel_name(self.preset, str(key))

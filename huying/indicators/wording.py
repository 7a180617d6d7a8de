"""Figures as people read them: with a decimal, a sign, a tone; formulas in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from huying.indicators import queries
from huying.indicators.periods import Period
from huying.indicators.queries import Figure
from huying.places.info import PlaceMemory
from huying.presets.definition import Preset
from huying.presets.indicator_definition import Indicator, Score
from huying.presets.measures import MEASURES, in_words

NONE = "—"
WIDTH, HEIGHT = 120, 28  # of a small line, in its own units


def lang() -> str:
    """The language in which a preset's words are shown."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def value(figure: Figure) -> str:
    """The figure without its unit; "" when there is nothing to rate. 100 and 0 only when nothing is missing."""
    if figure.value is None:
        return ""
    if figure.unit == "cases":
        return str(int(figure.value))
    number = figure.value * (100 if figure.unit == "percent" else 1)
    tenths = int(number * 10 + 0.5)
    if tenths == 1000 and figure.numerator < figure.denominator:
        tenths = 999
    if tenths == 0 and figure.numerator > 0:
        tenths = 1
    return f"{tenths // 10}.{tenths % 10}"


def unit(figure: Figure) -> str:
    """The sign or word behind the figure."""
    return {"percent": "%", "points": pgettext("score", "points"), "cases": pgettext("unit", "cases")}[
        figure.unit
    ]


@dataclass(frozen=True, slots=True)
class Change:
    """Against an earlier period: the text with its sign, and whether it is better ("good"), worse ("bad") or neither."""

    text: str
    tone: str = ""
    note: str = ""

    @property
    def there(self) -> bool:
        """Whether there was something to compare with."""
        return self.text != NONE


def change(figure: Figure, earlier: Figure | None) -> Change:
    """How a figure differs from an earlier one, in words."""
    found = queries.change(figure, earlier)
    if found is None:
        few = earlier is not None and earlier.value is not None and (figure.small or earlier.small)
        return Change(NONE, "", _("too few to compare") if few else _("nothing to compare with"))
    rounded = round(found * (1 if figure.unit == "points" else 100), 1)
    words = {"percent": _("percentage points"), "points": pgettext("score", "points"), "cases": "%"}[
        figure.unit
    ]
    sign = "+" if rounded > 0 else "−" if rounded < 0 else "±"
    tone = ""
    if rounded and figure.direction:
        tone = "good" if (rounded > 0) == (figure.direction == "higher") else "bad"
    return Change(f"{sign}{abs(rounded):.1f}", tone, words)


def line(points: Sequence[tuple[Period, Figure]]) -> str:
    """The points of a small line (SVG), gaps left out; "" when there are fewer than two."""
    found = [(n, figure.value) for n, (_part, figure) in enumerate(points) if figure.value is not None]
    if len(found) < 2:
        return ""
    least, most = min(v for _n, v in found), max(v for _n, v in found)
    span, last = (most - least) or 1, len(points) - 1
    return " ".join(
        f"{n * (WIDTH - 4) / last + 2:.1f},{HEIGHT - 3 - (v - least) * (HEIGHT - 6) / span:.1f}"
        for n, v in found
    )


def names_of(preset: Preset) -> dict[str, dict[str, str]]:
    """What the values that a measure is narrowed by are called."""
    from huying.cases import looks

    return {
        "channel": {one.code: one.name.text(lang()) for one in preset.place.channels},
        "item": {code: str(item.name) for code, item in preset.items.items()},
        "call": {code: str(name) for code, name in looks.CALLS.items()},
        "kind": {code: kind.name.text(lang()) for code, kind in preset.kinds.items()},
    }


def formula(one: Indicator | Score, memory: PlaceMemory) -> str:
    """How it is reckoned, in words."""
    preset = memory.preset
    if preset is None:
        return ""
    if isinstance(one, Score):
        own, parts = preset.indicators.indicators, []
        for ident, weight in one.weights.items():
            name = own[ident].name.text(lang())
            parts.append(f"{f'(1 − {name})' if own[ident].direction == 'lower' else name} × {weight:g}")
        return " + ".join(parts)
    names = names_of(preset)
    top = in_words(one.numerator, names, lang())
    if one.denominator is None:
        return top
    bottom = in_words(one.denominator, names, lang())
    several = len(one.numerator.terms) > 1, len(one.denominator.terms) > 1
    return f"{f'({top})' if several[0] else top} ÷ {f'({bottom})' if several[1] else bottom}"


def measure_name(code: str) -> str:
    """What a measure is called."""
    return MEASURES[code].name.text(lang())


def basis_name(basis: str) -> str:
    """By which day a case falls into the period."""
    return {
        "in": _("by the day on which the call came in"), "due": _("by the day on which handling was due"),
        "closed": _("by the day on which the case was closed"),
    }[basis]  # fmt: skip


def sort_value(figure: Figure | None) -> tuple[int, float]:
    """For sorting: what cannot be compared comes last, whichever way."""
    if figure is None or figure.value is None:
        return (2, 0.0)
    return (1 if figure.small else 0, figure.value)


def defined(memory: PlaceMemory) -> dict[str, Any]:
    """Indicators and scores by id, in the order of the file."""
    preset = memory.preset
    if preset is None:
        return {}
    return {**preset.indicators.indicators, **preset.indicators.scores}

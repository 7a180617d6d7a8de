"""Figures as an Excel sheet: numbers as numbers, with what they are made of beside them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from huying.cases.export import safe
from huying.indicators import wording
from huying.indicators.asking import Asked
from huying.indicators.queries import Figure
from huying.places.info import PlaceMemory
from huying.ui.moments import in_full


def book(
    asked: Asked,
    memory: PlaceMemory,
    own: Mapping[str, tuple[Figure, Figure | None, Figure | None]],
    level: str,
    units: Iterable[tuple[Any, str, Mapping[str, Figure]]],
    now: datetime,
) -> bytes:
    """The workbook: one sheet of the subject's figures, one of the units of the chosen level."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    made = Workbook()
    sheet: Any = made.active
    sheet.title = _("Indicators")
    span = f"{asked.period.start} – {asked.period.last}"
    sheet.append([safe(asked.subject.name), span, _("As of"), in_full(now)])
    sheet.append([
        pgettext("indicator", "Name"), pgettext("figure", "Value"), pgettext("figure", "Unit"), _("numerator"), _("denominator"),
        _("Left out"), _("Period before"), _("Year before"), _("few"), _("How it is reckoned"), _("Counted"),
    ])  # fmt: skip
    defined = wording.defined(memory)
    for ident, (figure, before, year_before) in own.items():
        one = defined[ident]
        left_out = "；".join(f"{wording.measure_name(name)} {n}" for name, n in figure.excluded.items() if n)
        basis = getattr(one, "basis", "")
        sheet.append([
            safe(one.name.text(wording.lang())), _number(figure), wording.unit(figure), figure.numerator, figure.denominator,
            left_out, _number(before), _number(year_before), _("yes") if figure.small else "", safe(wording.formula(one, memory)),
            wording.basis_name(basis) if basis else "",
        ])  # fmt: skip
    _dress(sheet, Font(bold=True), (22, 10, 8, 10, 10, 36, 12, 12, 8, 60, 24), 2)
    if level:
        _units(made.create_sheet(safe(level)[:31]), asked, memory, units, Font(bold=True))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _units(sheet: Any, asked: Asked, memory: PlaceMemory, units: Iterable[Any], bold: Any) -> None:
    names = [(ident, one) for ident, one in wording.defined(memory).items() if asked.level in one.levels]
    heads = [pgettext("indicator", "Name")]
    for _ident, one in names:
        heads += [safe(one.name.text(wording.lang())), _("numerator"), _("denominator")]
    sheet.append(heads)
    for _key, name, found in units:
        row: list[Any] = [safe(name)]
        for ident, _one in names:
            figure = found.get(ident)
            row += [
                _number(figure),
                figure.numerator if figure else None,
                figure.denominator if figure else None,
            ]
        sheet.append(row)
    _dress(sheet, bold, (24,), 1)


def _number(figure: Figure | None) -> float | None:
    """A number as a cell holds it: per cent as such, with one decimal as on the page."""
    text = wording.value(figure) if figure is not None else ""
    return float(text) if text else None


def _dress(sheet: Any, bold: Any, widths: Iterable[int], head: int) -> None:
    for cell in sheet[head]:
        cell.font = bold
    for n, width in enumerate(widths):
        sheet.column_dimensions["ABCDEFGHIJK"[n]].width = width
    sheet.freeze_panes = f"B{head + 1}"

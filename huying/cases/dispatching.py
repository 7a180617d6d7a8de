"""What a dispatcher weighs: whose duty an item is, how much they have open, what was ruled before. No SQL statement
while the figures are fresh (they are read at most every five seconds)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from huying import clock
from huying.cases import figures, naming
from huying.cases.figures import Figures, Ruling, unpack
from huying.cases.models import Case
from huying.cases.queries import Offer
from huying.cases.routing import organ_of
from huying.cases.sight import tellable
from huying.places.info import OrganInfo, PlaceMemory
from huying.suggest.likeness import similarity
from huying.worktime import due, parse_limit

RULINGS = 3
MOST_ORGANS = 12
SURE = 0.3  # a suggestion below this is never one press away
LEAST = 0.05  # a guess below this is shown only when it is the best there is


@dataclass(frozen=True, slots=True)
class Duty:
    """An organ that an item falls to, and how many cases and parts it has open (at most five seconds old)."""

    organ: OrganInfo
    open: int


@dataclass(frozen=True, slots=True)
class Precedent:
    """A ruling on the item that still holds. ``alike``: share of common wording in per cent."""

    number: str
    organ: str
    ruled_at: datetime
    alike: int
    cited: bool = False


@dataclass(frozen=True, slots=True)
class Handbook:
    """What the handbook says of an item at a place, with the figures that help to decide."""

    code: str
    name: str
    path: tuple[str, ...]
    handlers: tuple[Duty, ...]
    helpers: tuple[Duty, ...]
    limits: tuple[tuple[str, str], ...]
    evidence: tuple[str, ...]
    admitted: bool
    fixed: bool
    precedents: tuple[Precedent, ...] = ()

    @property
    def owner(self) -> Duty | None:
        """Whose it would be: of several handlers the one with the least open."""
        return min(self.handlers, key=lambda duty: duty.open) if self.handlers else None

    @property
    def organ_codes(self) -> list[str]:
        """Owner first, then the helpers: who is whistled when several work together."""
        first = [self.owner.organ.code] if self.owner is not None else []
        return list(dict.fromkeys([*first, *(duty.organ.code for duty in self.helpers)]))[:MOST_ORGANS]


def handbook(
    memory: PlaceMemory, code: str, division_id: int | None, path: str = "", signature: tuple[int, ...] = ()
) -> Handbook | None:
    """The item *code* as it applies in a division; None when there is no such item. *path* and *signature* (of the
    call's text) choose the precedents."""  # fmt: skip
    preset = memory.preset
    row = preset.items.get(code) if preset is not None else None
    if preset is None or row is None or not row.leaf:
        return None
    known = figures.of(memory.place_id)
    names = {"accept": _("Take"), "arrive": _("Report in"), "handle": _("Handle")}
    return Handbook(
        code=code, name=str(row.name), path=tuple(naming.item_path(preset, code)[:-1]),
        handlers=_duties(memory, known, row.handler.split("|"), division_id),
        helpers=_duties(memory, known, row.co_handlers, division_id),
        limits=tuple((names[name], limit_words(text)) for name, text in row.limits.items() if name in names),
        evidence=tuple(row.evidence), admitted=row.grid, fixed=row.fixed,
        precedents=precedents(memory, known, code, path, signature),
    )  # fmt: skip


def limit_words(text: str) -> str:
    """A limit of the handbook in the language of the page."""
    return parse_limit(text).label("en" if naming.english() else "zh")


def _duties(
    memory: PlaceMemory, known: Figures, names: Iterable[str], division_id: int | None
) -> tuple[Duty, ...]:
    found: dict[int, Duty] = {}
    for name in names:
        ident = organ_of(memory, name.strip(), division_id)
        if ident is not None:
            found.setdefault(ident, Duty(memory.organ(ident), known.open.get(f"organ:{ident}", 0)))
    return tuple(found.values())


def precedents(
    memory: PlaceMemory, known: Figures, code: str, path: str = "", signature: tuple[int, ...] = ()
) -> tuple[Precedent, ...]:
    """Rulings on the item that hold here, the likest first; ``cited`` is the one that routing follows."""
    cited = figures.ruling_for(known, code, path, signature)
    rows: list[tuple[float, Ruling]] = []
    for ruling in known.rulings.get(code, ()):
        if ruling.path and not path.startswith(ruling.path):
            continue
        alike = similarity(signature, ruling.signature) if signature and ruling.signature else 0.0
        rows.append((alike, ruling))
    rows.sort(key=lambda row: (-row[0], -row[1].ruled_at.timestamp()))
    return tuple(
        Precedent(
            ruling.number, memory.organ(ruling.organ_id).name if ruling.organ_id in memory.organs else "",
            ruling.ruled_at, round(alike * 100), cited is not None and cited.id == ruling.id,
        )
        for alike, ruling in rows[:RULINGS]
    )  # fmt: skip


def of_case(memory: PlaceMemory, case: Case, code: str = "") -> Handbook | None:
    """The handbook for *code*, or for the item that the case has or is most likely about."""
    code = code or case.item or best_item(case)
    signature = unpack(case.signature) if case.signature else ()
    return handbook(memory, code, case.division_id, case.path, signature) if code else None


def best_item(case: Case) -> str:
    """The item that was suggested first; empty when none was."""
    shown = (case.suggestion or {}).get("items") or []
    return str(shown[0][0]) if shown else ""


def worth(items: Sequence[Any]) -> list[Any]:
    """The suggested items that are worth showing: the best one, and others that are not mere guesses."""
    return [row for n, row in enumerate(items) if n == 0 or row[1] >= LEAST]


def suggested(memory: PlaceMemory, case: Case) -> list[dict[str, Any]]:
    """The stored suggestion as the desk reads it: item, confidence, reasons, whose duty, open there, precedent."""
    found = []
    for code, score, reasons in worth((case.suggestion or {}).get("items", [])):
        book = of_case(memory, case, code)
        if book is not None:
            found.append({"book": book, "percent": round(score * 100), "reasons": list(reasons)})
    return found


def prefill(
    panel: list[dict[str, Any]], offers: Iterable[Offer], case: Case, memory: PlaceMemory, tried: str = ""
) -> list[dict[str, Any]]:
    """Put what is known into the forms of a panel (``views.common.move_panel``), to be confirmed or changed.

    Organs come from the handbook, a ruling's organ from the precedent, limits from the calendar. The move that was
    *tried* keeps what was typed.
    """
    book = of_case(memory, case)
    for shown, offer in zip(panel, offers, strict=True):
        if shown["id"] == tried:
            continue
        known = _known(offer, case, memory, book)
        shown["fields"] = [
            {**field, "value": known[field["id"]]} if not field["value"] and field["id"] in known else field
            for field in shown["fields"]
        ]
    return panel


def _known(offer: Offer, case: Case, memory: PlaceMemory, book: Handbook | None) -> dict[str, Any]:
    asks = {one.id for one in offer.fields}
    known: dict[str, Any] = {"urgency": str(case.urgency)}
    for name in ("extend_days", "review_on"):
        if case.fields.get(name):
            known[name] = case.fields[name]
    if book is not None:
        known["item"] = book.code
        known["organs"] = book.organ_codes
        if (cited := next((one for one in book.precedents if one.cited), None)) and "organ" in asks:
            organ = next((row for row in memory.organs.values() if row.name == cited.organ), None)
            known["organ"] = organ.code if organ is not None else ""
    if "due" in asks:
        known["due"] = _due(case, memory, "2 workdays" if "question" in asks else "5 workdays")
    if "question" in asks:
        known["question"] = _("“%(title)s”: is this your duty? On what ground?") % {"title": case.title}
    if "title" in asks:
        known["title"] = case.title
    return known


def _due(case: Case, memory: PlaceMemory, otherwise: str) -> datetime:
    preset = memory.preset
    row = preset.items.get(case.item or best_item(case)) if preset is not None else None
    text = row.limits.get("handle") if row is not None and otherwise == "5 workdays" else None
    return due(parse_limit(text or otherwise), clock.now(), memory.calendar())


@dataclass(frozen=True, slots=True)
class Quick:
    """A move that can be made with one press: everything it needs is known. ``data``: names and values to send."""

    move: str
    label: str
    hint: str
    data: tuple[tuple[str, str], ...]


def quick_moves(
    panel: Iterable[Mapping[str, Any]],
    offers: Iterable[Offer],
    case: Case,
    memory: PlaceMemory,
    most: int = 2,
) -> list[Quick]:
    """The moves onward, of a filled-in panel, that need nothing more to be typed; never a dangerous one, never one that
    calls several organs, and none that rests on a weak guess of the item."""
    shown_items = (case.suggestion or {}).get("items") or []
    sure = bool(case.item) or bool(shown_items and shown_items[0][1] >= SURE)
    found: list[Quick] = []
    for shown, offer in zip(panel, offers, strict=True):
        move = offer.move
        if move.to is None or move.tone == "danger" or not offer.fields or len(found) >= most:
            continue
        must = [field for field in shown["fields"] if field["required"] and not field["when"]]
        names = {field["id"] for field in must}
        if "organs" in names or ("item" in names and not sure):
            continue
        if not must or any(not field["value"] or field["type"] in ("photo", "files") for field in must):
            continue
        data = tuple(pair for field in must for pair in _sent(field))
        found.append(Quick(shown["id"], str(shown["label"]), _hint(shown, memory), data))
    return found


def _sent(field: Mapping[str, Any]) -> list[tuple[str, str]]:
    value = field["value"]
    if isinstance(value, (list, tuple)):
        return [(field["id"], str(one)) for one in value]
    if isinstance(value, datetime):
        return [(field["id"], value.strftime("%Y-%m-%dT%H:%M"))]
    return [(field["id"], str(value))]


def _hint(shown: Mapping[str, Any], memory: PlaceMemory) -> str:
    preset = memory.preset
    for field in shown["fields"]:
        if field["id"] == "item" and preset is not None:
            return naming.item_name(preset, str(field["value"]))
    return ""


def admitted(memory: PlaceMemory) -> list[Any]:
    """The items on the place's admitted list: what grid workers may be given, in the handbook's order."""
    preset = memory.preset
    return [row for row in preset.called if row.grid] if preset is not None else []


def alike_in(place_id: int, path: str, text: str, most: int = 3) -> list[tuple[Case, float]]:
    """Open cases of an area that read alike, when there is no point to measure from. One SQL statement."""
    from huying.suggest.likeness import signature

    own = signature(text)
    if not path or not own:
        return []
    rows = tellable(place_id).filter(path__startswith=path, closed_at=None).order_by("-id")[:200]
    found = [(case, round(similarity(own, unpack(case.signature)), 2)) for case in rows if case.signature]
    return sorted((row for row in found if row[1] >= 0.12), key=lambda row: -row[1])[:most]


__all__ = [
    "Duty", "Handbook", "Precedent", "Quick", "admitted", "alike_in", "best_item", "handbook", "limit_words",
    "of_case", "precedents", "prefill", "quick_moves", "suggested", "worth",
]  # fmt: skip

"""Cards that higher rooms put on the page of a case, such as what belongs to an order of supervision."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from huying.cases.queries import CaseView
from huying.cases.who import Actor


@dataclass(frozen=True, slots=True)
class Panel:
    """A card beside the case: its template gets *context* as ``p``. *replaces*: moves that it offers itself."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    replaces: frozenset[str] = frozenset()


Maker = Callable[[HttpRequest, CaseView, Actor], "Panel | None"]
_makers: dict[str, Maker] = {}


def register(name: str, maker: Maker) -> None:
    """Add a card; called when a room's app is ready. It is asked for every case that somebody may see."""
    _makers[name] = maker


def of(request: HttpRequest, seen: CaseView, actor: Actor) -> list[Panel]:
    """The cards for one person on one case, in the order in which they were registered."""
    found = (maker(request, seen, actor) for maker in _makers.values())
    return [panel for panel in found if panel is not None]

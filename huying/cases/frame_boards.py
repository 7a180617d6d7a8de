"""Navigation to the boards of the year, in places that have one."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huying.places import memory as places
from huying.places.current import place_id_of
from huying.presets.definition import Kind
from huying.ui import nav


def install() -> None:
    """Put the entry into the residents' and the staff's frames."""
    nav.register(
        nav.Entry("resident", _label, "clipboard-check", "cases:boards", order=36, show=_any(everybody=True)),
        nav.Entry(
            "desk", _label, "clipboard-check", "cases:boards", order=58, group=gettext_lazy("Analysis"),
            show=_any(everybody=False),
        ),
    )  # fmt: skip


def _kinds(request: HttpRequest, everybody: bool) -> list[Kind]:
    from huying.cases.boards import boards_of

    place_id = place_id_of(request)
    return boards_of(places.of(place_id), everybody) if place_id else []


def _label(request: HttpRequest) -> str:
    """The board's own title where there is one only."""
    from huying.cases.views.common import lang_of

    kinds = _kinds(request, everybody=False)
    board = kinds[0].board if len(kinds) == 1 else None
    return board.title.text(lang_of()) if board is not None else _("Boards of the year")


def _any(everybody: bool) -> Callable[[HttpRequest], bool]:
    return lambda request: bool(_kinds(request, everybody))

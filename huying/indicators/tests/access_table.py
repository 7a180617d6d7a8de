"""Who may open the figures: whoever has a duty for an area, an organ as its head, or the place; weights: who publishes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from huying.cases.tests.mini import mini_case, mini_edition
from huying.testing.access import Row, only

FILE = Path(__file__).resolve().parents[3] / "presets" / "huinan" / "indicators.yaml"
LOOKS = ("grid_worker", "secretary", "clerk", "desk", "head", "inspector", "leader", "outsider")


def _ident(world: Any) -> dict[str, str]:
    return {"ident": "on_time"}


ROWS = {
    "indicators:overview": Row(only(*LOOKS)),
    "indicators:one": Row(only(*LOOKS, outsider=404), kwargs=_ident),
    # Who serves a grid reads its figures and no other's; the outsider's place has no indicators.
    "indicators:cases": Row(only(*LOOKS, outsider=404), kwargs=_ident, query="?part=denominator"),
    "indicators:sheet": Row(only(*LOOKS)),
    "indicators:weights": Row(only("admin")),
}


def edition_with_indicators(place: Any) -> Any:
    """The small place's whole preset with the indicators of a real one."""
    from huying.places.actions import load_preset
    from huying.presets.actions import publish

    # The small place has fewer channels.
    text = FILE.read_text("utf-8").replace("grid|street|video", "grid")
    files = {**mini_edition(place).files, "indicators.yaml": text}
    edition = publish(place.code, files)
    load_preset(place.code, edition.files, edition_id=edition.pk)
    return edition


def prepare(cast: Any) -> dict[str, Any]:
    edition_with_indicators(cast.place)
    return {"case": mini_case(cast)}

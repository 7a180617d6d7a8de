"""Who may open this room's addresses: one module ``access_<family>.py`` for each family of screens, found by name.

Each has ``ROWS`` and may have ``prepare(cast, objects)``, which adds to the objects that the rows refer to. What
families share is made here: ``objects["case"]``, a case at work with the department of the cast.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from huying.cases.tests.mini import mini_case, mini_edition

_FAMILIES = [
    import_module(f"{__package__}.{path.stem}")
    for path in sorted(Path(__file__).parent.glob("access_*.py"))
    if path.stem != "access_table"
]

ROWS = {name: row for family in _FAMILIES for name, row in family.ROWS.items()}


def prepare(cast: Any) -> dict[str, Any]:
    mini_edition(cast.place)
    objects: dict[str, Any] = {"case": mini_case(cast)}
    for family in _FAMILIES:
        if hasattr(family, "prepare"):
            family.prepare(cast, objects)
    return objects

"""The presets that are shipped load, and every grid with an outline is found at its centre."""

from pathlib import Path

import pytest

from huying.places import actions, memory

PRESETS = Path(__file__).resolve().parents[3] / "presets"
FOLDERS = sorted(path.parent for path in PRESETS.glob("*/place.yaml"))

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_a_shipped_preset(folder):
    place, outcome = actions.load_preset(folder.name, folder)
    known = memory.of(place.pk)
    assert outcome.count("add") == len(known.divisions) + len(known.organs)
    assert known.top is not None
    assert known.centre is not None
    for layer, grids in known.grids.items():
        for grid in grids:
            if grid.centre is not None:
                assert known.locate(*grid.centre, layer).grid.id == grid.id
    _place, again = actions.load_preset(folder.name, folder)
    assert again.changes == []

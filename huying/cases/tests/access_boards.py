"""Who reads the boards of the year: everybody, in a place whose preset has an open one (test_boards.py); this one has none."""

from huying.testing.access import Row, everybody

ROWS = {
    "cases:boards": Row(everybody(404, visitor=404)),
    "cases:board": Row(everybody(404, visitor=404), kwargs=lambda world: {"kind": "request"}),
}

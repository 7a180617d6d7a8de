"""Who reads the public notice of grids: everybody, in a place whose preset makes roles known
(test_my_grid.py); this one does not."""

from huying.testing.access import Row, everybody

ROWS = {"cases:my_grid": Row(everybody(404, visitor=404))}

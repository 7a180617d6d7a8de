"""Who may open the overview: whoever has a duty for an area, an organ as its head, or the place."""

from huying.testing.access import Row, only

LOOKS = only("grid_worker", "secretary", "clerk", "desk", "head", "inspector", "leader", "outsider")

ROWS = {
    "cases:overview": Row(LOOKS),
    "cases:overview_cases": Row(LOOKS, query="?m=reported"),
}

"""Who has the grid worker's pages: people who look after a grid."""

from huying.testing.access import Row, only

WORKER = only("grid_worker")

ROWS = {
    "cases:grid": Row(WORKER),
    "cases:grid_report": Row(WORKER),
    "cases:grid_cases": Row(WORKER),
}

"""Who sees the plan of rounds: whoever looks after an area, in a place that has a plan; this one has none
(test_rounds.py opens it)."""

from huying.testing.access import Row, everybody

ROWS = {"cases:rounds": Row(everybody(404, visitor=302, resident=403))}

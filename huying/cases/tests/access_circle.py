"""Who sees the service circle: everybody, in a place that has service points (test_dashiqiao_circle.py); this one has none."""

from huying.testing.access import Row, everybody

ROWS = {"cases:circle": Row(everybody(404, visitor=404))}

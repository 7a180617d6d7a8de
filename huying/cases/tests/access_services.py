"""Who sees the lists of services: everybody, in a place that has some (test_services.py); this one has none."""

from huying.testing.access import Row, everybody

ROWS = {
    "cases:services": Row(everybody(404, visitor=404)),
    "cases:service": Row(everybody(404, visitor=404), kwargs=lambda world: {"code": "T101"}),
}

"""Who may open this room's addresses."""

from huying.testing.access import Row, everybody

ROWS = {
    "places:at": Row(everybody(), query="?lon=120.005&lat=40.004"),
    "places:layer": Row(everybody(), kwargs=lambda world: {"layer": "general"}),
    "places:choose": Row(everybody(302), kwargs=lambda world: {"code": "mini"}, method="post"),
}

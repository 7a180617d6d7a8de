"""Who may open the pages of this room. The cast's place has no rosters, so whoever serves finds nothing there; what
officers, keepers and others get where there are some is in test_my_households.py, test_pairing.py and test_coverage.py.
"""

from uuid import UUID

from huying.testing.access import MISSING, Row, everybody, only

NONE = UUID(int=1)
NOBODYS = everybody(MISSING, visitor=302, resident=403)


def _one(world):
    return {"household_id": NONE}


ROWS = {
    "rosters:mine": Row(NOBODYS),
    "rosters:coverage": Row(NOBODYS),
    "rosters:import": Row(only("admin", status=MISSING)),
    "rosters:household": Row(NOBODYS, kwargs=_one),
    "rosters:pair": Row(NOBODYS, kwargs=lambda world: {**_one(world), "roster_id": "x"}, method="post"),
    "rosters:open": Row(NOBODYS, kwargs=lambda world: {**_one(world), "roster_id": "x", "kind": "visit"}),
}

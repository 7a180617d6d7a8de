"""Who may open the pages of this room. The cast's place has no meetings, so single ones are missing there; what
leaders and others get from one is in test_meeting_pages.py.
"""

from uuid import UUID

from huying.testing.access import MISSING, Row, everybody

NONE = UUID(int=1)
NOBODYS = everybody(MISSING, visitor=302, resident=403)


def _one(world):
    return {"meeting_id": NONE}


ROWS = {
    "meetings:list": Row(everybody(visitor=302, resident=403)),
    "meetings:open": Row(NOBODYS, method="post", data=lambda world: {"division": "1"}),
    "meetings:meeting": Row(NOBODYS, kwargs=_one),
    "meetings:decide": Row(
        NOBODYS, kwargs=lambda world: {"meeting_id": NONE, "case_id": NONE}, method="post"
    ),
    "meetings:close": Row(NOBODYS, kwargs=_one, method="post"),
}

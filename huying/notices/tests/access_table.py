"""Who may open this room's addresses."""

import uuid

from huying.testing.access import Row, everybody, only

SIGNED_IN = everybody(visitor=302)


def _nothing(world):
    return {"notice_id": uuid.UUID(int=5)}


ROWS = {
    "notices:notices": Row(SIGNED_IN),
    "notices:bell": Row(everybody()),
    "notices:choice": Row(SIGNED_IN),
    "notices:read_all": Row(everybody(303, visitor=302), method="post"),
    # A notice of nobody: it is not there for anybody who is signed in.
    "notices:open": Row(everybody(404, visitor=302), kwargs=_nothing),
    "notices:sent": Row(only("admin")),
    "notices:again": Row(
        only(admin=404),
        kwargs=lambda world: {"place_id": world.cast.place.pk, "delivery_id": uuid.UUID(int=5)},
        method="post",
    ),
}

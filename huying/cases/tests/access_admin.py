"""Who may open the administrator's screens of this room."""

from huying.presets.models import Edition
from huying.testing.access import Row, only

RECORD = only("inspector", "admin")
ADMIN = only("admin")


def _edition(world):
    newest = Edition.objects.order_by("-number", "-pk").first()
    return {"number": newest.number}


def _flow(world):
    return {**_edition(world), "flow": "six-steps"}


# The outsider's place has no edition of its own in the cast, and no right to manage either.
ROWS = {
    "cases:admin": Row(only("inspector", "admin")),
    "cases:items": Row(ADMIN),
    "cases:item_new": Row(ADMIN),
    "cases:item": Row(ADMIN, kwargs=lambda world: {"code": "A1"}),
    "cases:presets": Row(ADMIN),
    "cases:edition": Row(ADMIN, kwargs=_edition),
    "cases:preset_upload": Row(ADMIN),
    "cases:edition_zip": Row(ADMIN, kwargs=_edition),
    "cases:edition_file": Row(ADMIN, kwargs=_edition, query="?name=catalogue.csv"),
    "cases:flow": Row(ADMIN, kwargs=_flow),
    "cases:flow_picture": Row(ADMIN, kwargs=_flow),
    "cases:ledger": Row(RECORD),
    "cases:ledger_check": Row(RECORD, method="post"),
    "cases:ledger_seal": Row(RECORD, method="post"),
    "cases:erasures": Row(RECORD),
}

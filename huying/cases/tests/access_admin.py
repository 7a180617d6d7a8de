"""Who may open the administrator's screens of this room."""

from huying.testing.access import Row, only

RECORD = only("inspector", "admin")

ROWS = {
    "cases:admin": Row(only("inspector", "admin")),
    "cases:ledger": Row(RECORD),
    "cases:ledger_check": Row(RECORD, method="post"),
    "cases:ledger_seal": Row(RECORD, method="post"),
    "cases:erasures": Row(RECORD),
}

"""What the database roles may do with the ledger's tables."""

from __future__ import annotations

from typing import Any

OWNER, APP, READER = "huying_owner", "huying_app", "huying_reader"

# The app never gets UPDATE or DELETE on events and pages. It deletes what was pending, and what is erased;
# UPDATE of a wrapped key is for the change of master key, and PostgreSQL asks it for a row lock.
APP_MAY = {
    "ledger_event": "SELECT, INSERT",
    "ledger_page": "SELECT, INSERT",
    "ledger_pending": "SELECT, INSERT, DELETE",
    "ledger_private": "SELECT, INSERT, DELETE",
    "ledger_key": "SELECT, INSERT, DELETE, UPDATE (wrapped)",
    "ledger_reader": "SELECT, INSERT, UPDATE",
}
READER_MAY = {
    "ledger_event": "SELECT",
    "ledger_page": "SELECT",
    "ledger_pending": "SELECT",
    "ledger_reader": "SELECT",
}


def grant(cursor: Any) -> list[str]:
    """Set exactly these rights, taking away what default privileges gave. The roles it found.

    A database without the roles (somebody's own server with a single account) is left as it is: the triggers
    on events and pages still refuse changes there. Run it again after making the roles.
    """
    cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [[APP, READER]])
    found = sorted(name for (name,) in cursor.fetchall())
    for role in found:
        may = APP_MAY if role == APP else READER_MAY
        for table in APP_MAY:
            cursor.execute(f"REVOKE ALL ON {table} FROM {role}")
            if table in may:
                cursor.execute(f"GRANT {may[table]} ON {table} TO {role}")
    return found

"""Database sessions that record whose they are (`huying.staff.models.Session`)."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from huying import clock
from huying.ledger.sql import first_row

_STORED = (
    "SELECT session_data FROM staff_session "
    "WHERE session_key = %(key)s::text AND expire_date > %(now)s::timestamptz"
)


class SessionStore(DatabaseStore):
    """Django's database sessions plus person, address and browser, kept in columns for `/me`."""

    @classmethod
    def get_model_class(cls) -> Any:
        """The table behind this engine."""
        from huying.staff.models import Session

        return Session

    def load(self) -> dict[str, Any]:
        """What the session holds; {} for one that ended. One SQL statement, prepared, as every request asks it."""
        # Like Django's own sessions by the machine's clock, never by a demonstration's.
        row = first_row(_STORED, {"key": self.session_key, "now": timezone.now().isoformat()})
        if row is None:
            self._session_key = None
            return {}
        held: dict[str, Any] = self.decode(row[0])
        return held

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """The row for *data*; the columns are copies of what the session itself holds."""
        row: Any = super().create_model_instance(data)
        row.person_id = data.get("_auth_user_id")
        row.agent = str(data.get("agent", ""))[:200]
        row.address = data.get("address")
        row.started_at = data.get("started_at") or clock.now()
        row.seen_at = data.get("seen_at") or clock.now()
        return row

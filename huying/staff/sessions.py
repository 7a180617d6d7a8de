"""Database sessions that record whose they are (`huying.staff.models.Session`)."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from huying import clock


class SessionStore(DatabaseStore):
    """Django's database sessions plus person, address and browser, kept in columns for `/me`."""

    @classmethod
    def get_model_class(cls) -> Any:
        """The table behind this engine."""
        from huying.staff.models import Session

        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """The row for *data*; the columns are copies of what the session itself holds."""
        row: Any = super().create_model_instance(data)
        row.person_id = data.get("_auth_user_id")
        row.agent = str(data.get("agent", ""))[:200]
        row.address = data.get("address")
        row.started_at = data.get("started_at") or clock.now()
        row.seen_at = data.get("seen_at") or clock.now()
        return row

"""The place and people of the cases room's tests, and a worker's turn over the ledger."""

from __future__ import annotations

from huying.cases.tests.conftest import _fresh_memories, huinan, staff  # noqa: F401
from huying.notices.tests.conftest import read_on  # noqa: F401

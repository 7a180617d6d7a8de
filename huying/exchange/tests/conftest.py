"""The place that tests of imports bring messages to."""

from __future__ import annotations

from huying.cases.tests.conftest import _fresh_memories, huinan  # noqa: F401 - fixtures

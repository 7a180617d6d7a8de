"""The place that the tests of this room use."""

from huying.cases.tests.conftest import _fresh_memories, huinan, staff

__all__ = ["_fresh_memories", "huinan", "staff"]

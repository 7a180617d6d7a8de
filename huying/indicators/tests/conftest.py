"""The place and people are those of the tests of cases."""

from huying.cases.tests.conftest import _fresh_memories, huinan, staff

__all__ = ["_fresh_memories", "huinan", "staff"]

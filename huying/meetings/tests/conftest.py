"""The county whose flow has meetings, and its people."""

from __future__ import annotations

from huying.cases.tests.conftest import _fresh_memories  # noqa: F401
from huying.cases.tests.zhenlai import VILLAGE, village, zhenlai  # noqa: F401

__all__ = ["VILLAGE"]

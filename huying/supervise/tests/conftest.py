"""The place and people of the cases room's tests, a worker's turn over the ledger, and a case to supervise."""

from __future__ import annotations

from typing import Any

import pytest

from huying.supervise.tests.makers import World


@pytest.fixture
def world(staff: Any, read_on: Any) -> World:
    """Who supervises and who is supervised."""
    return World(staff, read_on)

"""Places and their people for the tests of every room (registered in the conftest.py of the root).

A test file, or a room's conftest.py, that needs other people under one of these names defines its own: the nearest wins.
"""

from __future__ import annotations

from typing import Any

import pytest

from huying.cases.tests.loading import loaded
from huying.cases.tests.people import Staff, behind_server
from huying.cases.tests.zhenlai import POSTS, Village


@pytest.fixture
def huinan(db: Any) -> Any:
    """The place of the preset ``huinan``, published and loaded."""
    return loaded("huinan")


@pytest.fixture
def staff(huinan: Any) -> Staff:
    """The people of ``huinan``."""
    return Staff(huinan)


@pytest.fixture
def zhenlai(db: Any) -> Any:
    """The place of the preset ``zhenlai``, published and loaded."""
    return loaded("zhenlai")


@pytest.fixture
def village(zhenlai: Any) -> Village:
    """One community of ``zhenlai``, and those above it."""
    return Village(zhenlai)


@pytest.fixture
def live(live_server: Any, settings: Any) -> tuple[Staff, str]:
    """``huinan`` behind a real server, with a department and the desk that can sign in; and the server's address."""
    posts = {
        "officer": {"role": "officer", "organ": "chengguan"},
        "desk": {"role": "centre_desk", "organ": "centre"},
    }
    return behind_server("huinan", settings, posts), live_server.url


@pytest.fixture
def live_village(live_server: Any, settings: Any) -> tuple[Village, str]:
    """``zhenlai`` behind a real server, with people of all its posts who can sign in; and the server's address."""
    made = behind_server("zhenlai", settings, POSTS, Village)
    assert isinstance(made, Village)
    return made, live_server.url

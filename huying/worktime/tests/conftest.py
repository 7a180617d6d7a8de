import pytest

from huying.worktime import Calendar, holiday_rows


@pytest.fixture(scope="session")
def office() -> Calendar:
    """08:30-11:30 and 13:00-17:00 with the announced holidays of 2004-2026."""
    return Calendar([["08:30", "11:30"], ["13:00", "17:00"]], {row.date: row.kind for row in holiday_rows()})

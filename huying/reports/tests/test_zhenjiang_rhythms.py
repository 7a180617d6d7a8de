"""The rhythms of the new area's account (ZJ9): sorted by the village each day, analysed by the town each week, bulletin of
the zone each month, look-back each half-year; before and after of its pilots (ZJ10)."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest

from huying.cases.tests.loading import loaded
from huying.cases.tests.people import Staff
from huying.clock import frozen
from huying.reports import actions, jobs, queries
from huying.reports.models import Report

VILLAGE, TOWN = "321171001001", "321171001"
NOW = datetime(2026, 11, 3, 1, 30, tzinfo=UTC)  # a Tuesday, half past nine in the place


@pytest.fixture
def staff(db: Any) -> Staff:
    return Staff(loaded("zhenjiang"))


def test_each_tier_has_its_own_rhythm_and_writes_it_itself(staff: Staff) -> None:
    with frozen(NOW):
        while jobs.make_due():
            pass
        rows = Report.objects.filter(place_id=staff.place.pk)
        villages = [one for one in staff.memory.divisions.values() if one.tier == "village" and one.active]
        towns = [one for one in staff.memory.divisions.values() if one.tier == "town" and one.active]
        made = Counter(rows.values_list("kind", flat=True))
        assert made == {"daily": len(villages), "weekly": len(towns), "monthly": 1, "lookback": 1}

        village = staff.actor("village", role="village_desk", division=VILLAGE)
        town = staff.actor("town", role="town_desk", division=TOWN)
        other = staff.actor("other", role="village_desk", division="321171001002")
        own = rows.get(kind="daily", division_id=staff.memory.by_code(VILLAGE).id)
        issued = actions.issue(village, own.id)
        assert issued.number == "〔2026〕第1期"
        assert queries.one(town.sight, issued.id).id == issued.id
        with pytest.raises(Report.DoesNotExist):
            queries.one(other.sight, issued.id)  # another village's sorting is not theirs

        head = staff.actor("head", role="centre_head", organ="centre")
        looked = actions.issue(head, rows.get(kind="lookback").id)
        leader = staff.actor("leader", role="leader", division="321171")
        text = str(queries.one(leader.sight, looked.id).content)
        assert "丁卯街道" in text  # the pilots, against the rest
        assert "试点前" in text

"""Makes the recorded histories again: ``pytest huying/whatif/tests/record_histories.py -n 0`` (some ten minutes each)."""

from __future__ import annotations

from typing import Any

import pytest

from huying.places import memory
from huying.testing.tests.test_demo import END, made, play
from huying.whatif.models import Trace
from huying.whatif.tests.histories import DAYS, FOLDER, pack
from huying.whatif.traces import course_of

CASES = 3000


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_record(db: Any, seed: int) -> None:
    place = made()
    play(place, CASES, DAYS, seed)
    courses = [
        course_of(one) for one in Trace.objects.filter(place_id=place.pk).order_by("reported_at", "case_id")
    ]
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"seed{seed}.json.gz").write_bytes(pack(courses, memory.of(place.pk), END.timestamp()))

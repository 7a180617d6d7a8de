"""/metrics: figures for a monitoring system, only for whoever has the token."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from huying.cases.actions import report
from huying.cases.calls import Call
from huying.cases.jobs import sweep_all
from huying.ledger import jobs, readers
from huying.site.metrics import FIGURES

TOKEN = "a-token-for-monitoring"


def read(**headers: str) -> dict[str, dict[tuple[str, ...], float]]:
    answer = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}", **headers})
    assert answer.status_code == 200, answer.content
    return {
        family.name: {tuple(one.labels.values()): one.value for one in family.samples}
        for family in text_string_to_metric_families(answer.content.decode())
    }


@pytest.mark.django_db
def test_nobody_without_the_token(settings: Any) -> None:
    assert Client().get("/metrics").status_code == 404
    settings.HUYING_METRICS_TOKEN = TOKEN
    for wrong in ("", "Bearer", "Bearer x", f"Basic {TOKEN}", f"Bearer {TOKEN}é"):
        assert Client().get("/metrics", headers={"Authorization": wrong}).status_code == 404


@pytest.mark.django_db
def test_the_figures_are_what_is_there(settings: Any, staff: Any) -> None:
    settings.HUYING_METRICS_TOKEN = TOKEN
    place = staff.place
    report(place.pk, Call(body="路灯坏了，晚上看不见", anonymous=True), staff.desk)
    before = read()
    assert set(FIGURES) < set(before)
    assert before["huying_ledger_pending"][place.code,] >= 1
    jobs.drain(place.pk)
    sealed = read()
    assert sealed["huying_ledger_pending"][place.code,] == 0
    assert sealed["huying_ledger_pages"][place.code,] > before["huying_ledger_pages"][place.code,]
    while readers.run(place.pk):
        pass
    lags = read()["huying_reader_lag_pages"]
    assert lags
    assert set(lags.values()) == {0}
    sweep_all()
    assert read()["huying_clock_age_seconds"][place.code,] < 60
    assert read()["huying_disk_free_bytes"][()] > 0
    assert "路灯" not in str(read())

"""Weights are changed as data: shown first, checked whole, published as an edition, on the record."""

from __future__ import annotations

from typing import Any

import pytest

from huying.cases.tests.desk_browser import browser
from huying.indicators import queries, weights
from huying.indicators.periods import month
from huying.ledger.models import Event
from huying.presets.models import Edition
from huying.presets.reader import load

OTHER = {
    "w_handled": "40",
    "w_handled_on_time": "20",
    "w_reworked": "20",
    "w_waiting_late": "15",
    "w_extended": "5",
}


def admin(staff: Any) -> Any:
    return browser(staff, "boss", role="admin", division="220523")


def test_new_weights_are_shown_then_published_and_in_force(staff: Any, clock: Any) -> None:
    client, before = admin(staff), Edition.objects.count()
    shown = client.post("/admin/indicators/", {"score": "district", **OTHER})
    assert "处置率：30 → 40" in shown.content.decode()
    assert Edition.objects.count() == before
    base = staff.memory.edition_id
    answer = client.post(
        "/admin/indicators/", {"score": "district", "base": base, "publish": "1", "note": "县里定", **OTHER}
    )
    assert answer.status_code == 303
    edition = Edition.objects.order_by("-number")[0]
    assert (Edition.objects.count(), edition.note) == (before + 1, "县里定")
    assert queries.defined(staff.place.pk).scores["district"].weights["handled"] == 40
    assert "# 考核指标" in edition.files["indicators.yaml"]  # what people wrote beside it stays
    [event] = Event.objects.filter(kind="indicators.weighed")
    assert (event.data["score"], event.data["edition"], event.data["weights"]["handled"]) == (
        "district",
        edition.number,
        40,
    )
    assert event.person_id == staff.people["boss"].pk
    assert queries.figures(staff.place.pk, month(2026, 3))[None]["district"].value is None


@pytest.mark.parametrize(
    "wrong", [{"w_handled": "50"}, {"w_handled": "x"}, {"w_handled": "-1"}, {"w_handled": ""}]
)
def test_weights_that_do_not_make_a_hundred_are_refused(staff: Any, wrong: dict[str, str]) -> None:
    client, before = admin(staff), Edition.objects.count()
    answer = client.post(
        "/admin/indicators/",
        {"score": "district", "base": staff.memory.edition_id, "publish": "1", **OTHER, **wrong},
    )
    assert answer.status_code == 422
    assert Edition.objects.count() == before


def test_who_was_overtaken_loses_nothing(staff: Any, clock: Any) -> None:
    client, base = admin(staff), staff.memory.edition_id
    client.post("/admin/indicators/", {"score": "district", "base": base, "publish": "1", **OTHER})
    late = {**OTHER, "w_handled": "45", "w_extended": "0"}
    answer = client.post("/admin/indicators/", {"score": "district", "base": base, "publish": "1", **late})
    assert answer.status_code == 409
    assert 'value="45"' in answer.content.decode()


BLOCK = """\
scores:
  a:
    name: A   # one
    weights:
      x: 60
      y: 40

    good: 90
  b: {name: B, weights: {x: 100}, good: 90}
"""


def test_only_the_weights_change_in_the_file() -> None:
    assert weights.changed(BLOCK, "a", {"x": 50, "y": 50}) == BLOCK.replace(
        "    weights:\n      x: 60\n      y: 40\n\n", "    weights: {x: 50, y: 50}\n"
    )
    assert weights.changed(BLOCK, "b", {"x": 99.5}) == BLOCK.replace("{x: 100}", "{x: 99.5}")
    with pytest.raises(KeyError):
        weights.changed(BLOCK, "c", {})


def test_the_preset_itself_can_be_changed_so(huinan: Any) -> None:
    preset = load(dict(Edition.objects.get().files))[0]
    assert preset is not None
    score = preset.indicators.scores["district"]
    found = weights.draft(preset, score, {**score.weights, "handled": 20, "extended": 20})
    assert found.problems == []
    assert len(found.changes) == 1

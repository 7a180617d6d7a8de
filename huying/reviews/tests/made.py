"""The cast's small place with reviews, and a closed case of it with everything that this room shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from huying import clock
from huying.cases.actions import perform
from huying.cases.models import Case
from huying.cases.tests.mini import mini_case, mini_edition
from huying.cases.who import Actor
from huying.ledger.ids import uuid7
from huying.places import memory as places
from huying.reviews.actions import deductions
from huying.reviews.actions.tasks import open_task
from huying.reviews.models import Deduction
from huying.reviews.tests.conftest import DONE

REAL = Path(__file__).resolve().parents[3] / "presets" / "huinan"


def with_reviews(place: Any) -> None:
    """Publish the small place's edition once more, with the real reviews.yaml as far as it fits its small catalogue."""
    from huying.places.actions import load_preset
    from huying.presets.actions import publish

    files = dict(mini_edition(place).files)
    text = (REAL / "reviews.yaml").read_text()
    text = (
        text[: text.index("appraisal:")]
        .replace("items: [E110, E201]", "items: [A1]")
        .replace(", channels: [street, grid]", "")
    )
    files["reviews.yaml"] = text
    edition = publish(place.code, files)
    load_preset(place.code, edition.files, edition_id=edition.pk)


def closed_case(cast: Any) -> Case:
    """A case of the cast's resident, handled by the cast's department and closed."""
    case, place = mini_case(cast), cast.place.pk

    def actor(member: str, channel: str = "web") -> Actor:
        return Actor(channel=channel, sight=cast.sight(member))

    perform(place, case.id, "sign_in", actor("officer"), {})
    perform(place, case.id, "done", actor("officer"), DONE)
    perform(
        place,
        case.id,
        "pass",
        actor("desk", "hotline"),
        {"solved": "solved", "public_reply": "摊位已清理，欢迎监督。"},
    )
    case.refresh_from_db()
    return case


def everything(cast: Any) -> dict[str, Any]:
    """A closed case with an open call-back, check and look-back, and a deduction that was confirmed."""
    with_reviews(cast.place)
    case = closed_case(cast)
    memory, now = places.of(cast.place.pk), clock.now()
    reviews = memory.preset.reviews
    tasks = {
        kind: open_task(memory, case, getattr(reviews, kind), kind, rule="sample", mark="1", now=now)
        for kind in ("call_back", "check", "look_back")
    }
    row = Deduction.objects.create(
        place_id=cast.place.pk, id=uuid7(), case_id=case.id, event_id=uuid7(), rule="delay", edition_id=memory.edition_id,
        organ_id=case.organ_id, points=1, at=now, made_at=now,
    )  # fmt: skip
    deductions.confirm(cast.place.pk, row.id, Actor(channel="web", sight=cast.sight("inspector")))
    return {"case": case, "deduction": row, **tasks}

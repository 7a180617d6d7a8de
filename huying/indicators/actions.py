"""The only writer of this room: new weights, as the place's next edition and on the ledger."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from huying import clock
from huying.cases import handbook
from huying.cases.who import Actor
from huying.indicators import weights as weighing
from huying.ledger import actions as ledger
from huying.places.info import PlaceMemory
from huying.presets.definition import Preset
from huying.presets.indicator_definition import Score
from huying.presets.models import Edition


def weigh(
    memory: PlaceMemory,
    preset: Preset,
    score: Score,
    weights: Mapping[str, float],
    base: int,
    note: str,
    actor: Actor,
) -> Edition:
    """Publish other weights of a score. *base* is the edition that the change was made from.

    Raises what ``cases.handbook.publish`` raises: Conflict, Refused, presets.actions.Refused, ImportRefused; nothing is
    written then.
    """
    draft = weighing.draft(preset, score, weights)
    with transaction.atomic():
        edition = handbook.publish(memory, base, draft.files, note, actor)
        data = {"score": score.id, "edition": edition.number, "weights": dict(weights)}
        entry = ledger.Entry(kind="indicators.weighed", data=data, at=clock.now())
        ledger.append(memory.place_id, [entry], actor.for_ledger())
    return edition

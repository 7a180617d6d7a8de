"""Publishing editions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction
from django.db.models import Max

from huying import clock
from huying.flow.source import Problem
from huying.presets.definition import Preset
from huying.presets.models import Edition
from huying.presets.queries import keep
from huying.presets.reader import load


class Refused(Exception):
    """The preset has problems, or is of another place; nothing was published."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(one) for one in problems))
        self.problems = problems


def other_place(preset: Preset, place_code: str) -> list[Problem]:
    """What is wrong when the preset is of another place than *place_code*; otherwise nothing."""
    if preset.code == place_code:
        return []
    return [
        Problem(
            "place.yaml",
            1,
            f"this preset is of the place “{preset.code}”, not “{place_code}”",
            "Publish it for its own place",
            "other-place",
            f"这个预设属于“{preset.code}”，不是“{place_code}”",
            "发布到它自己的地方",
        )
    ]


def publish(
    place_code: str | None,
    source: Path | str | Mapping[str, bytes | str],
    at: datetime | None = None,
    note: str = "",
) -> Edition:
    """Publish a folder (or file name → content) as the place's next edition, as of *at* (now).

    A place code of None takes the place that the preset itself names. The same content gives the same edition
    again. Raises Refused with every problem if the preset has any.
    """
    preset, problems = load(source)
    if preset is None:
        raise Refused(problems)
    if place_code is None:
        place_code = preset.code
    if other := other_place(preset, place_code):
        raise Refused(other)
    with transaction.atomic():
        # One publisher of a place at a time: the number counts without gaps and the content is looked up once.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"edition:{place_code}"])
        same = Edition.objects.filter(place_code=place_code, sha256=preset.sha256).first()
        if same is not None:
            return _known(same, preset)
        last = Edition.objects.filter(place_code=place_code).aggregate(last=Max("number"))["last"] or 0
        made = Edition.objects.create(
            place_code=place_code,
            number=last + 1,
            sha256=preset.sha256,
            files=dict(preset.files),
            published_at=at or clock.now(),
            note=note[:400],
        )
        return _known(made, preset)


def _known(edition: Edition, preset: Preset) -> Edition:
    """The edition, which this process need not compile again once it is in the database: it just did."""
    transaction.on_commit(lambda: keep(edition.pk, preset))
    return edition

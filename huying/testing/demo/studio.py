"""Photos for a demonstration: a few drawn scenes, each staged and claimed like a photo from a telephone."""

from __future__ import annotations

import io
import random
from datetime import datetime

from huying.files import actions as files
from huying.files import images
from huying.testing.demo.pictures import scene

SCENES = 10  # of each kind are drawn; photos of different cases may be of the same scene


class Studio:
    """Draws scenes when first needed and hands them out."""

    def __init__(self, place_id: int, rng: random.Random) -> None:
        self.place_id = place_id
        self.rng = rng
        self.seed = rng.random()
        self.drawn: dict[tuple[bool, int], tuple[bytes, images.Photo]] = {}

    def photo(self, scope: str, at: datetime, *, tidy: bool = False) -> str:
        """The token of a photo staged by *scope*."""
        which = (tidy, self.rng.randrange(SCENES))
        if which not in self.drawn:
            data = scene(random.Random(f"{self.seed} {which}"), tidy=tidy).getvalue()
            self.drawn[which] = data, images.reencode(data)
        data, written = self.drawn[which]
        upload = io.BytesIO(data)
        upload.name = "example.jpg"
        return files.stage(self.place_id, upload, scope, at=at, written=written).token

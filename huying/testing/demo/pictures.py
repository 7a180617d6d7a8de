"""Simple drawn scenes that stand for photos; each says that it is an example."""

from __future__ import annotations

import io
import math
import random
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

SIZE = (720, 540)
LABEL, LABEL_PLAIN = "示例图片", "EXAMPLE"
_FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
)
_SKIES = ((196, 216, 232), (214, 222, 228), (176, 200, 226), (228, 218, 204), (90, 104, 130))
_WALLS = ((206, 190, 170), (188, 196, 200), (214, 176, 150), (170, 180, 160), (200, 200, 190))
_THINGS = ((156, 94, 60), (86, 120, 96), (170, 60, 52), (70, 90, 128), (210, 160, 60))


@lru_cache(maxsize=1)
def _font() -> tuple[ImageFont.FreeTypeFont | ImageFont.ImageFont, str]:
    """A font that has the label's characters, and the label it can write."""
    for path in _FONTS:
        if Path(path).is_file():
            return ImageFont.truetype(path, 26), LABEL
    return ImageFont.load_default(), LABEL_PLAIN


def scene(rng: random.Random, *, tidy: bool = False) -> io.BytesIO:
    """A street with something lying about (nothing when *tidy*), as a JPEG that says that it is an example."""
    width, height = SIZE
    picture = Image.new("RGB", SIZE, rng.choice(_SKIES))
    draw = ImageDraw.Draw(picture)
    ground = int(height * rng.uniform(0.55, 0.68))
    left = -rng.randrange(60)
    while left < width:
        wide, tall = rng.randrange(130, 260), rng.randrange(160, ground - 40)
        _house(draw, rng, left, ground, wide, tall)
        left += wide + rng.choice((0, 0, 18, 40))
    draw.rectangle((0, ground, width, height), fill=(150, 150, 148))
    draw.rectangle((0, ground, width, ground + 34), fill=(184, 180, 172))
    for x in range(-80, width, 150):
        draw.polygon([(x, 668), (x + 70, 668), (x + 62, 680), (x - 8, 680)], fill=(226, 226, 220))
    for _ in range(rng.randrange(1, 4)):
        _tree(draw, rng, rng.randrange(width), ground + 8)
    if not tidy:
        for _ in range(rng.randrange(3, 9)):
            _thing(draw, rng, rng.randrange(60, width - 60), rng.randrange(ground + 20, height - 70))
    font, label = _font()
    draw.rectangle((0, height - 44, 150, height), fill=(255, 255, 255))
    draw.text((14, height - 40), label, fill=(60, 60, 60), font=font)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=70)
    out.name = "example.jpg"
    out.seek(0)
    return out


def _house(
    draw: ImageDraw.ImageDraw, rng: random.Random, left: int, ground: int, wide: int, tall: int
) -> None:
    top = ground - tall
    draw.rectangle((left, top, left + wide, ground), fill=rng.choice(_WALLS), outline=(120, 116, 110))
    lit = (236, 220, 160) if rng.random() < 0.3 else (110, 130, 150)
    for row in range(top + 22, ground - 50, 54):
        for col in range(left + 18, left + wide - 34, 48):
            draw.rectangle((col, row, col + 26, row + 32), fill=lit, outline=(90, 90, 90))


def _tree(draw: ImageDraw.ImageDraw, rng: random.Random, x: int, y: int) -> None:
    draw.rectangle((x - 5, y - 90, x + 5, y), fill=(96, 72, 52))
    for _ in range(5):
        dx, dy, r = rng.randrange(-26, 26), rng.randrange(-130, -80), rng.randrange(20, 36)
        draw.ellipse((x + dx - r, y + dy - r, x + dx + r, y + dy + r), fill=(84, 118 + rng.randrange(30), 80))


def _thing(draw: ImageDraw.ImageDraw, rng: random.Random, x: int, y: int) -> None:
    size, colour = rng.randrange(18, 62), rng.choice(_THINGS)
    shape = rng.randrange(3)
    if shape == 0:
        draw.rectangle((x, y, x + size, y + size * 2 // 3), fill=colour, outline=(60, 50, 40))
    elif shape == 1:
        draw.ellipse((x, y, x + size, y + size // 2), fill=colour, outline=(50, 50, 50))
    else:
        points = [
            (x + size * math.cos(a) * rng.uniform(0.6, 1), y + size * math.sin(a) * rng.uniform(0.3, 0.5))
            for a in (0, 1.1, 2.2, 3.3, 4.4, 5.4)
        ]
        draw.polygon(points, fill=colour)

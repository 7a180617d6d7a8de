"""The few things of which a picture is made, as SVG text."""

from __future__ import annotations

from xml.sax.saxutils import escape

_ARROWS = {
    "down": "M0 -5 V5 M-4 1 L0 5 L4 1", "up": "M0 5 V-5 M-4 -1 L0 -5 L4 -1",
    "right": "M-5 0 H5 M1 -4 L5 0 L1 4", "left": "M5 0 H-5 M-1 -4 L-5 0 L-1 4",
    "stay": "M3 4 A5 5 0 1 1 4 -3 M5 -7 L4 -2 L-1 -3",
}  # fmt: skip


def arrow(x: float, y: float, direction: str, colour: str) -> str:
    """Whether a move leads down, up, beside, or stays."""
    return (
        f'<path transform="translate({x:.1f} {y:.1f})" d="{_ARROWS[direction]}" fill="none" '
        f'stroke="{colour}" stroke-width="1.6"/>'
    )


def number(x: float, y: float, number: int, radius: int, colour: str) -> list[str]:
    """A step's number in a disc."""
    size = radius + 3
    return [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{colour}"/>',
        f'<text x="{x:.1f}" y="{y + size * 0.36:.1f}" font-size="{size}" text-anchor="middle" fill="#ffffff" '
        f'font-weight="700">{number}</text>',
    ]


def text(x: float, y: float, words: str, size: int, colour: str, *, bold: bool = False) -> str:
    """Words."""
    weight = ' font-weight="700"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}"{weight}>{escape(words)}</text>'


def line(colour: str, points: list[tuple[float, float]], thick: float, dash: str = "") -> str:
    """A way between steps."""
    way = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<polyline points="{way}" fill="none" stroke="{colour}" stroke-width="{thick}"{dashed}/>'

"""What a picture of a flow shows, read from the SVG itself: boxes, words and lines with their places."""

import itertools
from dataclasses import dataclass
from xml.etree import ElementTree

from huying.flow.picture_words import text_width

SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Area:
    left: float
    top: float
    right: float
    bottom: float
    words: str = ""

    def meets(self, other: "Area", slack: float = 0.5) -> bool:
        return (
            self.left + slack < other.right
            and other.left + slack < self.right
            and self.top + slack < other.bottom
            and other.top + slack < self.bottom
        )

    def holds(self, other: "Area") -> bool:
        return (
            self.left <= other.left
            and self.top <= other.top
            and other.right <= self.right
            and other.bottom <= self.bottom
        )


@dataclass(frozen=True)
class Drawn:
    """`lines` are the ways between steps, each a list of points; the last point tells to which step."""

    boxes: list[Area]
    words: list[Area]
    lines: list[list[tuple[float, float]]]
    whole: Area

    @classmethod
    def of(cls, svg: str) -> "Drawn":
        root = ElementTree.fromstring(svg)
        boxes, words, lines = [], [], []
        for node in root.iter():
            at = node.attrib
            if node.tag == f"{SVG}rect" and "stroke" in at:
                x, y = float(at["x"]), float(at["y"])
                boxes.append(Area(x, y, x + float(at["width"]), y + float(at["height"])))
            if node.tag == f"{SVG}text":
                x, y, size, said = float(at["x"]), float(at["y"]), float(at["font-size"]), node.text or ""
                wide = text_width(said, size)
                x -= wide / 2 if at.get("text-anchor") == "middle" else 0
                words.append(Area(x, y - size * 0.8, x + wide, y + size * 0.2, said))
            if node.tag == f"{SVG}polyline" and at["stroke"] != "#cbd5e1":  # that colour parts a card in two
                lines.append([tuple(map(float, point.split(","))) for point in at["points"].split()])
        return cls(boxes, words, lines, Area(0, 0, float(root.attrib["width"]), float(root.attrib["height"])))

    def faults(self) -> list[str]:
        """Everything that lies on something else, or is cut."""
        found = []
        for a, b in itertools.combinations(self.boxes, 2):
            if a.meets(b):
                found.append(f"two boxes overlap: {a} {b}")
        for a, b in itertools.combinations(self.words, 2):
            if a.meets(b):
                found.append(f"words overlap: {a.words} and {b.words}")
        for word in self.words:
            if not self.whole.holds(word):
                found.append(f"cut off: {word.words}")
            for box in self.boxes:
                if word.meets(box) and not box.holds(word):
                    found.append(f"crosses the edge of its box: {word.words}")
        for line in self.lines:
            for piece in pieces(line):
                for thing in (*self.boxes, *self.words):
                    if thing.meets(piece):
                        found.append(f"a line runs through {thing.words or 'a box'}")
        return found

    def crossings(self) -> int:
        """How many times lines to different steps meet; also where they lie on one another."""
        return sum(
            _touch(p, q)
            for a, b in itertools.combinations(self.lines, 2)
            if a[-1] != b[-1]
            for p in pieces(a)
            for q in pieces(b)
        )


def pieces(line: list[tuple[float, float]]) -> list[Area]:
    """The straight parts of a line."""
    return [
        Area(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
        for (x1, y1), (x2, y2) in itertools.pairwise(line)
    ]


def _touch(a: Area, b: Area) -> bool:
    return a.left <= b.right and b.left <= a.right and a.top <= b.bottom and b.top <= a.bottom

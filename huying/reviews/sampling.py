"""Drawing by lot, without anybody who could choose: the lot of a case follows from its id and a key of the server.

The same case always gets the same lot for the same draw, so that a draw can be repeated and checked; without the key
file nobody can tell beforehand who will be called.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from huying.cases.models import Case
from huying.ledger.sealing import lookup_hash
from huying.presets.review_definition import Draw

REOPENED = "reopened"  # among a draw's results: cases that needed more than one round


def lot(case_id: UUID, draw: str, mark: str = "") -> float:
    """A number of 0 to under 100 that belongs to this case and draw."""
    bits = int.from_bytes(lookup_hash(f"{case_id}:{draw}:{mark}", "review.draw")[:8], "big")
    return bits / 2**64 * 100


def drawn(draws: Iterable[Draw], case: Case, when: str, mark: str = "") -> Draw | None:
    """The first of *draws* by which *case* comes up on this occasion; None when by none."""
    for draw in draws:
        if draw.when == when and fits(draw, case) and lot(case.id, draw.id, mark) < draw.share:
            return draw
    return None


def fits(draw: Draw, case: Case) -> bool:
    """Whether the draw is about cases like this one."""
    if draw.items and not any(case.item == code for code in draw.items):
        return False
    if draw.calls and case.call not in draw.calls:
        return False
    if draw.grades and case.grade not in draw.grades:
        return False
    if draw.results:
        plain = [code for code in draw.results if code != REOPENED]
        again = REOPENED in draw.results and case.round > 1
        return case.result in plain or again
    return True

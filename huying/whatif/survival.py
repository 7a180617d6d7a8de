"""How long things take when some are not finished yet: the product-limit estimate, and drawing from it.

E. L. Kaplan, P. Meier, Nonparametric estimation from incomplete observations, 1958.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from math import inf


class Curve:
    """The share that lasts longer than a time. ``never`` is what stays when nothing more is known."""

    __slots__ = ("events", "never", "seen", "shares", "times")

    def __init__(self, times: list[float], shares: list[float], events: int, seen: int = 0) -> None:
        self.times = times
        self.shares = shares  # after each time, falling
        self.never = shares[-1] if shares else 1.0
        self.events = events
        self.seen = seen  # observations, finished or not

    def share(self, time: float) -> float:
        """The share that lasts longer than *time*."""
        i = bisect_right(self.times, time) - 1
        return 1.0 if i < 0 else self.shares[i]

    def draw(self, u: float, beyond: float = -inf) -> float:
        """A time for a uniform *u*, given that it lasts longer than *beyond*; infinite: longer than anybody has seen."""
        top = self.share(beyond)
        wanted = u * top
        if wanted <= self.never or not self.times:
            return inf
        # The first time at which no more than *wanted* is left: shares fall, so look from behind.
        i = _first_at_most(self.shares, wanted)
        upper = self.times[i]
        if i == 0:
            return max(upper, beyond)
        lower, high, low = max(self.times[i - 1], beyond), self.shares[i - 1], self.shares[i]
        high = min(high, top)
        if upper <= lower or high <= low:
            return max(upper, beyond)
        return lower + (upper - lower) * (high - wanted) / (high - low)

    def mean_beyond(self, time: float) -> float:
        """The mean of those that last longer than *time*; what is never seen to end counts as the longest seen."""
        i = bisect_right(self.times, time)
        top = self.share(time)
        if i >= len(self.times) or top <= 0:
            return time
        total, before = 0.0, top
        for at, share in zip(self.times[i:], self.shares[i:], strict=True):
            total += at * (before - share)
            before = share
        return (total + before * self.times[-1]) / top


def _first_at_most(shares: list[float], wanted: float) -> int:
    return bisect_left(shares, -wanted, key=lambda share: -share)


def estimate(observations: Iterable[tuple[float, bool]]) -> Curve:
    """The curve of (time, finished) observations; an unfinished one has lasted at least so long."""
    rows = sorted(observations, key=lambda row: (row[0], not row[1]))
    at_risk, share, events = len(rows), 1.0, 0
    seen = at_risk
    times: list[float] = []
    shares: list[float] = []
    i = 0
    while i < len(rows):
        time, done, gone = rows[i][0], 0, 0
        while i < len(rows) and rows[i][0] == time:
            done += rows[i][1]
            gone += 1
            i += 1
        if done:
            share *= 1 - done / at_risk
            events += done
            times.append(time)
            shares.append(share)
        at_risk -= gone
    return Curve(times, shares, events, seen)


def interval(values: list[float], share: float = 0.9) -> tuple[float, float]:
    """The middle *share* of the values."""
    rows = sorted(values)
    if not rows:
        return (0.0, 0.0)
    cut = (1 - share) / 2 * (len(rows) - 1)
    return rows[round(cut)], rows[round(len(rows) - 1 - cut)]

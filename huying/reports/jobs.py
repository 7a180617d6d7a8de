"""What the worker does for this room: make the drafts that are due."""

from huying.reports.making_drafts import make_due, next_due

TICKS = [("reports.make_due", 60.0, make_due, "slow")]

__all__ = ["TICKS", "make_due", "next_due"]

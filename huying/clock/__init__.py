"""The platform's one clock.

Every room takes the time from here, never from ``datetime.now`` or ``timezone.now``, so that a demonstration
can start at another moment and be moved on by hand, and so that tests can say what time it is.
"""

from huying.clock.source import (
    ClockError,
    DemoClock,
    advance,
    demo_clock,
    frozen,
    install,
    moved,
    now,
    set_time,
    uninstall,
)

__all__ = [
    "ClockError",
    "DemoClock",
    "advance",
    "demo_clock",
    "frozen",
    "install",
    "moved",
    "now",
    "set_time",
    "uninstall",
]

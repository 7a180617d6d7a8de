"""What can go wrong with a report, as codes; words for people are made in views."""

from __future__ import annotations


class ReportError(Exception):
    """What was asked for cannot be done. ``code``: not-allowed, not-a-draft, unknown-section, unknown-choice, too-long,
    no-such-period, not-over, no-such-report, not-issued."""

    def __init__(self, code: str, **about: object) -> None:
        super().__init__(code)
        self.code = code
        self.about = about


class Stale(ReportError):
    """Somebody else has changed the draft since it was read."""

    def __init__(self) -> None:
        super().__init__("stale")

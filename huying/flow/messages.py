"""Every defect a flow can have: its code, what is wrong, how to mend it — in English and Chinese."""

from __future__ import annotations

from .messages_reading import READING
from .messages_sense import SENSE
from .source import Problem

MESSAGES = {**READING, **SENSE}


def problem(code: str, file: str, line: int, **about: object) -> Problem:
    """Build the Problem for a code of MESSAGES."""
    what, mend, zh_what, zh_mend = MESSAGES[code]
    text = {key: str(value) for key, value in about.items()}
    zh = {key: str(about.get(f"zh_{key}", value)) for key, value in about.items()}
    return Problem(
        file=file,
        line=line,
        what=what.format(**text),
        mend=mend.format(**text),
        code=code,
        zh_what=zh_what.format(**zh),
        zh_mend=zh_mend.format(**zh),
    )

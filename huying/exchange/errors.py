"""What can go wrong with a file as a whole."""

from __future__ import annotations


class CannotRead(Exception):
    """The file cannot be read at all; the message says why and what to do. Nothing was written."""

"""What a demonstration drew (passwords), in memory: for tests that make its people."""

from __future__ import annotations


class Kept(dict[str, str]):
    """As the store of secrets of a real one, but gone afterwards."""

    def put(self, name: str, value: str) -> str:
        self[name] = value
        return value

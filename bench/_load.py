"""A load generator that uses little of the processor it shares with the server: plain sockets, one thread.

Requests are bytes made beforehand. Each connection sends one, reads its answer, and sends the next (closed loop).
"""

from __future__ import annotations

import json
import selectors
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any


def request(path: str, key: str, body: Any, idempotency: str = "", method: str = "POST") -> bytes:
    """One HTTP/1.1 request with a bearer key and a JSON body."""
    text = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
    lines = [
        f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {key}", "Accept-Language: zh-hans",
        f"Content-Length: {len(text)}",
    ]  # fmt: skip
    if text:
        lines.append("Content-Type: application/json")
    if idempotency:
        lines.append(f"Idempotency-Key: {idempotency}")
    return "\r\n".join([*lines, "", ""]).encode() + text


@dataclass(slots=True)
class Result:
    """What came of it: seconds each answer took, how many of each status, and the wall time."""

    times: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    bodies: list[bytes] = field(default_factory=list)
    seconds: float = 0.0

    def percentile(self, share: float) -> float:
        """Milliseconds within which that share of the answers came."""
        if not self.times:
            return 0.0
        ordered = sorted(self.times)
        return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000, 2)

    @property
    def per_s(self) -> float:
        """Answers a second."""
        return round(len(self.times) / self.seconds, 1) if self.seconds else 0.0


class _Connection:
    __slots__ = ("buffer", "expected", "sent_at", "socket")

    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""
        self.expected = 0
        self.sent_at = 0.0

    def send(self, data: bytes) -> None:
        self.buffer, self.expected = b"", 0
        self.sent_at = time.perf_counter()
        self.socket.sendall(data)

    def receive(self) -> tuple[int, bytes] | None:
        """Status and body once they are there; None before."""
        got = self.socket.recv(65536)
        if not got:
            raise ConnectionError("the server closed the connection")
        self.buffer += got
        if not self.expected:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return None
            head = self.buffer[:end].lower()
            at = head.find(b"content-length:")
            length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            self.expected = end + 4 + length
        if len(self.buffer) < self.expected:
            return None
        return int(self.buffer[9:12]), self.buffer[self.buffer.find(b"\r\n\r\n") + 4 :]


def run(
    port: int,
    requests: Iterator[bytes],
    *,
    connections: int = 8,
    seconds: float = 20.0,
    keep: Callable[[int, bytes], None] | None = None,
) -> Result:
    """Send *requests* over *connections* for *seconds* (or until there are none left), and wait for every answer.

    *keep* is called with status and body of each answer.
    """  # fmt: skip
    result = Result()
    selector = selectors.DefaultSelector()
    started = time.perf_counter()
    until = started + seconds
    busy = 0
    for _ in range(connections):
        one = _Connection(("127.0.0.1", port))
        data = next(requests, None)
        if data is None:
            break
        one.send(data)
        selector.register(one.socket, selectors.EVENT_READ, one)
        busy += 1
    last = started
    while busy:
        for ready, _ in selector.select(30):
            one = ready.data
            answer = one.receive()
            if answer is None:
                continue
            last = time.perf_counter()
            result.times.append(last - one.sent_at)
            result.statuses[answer[0]] = result.statuses.get(answer[0], 0) + 1
            if keep is not None:
                keep(*answer)
            data = next(requests, None) if last < until else None
            if data is None:
                selector.unregister(one.socket)
                one.socket.close()
                busy -= 1
            else:
                one.send(data)
    result.seconds = last - started
    return result

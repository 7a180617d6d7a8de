"""A worker's turn over the ledger, unread notices and a gateway for messages, for the tests of every room (registered in the
conftest.py of the root)."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from huying.notices import channels

SECRET = "a-secret-for-tests"


class Gateway:
    """A gateway for text messages: answers with *status* and keeps what it got."""

    def __init__(self) -> None:
        self.status = 200
        self.got: list[dict[str, Any]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                signed = channels.signature(SECRET, self.headers["X-Huying-Time"], body)
                assert signed == self.headers["X-Huying-Signature"]
                if outer.status == 200:
                    outer.got.append(json.loads(body))
                self.send_response(outer.status)
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/send"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def gateway(settings: Any) -> Any:
    made = Gateway()
    settings.HUYING_SMS_URL, settings.HUYING_SMS_SECRET = made.url, SECRET
    settings.HUYING_DEMO = False
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def read_on() -> Any:
    """Puts what happened into a page and lets the readers read it."""
    from huying.ledger import jobs, readers

    def go(place_id: int) -> None:
        jobs.drain(place_id)
        readers.run(place_id)

    return go


@pytest.fixture
def kinds() -> Any:
    """The kinds of a person's unread notices, by name."""
    from huying.notices.models import Notice

    def of(person: Any) -> list[str]:
        found = Notice.objects.filter(place_id=person.place_id, person_id=person.pk, read_at=None)
        return sorted(found.values_list("kind", flat=True))

    return of

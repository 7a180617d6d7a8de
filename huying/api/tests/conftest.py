"""Callers with keys: the people of the first real preset, each with a key of their own."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from huying.api import auth
from huying.cases.tests.conftest import (  # noqa: F401 - fixtures
    Staff,
    _fresh_memories,
    huinan,
    staff,
)
from huying.staff import tokens


@pytest.fixture(autouse=True)
def _fresh_keys() -> Any:
    auth.forget()
    yield
    auth.forget()


def key_for(person: Any, *scopes: str, **more: Any) -> str:
    """A new key that acts as *person*, with all scopes unless some are named."""
    from huying.ledger.actions import Actor

    return tokens.create(person, "test", scopes or tokens.SCOPES, actor=Actor(), **more)[1]


class Wsgi:
    """Calls the WSGI application that the web server runs, as the server would."""

    def __init__(self, application: Any) -> None:
        self.application = application

    def post(self, path: str, body: Any, key: str = "", **headers: str) -> tuple[int, Any, dict[str, str]]:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "POST", "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "localhost",
            "SERVER_PORT": "80", "wsgi.input": io.BytesIO(raw), "wsgi.url_scheme": "http",
            "CONTENT_LENGTH": str(len(raw)), "CONTENT_TYPE": "application/json", "SCRIPT_NAME": "",
            "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost",
        }  # fmt: skip
        if key:
            environ["HTTP_AUTHORIZATION"] = f"Bearer {key}"
        for name, value in headers.items():
            environ[f"HTTP_{name.upper()}"] = value
        told: dict[str, Any] = {}

        def start_response(status: str, found: list[tuple[str, str]], *_: Any) -> None:
            told["status"], told["headers"] = int(status.split()[0]), dict(found)

        answer = b"".join(self.application(environ, start_response))
        return told["status"], json.loads(answer), told["headers"]


@pytest.fixture
def wsgi() -> Wsgi:
    """The direct path, with nothing behind it: whatever it hands on fails the test."""
    from huying.api.direct import serving

    def otherwise(environ: Any, start_response: Any) -> Any:
        raise AssertionError("handed on")

    return Wsgi(serving(otherwise))

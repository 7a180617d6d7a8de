"""Callers with keys: the people of the first real preset, each with a key of their own."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.test import Client

from huying.cases.tests.people import Staff
from huying.staff import tokens

LAMP = {
    "body": "朝阳街与兴工路交叉口路灯不亮已经三天，晚上出行不安全。",
    "division": "220523001001",
    "item": "L103",
    "reporter": {"name": "示例·王一", "phone": "100-0000-0091"},
}


@pytest.fixture(autouse=True)
def _kept_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls share the test's transaction; the server would give the connection back after each."""
    monkeypatch.setattr("huying.api.direct.give_back", lambda: None)


def key_for(person: Any, *scopes: str, **more: Any) -> str:
    """A new key that acts as *person*, with all scopes unless some are named."""
    from huying.ledger.actions import Actor

    return tokens.create(person, "test", scopes or tokens.SCOPES, actor=Actor(), **more)[1]


class Keyed:
    """A client of the interface with one key. Answers are (status, decoded JSON)."""

    def __init__(self, key: str = "") -> None:
        self.key = key
        self.client = Client(raise_request_exception=False)
        self.last: Any = None

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        given = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        if not path.startswith("/"):
            path = f"/api/v1/{path}"
        more: dict[str, Any] = {}
        if body is not None:
            more = {
                "data": body if isinstance(body, bytes | str) else json.dumps(body),
                "content_type": "application/json",
            }
        self.last = self.client.generic(method, path, headers=given, **more)
        return self._said()

    def _said(self) -> tuple[int, Any]:
        content = b"".join(self.last.streaming_content) if self.last.streaming else self.last.content
        is_json = "json" in self.last.headers["Content-Type"]
        return self.last.status_code, json.loads(content) if is_json else content

    def get(self, path: str, **headers: str) -> tuple[int, Any]:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any, **headers: str) -> tuple[int, Any]:
        return self.ask("POST", path, body, **headers)

    def upload(self, path: str, data: dict[str, Any], **headers: str) -> tuple[int, Any]:
        given = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        self.last = self.client.post(path, data, headers=given | headers)
        return self._said()


class Callers:
    """Clients by who they are."""

    def __init__(self, people: Staff) -> None:
        self.people = people
        self._keys: dict[str, str] = {}

    def of(self, name: str, **post: str) -> Keyed:
        if name not in self._keys:
            self._keys[name] = key_for(self.people.person(name, **post))
        return Keyed(self._keys[name])

    @property
    def resident(self) -> Keyed:
        return self.of("resident", kind="resident")

    @property
    def desk(self) -> Keyed:
        return self.of("desk", role="centre_desk", organ="centre")

    def officer(self, organ: str = "chengguan") -> Keyed:
        return self.of(f"officer-{organ}", role="officer", organ=organ)


@pytest.fixture
def callers(staff: Any) -> Callers:
    return Callers(staff)


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

"""The MQTT bridge against a real broker: calls in exactly once, answers, what became of them, and a broker that goes away."""

from __future__ import annotations

import asyncio
import json
import queue
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import paho.mqtt.client as paho
import pytest
from django.db import connection

from huying.api.mqtt import Bridge, answer_to, broker_of
from huying.api.problems import Problem
from huying.api.tests.conftest import LAMP, key_for
from huying.cases.models import Case
from huying.ledger import jobs
from huying.site.tests.processes import free_port


@contextmanager
def broker(port: int) -> Iterator[None]:
    """An MQTT broker on 127.0.0.1 that forgets everything when the block ends."""
    from amqtt.broker import Broker

    settings = {
        "listeners": {"default": {"type": "tcp", "bind": f"127.0.0.1:{port}"}},
        "plugins": {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}},
    }
    loop, ready, over = asyncio.new_event_loop(), threading.Event(), asyncio.Event()

    async def main() -> None:
        one = Broker(settings, loop=loop)
        await one.start()
        ready.set()
        await over.wait()
        await one.shutdown()

    thread = threading.Thread(target=lambda: loop.run_until_complete(main()), daemon=True)
    thread.start()
    assert ready.wait(15)
    try:
        yield
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(15)
        loop.close()


class Device:
    """Something that sends calls and listens."""

    def __init__(self, port: int, base: str) -> None:
        self.base, self.heard = base, queue.Queue()
        self.client = paho.Client(paho.CallbackAPIVersion.VERSION2)
        self.client.on_message = lambda c, d, m: self.heard.put((m.topic, json.loads(m.payload)))
        self.client.connect("127.0.0.1", port)
        self.client.subscribe([(f"{base}/answers/+", 1), (f"{base}/cases", 1)])
        self.client.loop_start()

    def call(self, ident: str, **more: Any) -> None:
        self.client.publish(
            f"{self.base}/calls", json.dumps({"id": ident, **LAMP, **more}), qos=1
        ).wait_for_publish(5)

    def hear(self, topic: str) -> Any:
        until = time.monotonic() + 20
        while time.monotonic() < until:
            try:
                where, said = self.heard.get(timeout=1)
            except queue.Empty:
                continue
            if where.startswith(f"{self.base}/{topic}"):
                return said
        raise AssertionError(f"nothing was heard on {topic}")

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


def until(what: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not what():
        assert time.monotonic() < end
        time.sleep(0.05)


def closing(work: Callable[[], None]) -> Callable[[], None]:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    return run


@pytest.fixture
def there(transactional_db: Any, staff: Any) -> Any:
    """Somebody at the desk of a place, which other threads see too."""
    return staff.person("desk", role="centre_desk", organ="centre")


@contextmanager
def bridge_to(port: int, key: str) -> Iterator[Bridge]:
    one = Bridge(broker_of(f"mqtt://127.0.0.1:{port}"), key)
    thread = threading.Thread(target=closing(lambda: one.run(0.2)), daemon=True)
    thread.start()
    until(one.client.is_connected)
    time.sleep(0.3)  # until it has subscribed
    try:
        yield one
    finally:
        one.stop()
        thread.join(15)


def test_a_call_becomes_a_case_once_and_what_becomes_of_it_is_told(there: Any) -> None:
    port = free_port()
    with broker(port), bridge_to(port, key_for(there)) as bridge:
        device = Device(port, bridge.base)
        try:
            device.call("lamp-1")
            said = device.hear("answers/lamp-1")
            assert said["status"] == 201
            assert "track_code" not in said["body"]
            device.call("lamp-1")
            assert device.hear("answers/lamp-1") == said
            device.call("lamp-1", body="另一件事")
            assert device.hear("answers/lamp-1")["status"] == 409
            case = Case.objects.get()
            assert case.number == said["body"]["number"]
            jobs.drain(case.place_id)
            told = device.hear("cases")
            assert (told["number"], told["item"]) == (case.number, "L103")
            assert LAMP["body"] not in json.dumps(told, ensure_ascii=False)
        finally:
            device.close()


def test_what_cannot_be_taken_is_said_and_holds_nothing_up(there: Any) -> None:
    port = free_port()
    with broker(port), bridge_to(port, key_for(there)) as bridge:
        device = Device(port, bridge.base)
        try:
            for payload in (
                b"",
                b"not json",
                b"[]",
                b'{"body": "x"}',
                b'{"id": "a/b", "body": "x"}',
                b"[" * 9000,
            ):
                device.client.publish(f"{bridge.base}/calls", payload, qos=1).wait_for_publish(5)
            device.call("wrong", division="000000")
            assert device.hear("answers/wrong")["status"] == 422
            device.call("right")
            assert device.hear("answers/right")["status"] == 201
            assert Case.objects.count() == 1
        finally:
            device.close()


def test_reports_of_wrongdoing_are_not_told(there: Any) -> None:
    port = free_port()
    with broker(port), bridge_to(port, key_for(there)) as bridge:
        device = Device(port, bridge.base)
        try:
            device.call("secret", call="report")
            assert device.hear("answers/secret")["status"] == 201
            device.call("open")
            assert device.hear("answers/open")["status"] == 201
            jobs.drain(Case.objects.first().place_id)
            assert device.hear("cases")["number"] == Case.objects.exclude(call="report").get().number
        finally:
            device.close()


def test_a_broker_that_comes_back_is_found_again(there: Any) -> None:
    port = free_port()
    first = broker(port)
    first.__enter__()
    with bridge_to(port, key_for(there)) as bridge:
        first.__exit__(None, None, None)
        until(lambda: not bridge.client.is_connected())
        with broker(port):
            until(bridge.client.is_connected)
            device = Device(port, bridge.base)
            try:
                time.sleep(0.5)
                device.call("again")
                assert device.hear("answers/again")["status"] == 201
            finally:
                device.close()


def test_a_key_that_may_not_report_opens_nothing(there: Any) -> None:
    with pytest.raises(Problem):
        Bridge(broker_of("mqtt://127.0.0.1:1"), key_for(there, "cases:read"))
    with pytest.raises(Problem):
        Bridge(broker_of("mqtt://127.0.0.1:1"), "nonsense")
    ident, answer = answer_to(json.dumps({"id": "x", **LAMP}).encode(), uuid.uuid4().hex)
    assert (ident, answer.status) == ("x", 401)


@pytest.mark.parametrize("url", ["", "http://x", "mqtt://", "localhost:1883"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="mqtt://"):
        broker_of(url)

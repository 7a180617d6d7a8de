"""The MQTT bridge (``huying mqtt``): devices and neighbouring systems call by messages, and hear what became of it.

    {prefix}/{place code}/calls          in: a call as POST /cases takes it, with an ``id`` of its own beside it
    {prefix}/{place code}/answers/{id}   out: the status and body that POST /cases would have answered
    {prefix}/{place code}/cases          out: number, item, phase and times of public cases, as they change

A message is acknowledged to the broker only when its case is committed, under the idempotency key ``mqtt-{id}``: a
broker that sends it again gets the same answer and no second case. What goes out follows the ledger's pages with a
cursor of its own, at least once and in order. It acts as the person behind one API key, with that key's scopes.
"""

from __future__ import annotations

import json
import logging
import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

import paho.mqtt.client as paho
from django.db import close_old_connections, connection
from paho.mqtt.enums import CallbackAPIVersion

from huying.api.auth import caller_of
from huying.api.direct import told
from huying.api.open311.reading import public_cases
from huying.api.problems import Problem
from huying.api.writing import MOST_BODY, Answer, Asked, take_call
from huying.ledger import readers
from huying.ledger.readers import Reader
from huying.places import memory as places

log = logging.getLogger(__name__)

_ID = re.compile(r"[!-~]{1,70}")
_EVENTS = ("case.reported", "case.moved", "case.fired")
ACK = 10.0  # seconds to wait for the broker's acknowledgement
AGAIN = (429, 500, 503)  # answers that are about us, not about the message
PAUSE = 2.0  # seconds between two tries
PAGES = 50  # pages read in one go


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the broker is. ``mqtts`` speaks TLS and checks the broker's certificate."""

    host: str
    port: int
    tls: bool
    user: str = ""
    password: str = ""


def broker_of(url: str) -> Broker:
    """The broker at ``mqtt://user:password@host:1883`` or ``mqtts://…``. Raises ValueError."""
    found = urlsplit(url)
    if found.scheme not in ("mqtt", "mqtts") or not found.hostname:
        raise ValueError("a broker's address looks like mqtt://HOST:1883 or mqtts://USER:PASSWORD@HOST:8883")
    tls = found.scheme == "mqtts"
    user, password = unquote(found.username or ""), unquote(found.password or "")
    return Broker(found.hostname, found.port or (8883 if tls else 1883), tls, user, password)


def answer_to(payload: bytes, key: str) -> tuple[str, Answer]:
    """The message's own id and the answer to it; "" where the message has none that can be used."""
    try:
        sent = json.loads(payload) if len(payload) <= MOST_BODY else None
    except (ValueError, RecursionError):
        sent = None
    if not isinstance(sent, dict):
        return "", told(Problem("malformed"))
    ident = sent.pop("id", None)
    if not isinstance(ident, str) or not _ID.fullmatch(ident) or "/" in ident or "#" in ident or "+" in ident:
        return "", told(Problem("malformed"))
    headers = {
        "Authorization": f"Bearer {key}",
        "Idempotency-Key": f"mqtt-{ident}",
        "Content-Type": "application/json",
    }
    try:
        return ident, take_call(Asked(headers.get, json.dumps(sent).encode()))
    except Problem as problem:
        return ident, told(problem)


class Bridge:
    """One connection to the broker for one place."""

    def __init__(self, broker: Broker, key: str, prefix: str = "huying") -> None:
        self.key = key
        caller = caller_of(f"Bearer {key}", "cases:write")  # a key that cannot be used is said so at once
        self.place_id = caller.place_id
        self.base = f"{prefix.strip('/')}/{places.of(self.place_id).code}"
        self.broker = broker
        self.stopped = threading.Event()
        self.reader = Reader("api.mqtt", self._tell, from_now=True)
        # The session is the broker's to keep: what comes while the bridge is away is delivered afterwards.
        self.client = paho.Client(
            CallbackAPIVersion.VERSION2, client_id=f"huying-{places.of(self.place_id).code}", clean_session=False,
            manual_ack=True,
        )  # fmt: skip
        if broker.user:
            self.client.username_pw_set(broker.user, broker.password)
        if broker.tls:
            self.client.tls_set()
        self.client.on_connect = self._connected
        self.client.on_message = self._called

    def run(self, every: float = 1.0) -> None:
        """Serve until ``stop``; a broker that goes away is waited for."""
        self.client.reconnect_delay_set(1, 30)
        self.client.connect_async(self.broker.host, self.broker.port, keepalive=30)
        self.client.loop_start()
        try:
            while not self.stopped.wait(every):
                self.follow()
        finally:
            self.client.disconnect()
            self.client.loop_stop()

    def stop(self) -> None:
        """End ``run``."""
        self.stopped.set()

    def follow(self) -> int:
        """Tell the broker what happened since the last time; how many pages that were."""
        if not self.client.is_connected():
            return 0
        close_old_connections()
        try:
            return readers.run_alone(self.reader, self.place_id, PAGES)
        except Exception:
            log.exception("what happened could not be told; it will be tried again")
            connection.close()
            return 0

    # — in —

    def _connected(self, client: Any, data: Any, flags: Any, reason: Any, properties: Any) -> None:
        if reason.is_failure:
            log.error("the broker refused: %s", reason)
            return
        client.subscribe(f"{self.base}/calls", qos=1)

    def _called(self, client: Any, data: Any, message: Any) -> None:
        taken = self._taken(message.payload)
        if taken is None:
            return  # stopped before it could be taken: the broker keeps it
        ident, answer = taken
        if ident:
            said = json.dumps({"status": answer.status, "body": _open(answer)}, ensure_ascii=False)
            client.publish(f"{self.base}/answers/{ident}", said, qos=1)
        else:
            log.warning("a message without a usable id was thrown away")
        client.ack(message.mid, message.qos)

    def _taken(self, payload: bytes) -> tuple[str, Answer] | None:
        """The message's id and answer. What goes wrong on our side is tried again until it is taken.

        Should the broker lose patience meanwhile, it sends the message once more, and gets the same answer.
        """
        while True:
            close_old_connections()
            try:
                ident, answer = answer_to(payload, self.key)
                if answer.status not in AGAIN:
                    return ident, answer
                log.warning("a message waits: %s", answer.status)
            except Exception:
                log.exception("a message waits")
                connection.close()
            if self.stopped.wait(PAUSE):
                return None

    # — out —

    def _tell(self, place_id: int, page: int, events: Sequence[Any]) -> None:
        ids: list[UUID] = list(dict.fromkeys(e.case_id for e in events if e.case_id and e.kind in _EVENTS))
        if not ids:
            return
        cases = {case.id: case for case in public_cases(place_id).filter(id__in=ids)}
        sent = [self._publish(page, cases[one]) for one in ids if one in cases]
        for one in sent:
            one.wait_for_publish(ACK)
            if not one.is_published():
                raise TimeoutError("the broker did not acknowledge")

    def _publish(self, page: int, case: Any) -> Any:
        told_of = {
            "page": page, "number": case.number, "item": case.item, "phase": case.phase, "version": case.version,
            "reported_at": case.reported_at.isoformat(), "changed_at": case.changed_at.isoformat(),
            "closed_at": case.closed_at.isoformat() if case.closed_at else None,
        }  # fmt: skip
        return self.client.publish(f"{self.base}/cases", json.dumps(told_of, ensure_ascii=False), qos=1)


def _open(answer: Answer) -> Any:
    """The answer without the track code, which is for the caller's eyes and a topic has many readers."""
    body = json.loads(answer.body)
    if isinstance(body, dict):
        body.pop("track_code", None)
    return body


def serve(url: str, key: str, prefix: str, ready: Callable[[Bridge], None]) -> None:
    """Run the bridge until it is stopped; *ready* is given it first. Raises ValueError or Problem."""
    bridge = Bridge(broker_of(url), key, prefix)
    ready(bridge)
    bridge.run()

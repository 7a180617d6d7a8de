"""Ways out of the house behind one interface: mail, a gateway for SMS, and the log of a demonstration.

The in-app page is not a channel: a notice is there as soon as it is written. ``find`` gives the channel that serves
a name here and now, None where nothing is configured for it.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings
from django.core import mail

log = logging.getLogger(__name__)

SMS, MAIL = "sms", "mail"
NAMES = (SMS, MAIL)
DEFAULT = (SMS,)  # of whoever has chosen nothing
WAIT = 10  # seconds for the gateway or the mail server to answer


class Undelivered(Exception):
    """It was not sent. `code` is for the administrator's page, `again` whether trying later may help."""

    def __init__(self, code: str, *, again: bool) -> None:
        super().__init__(code)
        self.code = code
        self.again = again


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent: *text* in words, and the same as template and params for gateways that only take those."""

    ident: str  # the same for every attempt, so that a gateway can drop a second copy
    to: str
    template: str
    subject: str
    text: str
    params: Mapping[str, str] = field(default_factory=dict)


class Channel(Protocol):
    """One way out."""

    def send(self, message: Message) -> None:
        """Hand *message* over. Raises Undelivered."""


class MailChannel:
    """E-mail by Django's settings (EMAIL_HOST and the like)."""

    def send(self, message: Message) -> None:
        """Send one plain mail. Raises Undelivered."""
        try:
            connection = mail.get_connection(timeout=WAIT)
            letter = mail.EmailMessage(message.subject, message.text, to=[message.to], connection=connection)
            letter.extra_headers["X-Huying-Id"] = message.ident
            letter.send()
        except OSError as problem:  # smtplib's errors are OSErrors too
            code = int(getattr(problem, "smtp_code", None) or 0)
            raise Undelivered(f"smtp-{code or type(problem).__name__}"[:40], again=code < 550) from problem


class _NoRedirects(HTTPRedirectHandler):
    """A gateway that sends us elsewhere would get a telephone number that was not meant for it."""

    def redirect_request(self, *args: object) -> None:
        return None


class SmsGateway:
    """SMS through an HTTP gateway of the place: one signed POST for each message (docs/operator/notices.md)."""

    def __init__(self, url: str, secret: str) -> None:
        self.url, self.secret = url, secret

    def send(self, message: Message) -> None:
        """POST the message as JSON. Raises Undelivered; 408, 429 and 5xx are tried again."""
        if not self.url.startswith(("https://", "http://")):
            raise Undelivered("not-a-web-address", again=False)
        body = json.dumps(
            {
                "id": message.ident, "to": message.to, "template": message.template, "text": message.text,
                "params": dict(message.params),
            },
            ensure_ascii=False,
        ).encode()  # fmt: skip
        stamp = str(int(time.time()))
        request = Request(  # noqa: S310 - the address comes from the operator
            self.url,
            data=body,
            headers={
                "Content-Type": "application/json; charset=utf-8",
                "X-Huying-Time": stamp,
                "X-Huying-Signature": signature(self.secret, stamp, body),
            },
        )
        try:
            with build_opener(_NoRedirects()).open(request, timeout=WAIT) as answer:
                answer.read(1024)
        except HTTPError as problem:
            again = problem.code in (408, 425, 429) or problem.code >= 500
            raise Undelivered(f"http-{problem.code}", again=again) from None
        except (URLError, OSError, http.client.HTTPException) as problem:
            # Without the cause: its text may hold the address asked for.
            raise Undelivered(f"net-{type(problem).__name__}"[:40], again=True) from None


def signature(secret: str, stamp: str, body: bytes) -> str:
    """HMAC-SHA-256 in hex over the time stamp, a dot and the body."""
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


class Console:
    """A demonstration's way out: a line in the log, without number or words."""

    def __init__(self, name: str) -> None:
        self.name = name

    def send(self, message: Message) -> None:
        """Say in the log that something would have been sent."""
        log.info("demonstration: %s %s (%s) would go out now", self.name, message.template, message.ident)


def find(name: str) -> Channel | None:
    """The channel that serves *name* here, None where nothing does."""
    if name == SMS and settings.HUYING_SMS_URL:
        return SmsGateway(settings.HUYING_SMS_URL, settings.HUYING_SMS_SECRET)
    if name == MAIL and settings.HUYING_MAIL:
        return MailChannel()
    if name in NAMES and settings.HUYING_DEMO:
        return Console(name)
    return None


def any_ready() -> bool:
    """Whether anything can be sent out of the house at all."""
    return any(find(name) is not None for name in NAMES)

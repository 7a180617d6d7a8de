"""Receipts: what is exported now so that it can be shown later that nothing before it was rewritten."""

from __future__ import annotations

import hmac
import json
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from huying import clock
from huying.ledger import jobs, pages
from huying.ledger.actions import Actor, Entry, append
from huying.ledger.errors import KeyFileError, LedgerError
from huying.ledger.keyfiles import lookup_hash
from huying.ledger.ledger_kinds import SEALED

FORMAT = "huying-ledger-receipt-1"
PURPOSE = "ledger.receipt"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The chain value of a page, which depends on every event up to there. Keep it outside the platform."""

    place: int
    page: int
    events: int
    chain: str
    at: str
    issued: str
    mac: str = ""

    def text(self) -> str:
        """The receipt as one line of JSON."""
        return json.dumps({"format": FORMAT, **asdict(self)}, sort_keys=True)

    def genuine(self) -> bool | None:
        """Whether this deployment issued it; None when the key to tell is not at hand."""
        try:
            return hmac.compare_digest(_mac(self), self.mac)
        except KeyFileError:
            return None


def _mac(receipt: Receipt) -> str:
    held = {name: value for name, value in asdict(receipt).items() if name != "mac"}
    return lookup_hash(json.dumps(held, sort_keys=True), PURPOSE).hex()


def seal(place_id: int, actor: Actor | None = None) -> Receipt:
    """Make pages of all that waits, and a receipt for the newest; that a receipt was made is itself an event.

    Not to be called inside a transaction, whose own events could not be covered. LedgerError when the place
    has no events.
    """
    jobs.drain(place_id)
    head = pages.newest(place_id)
    if head is None:
        raise LedgerError(_("Place %(place)s has no events to seal") % {"place": place_id})
    now = clock.now()
    bare = Receipt(place_id, head.number, head.total, head.chain.hex(), head.at.isoformat(), now.isoformat())
    receipt = Receipt(**{**asdict(bare), "mac": _mac(bare)})
    with transaction.atomic():
        entry = Entry(SEALED, {"page": head.number, "chain": receipt.chain}, now)
        append(place_id, [entry], actor or Actor(channel="command"))
    return receipt


def parse(text: str) -> Receipt:
    """The receipt in *text*. LedgerError when it is none; whether it is genuine is another question."""
    try:
        held = json.loads(text)
        if held.pop("format") != FORMAT:
            raise LedgerError(_("This is a receipt of another format"))
        receipt = Receipt(**held)
        bytes.fromhex(receipt.chain)
        datetime.fromisoformat(receipt.at)
        if not all(type(n) is int for n in (receipt.place, receipt.page, receipt.events)):
            raise TypeError("place, page and events are numbers")
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise LedgerError(_("This is not a receipt: %(problem)s") % {"problem": problem}) from problem
    return receipt

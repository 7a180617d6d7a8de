"""The ledger's commands as functions; ``huying ledger …`` prints their lines and exits with their code."""

from __future__ import annotations

from pathlib import Path

from django.db import connection
from django.utils.translation import gettext as _

from huying.ledger import erasure, keys, receipts, roles
from huying.ledger.errors import LedgerError
from huying.ledger.verify import SLOW, Finding, Report
from huying.ledger.verify import verify as check

FINE, BROKEN, CANNOT = 0, 1, 2  # exit codes
SHOWN = 50  # findings printed


def verify(place_id: int, against: Path | None = None, *, private: bool = True) -> tuple[int, list[str]]:
    """Check a place's ledger, with *against* also that it is the receipt's: exit code and lines."""
    receipt = None
    if against is not None:
        try:
            receipt = receipts.parse(against.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, LedgerError) as problem:
            return CANNOT, [_("The receipt cannot be read: %(problem)s") % {"problem": problem}]
    report = check(place_id, receipt, private=private)
    return (FINE if report.ok else BROKEN), _lines(report, receipt)


def _lines(report: Report, receipt: receipts.Receipt | None) -> list[str]:
    lines = [
        _("Checked %(pages)s pages with %(events)s events, chain %(chain)s")
        % {"pages": report.pages, "events": report.events, "chain": report.chain.hex()}
    ]
    if not report.private_checked:
        lines.append(_("Private payloads were not opened: no right or no key to do it"))
    else:
        lines.append(_("Opened private payloads: %(count)s") % {"count": report.private})
    lines += [
        _("Erased by event %(event)s: %(count)s payloads") % {"event": event, "count": count}
        for event, count in report.erased.items()
    ]
    if report.slow:
        lines.append(
            _("%(count)s events have waited over %(minutes)s minutes for a page: is the worker running?")
            % {"count": report.slow, "minutes": SLOW}
        )
    lines += [describe(finding) for finding in report.findings[:SHOWN]]
    rest = len(report.findings) - SHOWN + report.more
    if rest > 0:
        lines.append(_("… and %(count)s more findings") % {"count": rest})
    if not report.ok:
        lines.append(_("The ledger was altered"))
    elif receipt:
        lines.append(
            _("The ledger is intact and agrees with the receipt for page %(page)s") % {"page": receipt.page}
        )
    else:
        lines.append(_("The ledger is intact in itself; a receipt would vouch for its past"))
    return lines


def describe(finding: Finding) -> str:
    """A finding in plain words, in the current language."""
    return _messages()[finding.code] % {
        "page": finding.page if finding.page is not None else "–",
        "event": finding.event_id or "–",
        "detail": finding.detail,
    }


def _messages() -> dict[str, str]:
    return {
        "event_altered": _("Page %(page)s: event %(event)s was altered"),
        "event_missing": _("Page %(page)s: event %(event)s was removed"),
        "event_stray": _("Event %(event)s was put in around the ledger: it is in no page and waits for none"),
        "event_twice": _("Event %(event)s stands in more than one place"),
        "order": _("Page %(page)s: event %(event)s does not stand where it stood"),
        "page_missing": _("Page %(detail)s is missing"),
        "page_altered": _("Page %(page)s was altered: it does not agree with itself"),
        "chain": _("Page %(page)s does not follow from the page before it"),
        "private_missing": _("Page %(page)s: the payload of event %(event)s is missing without an erasure"),
        "private_altered": _("Page %(page)s: the payload of event %(event)s was altered"),
        "private_other": _("Page %(page)s: event %(event)s has another payload than it committed to"),
        "private_stray": _("Event %(event)s has a payload that it did not commit to"),
        "key_missing": _("Page %(page)s: the key to event %(event)s is missing without an erasure"),
        "not_erased": _("Page %(page)s: event %(event)s still has the payload that event %(detail)s erased"),
        "receipt_chain": _("Page %(page)s is not the one of the receipt: it or one before was rewritten"),
        "receipt_short": _(
            "The receipt is for page %(page)s, but the ledger has %(detail)s pages:"
            " its end was cut off, or an old backup was restored"
        ),
        "receipt_place": _("The receipt is of place %(detail)s"),
        "receipt_forged": _("The receipt was altered, or was not issued by this deployment"),
    }


def seal(place_id: int) -> str:
    """The text of a receipt for everything up to now. LedgerError when there is nothing yet."""
    return receipts.seal(place_id).text()


def replay_erasures(place_id: int, path: Path | None = None) -> tuple[int, list[str]]:
    """After restoring a backup: repeat the erasures of the list (by default the one in the data folder)."""
    if path is not None and not path.is_file():
        return CANNOT, [_("There is no list of erasures at %(path)s") % {"path": path}]
    try:
        count = erasure.replay_erasures(place_id, path)
    except LedgerError as problem:
        return CANNOT, [str(problem)]
    return FINE, [_("Erasures repeated: %(count)s") % {"count": count}]


def setup_keys() -> list[Path]:
    """Make the key files that are not there yet; setup calls this. What it made."""
    return keys.create_key_files()


def rotate_master_key(place_ids: list[int], *, fresh: bool = True) -> tuple[int, list[str]]:
    """Put in a new master key (unless not *fresh*) and wrap all data keys with it; may be repeated."""
    try:
        if fresh:
            keys.add_master_key()
        count = sum(keys.rewrap(place) for place in place_ids)
    except (LedgerError, OSError) as problem:
        return CANNOT, [str(problem)]
    return FINE, [_("Data keys wrapped anew: %(count)s") % {"count": count}]


def grant_roles() -> list[str]:
    """Set the rights of the database roles on the ledger's tables (as owner). The roles it found."""
    with connection.cursor() as cursor:
        return roles.grant(cursor)

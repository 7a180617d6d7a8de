"""A check's result in plain words, in the current language."""

from __future__ import annotations

from django.utils.translation import gettext as _

from huying.ledger.receipts import Receipt
from huying.ledger.verify import SLOW, Finding, Report

SHOWN = 50  # findings told one by one


def lines(report: Report, receipt: Receipt | None) -> list[str]:
    """The whole result, the verdict last."""
    told = [
        _("Checked %(pages)s pages with %(events)s events, chain %(chain)s")
        % {"pages": report.pages, "events": report.events, "chain": report.chain.hex()}
    ]
    if not report.private_checked:
        told.append(_("Private payloads were not opened: no right or no key to do it"))
    else:
        told.append(_("Opened private payloads: %(count)s") % {"count": report.private})
    told += [
        _("Erased by event %(event)s: %(count)s payloads") % {"event": event, "count": count}
        for event, count in report.erased.items()
    ]
    if report.slow:
        told.append(
            _("%(count)s events have waited over %(minutes)s minutes for a page: is the worker running?")
            % {"count": report.slow, "minutes": SLOW}
        )
    told += [describe(finding) for finding in report.findings[:SHOWN]]
    rest = len(report.findings) - SHOWN + report.more
    if rest > 0:
        told.append(_("… and %(count)s more findings") % {"count": rest})
    if report.unread:
        told.append(
            _("Not compared with the ledger, for want of the right: %(names)s")
            % {"names": ", ".join(report.unread)}
        )
    if not report.ok and all(code.startswith("vouched_") for code in report.codes()):
        told.append(_("The ledger itself is intact; what it vouches for was altered"))
    elif not report.ok:
        told.append(_("The ledger was altered"))
    elif receipt:
        told.append(
            _("The ledger is intact and agrees with the receipt for page %(page)s") % {"page": receipt.page}
        )
    else:
        told.append(_("The ledger is intact in itself; a receipt would vouch for its past"))
    return told


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
        "vouched_altered": _("%(detail)s is not what event %(event)s says that it was when it was issued"),
        "vouched_missing": _("%(detail)s, of which event %(event)s tells, is not there"),
        "vouched_stray": _("%(detail)s is there as issued, but no event tells of it"),
        "receipt_chain": _("Page %(page)s is not the one of the receipt: it or one before was rewritten"),
        "receipt_short": _(
            "The receipt is for page %(page)s, but the ledger has %(detail)s pages:"
            " its end was cut off, or an old backup was restored"
        ),
        "receipt_place": _("The receipt is of place %(detail)s"),
        "receipt_forged": _("The receipt was altered, or was not issued by this deployment"),
    }

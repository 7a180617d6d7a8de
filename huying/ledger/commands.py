"""What ``huying ledger …`` does: functions that return an exit code and lines, and two that the command calls.

A place is given by its number, or by the code that the room knowing places resolves (`name_places`).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from django.db import connection
from django.utils.translation import gettext as _

from huying.ledger import erasure, jobs, keyfiles, keys, receipts, roles, wording
from huying.ledger.errors import LedgerError
from huying.ledger.receipts import Receipt
from huying.ledger.verify import verify as check_place

FINE, BROKEN, CANNOT = 0, 1, 2  # exit codes

_resolvers: list[Callable[[str], int | None]] = []


def name_places(resolver: Callable[[str], int | None]) -> None:
    """Have *resolver* find the number of a place by its code (None: not known to it)."""
    if resolver not in _resolvers:
        _resolvers.append(resolver)


def place_ids(place: str = "") -> list[int]:
    """The place of that code or number, or every place that has a ledger. LedgerError when it is unknown."""
    if not place:
        return sorted({*jobs.places("ledger_page"), *jobs.places("ledger_pending")})
    for resolver in _resolvers:
        found = resolver(place)
        if found is not None:
            return [found]
    if place.isdecimal() and int(place) < 2**15:
        return [int(place)]
    raise LedgerError(_("There is no place %(place)s here") % {"place": place})


def check(place_id: int, receipt: Receipt | None = None, *, private: bool = True) -> tuple[int, list[str]]:
    """Check one place's ledger, and with *receipt* that it is the ledger of then: exit code and lines."""
    report = check_place(place_id, receipt, private=private)
    return (FINE if report.ok else BROKEN), wording.lines(report, receipt)


def read_receipts(path: Path) -> dict[int, Receipt]:
    """The receipts of a file, one a line, by place. LedgerError when it holds none."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise LedgerError(str(problem)) from problem
    found = [receipts.parse(line) for line in text.splitlines() if line.strip()]
    if not found:
        raise LedgerError(_("the file is empty"))
    return {receipt.place: receipt for receipt in found}


def verify(place: str = "", against: Path | None = None, as_json: bool = False) -> int:
    """``huying ledger verify``: check the place (or all of them), print what was found; the exit code.

    With a file of receipts, each is held against its own place; one for a place that is not checked is an error,
    so that a ledger that has vanished altogether is not passed over.
    """
    try:
        wanted = place_ids(place)
        held = read_receipts(against) if against is not None else {}
    except LedgerError as problem:
        return _say(CANNOT, [_("This cannot be checked: %(problem)s") % {"problem": problem}], as_json)
    if place and held and wanted[0] not in held:
        held[wanted[0]] = next(iter(held.values()))  # the check itself says whose it is
    if not place:
        wanted = sorted({*wanted, *held})
    worst = FINE
    for place_id in wanted:
        code, told = check(place_id, held.get(place_id))
        worst = max(worst, _say(code, told, as_json, place_id))
    if not wanted:
        _say(FINE, [_("There is no ledger here yet")], as_json)
    return worst


def _say(code: int, told: list[str], as_json: bool, place_id: int | None = None) -> int:
    if as_json:
        result = {"place": place_id, "ok": code == FINE, "code": code, "lines": told}
        sys.stdout.write(json.dumps(result, ensure_ascii=False) + "\n")
    else:
        title = [] if place_id is None else [_("Place %(place)s") % {"place": place_id}]
        sys.stdout.write("\n  ".join([*title, *told]) + "\n")
    return code


def seal(place: str = "", output: Path | None = None) -> int:
    """``huying ledger seal``: a receipt a line, for the place or for all, to *output* or printed; the exit code."""
    try:
        text = "".join(receipts.seal(place_id).text() + "\n" for place_id in place_ids(place))
    except LedgerError as problem:
        sys.stderr.write(f"{problem}\n")
        return CANNOT
    if output is not None:
        output.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    return FINE


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
    return keyfiles.create_key_files()


def rotate_master_key(place_ids: list[int], *, fresh: bool = True) -> tuple[int, list[str]]:
    """Put in a new master key (unless not *fresh*) and wrap all data keys with it; may be repeated."""
    try:
        if fresh:
            keyfiles.add_master_key()
        count = sum(keys.rewrap(place) for place in place_ids)
    except (LedgerError, OSError) as problem:
        return CANNOT, [str(problem)]
    return FINE, [_("Data keys wrapped anew: %(count)s") % {"count": count}]


def grant_roles() -> list[str]:
    """Set the rights of the database roles on the ledger's tables (as owner). The roles it found."""
    with connection.cursor() as cursor:
        return roles.grant(cursor)

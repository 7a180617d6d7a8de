"""The only writers of reports: make on demand, count anew, edit, set aside, issue, open."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, transaction

from huying import clock
from huying.cases.who import Actor
from huying.indicators.periods import Period
from huying.ledger import actions as ledger
from huying.ledger.actions import Entry
from huying.notices import actions as notices
from huying.places import memory as places
from huying.presets.shape import unshowable
from huying.reports import access, compose, ledger_kinds, making_drafts, queries, readers
from huying.reports.errors import ReportError, Stale
from huying.reports.making_drafts import which
from huying.reports.models import Address, Paper, Report, Series
from huying.reports.periods import zone_of
from huying.staff.sight import Sight

TEXT_MOST = 4000
State = Report.State


def _sight(actor: Actor) -> Sight:
    if actor.sight is None:
        raise ReportError("not-allowed")
    return actor.sight


def make(actor: Actor, code: str, division_id: int, day: date, *, corrects: UUID | None = None) -> Report:
    """A draft asked for by hand, for the period in which *day* lies. Raises ReportError.

    There may be several for one period: one on schedule, others on demand; each is numbered when it is issued.
    """
    sight, now = _sight(actor), clock.now()
    memory = places.of(sight.place_id)
    kind = access.kinds(memory).get(code)
    if kind is None or division_id not in {row.id for row in access.divisions(memory, kind)}:
        raise ReportError("no-such-report")
    if not access.may_edit(sight, kind, division_id):
        raise ReportError("not-allowed")
    period = making_drafts.period_of(memory, kind, day, now)
    with transaction.atomic():
        if corrects is not None:
            _correctable(sight, corrects, code, division_id)
        return making_drafts.write(
            memory, kind, memory.division(division_id), period, now, actor.for_ledger(), corrects=corrects
        )


def _correctable(sight: Sight, ident: UUID, code: str, division_id: int) -> None:
    found = Report.objects.filter(place_id=sight.place_id, id=ident, kind=code, division_id=division_id)
    if not found.filter(state=State.ISSUED).exists():
        raise ReportError("not-issued")


def _locked(actor: Actor, ident: UUID, seen: int | None, *, issue: bool = False) -> Report:
    """The draft, locked, when the person may change it. Raises ReportError or Report.DoesNotExist."""
    sight = _sight(actor)
    report: Report = Report.objects.select_for_update().get(place_id=sight.place_id, id=ident)
    kind = access.kind_of(report)
    if not access.may_edit(sight, kind, report.division_id):
        raise Report.DoesNotExist  # to others there is no draft
    if issue and not access.may_issue(sight, kind, report.division_id):
        raise ReportError("not-allowed")
    if report.state != State.DRAFT:
        raise ReportError("not-a-draft")
    if seen is not None and seen != report.version:
        raise Stale
    return report


def edit(actor: Actor, ident: UUID, edits: Mapping[str, Any], *, seen: int | None = None) -> Report:
    """Write the texts, remarks and choices of a draft. Figures cannot be edited, only remarked on. Raises ReportError."""
    with transaction.atomic():
        report = _locked(actor, ident, seen)
        cleaned = clean(report.content, edits)
        changed = sorted(
            {
                section
                for part in ("texts", "remarks", "chosen")
                for section in {**cleaned[part], **report.edits.get(part, {})}
                if cleaned[part].get(section) != report.edits.get(part, {}).get(section)
            }
        )
        if not changed:
            return report
        now = clock.now()
        report.edits, report.edited_at, report.edited_by = cleaned, now, actor.person_id
        report.version += 1
        report.save(update_fields=["edits", "edited_at", "edited_by", "version"])
        data = which(report) | {"version": report.version, "sections": changed}
        ledger.append(report.place_id, [Entry(ledger_kinds.EDITED, data, now)], actor.for_ledger())
        return report


def clean(content: Mapping[str, Any], edits: Mapping[str, Any]) -> dict[str, Any]:
    """What may be kept of what was sent: texts of text sections, remarks of the others, choices among candidates.

    Raises ReportError: unknown-section, unknown-choice, too-long, unshowable.
    """
    sections = {one["id"]: one for one in content["sections"]}
    cleaned: dict[str, Any] = {"texts": {}, "remarks": {}, "chosen": {}}
    for part, wanted in (("texts", True), ("remarks", False)):
        for ident, text in edits.get(part, {}).items():
            if ident not in sections or (sections[ident]["kind"] == "text") != wanted:
                raise ReportError("unknown-section", section=ident)
            text = str(text).replace("\r\n", "\n").replace("\r", "\n").strip()
            if len(text) > TEXT_MOST:
                raise ReportError("too-long", section=ident, most=TEXT_MOST)
            if unshowable(text):
                raise ReportError("unshowable", section=ident)
            if (wanted and text != sections[ident]["text"].strip()) or (not wanted and text):
                cleaned[part][ident] = text
    for ident, ids in edits.get("chosen", {}).items():
        if ident not in sections or "candidates" not in sections[ident]:
            raise ReportError("unknown-section", section=ident)
        known = {one["id"] for one in sections[ident]["candidates"]}
        picked = list(dict.fromkeys(str(one) for one in ids))
        if not known.issuperset(picked):
            raise ReportError("unknown-choice", section=ident)
        if picked != list(sections[ident]["chosen"]):
            cleaned["chosen"][ident] = picked
    return cleaned


def count_anew(actor: Actor, ident: UUID, *, seen: int | None = None) -> Report:
    """Take the figures of this moment into a draft; what people wrote stays where its section still is."""
    with transaction.atomic():
        report = _locked(actor, ident, seen)
        memory, now = places.of(report.place_id), clock.now()
        kind = access.kind_of(report)
        period = Period(report.start, report.end)
        report.content = making_drafts.counted(memory, kind, memory.division(report.division_id), period, now)
        report.edits = _kept(report.content, report.edits)
        report.data_at, report.version = now, report.version + 1
        report.save(update_fields=["content", "edits", "data_at", "version"])
        data = which(report) | {"anew": True}
        ledger.append(report.place_id, [Entry(ledger_kinds.MADE, data, now)], actor.for_ledger())
        return report


def _kept(content: Mapping[str, Any], edits: Mapping[str, Any]) -> dict[str, Any]:
    known = {one["id"]: {row["id"] for row in one.get("candidates", ())} for one in content["sections"]}
    chosen = {
        ident: [one for one in ids if one in known[ident]]
        for ident, ids in edits.get("chosen", {}).items()
        if ident in known
    }
    return {
        "texts": {k: v for k, v in edits.get("texts", {}).items() if k in known},
        "remarks": {k: v for k, v in edits.get("remarks", {}).items() if k in known},
        "chosen": chosen,
    }


def drop(actor: Actor, ident: UUID, *, seen: int | None = None) -> Report:
    """Set a draft aside: it will not be issued. It stays to be looked at."""
    with transaction.atomic():
        report = _locked(actor, ident, seen)
        report.state, report.version = State.DROPPED, report.version + 1
        report.save(update_fields=["state", "version"])
        data = which(report) | {"version": report.version}
        ledger.append(report.place_id, [Entry(ledger_kinds.DROPPED, data, clock.now())], actor.for_ledger())
        return report


def issue(actor: Actor, ident: UUID, *, seen: int | None = None) -> Report:
    """Give the report its number, draw its papers, deliver it, and close it for good: all of it or nothing.

    The row of the series is locked until all is written, so numbers run without gaps, whoever issues at the same time.
    Raises ReportError, Stale, ``papers.fonts.NoFont``.
    """
    # Loaded by the first who issues: libraries of 20 MB that neither pages nor ticks need otherwise.
    from huying.reports.papers.pdf import pdf
    from huying.reports.papers.word import docx

    with transaction.atomic():
        report = _locked(actor, ident, seen, issue=True)
        memory, now = places.of(report.place_id), clock.now()
        kind = access.kind_of(report)
        report.year = now.astimezone(zone_of(memory)).year
        report.seq = _next(report)
        report.number = kind.number.format_map({"yyyy": report.year, "seq": report.seq})
        report.state, report.issued_at, report.issued_by = State.ISSUED, now, actor.person_id
        report.version += 1
        sheet = compose.sheet(memory, report, queries.corrected(report))
        papers = {"pdf": pdf(sheet, now), "docx": docx(sheet, now)}
        sums = {form: hashlib.sha256(data).hexdigest() for form, data in papers.items()}
        report.save(update_fields=["year", "seq", "number", "state", "issued_at", "issued_by", "version"])
        Paper.objects.bulk_create(
            Paper(place_id=report.place_id, report_id=report.id, form=form, sha256=sums[form], data=data)
            for form, data in papers.items()
        )
        keys = access.reader_keys(memory, kind, memory.division(report.division_id))
        Address.objects.bulk_create(
            Address(place_id=report.place_id, key=key, report_id=report.id) for key in dict.fromkeys(keys)
        )
        organs, left_out = _named(report)
        data = which(report) | sums | {
            "year": report.year, "seq": report.seq, "content": compose.digest(report), "readers": keys, "organs": organs,
            "left_out": left_out, "corrects": report.corrects_id,
        }  # fmt: skip
        ledger.append(report.place_id, [Entry(ledger_kinds.ISSUED, data, now)], actor.for_ledger())
        notices.tell(report.place_id, readers.NOTICE, report.id, readers.people(report.place_id, keys), now)
        _supervise(report, organs, actor, now)
        return report


def _next(report: Report) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO reports_series (place_id, kind, division_id, year, n) VALUES (%s, %s, %s, %s, 1)"
            " ON CONFLICT (place_id, kind, division_id, year) DO UPDATE SET n = reports_series.n + 1 RETURNING n",
            [report.place_id, report.kind, report.division_id, report.year],
        )
        return int(cursor.fetchone()[0])


def _named(report: Report) -> tuple[list[int], list[int]]:
    """The organs that the report names, and those that it could have named and does not."""
    named: list[int] = []
    left: list[int] = []
    for section in report.content["sections"]:
        if section["kind"] == "named":
            told = {one["id"] for one in compose.chosen(section, report.edits)}
            for one in section["candidates"]:
                (named if one["id"] in told else left).append(int(one["id"]))
    return named, left


def _supervise(report: Report, organs: list[int], actor: Actor, now: datetime) -> None:
    """Tell the supervision room whom the report names: failing again leads to an order by its rules."""
    if not organs or not apps.is_installed("huying.supervise"):
        return
    from huying.supervise import actions as supervise

    number = _as_told(report)
    for organ in organs:
        supervise.named_in_report(report.place_id, organ, number, now=now, actor=actor)


def _as_told(report: Report) -> str:
    """The report as another paper refers to it: its head and number, and whose it is where that is not the place, since
    each town counts its own."""
    memory = places.of(report.place_id)
    top = memory.top is not None and memory.top.id == report.division_id
    whose = (
        memory.division(report.division_id).name if not top and report.division_id in memory.divisions else ""
    )
    return f"{whose}《{report.content['head']}》{report.number}"[:80]


def opened(actor: Actor, report: Report) -> None:
    """Note that a reader has opened an issued report; the first time is what counts. One or two statements."""
    if report.state != State.ISSUED or actor.person_id is None:
        return
    now = clock.now()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO reports_receipt (place_id, report_id, person_id, at) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            [report.place_id, report.id, actor.person_id, now],
        )
        if cursor.rowcount:
            entry = Entry(ledger_kinds.READ, {"report": report.id}, now)
            ledger.append(report.place_id, [entry], actor.for_ledger())
            notices.over(report.place_id, readers.NOTICE, report.id, actor.person_id, now)


__all__ = ["Series", "clean", "count_anew", "drop", "edit", "issue", "make", "opened"]

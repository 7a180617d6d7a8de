"""The cast's small place with two reports: of the county, written by the centre's desk, and of a town, by its clerk."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from huying.cases.tests.mini import mini_edition
from huying.ledger.ids import uuid7
from huying.places import memory
from huying.reports import access
from huying.reports.models import Address, Paper, Report

REPORTS = """\
reports:
  monthly:
    name: {zh: 每月通报, en: Monthly bulletin}
    period: month
    office: centre
    head: 工作通报
    number: "〔{yyyy}〕第{seq}期"
    title: "{period}情况通报"
    edit: [centre_desk]
    issue: [centre_desk]
    readers: {roles: [leader, village_secretary], organs: [discipline]}
    sections:
      - {kind: text, id: opening, text: "{period}{place}情况如下："}
      - {kind: overdue, title: 超期未办结}
  weekly:
    name: {zh: 每周分析, en: Weekly analysis}
    period: week
    tier: town
    office: centre
    head: 每周分析
    number: "第{seq}期"
    title: "{place}{period}分析"
    edit: [town_clerk]
    issue: [town_clerk]
    readers: {roles: [town_clerk]}
    sections:
      - {kind: text, id: opening, text: "{period}{place}情况如下："}
"""
AT = datetime(2026, 2, 2, tzinfo=UTC)


def reports_edition(place: Any) -> Any:
    """Publish the small preset with reports, and give desk and clerk the rights."""
    from huying.places.actions import load_preset
    from huying.presets.actions import publish

    files = dict(mini_edition(place).files)
    lines = []
    for line in str(files["roles.yaml"]).splitlines():
        mine = line.strip().startswith(("centre_desk:", "town_clerk:")) and "issue_reports" not in line
        lines.append(line.replace("rights: [", "rights: [edit_reports, issue_reports, ") if mine else line)
    files["roles.yaml"] = "\n".join(lines) + "\n"
    files["reports.yaml"] = REPORTS
    edition = publish(place.code, files)
    load_preset(place.code, edition.files, edition_id=edition.pk)
    return edition


def mini_report(cast: Any, state: str = Report.State.ISSUED) -> Report:
    """A report of the county: issued and addressed, or a draft."""
    place = memory.of(cast.place.pk)
    kind = access.kinds(place)["monthly"]
    issued = state == Report.State.ISSUED
    content = {
        "v": 1, "head": kind.head, "office": "中心", "copies": "", "title": "2026年1月情况通报", "period": "2026年1月",
        "sections": [{"id": "opening", "kind": "text", "title": "", "blocks": [], "text": "情况如下："}],
    }  # fmt: skip
    report = Report.objects.create(
        place_id=place.place_id, id=uuid7(), kind="monthly", edition_id=place.edition_id, division_id=place.top.id,
        start="2026-01-01", end="2026-02-01", state=state, title="2026年1月情况通报", content=content, data_at=AT, made_at=AT,
        issued_at=AT if issued else None, year=2026 if issued else None, seq=1 if issued else None,
        number="〔2026〕第1期" if issued else "",
    )  # fmt: skip
    if issued:
        for key in access.reader_keys(place, kind, place.top):
            Address.objects.create(place_id=place.place_id, key=key, report_id=report.id)
        for form in ("pdf", "docx"):
            Paper.objects.create(
                place_id=place.place_id, report_id=report.id, form=form, sha256="0" * 64, data=b"x"
            )
    return report

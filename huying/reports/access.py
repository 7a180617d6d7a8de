"""Who may do what with which report: the office that writes it, who issues it, and the readers it names.

What a report's kind says is read from the edition with which it was made, so a change of the rules does not open or
close what was issued before.
"""

from __future__ import annotations

from collections.abc import Iterable

from huying.places.info import DivisionInfo, PlaceMemory
from huying.presets import read_reports
from huying.presets.check_reports import EDIT as EDIT
from huying.presets.check_reports import ISSUE as ISSUE
from huying.presets.queries import compiled
from huying.presets.report_definition import ReportKind
from huying.reports.models import Report
from huying.staff.sight import Sight


def kinds(memory: PlaceMemory) -> dict[str, ReportKind]:
    """The kinds of reports that the place makes now."""
    preset = memory.preset
    return dict(read_reports.of(preset).kinds) if preset is not None else {}


def kind_of(report: Report) -> ReportKind:
    """What the report is, by the edition with which it was made."""
    return read_reports.of(compiled(report.edition_id)).kinds[report.kind]


def divisions(memory: PlaceMemory, kind: ReportKind) -> list[DivisionInfo]:
    """Whose reports of this kind there are: the divisions of its tier."""
    return sorted(
        (row for row in memory.divisions.values() if row.active and not row.layer and row.tier == kind.tier),
        key=lambda row: row.code,
    )


def _holds(sight: Sight, roles: Iterable[str], division_id: int) -> bool:
    return any(f"post:{role}@{division_id}" in sight.owner_keys for role in roles)


def may_edit(sight: Sight, kind: ReportKind, division_id: int) -> bool:
    """Whether the person writes drafts of this kind for that division; whoever issues may write too."""
    writes = sight.can(EDIT) and _holds(sight, kind.edit, division_id)
    return writes or may_issue(sight, kind, division_id)


def may_issue(sight: Sight, kind: ReportKind, division_id: int) -> bool:
    """Whether the person issues reports of this kind for that division."""
    return sight.can(ISSUE) and _holds(sight, kind.issue, division_id)


def reader_keys(memory: PlaceMemory, kind: ReportKind, division: DivisionInfo) -> list[str]:
    """To whom a report of this kind goes.

    A report of the whole place goes to everybody with one of the roles; that of a town to those of the town itself and
    of what lies above it."""
    top = memory.top is not None and memory.top.id == division.id
    keys = [
        key
        for role in kind.roles
        for key in ([f"role:{role}"] if top else [f"post:{role}@{one}" for one in division.ancestors])
    ]
    organs = (memory.organ_by_code(code) for code in kind.organs)
    return [*keys, *(f"office:{row.id}" for row in organs if row is not None)]


def keys_of(sight: Sight) -> list[str]:
    """The addresses at which a person reads: their posts' roles, their posts, their organs."""
    if sight.person_id is None or not sight.post_ids:
        return []
    posts = (key for key in sight.owner_keys if key.startswith("post:"))
    return sorted(
        {*(f"role:{role}" for role in sight.roles), *posts, *(f"office:{one}" for one in sight.organs)}
    )

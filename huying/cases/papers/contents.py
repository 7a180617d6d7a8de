"""What the file of a case says, in words, whatever it is drawn as."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from PIL import Image

from huying.cases import looks, story
from huying.cases.queries import CaseView
from huying.cases.sight import CLOSED_CALLS
from huying.files import queries as files
from huying.files.errors import Gone
from huying.presets.words import word
from huying.ui.moments import in_full

PHOTOS_MOST = 24
PIXELS = 1200  # the longer side of a photo on paper


@dataclass(frozen=True, slots=True)
class Happened:
    """An entry of the story on paper."""

    at: str
    title: str
    who: str
    said: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Paper:
    """The file of a case: heads, facts, texts, tables and lines for signatures, all as text."""

    heading: str
    title: str
    mark: str  # such as "Confidential"; empty for none
    facts: Sequence[tuple[str, str]]
    texts: Sequence[tuple[str, str]]
    legs_title: str
    legs_heads: Sequence[str]
    legs: Sequence[Sequence[str]]
    story_title: str
    story: Sequence[Happened]
    photos_title: str
    photos: Sequence[tuple[str, Any]] = field(default_factory=tuple)  # caption and attachment
    signatures_title: str = ""
    signatures: Sequence[tuple[str, str]] = field(default_factory=tuple)
    foot: str = ""


def contents(seen: CaseView, printed_by: str) -> Paper:
    """The file of the case as the person sees it. The contact is never in it. No SQL statement."""
    case, lang = seen.case, looks.lang()
    closed = case.confidential or case.call in CLOSED_CALLS
    before, after = story.before_and_after(case, seen.attachments)
    texts = [(_("The call"), case.body)]
    if case.reply:
        texts.append((_("Reply to the caller"), case.reply))
    captioned = [(_("Photos of the call"), one) for one in before]
    captioned += [(_("Photos added since"), one) for one in after]
    return Paper(
        heading=_("Case file %(number)s") % {"number": case.number},
        title=case.title,
        mark=_("Confidential") if closed else "",
        facts=_facts(seen),
        texts=texts,
        legs_title=word(seen.preset, "legs", lang),
        legs_heads=[word(seen.preset, "organ", lang), _("Part"), _("Stands at"), word(seen.preset, "arrived", lang), _("Limit or end")],
        legs=[_leg(one) for one in seen.legs],
        story_title=_("What happened"),
        story=[_happened(line) for line in seen.lines],
        photos_title=_("Photos"),
        photos=[
            (f"{caption} {number} · {in_full(one.created_at)}", one)
            for number, (caption, one) in enumerate(captioned[:PHOTOS_MOST], 1)
        ],
        signatures_title=_("Signatures"),
        signatures=[(name, _("Date")) for name in (_("Handled by"), _("Checked by"), _("Head of the organ"))],
        foot=_("Printed by %(name)s, %(at)s. The contact of the caller is not part of this file.")
        % {"name": printed_by, "at": in_full(seen.now)},
    )  # fmt: skip


def _facts(seen: CaseView) -> list[tuple[str, str]]:
    case = seen.case
    rows = [
        (_("Number"), case.number), (_("Item"), " › ".join(seen.item_path) or seen.item),
        (_("Kind of call"), str(looks.call_look(case.call).label)), (_("Place"), seen.where),
        (_("Came by"), " ".join(x for x in (looks.channel_name(seen.preset, case.channel), *looks.outside_source(case)) if x)),
        (_("Came in"), in_full(case.reported_at)), (_("Promised by"), in_full(case.promised_at)),
        (_("Urgency"), str(looks.urgency_look(case.urgency).label)), (_("Step"), seen.step),
        (_("With"), "" if case.closed_at else seen.owner), (_("Limit"), in_full(case.due_at)),
        (_("Closed at"), in_full(case.closed_at)),
        (_("Result"), str(looks.result_look(case.result).label) if case.result else ""),
        (_("Rating"), looks.rating_name(case.satisfaction)),
        (_("Also affected"), str(case.joins) if case.joins else ""),
    ]  # fmt: skip
    return [(label, text) for label, text in rows if text]


def _leg(one: Any) -> list[str]:
    leg = one.leg
    state = str(looks.result_look(leg.result).label) if leg.closed_at and leg.result else one.step
    part = str(looks.PARTS.get(leg.part, leg.part))
    return [one.organ, part, state, in_full(leg.arrived_at), in_full(leg.closed_at or leg.due_at)]


def _happened(line: Any) -> Happened:
    who = f"{line.who} → {line.to}" if line.to and line.who else line.who or line.to
    said = [(one.label, one.value) for one in line.said]
    if line.erased:
        said.append(("", _("The content was erased.")))
    if line.late:
        said.append(("", line.late))
    return Happened(in_full(line.at), line.title, who, said)


def picture(attachment: Any) -> BytesIO | None:
    """A photo made small enough for paper, as JPEG; None when it is gone."""
    try:
        with files.open_bytes(attachment) as raw, Image.open(raw) as image:
            image.thumbnail((PIXELS, PIXELS))
            out = BytesIO()
            image.convert("RGB").save(out, "JPEG", quality=82)
    except (Gone, OSError):
        return None
    out.seek(0)
    return out

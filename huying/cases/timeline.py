"""The story of a case in plain words, as its staff and as its caller may read it.

What the caller reads is chosen by what it is, not by who wrote it: replies and messages to them, their own words, and
which organ did what when. Internal accounts, notes and names of staff stay inside.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from huying.cases.kinds import roles_of
from huying.cases.models import Case, Leg
from huying.cases.naming import english, move_name, owner_name, step_name
from huying.cases.swept import DOWN, JUMP
from huying.cases.world import AUTHOR
from huying.flow.definition import Flow
from huying.ledger import kinds as ledger_kinds
from huying.ledger.queries import Happening
from huying.places.info import PlaceMemory
from huying.ui.moments import in_full

# Fields that were written for the caller, or by them.
FOR_CALLER = frozenset(
    {"public_reply", "message", "comment", "satisfaction", "solved", "extend_days", "review_on"}
)
# What events beside the moves carry.
LABELS = {"reason": gettext_lazy("Reason"), "title": gettext_lazy("Title"), "text": gettext_lazy("Text")}
# Moves that concern only those inside.
INSIDE = frozenset({"note", "instruct", "correct_item", "regrade", "chased", "link"})
INSIDE_KINDS = frozenset({"case.unmasked", "case.printed", "case.named", "case.precedent_ended"})


@dataclass(frozen=True, slots=True)
class Said:
    """A field of an entry as shown: its label and value; ``inside`` when the caller must not see it."""

    label: str
    value: str
    inside: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the story."""

    at: datetime
    title: str
    who: str
    to: str
    tone: str
    said: Sequence[Said] = field(default_factory=tuple)
    late: str = ""
    erased: bool = False
    version: int | None = None


def lines(
    case: Case,
    happenings: Sequence[Happening],
    legs: Sequence[Leg],
    memory: PlaceMemory,
    preset: Any,
    names: Mapping[Any, str],
    *,
    inside: bool,
) -> list[Line]:
    """The story in order. *names* gives staff names by person id; *inside* is whether staff read it."""  # fmt: skip
    flow: Flow = preset.flow_of(case.kind)
    leg_by_id = {leg.id: leg for leg in legs}
    found = []
    for happening in happenings:
        event = happening.event
        leg = leg_by_id.get(event.leg_id) if event.leg_id else None
        of_flow = preset.flows[leg.flow] if leg is not None and leg.flow in preset.flows else flow
        line = _line(case, happening, leg, of_flow, memory, preset, names, inside)
        if line is not None:
            found.append(line)
    return found


def _line(
    case: Case, happening: Happening, leg: Leg | None, flow: Flow, memory: PlaceMemory, preset: Any,
    names: Mapping[Any, str], inside: bool,
) -> Line | None:  # fmt: skip
    event, data = happening.event, happening.event.data
    move = str(data.get("move", ""))
    if not inside and (move in INSIDE or event.kind in INSIDE_KINDS or _opens_paper(flow, move, preset)):
        return None
    paper = preset.kinds[case.kind].right if case.kind in preset.kinds else ""
    title = _title(
        "case.moved" if paper and event.version == 1 else event.kind, data, flow, happening, preset
    )
    if not title:
        return None
    owner = str(data.get("owner", ""))
    was = str(data.get("was", ""))
    to = ""
    if owner and owner != was and not data.get("closed"):
        to = owner_name(memory, owner)
    elif data.get("step") and data["step"] in flow.steps and _entered(data):
        to = step_name(flow, str(data["step"]))
    who = ""
    if leg is not None:
        who = owner_name(memory, f"organ:{leg.organ_id}")
    elif event.channel == "clock":
        who = _("the clock")
    elif event.person_id is not None:
        who = (
            _("the caller")
            if event.person_id == case.reporter_id
            else owner_name(memory, owner if was.startswith("pool:") else was)
        )
        if inside and event.person_id in names and event.person_id != case.reporter_id:
            who = f"{who} {names[event.person_id]}".strip()
    elif event.kind == "case.reported" or was.startswith("caller:"):
        who = _("the caller")
    if paper and leg is None and event.channel != "clock" and _by_author(flow, move, event.version):
        # A paper comes from a post, whoever holds it, and its author acts while somebody else has it.
        who = (
            f"{owner_name(memory, str(case.fields.get(AUTHOR, '')))} {names.get(event.person_id, '')}".strip()
        )
    if event.kind == "case.reported":
        said = _told(case, happening, preset, memory) if inside and not paper else ()
    else:
        said = _said(happening, preset, flow, move, memory, inside)
    return Line(
        event.at, title, who, to, _tone(event.kind, data), said, _late(data, event.at),
        erased=happening.erased and event.commitment is not None, version=event.version,
    )  # fmt: skip


def _by_author(flow: Flow, move: str, version: int | None) -> bool:
    """Whether it was the author's to do: opening the paper, or a move that only the author has."""
    by = flow.by_id[move].by if move in flow.by_id else ()
    only = bool(by) and all(one.relation is not None and one.relation.kind == "author" for one in by)
    return version == 1 or only


def _opens_paper(flow: Flow, move: str, preset: Any) -> bool:
    """Whether the move opens a paper of the authorities about the case, such as an order of supervision."""
    does = flow.by_id[move].does if move in flow.by_id else ()
    kinds = (preset.kinds.get(effect.args[0]) for effect in does if effect.do == "open")
    return any(kind is not None and kind.right for kind in kinds)


def _entered(data: Mapping[str, Any]) -> bool:
    return any(isinstance(e, dict) and e.get("event") in ("entered", "passed") for e in data.get("flow", ()))


_named: dict[str, dict[str, Callable[[Any, str], str]]] = {}


def name_by(kind: str, field: str, name: Callable[[Any, str], str]) -> None:
    """Let a room say what a code in its events is called in a preset, such as the rule that an order came from."""
    _named.setdefault(kind, {})[field] = name


def _title(kind: str, data: Mapping[str, Any], flow: Flow, happening: Happening, preset: Any) -> str:
    if kind in ("case.moved", "leg.moved"):
        if move := data.get("move"):
            return _("Part cancelled") if data.get("result") == "cancelled" else move_name(flow, str(move))
        autos = [str(e.get("move")) for e in data.get("flow", ()) if e.get("event") == "moved"]
        return " → ".join(move_name(flow, one) for one in autos)
    if kind in ("case.fired", "leg.fired"):
        return _fired(str(data.get("timer", "")), data, flow)
    if kind == "leg.opened":
        return _("Called in")
    called = {key: name(preset, str(data[key])) for key, name in _named.get(kind, {}).items() if key in data}
    return ledger_kinds.words(kind, {**data, **called}) if called else happening.words()


def _fired(timer: str, data: Mapping[str, Any], flow: Flow) -> str:
    base = timer.partition("+")[0]
    if base in ("warn", "total.warn"):
        return _("The limit is near")
    if base in ("due", "total.due"):
        lapsed = [str(e.get("move")) for e in data.get("flow", ()) if e.get("event") == "moved"]
        return move_name(flow, lapsed[0]) if lapsed else _("Overdue")
    moved = [str(e.get("move")) for e in data.get("flow", ()) if e.get("event") == "moved"]
    return move_name(flow, moved[0]) if moved else _("Reminder")


def _tone(kind: str, data: Mapping[str, Any]) -> str:
    timer = str(data.get("timer", "")).partition("+")[0]
    if timer in ("due", "total.due"):
        return "danger"
    if timer:
        return "warning"
    if data.get("closed"):
        return "success"
    return "primary" if kind == "case.reported" else "plain"


def _late(data: Mapping[str, Any], at: datetime) -> str:
    """When an alarm went off late: since when it was due, when it was acted on, and why only then where that is known."""
    seconds = data.get("late")
    if not seconds:
        return ""
    told = data.get("fell_due")
    if not told:  # written before the moment itself was kept
        minutes = max(1, int(seconds) // 60)
        return ngettext("%(n)d minute late", "%(n)d minutes late", minutes) % {"n": minutes}
    times = {"due": in_full(datetime.fromisoformat(str(told))), "at": in_full(at)}
    if data.get("why") == DOWN:
        return _("fell due at %(due)s, acted on at %(at)s because the clock was down") % times
    if data.get("why") == JUMP:
        return _("fell due at %(due)s, acted on at %(at)s because the time of the server jumped") % times
    return _("fell due at %(due)s, acted on at %(at)s") % times


def _said(
    happening: Happening, preset: Any, flow: Flow, move: str, memory: PlaceMemory, inside: bool
) -> tuple[Said, ...]:
    fields = happening.event.data.get("fields")  # of a look at a contact it is a list of what was looked at
    values = {**(fields if isinstance(fields, dict) else {}), **(happening.private or {})}
    try:
        schema = preset.move_form(flow.id, move) if move else None
    except KeyError:
        schema = None
    shown = []
    for name, value in values.items():
        hidden = name not in FOR_CALLER
        if (hidden and not inside) or value in (None, "", []):
            continue
        one = schema[name] if schema is not None and name in schema.ids else None
        label = (
            one.label.text("en" if english() else "zh") if one is not None else str(LABELS.get(name, name))
        )
        shown.append(Said(label, _value(one, value, preset, memory), hidden))
    return tuple(shown)


def _told(case: Case, happening: Happening, preset: Any, memory: PlaceMemory) -> tuple[Said, ...]:
    """What the form of the case's kind asked beside the text, the place and the caller, for those who work on it."""
    form = preset.forms.get(preset.kinds[case.kind].form) if case.kind in preset.kinds else None
    if form is None:
        return ()
    usual, sealed = set(roles_of(form).values()), happening.private or {}
    shown = []
    for one in form.fields:
        value = sealed.get(one.id) if one.private else case.fields.get(one.id)
        if one.id in usual or value in (None, "", [], False):
            continue
        shown.append(
            Said(one.label.text("en" if english() else "zh"), _value(one, value, preset, memory), True)
        )
    return tuple(shown)


def masked(text: str) -> str:
    """A sensitive short value as everybody reads it: a telephone number without its middle, else only its first sign.

    Whoever needs the whole looks at the contact, for a reason that goes on record.
    """
    if len(text) >= 7:
        return f"{text[:3]}****{text[-4:]}"
    return f"{text[:1]}**"


def shown(one: Any, value: Any, preset: Any, memory: PlaceMemory) -> str:
    """The value of a form's field in words."""
    return _value(one, value, preset, memory)


def _value(one: Any, value: Any, preset: Any, memory: PlaceMemory) -> str:
    kind = one.type if one is not None else ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if one is not None and one.private and kind in ("text", "phone"):
        return masked(str(value))
    if isinstance(value, list):
        return "、".join(_value(one, part, preset, memory) for part in value)
    if kind in ("choice", "choices"):
        for choice in one.choices:
            if choice.id == value:
                return str(choice.label.text("en" if english() else "zh"))
    if kind in ("organ", "organs") and isinstance(value, int) and value in memory.organs:
        return memory.organ(value).name
    if kind == "item" and value in preset.items:
        return str(preset.items[value].name)
    if kind == "datetime":
        return str(value).replace("T", " ")[:16]
    return str(value)

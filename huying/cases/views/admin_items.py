"""The handbook of items: a tree to look through, and a form that publishes a change as the next edition."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from huying.cases import handbook, looks
from huying.cases.views.common import memory_of
from huying.cases.views.edition_outcome import shown_or_published
from huying.places.info import PlaceMemory
from huying.presets.definition import Item, Preset
from huying.staff.access import needs

MANY = ("co_handlers", "kinds")
SOURCES = {
    "account": gettext_lazy("reported practice"), "practice": gettext_lazy("usual practice"),
    "law": gettext_lazy("law or rule"),
}  # fmt: skip


@never_cache
@require_GET
@needs("manage_items")
def items(request: HttpRequest) -> HttpResponse:
    """The tree of items. One SQL statement beside those of signing in."""
    memory = memory_of(request)
    preset, words = memory.preset, request.GET.get("q", "")[:60]
    missing = request.GET.get("grounds") == "missing"
    counts = handbook.precedents(memory.place_id)
    groups: dict[str, list[dict[str, Any]]] = {}
    leaves = preset.leaves if preset is not None else ()
    for item in leaves:
        if handbook.matches(item, words) and not (missing and item.grounds):
            above = item.path[:-1] if preset is not None else ()
            name = " / ".join(str(preset.items[code].name) for code in above) if preset is not None else ""
            groups.setdefault(name or "—", []).append(_line(item, memory, counts))
    context = {
        "sections": list(groups.items()), "q": words, "missing": missing, "all": len(leaves),
        "shown": sum(map(len, groups.values())), "no_grounds": sum(not item.grounds for item in leaves),
        "edition": memory.edition_id,
    }  # fmt: skip
    return render(request, "cases/admin/items.html", context)


def _line(item: Item, memory: PlaceMemory, counts: Mapping[str, int]) -> dict[str, Any]:
    return {
        "item": item, "handler": handbook.handler_name(memory, item.handler), "precedents": counts.get(item.code, 0),
        "co_handlers": [handbook.handler_name(memory, code) for code in item.co_handlers],
        "limits": [(_limit_name(phase), _span(text)) for phase, text in item.limits.items()],
        "source": SOURCES.get(item.source, item.source),
    }  # fmt: skip


def _limit_name(phase: str) -> str:
    names = {
        "accept": pgettext("limit", "accept"), "arrive": pgettext("limit", "report in"),
        "handle": pgettext("limit", "handle"),
    }  # fmt: skip
    return names[phase]


def _span(text: str) -> str:
    """A limit as people say it; as written when its unit is none of the usual."""
    number, _sep, unit = text.partition(" ")
    words = {
        "minute": _("%(n)s minutes"), "hour": _("%(n)s hours"), "day": _("%(n)s days"), "workday": _("%(n)s workdays"),
        "work hour": _("%(n)s working hours"), "work minute": _("%(n)s working minutes"),
    }.get(unit.removesuffix("s"))  # fmt: skip
    return words % {"n": number} if words else text


@never_cache
@require_http_methods(["GET", "POST"])
@needs("manage_items")
def item(request: HttpRequest, code: str) -> HttpResponse:
    """One item and its form. POST shows the difference; POST with ``publish`` publishes it as the next edition.

    422 with what is wrong, 409 when another edition came into force meanwhile.
    """
    memory = memory_of(request)
    preset = memory.preset
    if preset is None or code not in preset.items:
        raise Http404("no such item")
    own = handbook.own_cells(preset, code)
    context: dict[str, Any] = {
        "item": preset.items[code], "line": _line(preset.items[code], memory, handbook.precedents(memory.place_id)),
        "path": [str(preset.items[one].name) for one in preset.items[code].path[:-1]], "base": memory.edition_id,
    }  # fmt: skip
    cells = own
    answer: HttpResponse | int = 200
    if request.method == "POST":
        ends = bool(request.POST.get("end"))
        try:
            if ends:
                draft = handbook.draft_end(preset, code)
                hidden = [("end", "1")]
            else:
                cells = _posted(request, own)
                draft, hidden = handbook.draft(preset, code, cells), list(_hidden(cells))
        except KeyError:
            raise Http404("an item with others below it") from None
        back = reverse("cases:items") if ends else reverse("cases:item", args=[code])
        answer = shown_or_published(request, memory, draft, hidden, context, note=code, back=back)
    if isinstance(answer, HttpResponse):
        return answer
    context["fields"] = _fields(preset, memory, code, cells)
    context["leaf"] = preset.items[code] in preset.leaves
    return render(request, "cases/admin/item.html", context, status=answer)


@never_cache
@require_http_methods(["GET", "POST"])
@needs("manage_items")
def item_new(request: HttpRequest) -> HttpResponse:
    """A new item: the same form with its code and where it stands. 422 with what is wrong, 409 when overtaken."""
    memory = memory_of(request)
    preset = memory.preset
    if preset is None:
        raise Http404("no edition")
    own = dict.fromkeys(handbook.CELLS, "")
    sent = request.POST if request.method == "POST" else request.GET
    code, parent = sent.get("code", "").strip()[:40], sent.get("parent", "").strip()[:40]
    context: dict[str, Any] = {"base": memory.edition_id}
    cells = own
    answer: HttpResponse | int = 200
    if request.method == "POST":
        cells = _posted(request, own)
        wrong = _new_problems(preset, code, parent)
        if wrong:
            context["problems"], answer = wrong, 422
        else:
            draft = handbook.draft(preset, code, cells, parent=parent)
            hidden = [("code", code), ("parent", parent), *_hidden(cells)]
            back = reverse("cases:item", args=[code])
            answer = shown_or_published(request, memory, draft, hidden, context, note=code, back=back)
    if isinstance(answer, HttpResponse):
        return answer
    above = [{"id": one.code, "label": f"{one.code} {one.name}"} for one in handbook.groups(preset)]
    first: list[dict[str, Any]] = [
        {"id": "code", "label": pgettext("item", "Code"), "type": "text", "value": code, "required": True, "max": 40,
         "hint": _("Letters and digits, for good: cases and precedents name it")},
        {"id": "parent", "label": _("Stands under"), "type": "choice", "value": parent, "required": True, "choices": above},
    ]  # fmt: skip
    context["fields"] = [*first, *_fields(preset, memory, parent, cells, new=True)]
    return render(request, "cases/admin/item_new.html", context, status=answer)


def _new_problems(preset: Preset, code: str, parent: str) -> list[str]:
    found = []
    if not _CODE.fullmatch(code) or code == "new":
        found.append(_("The code has 1 to 40 letters and digits."))
    elif code in preset.items:
        found.append(
            _("There is an item with this code already: %(name)s") % {"name": preset.items[code].name}
        )
    if parent not in {one.code for one in handbook.groups(preset)}:
        found.append(_("Choose under which heading it stands."))
    return found


_CODE = re.compile(r"[A-Za-z0-9_-]{1,40}")


def _posted(request: HttpRequest, own: Mapping[str, str]) -> dict[str, str]:
    cells = {}
    for name in handbook.CELLS:
        if name in MANY:
            cells[name] = ";".join(value for value in request.POST.getlist(name) if value)[:2000]
        elif name in request.POST:
            cells[name] = request.POST[name].strip()[:4000].replace("\r\n", " ").replace("\n", " ")
        else:
            cells[name] = own[name]
    return cells


def _hidden(cells: Mapping[str, str]) -> Any:
    for name, value in cells.items():
        for one in value.split(";") if name in MANY else [value]:
            yield name, one


def _fields(
    preset: Preset, memory: PlaceMemory, code: str, cells: Mapping[str, str], *, new: bool = False
) -> list[dict[str, Any]]:
    """The item's own row as a form; an empty cell takes what the row above says, which the hint tells.

    Of a *new* item, *code* is that of the row above.
    """
    above = preset.items.get(code) if new else preset.items.get(preset.items[code].parent)
    who = handbook.handlers(preset, memory)
    yes_no = [
        {"id": "", "label": _("as above")},
        {"id": "yes", "label": _("yes")},
        {"id": "no", "label": _("no")},
    ]

    def field(name: str, label: str, kind: str = "text", inherited: str = "", **more: Any) -> dict[str, Any]:
        hint = more.pop("hint", "")
        if inherited and not cells[name]:
            told = _("Taken from above: %(text)s") % {"text": inherited}
            hint = f"{hint} {told}".strip()
        value: Any = cells[name].split(";") if name in MANY and cells[name] else cells[name]
        return {"id": name, "label": label, "type": kind, "value": value, "hint": hint, **more}

    limits = above.limits if above is not None else {}
    handler = handbook.handler_name(memory, above.handler) if above is not None else ""
    span = _("Such as “30 minutes”, “4 work hours”, “5 workdays”")
    calls = [{"id": one, "label": str(name)} for one, name in looks.CALLS.items()]
    grades = [{"id": "", "label": _("as above")}, *({"id": str(n), "label": str(n)} for n in range(1, 6))]
    sources = [
        {"id": "", "label": _("as above")},
        *({"id": one, "label": str(name)} for one, name in SOURCES.items()),
    ]
    grounds = _("Only what you have looked up; left empty, the page says that the county fills it in")
    return [
        field("name", pgettext("item", "Name"), required=True, max=60),
        field("handler", pgettext("item", "Handled by"), "organ", handler, choices=who),
        field("co_handlers", _("Helped by"), "organs", choices=who),
        field("accept_limit", _("Limit for accepting"), inherited=limits.get("accept", ""), hint=span, max=40),
        field("arrive_limit", _("Limit for reporting in"), inherited=limits.get("arrive", ""), hint=span, max=40),
        field("handle_limit", _("Limit for handling"), inherited=limits.get("handle", ""), hint=span, max=40),
        field("grade", _("Grade"), "choice", choices=grades, hint=_("1 is the most serious")),
        field("keywords", _("Keywords"), "long", max=4000, hint=_("Residents' own words, with “;” between: routing suggests by them")),
        field("evidence", _("Evidence"), max=400, hint=_("What a handled case has to show, with “;” between")),
        field("grounds", _("Legal grounds"), "long", max=2000, hint=grounds),
        field("source", _("Where this row comes from"), "choice", choices=sources),
        field("standard_code", _("Code in a standard"), max=60),
        field("kinds", _("Kinds of call"), "choices", choices=calls, hint=_("None chosen: all")),
        field("grid", _("Grid workers may be given it"), "choice", choices=yes_no),
        field("auto", _("May be dispatched automatically"), "choice", choices=yes_no),
        field("fixed", _("Its limit cannot be extended"), "choice", choices=yes_no),
    ]  # fmt: skip

"""The screens of reports: the list, a new one, the page that is read, the draft that is edited, the files."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huying import clock
from huying.cases.views.common import actor_of, memory_of, seen_of
from huying.cases.views.staff import staff_page
from huying.presets.report_definition import ReportKind
from huying.reports import access, actions, compose, periods, queries
from huying.reports.errors import ReportError
from huying.reports.forms import edits_of
from huying.reports.looks import STATES, UNREAD, words
from huying.reports.models import Report
from huying.reports.papers.fonts import NoFont
from huying.staff import sight as sights
from huying.ui.typed import whole

State = Report.State
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _lang() -> str:
    return get_language() or "zh-hans"


@never_cache
@require_GET
@staff_page
def listing(request: HttpRequest) -> HttpResponse:
    """The reports that the person may open, by kind and state. Two SQL statements beside those of signing in."""
    sight = sights.of(request)
    if sight.place_id and not sight.post_ids:
        raise PermissionDenied
    memory = memory_of(request)
    kinds = access.kinds(memory)
    offices = queries.offices(sight)
    kind = request.GET.get("kind", "")
    kind = kind if kind in kinds else ""
    state = request.GET.get("state", "")
    state = state if offices and state in (State.DRAFT, State.ISSUED, State.DROPPED) else ""
    found = queries.page(sight, kind=kind, state=state, after=request.GET.get("after", ""))
    mine = {code for office, _ids in offices for code in [office.code]}
    context = {
        "rows": [_row(memory, kinds, one, found.opened, mine) for one in found.rows],
        "tabs": _tabs(kinds, kind, state),
        "states": _states(kind, state) if offices else [],
        "may_write": bool(offices),
        "next": f"?kind={kind}&state={state}&after={found.after}" if found.after else "",
        "first": not request.GET.get("after"),
    }
    return render(request, "reports/list.html", context)


def _tabs(kinds: dict[str, ReportKind], kind: str, state: str) -> list[dict[str, Any]]:
    made = [{"label": pgettext("reports", "All"), "url": f"?state={state}", "current": not kind}]
    for one in kinds.values():
        label = words(one.name, _lang())
        made.append({"label": label, "url": f"?kind={one.code}&state={state}", "current": kind == one.code})
    return made


def _states(kind: str, state: str) -> list[dict[str, Any]]:
    every = [("", pgettext("reports", "Any state"))] + [
        (str(code), look.label) for code, look in STATES.items()
    ]
    return [{"code": code, "label": label, "current": code == state} for code, label in every]


def _row(
    memory: Any, kinds: dict[str, ReportKind], one: Report, opened: frozenset[UUID], mine: set[str]
) -> dict[str, Any]:
    chips = [STATES[State(one.state)]] if one.kind in mine else []
    if one.state == State.ISSUED and one.id not in opened:
        chips.append(UNREAD)
    kind = kinds.get(one.kind)
    return {
        "report": one,
        "chips": chips,
        "kind": words(kind.name, _lang()) if kind is not None else one.kind,
        "whose": memory.division(one.division_id).name if one.division_id in memory.divisions else "",
        "url": reverse("reports:report", args=[one.id]),
    }


@never_cache
@require_http_methods(["GET", "POST"])
@staff_page
def new(request: HttpRequest) -> HttpResponse:
    """Ask for a draft of a past period."""
    sight, memory = sights.of(request), memory_of(request)
    offices = queries.offices(sight)
    if not offices:
        raise PermissionDenied
    problem = ""
    sent = request.POST
    today = clock.now().astimezone(periods.zone_of(memory)).date()
    if request.method == "POST":
        code, _at, whose = sent.get("which", "").partition("@")
        try:
            day = _day(
                sent.get("day", ""), next((kind for kind, _ in offices if kind.code == code), None), today
            )
            division = whole(whose) or 0
            made = actions.make(actor_of(request), code, division, day)
        except ValueError:
            problem = _("Choose a day.")
        except ReportError as error:
            problem = _problem(error)
        else:
            return HttpResponseRedirect(reverse("reports:edit", args=[made.id]), status=303)
    choices = [
        {
            "value": f"{kind.code}@{ident}",
            "label": words(kind.name, _lang()) + (f" · {memory.division(ident).name}" if len(mine) > 1 or not _top(memory, ident) else ""),
        }
        for kind, mine in offices
        for ident in mine
    ]  # fmt: skip
    context = {
        "choices": choices, "chosen": sent.get("which", ""), "problem": problem, "max": today,
        "day": sent.get("day", ""),
    }  # fmt: skip
    return render(request, "reports/new.html", context, status=422 if problem else 200)


def _day(typed: str, kind: Any, today: date) -> date:
    """The day that was typed; where none was, one of the last period of that kind of report that is over."""
    if typed or kind is None:
        return date.fromisoformat(typed)
    return periods.last_whole(kind.period, today).last


def _top(memory: Any, ident: int) -> bool:
    return memory.top is not None and memory.top.id == ident


def _found(request: HttpRequest, ident: UUID) -> Report:
    try:
        return queries.one(sights.of(request), ident)
    except Report.DoesNotExist:
        raise Http404("no such report") from None


@never_cache
@require_GET
@staff_page
def report(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """A report to be read; that a reader has opened it is noted. Nine SQL statements at most beside signing in."""
    found = _found(request, report_id)
    sight, memory = sights.of(request), memory_of(request)
    kind = access.kind_of(found)
    writes = access.may_edit(sight, kind, found.division_id)
    if found.state == State.ISSUED:
        actions.opened(actor_of(request), found)
    corrected = queries.corrected(found)
    sheet = compose.sheet(memory, found, corrected)
    context = {
        "report": found,
        "sheet": sheet,
        "blocks": compose.for_page(sheet.blocks),
        "kind": words(kind.name, _lang()),
        "look": STATES[State(found.state)],
        "draft": found.state == State.DRAFT,
        "issued": found.state == State.ISSUED,
        "writes": writes,
        "may_issue": access.may_issue(sight, kind, found.division_id),
        "corrected": corrected,
        "corrections": queries.corrections(found) if found.state == State.ISSUED else [],
        "receipts": queries.receipts(found) if writes and found.state == State.ISSUED else [],
        "digest": compose.digest(found) if found.state == State.ISSUED else "",
        "crumbs": [
            {"label": _("Reports"), "url": reverse("reports:list")},
            {"label": words(kind.name, _lang()), "url": f"{reverse('reports:list')}?kind={kind.code}"},
        ],
    }
    return render(request, "reports/report.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@staff_page
def edit(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Write the texts of a draft, choose what is told; 409 with what was typed when somebody was faster."""
    found = _found(request, report_id)
    kind = access.kind_of(found)
    if not access.may_edit(sights.of(request), kind, found.division_id):
        raise Http404("no such report")
    if found.state != State.DRAFT:
        return HttpResponseRedirect(reverse("reports:report", args=[found.id]), status=303)
    problem, status, edits = "", 200, found.edits
    if request.method == "POST":
        edits = edits_of(found, request.POST)
        try:
            actions.edit(actor_of(request), found.id, edits, seen=seen_of(request))
        except ReportError as error:
            problem, status = _problem(error), 409 if error.code == "stale" else 422
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("reports:report", args=[found.id]), status=303)
    context = {
        "report": found, "kind": words(kind.name, _lang()), "problem": problem,
        "sections": [_section(one, edits) for one in found.content["sections"]],
        "crumbs": [{"label": _("Reports"), "url": reverse("reports:list")}],
    }  # fmt: skip
    return render(request, "reports/edit.html", context, status=status)


def _section(section: dict[str, Any], edits: Any) -> dict[str, Any]:
    ident = section["id"]
    picked = [one["id"] for one in compose.chosen(section, edits)]
    return section | {
        "blocks": compose.for_page(section["blocks"]),
        "typed": edits.get("texts", {}).get(ident, section.get("text", "")),
        "remark": edits.get("remarks", {}).get(ident, ""),
        "choices": [
            one | {"picked": one["id"] in picked, "rank": picked.index(one["id"]) + 1 if one["id"] in picked else ""}
            for one in section.get("candidates", ())
        ],
        "rows": max(3, len(str(section.get("text", ""))) // 40 + 2),
    }  # fmt: skip


def _act(request: HttpRequest, report_id: UUID, act: Any, said: str) -> HttpResponse:
    _found(request, report_id)
    back = HttpResponseRedirect(reverse("reports:report", args=[report_id]), status=303)
    try:
        act(actor_of(request), report_id, seen=seen_of(request))
    except ReportError as error:
        messages.error(request, _problem(error))
    except Report.DoesNotExist:
        raise Http404("no such report") from None
    except NoFont:
        messages.error(request, _no_font())
    else:
        messages.success(request, said)
    return back


@require_POST
@staff_page
def anew(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Take the figures of now into a draft."""
    return _act(request, report_id, actions.count_anew, _("The figures are of now."))


@require_POST
@staff_page
def drop(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Set a draft aside."""
    return _act(request, report_id, actions.drop, _("Set aside; it will not be issued."))


@require_POST
@staff_page
def issue(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Issue a draft: number, papers, delivery, archive."""
    return _act(request, report_id, actions.issue, _("Issued and delivered to its readers."))


@require_POST
@staff_page
def correct(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """A new draft of the same period that corrects an issued report."""
    found = _found(request, report_id)
    try:
        made = actions.make(actor_of(request), found.kind, found.division_id, found.start, corrects=found.id)
    except ReportError as error:
        messages.error(request, _problem(error))
        return HttpResponseRedirect(reverse("reports:report", args=[found.id]), status=303)
    return HttpResponseRedirect(reverse("reports:edit", args=[made.id]), status=303)


@never_cache
@require_GET
@staff_page
def pdf(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """The PDF: of an issued report the one that was archived, of a draft one drawn now that says so."""
    # Drawing documents takes libraries of 20 MB that no other page needs: they are loaded by the first who asks.
    from huying.reports.papers.pdf import pdf as draw

    found = _found(request, report_id)
    if found.state != State.ISSUED:
        try:
            return _file(found, draw(_sheet(request, found), found.data_at), "pdf", "application/pdf")
        except NoFont:
            messages.error(request, _no_font())
            return HttpResponseRedirect(reverse("reports:report", args=[found.id]), status=303)
    return _archived(request, found, "pdf", "application/pdf")


@never_cache
@require_GET
@staff_page
def docx(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """The Word document, in the same way."""
    from huying.reports.papers.word import docx as draw

    found = _found(request, report_id)
    if found.state != State.ISSUED:
        return _file(found, draw(_sheet(request, found), found.data_at), "docx", DOCX)
    return _archived(request, found, "docx", DOCX)


def _sheet(request: HttpRequest, found: Report) -> Any:
    return compose.sheet(memory_of(request), found, queries.corrected(found))


def _archived(request: HttpRequest, found: Report, form: str, mime: str) -> HttpResponse:
    actions.opened(actor_of(request), found)
    paper = queries.paper(found, form)
    if paper is None:
        raise Http404("no such paper")
    return _file(found, bytes(paper.data), form, mime)


def _file(found: Report, data: bytes, ext: str, mime: str) -> HttpResponse:
    response = HttpResponse(data, content_type=mime)
    name = f"{found.kind}-{found.start.isoformat()}" + (f"-{found.seq}" if found.seq else "-draft")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{ext}"'
    return response


def _no_font() -> str:
    return _(
        "No font with Chinese characters was found on this server, so no PDF can be drawn. Nothing was issued."
    )


def _problem(error: ReportError) -> str:
    told = {
        "stale": _("Somebody else has changed this draft in the meantime. What you typed is still here: compare and save again."),
        "not-a-draft": _("This report is no draft any more."),
        "not-allowed": _("You may not do this with this report."),
        "not-over": _("This period is not over yet: its figures would still change."),
        "no-such-report": _("There is no such report here."),
        "not-issued": _("Only an issued report can be corrected."),
        "too-long": _("A text is too long (at most %(most)s characters).") % {"most": error.about.get("most", "")},
        "unshowable": _("A text holds characters that cannot be shown."),
    }  # fmt: skip
    return told.get(error.code, _("Please load the page again."))

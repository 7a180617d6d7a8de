"""The file of a case to take away: Word, PDF, or a page to print. Each goes on record first."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from huying.cases.actions.exported import printed as put_on_record
from huying.cases.models import Case
from huying.cases.papers import fonts
from huying.cases.papers.contents import Paper, contents
from huying.cases.queries import CaseView, view
from huying.cases.views.common import actor_of
from huying.cases.views.staff import case_of, staff_page
from huying.ui.hooks import hooks

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@never_cache
@require_GET
@staff_page
def docx(request: HttpRequest, number: str) -> HttpResponse:
    """The case file as a Word document."""
    # Drawing documents takes libraries of 20 MB that no other page needs: they are loaded by the first who asks.
    from huying.cases.papers.word import docx as draw

    seen, paper = _paper(request, number)
    _record(request, seen, "docx")
    return _named(draw(paper), seen, "docx", DOCX)


@never_cache
@require_GET
@staff_page
def pdf(request: HttpRequest, number: str) -> HttpResponse:
    """The case file as a PDF; 501 with what to install where no font has Chinese characters."""
    from huying.cases.papers.pdf import pdf as draw

    seen, paper = _paper(request, number)
    try:
        font = fonts.face()
    except fonts.NoFont as error:
        context = {"case": seen.case, "package": fonts.PACKAGE, "named": str(error)}
        return render(request, "cases/no_font.html", context, status=501)
    content = draw(paper, font)
    _record(request, seen, "pdf")
    return _named(content, seen, "pdf", "application/pdf")


@never_cache
@require_GET
@staff_page
def printed(request: HttpRequest, number: str) -> HttpResponse:
    """The case file as a page for the browser's own printing."""
    seen, paper = _paper(request, number)
    _record(request, seen, "page")
    return render(request, "cases/print.html", {"case": seen.case, "paper": paper})


def _paper(request: HttpRequest, number: str) -> tuple[CaseView, Paper]:
    try:
        seen = view(case_of(request, number), actor_of(request))
    except Case.DoesNotExist:
        raise Http404("no such case") from None
    who = hooks.who(request)
    if not seen.inside:
        # Who called follows the case on the tracking page; its file is an inside paper.
        raise Http404("no such case")
    return seen, contents(seen, who.name if who is not None else "")


def _record(request: HttpRequest, seen: CaseView, form: str) -> None:
    put_on_record(seen.case, actor_of(request), form)


def _named(content: bytes, seen: CaseView, ext: str, mime: str) -> HttpResponse:
    # Only letters, digits and dashes of the number: the name becomes a file on somebody's machine.
    stem = "".join(sign for sign in seen.case.number if sign.isascii() and (sign.isalnum() or sign in "-_"))
    response = HttpResponse(content, content_type=mime)
    response.headers["Content-Disposition"] = f'attachment; filename="{stem or "case"}.{ext}"'
    return response

"""An order as an official paper: Word or PDF. Each goes on record first, like every case file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from huying.cases.actions.exported import printed as put_on_record
from huying.cases.models import Case
from huying.cases.papers import fonts
from huying.cases.queries import view
from huying.cases.views.case_file import DOCX
from huying.cases.views.common import actor_of
from huying.cases.views.staff import staff_page
from huying.supervise.views.orders import order_of

if TYPE_CHECKING:
    from huying.supervise.papers import OrderPaper


@never_cache
@require_GET
@staff_page
def docx(request: HttpRequest, number: str) -> HttpResponse:
    """The order as a Word document."""
    # Drawing documents takes libraries of 20 MB that no other page needs: they are loaded by the first who asks.
    from huying.supervise.papers import docx_of

    case, paper = _paper(request, number)
    content = docx_of(paper)
    put_on_record(case, actor_of(request), "docx")
    return _named(content, case, "docx", DOCX)


@never_cache
@require_GET
@staff_page
def pdf(request: HttpRequest, number: str) -> HttpResponse:
    """The order as a PDF; 501 with what to install where no font has Chinese characters."""
    from huying.supervise.papers import pdf_of

    case, paper = _paper(request, number)
    try:
        font = fonts.face()
    except fonts.NoFont as error:
        context = {"case": case, "package": fonts.PACKAGE, "named": str(error)}
        return render(request, "cases/no_font.html", context, status=501)
    content = pdf_of(paper, font)
    put_on_record(case, actor_of(request), "pdf")
    return _named(content, case, "pdf", "application/pdf")


def _paper(request: HttpRequest, number: str) -> tuple[Case, OrderPaper]:
    from huying.supervise.papers import paper_of

    case = order_of(request, number)
    seen = view(case, actor_of(request))
    if not seen.inside:
        raise Http404("no such order")
    return case, paper_of(seen)


def _named(content: bytes, case: Case, ext: str, mime: str) -> HttpResponse:
    stem = "".join(sign for sign in case.number if sign.isascii() and (sign.isalnum() or sign in "-_"))
    response = HttpResponse(content, content_type=mime)
    response.headers["Content-Disposition"] = f'attachment; filename="{stem or "order"}.{ext}"'
    return response

"""The record: how it is doing, verifying it, sealing it, holding it against a receipt; erasures."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huying import clock
from huying.cases.actions import Refused
from huying.cases.actions.erase import GROUNDS, erase_case, erase_person
from huying.cases.lists import BadCursor, pack_id, unpack_id
from huying.cases.models import Case
from huying.cases.views.common import actor_of, memory_of, refusal
from huying.ledger import queries as ledger
from huying.ledger import receipts, wording
from huying.ledger.errors import LedgerError
from huying.ledger.ledger_kinds import ERASED
from huying.ledger.models import Event
from huying.ledger.verify import verify as verify_ledger
from huying.staff import actor as staff_actor
from huying.staff import sight as sights
from huying.staff.access import needs
from huying.staff.models import Person

MOST_EVENTS = 200_000  # verified while somebody waits; a longer record is verified by the command
MOST_RECEIPT = 20_000  # bytes of an uploaded receipt
PAGE = 30

GROUND_NAMES = {
    "request": gettext_lazy("The person asked for it"),
    "purpose_met": gettext_lazy("No longer needed for its purpose"),
    "period_over": gettext_lazy("The time of keeping is over"),
    "consent_withdrawn": gettext_lazy("Consent was withdrawn"),
    "unlawful": gettext_lazy("It should not have been collected"),
}


@never_cache
@require_GET
@needs("see_record")
def record(request: HttpRequest) -> HttpResponse:
    """Pages, readers, the last seal. Five SQL statements beside those of signing in."""
    return _page(request)


def _page(request: HttpRequest, status: int = 200, **more: Any) -> HttpResponse:
    found = ledger.status(sights.of(request).place_id)
    context = {"record": found, "now": clock.now(), "short": found.events <= MOST_EVENTS, **more}
    return render(request, "cases/admin/ledger.html", context, status=status)


@never_cache
@require_POST
@needs("see_record")
def check(request: HttpRequest) -> HttpResponse:
    """Verify the record now, against an uploaded receipt if one came along (file ``receipt``)."""
    place_id = sights.of(request).place_id
    receipt = None
    if sent := request.FILES.get("receipt"):
        try:
            if sent.size is None or sent.size > MOST_RECEIPT:
                raise LedgerError(_("This file is too large for a receipt."))
            lines = [line for line in sent.read().decode("utf-8").splitlines() if line.strip()]
            found = [receipts.parse(line) for line in lines]
            receipt = next((one for one in found if one.place == place_id), found[0] if found else None)
            if receipt is None:
                raise LedgerError(_("This file is empty."))
        except (LedgerError, UnicodeDecodeError) as problem:
            text = str(problem) if isinstance(problem, LedgerError) else _("This is not a receipt.")
            return _page(request, 422, receipt_error=text)
    elif request.POST.get("with") == "receipt":
        return _page(request, 422, receipt_error=_("Choose the file of a receipt first."))
    if ledger.status(place_id).events > MOST_EVENTS:
        return _page(request, 422, too_long=True)
    report = verify_ledger(place_id, receipt)
    told = wording.lines(report, receipt)
    result = {"ok": report.ok, "verdict": told[-1], "lines": told[:-1], "against": receipt is not None}
    return _page(request, result=result)


@never_cache
@require_POST
@needs("see_record")
def seal(request: HttpRequest) -> HttpResponse:
    """Seal the record up to now and hand out the receipt as a file, to be kept outside of the platform."""
    place_id = sights.of(request).place_id
    try:
        receipt = receipts.seal(place_id, staff_actor.actor_of(request))
    except LedgerError as problem:
        messages.error(request, str(problem))
        return HttpResponseRedirect(reverse("cases:ledger"), status=303)
    answer = HttpResponse(receipt.text() + "\n", content_type="application/json; charset=utf-8")
    name = f"receipt-{memory_of(request).code}-{receipt.page}.json"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


# — erasures —


@never_cache
@require_http_methods(["GET", "POST"])
@needs("erase", "see_record")
def erasures(request: HttpRequest) -> HttpResponse:
    """The list of erasures, and for whoever may approve one the form: ``what`` (case or person), ``number`` or
    ``username``, ``again`` (the same typed again), ``ground``, ``rule``. 422 with what is wrong.
    """
    sight = sights.of(request)
    errors: dict[str, str] = {}
    if request.method == "POST":
        if not sight.can("erase"):
            raise PermissionDenied
        try:
            _erase(request, sight.place_id)
        except Refused as error:
            errors = error.errors or {"": refusal(error)}
        else:
            messages.success(request, _("Erased. The erasure is on the record."))
            return HttpResponseRedirect(reverse("cases:erasures"), status=303)
    context = {
        **_list(sight.place_id, request.GET.get("after", "")), "may_erase": sight.can("erase"), "errors": errors,
        "fields": _fields(request.POST, errors), "general": [errors[""]] if "" in errors else [],
    }  # fmt: skip
    return render(request, "cases/admin/erasures.html", context, status=422 if errors else 200)


def _erase(request: HttpRequest, place_id: int) -> None:
    sent = {
        name: request.POST.get(name, "").strip()[:80]
        for name in ("what", "target", "again", "ground", "rule")
    }
    if not sent["target"]:
        raise Refused("invalid", {"target": _("Say what is to be erased.")})
    if sent["target"] != sent["again"]:
        raise Refused("invalid", {"again": _("This is not the same as above.")})
    actor = actor_of(request)
    try:
        if sent["what"] == "person":
            person = Person.objects.filter(place_id=place_id, username=sent["target"]).first()
            if person is None or person.kind != Person.Kind.RESIDENT:
                raise Refused("invalid", {"target": _("There is no resident with this user name.")})
            erase_person(place_id, person.pk, sent["ground"], sent["rule"], actor)
        else:
            erase_case(place_id, sent["target"], sent["ground"], sent["rule"], actor)
    except Refused as error:
        if "number" in error.errors:
            raise Refused(error.code, {"target": error.errors["number"]}) from error
        raise


def _fields(sent: Any, errors: dict[str, str]) -> list[dict[str, Any]]:
    def field(ident: str, label: str, kind: str = "text", **more: Any) -> dict[str, Any]:
        return {
            "id": ident, "label": label, "type": kind, "required": True, "value": sent.get(ident, ""),
            "errors": errors.get(ident, ""), **more,
        }  # fmt: skip

    grounds = [{"id": code, "label": str(GROUND_NAMES[code])} for code in GROUNDS]
    return [
        {
            **field("what", _("What is to be erased"), "choice"), "value": sent.get("what") or "case",
            "choices": [
                {"id": "case", "label": _("A closed case: its words, contacts and files")},
                {"id": "person", "label": _("A resident: contacts and the tie to their cases")},
            ],
        },
        field("target", _("Number of the case, or user name of the resident"), max=80),
        field("again", _("The same once more, so that it is not the wrong one"), max=80),
        field("ground", _("Ground"), "choice", choices=grounds),
        field(
            "rule", _("Number of the rule or decision"), max=40,
            hint=_("Letters, digits, dots and dashes only: this stays on the record for good."),
        ),
    ]  # fmt: skip


def _list(place_id: int, cursor: str) -> dict[str, Any]:
    """One page of erasures, newest first, with who approved them. Three SQL statements at most."""
    rows = Event.objects.filter(place_id=place_id, kind=ERASED).order_by("-id")
    if cursor:
        try:
            rows = rows.filter(id__lt=unpack_id(cursor))
        except BadCursor:
            cursor = ""
    found = list(rows[: PAGE + 1])
    more = len(found) > PAGE
    found = found[:PAGE]
    people = {UUID(one.data["approver"]) for one in found if one.data.get("approver")}
    names = dict(Person.objects.filter(pk__in=people).values_list("pk", "name")) if people else {}
    ids = [one.subject_id for one in found if one.subject_kind == "case" and one.subject_id is not None]
    numbers = (
        dict(Case.objects.filter(place_id=place_id, id__in=ids).values_list("id", "number")) if ids else {}
    )
    return {
        "rows": [
            {
                "at": one.at, "case": numbers.get(one.subject_id, "") if one.subject_id is not None else "", "kind": one.subject_kind,
                "ground": GROUND_NAMES.get(one.data.get("ground", ""), one.data.get("ground", "")),
                "rule": one.data.get("rule", ""), "payloads": one.data.get("payloads", 0), "event": one.id,
                "approver": names.get(UUID(one.data["approver"]), "—") if one.data.get("approver") else "—",
                "replayed": bool(one.data.get("replay_of")),
            }
            for one in found
        ],
        "next": f"?after={pack_id(found[-1].id)}" if more else "",
    }  # fmt: skip

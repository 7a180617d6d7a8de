"""One key: a short form, filled in as far as things are known, that issues an order about a case or about an organ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from huying.cases import naming
from huying.cases.actions import Conflict, KeyReused, Refused
from huying.cases.calls import CallRefused
from huying.cases.models import Case
from huying.cases.queries import seen_by
from huying.cases.views.common import actor_of, lang_of, memory_of, posted, refusal, schema_fields
from huying.cases.views.staff import case_of
from huying.presets.read_supervision import of as rules_of
from huying.staff.access import needs
from huying.supervise import actions, jobs
from huying.supervise.kinds import kinds_of, supervising_move
from huying.supervise.models import Trigger
from huying.supervise.views.common import RIGHT, cursor

ASKED = ("to_organ", "demand", "level", "days", "copies")


@never_cache
@require_http_methods(["GET", "POST"])
@needs(RIGHT)
def new(request: HttpRequest) -> HttpResponse:
    """The form (``?case=NUMBER``, ``?suggestion=ID``), and issuing what it sends: 303 to the order, 422 with mistakes."""
    memory = memory_of(request)
    kinds = kinds_of(memory.preset)
    if not kinds or memory.preset is None:
        raise Http404("this place does not supervise")
    trigger = _suggestion(request)
    about = _about(request, trigger)
    form = memory.preset.form_of(kinds[0]).pick(
        ("to_organ", "demand", "level", "days"), ("copies",), ident="new-order"
    )
    if request.method == "GET":
        return _page(request, memory, form, about, trigger, _prefilled(memory, about, trigger), {}, 200)
    data = posted(request, form.fields)
    cleaned, errors = form.clean(data, lang_of(), {})
    if errors:
        return _page(request, memory, form, about, trigger, data, errors, 422)
    key = request.POST.get("key", "")[:80] or None
    actor = actor_of(request)
    try:
        number = _issue(request, actor, about, trigger, data, cleaned.all, memory, key)
    except Refused as error:
        return _page(request, memory, form, about, trigger, data, error.errors, 422, refusal(error))
    except CallRefused as error:
        return _page(request, memory, form, about, trigger, data, error.errors, 422)
    except KeyReused:
        text = _("This form was sent before with something else in it. Please check and send it again.")
        return _page(request, memory, form, about, trigger, data, {}, 409, text)
    except Conflict:
        text = _("The case has moved on; please look at it and send the form again.")
        return _page(request, memory, form, about, trigger, data, {}, 409, text)
    except Case.DoesNotExist:
        raise Http404("no such case") from None
    messages.success(request, _("The order %(number)s was issued.") % {"number": number})
    return HttpResponseRedirect(reverse("cases:case", args=[number]), status=303)


def _issue(
    request: HttpRequest, actor: Any, about: Case | None, trigger: Trigger | None, data: Mapping[str, Any],
    cleaned: Mapping[str, Any], memory: Any, key: str | None,
) -> str:  # fmt: skip
    """Issue the order; its number."""
    if about is not None and supervising_move(about) is not None:
        order_id = actions.supervise(about, actor, data, key=key)
    else:
        # About an organ as such, or about a case that has come to its end.
        codes = {
            "to_organ": _organ(memory, cleaned.get("to_organ")), "level": cleaned.get("level"), "days": cleaned.get("days"),
            "copies": [one for one in (_organ(memory, code) for code in cleaned.get("copies") or ()) if one],
        }  # fmt: skip
        texts = {"demand": cleaned.get("demand")}
        order_id = actions.issue(memory.place_id, actor, codes, texts, about=about, key=key).case_id
    if trigger is not None and trigger.state == Trigger.State.SUGGESTED:
        actions.follow(trigger, order_id, actor)
    return Case.objects.values_list("number", flat=True).get(place_id=memory.place_id, id=order_id)


def _organ(memory: Any, code: Any) -> int | None:
    row = memory.organ_by_code(str(code or ""))
    return row.id if row is not None else None


def _suggestion(request: HttpRequest) -> Trigger | None:
    ident = cursor(request.GET.get("suggestion", "") or request.POST.get("suggestion", ""))
    if ident is None:
        return None
    found = Trigger.objects.filter(place_id=memory_of(request).place_id, id=ident).first()
    sight = actor_of(request).sight
    if found is None or sight is None or found.to_key not in sight.owner_keys:
        raise Http404("no such suggestion")
    return found


def _about(request: HttpRequest, trigger: Trigger | None) -> Case | None:
    number = request.GET.get("case", "") or request.POST.get("case", "")
    if trigger is not None:
        case = Case.objects.filter(place_id=trigger.place_id, id=trigger.case_id).first()
    elif number:
        case = case_of(request, number)
    else:
        return None
    if case is None or not seen_by(case, actor_of(request)):
        raise Http404("no such case")
    return case


def _prefilled(memory: Any, about: Case | None, trigger: Trigger | None) -> dict[str, Any]:
    """What is known already: the organ that has the case, and what the place usually asks for."""
    rules = rules_of(memory.preset)
    found: dict[str, Any] = {"level": str(rules.level), "days": rules.days, "copies": list(rules.copies)}
    organ = about.organ_id if about is not None else None
    if trigger is not None:
        organ = trigger.organ_id or organ
        rule = rules.rules.get(trigger.rule)
        if rule is not None and about is not None:
            found |= {
                "level": str(rule.level),
                "days": rule.days,
                "demand": jobs.demand(rule, trigger, about, memory),
            }
            if rule.copies:
                found["copies"] = list(rule.copies)
    elif about is not None:
        # The item and not the caller's own words: those who get a copy need not see the case.
        item = naming.item_name(memory.preset, about.item)
        found["demand"] = _("Please finish %(number)s (%(item)s) in time and report what was done.") % {
            "number": about.number, "item": item or _("no item chosen"),
        }  # fmt: skip
    if organ is not None and organ in memory.organs:
        found["to_organ"] = memory.organ(organ).code
    return found


def _page(
    request: HttpRequest, memory: Any, form: Any, about: Case | None, trigger: Trigger | None,
    values: Mapping[str, Any], errors: Mapping[str, str], status: int, general: str = "",
) -> HttpResponse:  # fmt: skip
    rules = rules_of(memory.preset)
    rule = rules.rules.get(trigger.rule) if trigger is not None else None
    fields = schema_fields(
        form.fields, memory.preset, memory, values=values, errors=errors, over={"demand": {"rows": 4}}
    )
    context = {
        "fields": fields, "about": about, "trigger": trigger, "general": [general] if general else [], "errors": errors,
        "rule": rule.name.text(lang_of()) if rule is not None else "", "preset_of_place": memory.preset,
        "key": request.POST.get("key") if status == 422 and request.POST.get("key") else uuid4(),
    }  # fmt: skip
    return render(request, "supervise/new.html", context, status=status)

"""What if: asking for a study, waiting for it, reading it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huying import clock
from huying.cases import naming
from huying.cases.lists import ZONE, BadCursor
from huying.cases.views.common import memory_of
from huying.flow.source import parse_yaml
from huying.places.info import PlaceMemory
from huying.staff import sight as sights
from huying.staff.access import needs
from huying.whatif import actions, queries, words
from huying.whatif.changes import ChangesRefused
from huying.whatif.frame import RIGHT
from huying.whatif.models import Study
from huying.whatif.views.slow import area, nothing

HOURS = (
    ("", gettext_lazy("as now")), ("08:00-12:00 13:00-18:00", "08:00–12:00 13:00–18:00"), ("08:30-17:30", "08:30–17:30"),
    ("week", gettext_lazy("also on Saturday and Sunday")),
)  # fmt: skip
STATES = {
    Study.WAITING: ("clock", "wait"), Study.RUNNING: ("refresh", "info"), Study.DONE: ("circle-check", "good"),
    Study.FAILED: ("alert-triangle", "bad"),
}  # fmt: skip
SHOWN_OWNERS = 20
FEW_TURNS = 5  # an organ with fewer is left out unless something is changed there


def _wide(request: HttpRequest) -> PlaceMemory:
    """The place, for whoever answers for all of it: a study speaks of every organ."""
    memory = memory_of(request)
    if area(sights.of(request), memory) is not None:
        raise PermissionDenied
    return memory


def _found(request: HttpRequest, study_id: UUID) -> tuple[PlaceMemory, Study]:
    """The place and one of its studies; not found for whatever is none of its own."""
    memory = _wide(request)
    found = queries.study(memory.place_id, study_id)
    if found is None:
        raise Http404("no such study")
    return memory, found


@never_cache
@require_GET
@needs(RIGHT)
def studies(request: HttpRequest) -> HttpResponse:
    """Studies, newest first. One SQL statement beside signing in."""
    memory = _wide(request)
    try:
        rows, after = queries.studies(memory.place_id, request.GET.get("after", ""))
    except BadCursor:
        return HttpResponseRedirect(reverse("whatif:studies"))
    shown = [_row(study) for study in rows]
    return render(request, "whatif/studies.html", {"rows": shown, "next": f"?after={after}" if after else ""})


@never_cache
@require_http_methods(["GET", "POST"])
@needs(RIGHT)
def ask(request: HttpRequest) -> HttpResponse:
    """The form, and taking it in. No SQL statement to show it beside signing in; four to take it in."""
    memory = _wide(request)
    if memory.preset is None:
        return nothing(request)
    given = request.POST if request.method == "POST" else request.GET
    problems: list[str] = []
    if request.method == "POST":
        try:
            plain = _plain(given, problems)
            since, until = _period(given, problems)
            if not problems:
                made = actions.ask(memory.place_id, sights.of(request).person_id, since, until, plain)
                return HttpResponseRedirect(reverse("whatif:study", args=[made.id]))
        except actions.StudyRefused as error:
            problems.append(words.problem(error.code))
        except ChangesRefused as error:
            problems += [one.text("en" if naming.english() else "zh") for one in error.problems]
    today = clock.now().astimezone(ZONE).date()
    context = {
        "given": given, "problems": problems, "choices": _choices(memory), "hours": HOURS,
        "since": given.get("since") or (today - timedelta(days=30)).isoformat(),
        "until": given.get("until") or (today - timedelta(days=1)).isoformat(), "today": today.isoformat(),
    }  # fmt: skip
    return render(request, "whatif/ask.html", context, status=422 if problems else 200)


@never_cache
@require_GET
@needs(RIGHT)
def study(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """A study and what came of it. One SQL statement beside signing in."""
    memory, found = _found(request, study_id)
    context: dict[str, Any] = {"study": found, "row": _row(found), "changes": _told(found, memory)}
    if found.state == Study.FAILED:
        context["problem"] = words.problem(found.problem)
    if found.state == Study.DONE and found.result:
        context |= _result(found.result, memory)
    template = "whatif/_progress.html" if request.headers.get("HX-Request") == "true" else "whatif/study.html"
    if template.endswith("_progress.html") and found.state in (Study.DONE, Study.FAILED):
        answer = HttpResponse(status=204)
        answer["HX-Refresh"] = "true"
        return answer
    return render(request, template, context)


@never_cache
@require_POST
@needs(RIGHT)
def call_off(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """Call off a study that waits or is being done. Two SQL statements beside signing in."""
    memory, _study = _found(request, study_id)
    if actions.call_off(memory.place_id, study_id):
        messages.success(request, _("The study was called off."))
    else:
        messages.info(request, _("The study had come to its end already."))
    return HttpResponseRedirect(reverse("whatif:study", args=[study_id]), status=303)


def _row(found: Study) -> dict[str, Any]:
    icon, tone = STATES[found.state]
    names = {
        Study.WAITING: _("waits for the worker"), Study.RUNNING: _("is being played"), Study.DONE: _("study finished"),
        Study.FAILED: _("could not be done"),
    }  # fmt: skip
    if found.problem == actions.CALLED_OFF:
        icon, tone, names[Study.FAILED] = "x", "neutral", _("was called off")
    since, until = (datetime.fromisoformat(found.params[name]) for name in ("since", "until"))
    return {
        "study": found, "url": reverse("whatif:study", args=[found.id]), "state": names[found.state], "icon": icon,
        "tone": tone, "name": found.name or _("Without a name"), "since": since.astimezone(ZONE).date(),
        "until": until.astimezone(ZONE).date() - timedelta(days=1),
        "running": found.state in (Study.WAITING, Study.RUNNING), "done": max(0, found.done),
    }  # fmt: skip


# — the form —


def _choices(memory: PlaceMemory) -> dict[str, Any]:
    preset = memory.preset
    assert preset is not None
    steps = []
    used = [kind.flow for kind in preset.kinds.values()]
    for flow in sorted(
        preset.flows.values(), key=lambda one: (one.leg, used.index(one.id) if one.id in used else 99)
    ):
        name = flow.en if naming.english() and flow.en else flow.name
        for step in flow.steps.values():
            if step.limit is not None and step.limit.kind != "none" and not step.end and not step.auto:
                steps.append((f"{flow.id}.{step.id}", f"{name} · {naming.step_name(flow, step.id)}"))
    return {
        "steps": steps, "items": [(row.code, f"{row.code} {row.name}") for row in preset.items.values() if row.leaf],
        "organs": [(row.code, row.name) for row in memory.organs.values() if row.active],
    }  # fmt: skip


def _plain(given: Any, problems: list[str]) -> dict[str, Any]:
    """The changes of the form as plain data; what is written as YAML comes instead."""
    text = given.get("yaml", "").strip()
    if text:
        source, wrong = parse_yaml(text[:20_000], _("Changes"))
        if source is None:
            problems += [one.text("en" if naming.english() else "zh") for one in wrong]
            return {}
        written: dict[str, Any] = _jsonable(source.data)
        return written
    found: dict[str, Any] = {"name": given.get("name", "").strip()[:60]}
    if given.get("step") and given.get("step_limit"):
        found.setdefault("limits", {})["steps"] = {given["step"]: given["step_limit"]}
    if given.get("item") and given.get("item_limit"):
        found.setdefault("limits", {})["items"] = {given["item"]: given["item_limit"]}
    if given.get("route_item") and given.get("route_organ"):
        found["routing"] = {given["route_item"]: given["route_organ"]}
    if given.get("staff_organ") and given.get("staff"):
        factor = _number(given["staff"], problems)
        found["staff"] = {
            given["staff_organ"]: {"factor": factor, "effect": given.get("effect") or "measured"}
        }
    if given.get("hours"):
        found["calendar"] = [{"organ": given.get("hours_organ", ""), "hours": _hours(given["hours"])}]
    if given.get("arrivals"):
        found["arrivals"] = _number(given["arrivals"], problems)
    if len(found) == 1 and not problems:
        problems.append(_("Change at least one thing."))
    return found


def _hours(code: str) -> Any:
    if code == "week":
        day = [["08:30", "11:30"], ["13:00", "17:00"]]
        return dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), day)
    return [part.split("-") for part in code.split()]


def _jsonable(data: Any) -> Any:
    if isinstance(data, dict):
        return {str(key): _jsonable(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_jsonable(value) for value in data]
    return data if data is None or isinstance(data, (str, int, float, bool)) else str(data)


def _number(text: str, problems: list[str]) -> float:
    try:
        return float(text)
    except ValueError:
        problems.append(_("“%s” is not a number.") % text)
        return 1.0


def _period(given: Any, problems: list[str]) -> tuple[datetime, datetime]:
    try:
        since, until = date.fromisoformat(given.get("since", "")), date.fromisoformat(given.get("until", ""))
        end = until + timedelta(days=1)
    except (ValueError, OverflowError):
        problems.append(words.problem("period"))
        since = clock.now().date()
        end = since + timedelta(days=1)
    return datetime.combine(since, time(), ZONE), datetime.combine(end, time(), ZONE)


# — the result —


def _told(found: Study, memory: PlaceMemory) -> list[str]:
    """What is changed, in words."""
    data, preset = found.params["changes"], memory.preset
    lines: list[str] = []
    if preset is None:
        return lines
    limits = data.get("limits") or {}
    first = next(iter(preset.kinds.values())).flow
    for key, text in (limits.get("steps") or {}).items():
        flow, _dot, step = key.rpartition(".")
        lines.append(
            _("Limit of %(what)s: %(limit)s")
            % {"what": naming.step_name(preset.flows[flow or first], step), "limit": _limit(text)}
        )
    for code, text in (limits.get("items") or {}).items():
        phases = text if isinstance(text, dict) else {"handle": text}
        said = "、".join(_limit(one) for one in phases.values())
        lines.append(
            _("Limit of %(what)s: %(limit)s") % {"what": naming.item_name(preset, code), "limit": said}
        )

    def organ(code: str) -> str:
        row = memory.organ_by_code(code)
        return row.name if row is not None else code

    for code, to in (data.get("routing") or {}).items():
        lines.append(
            _("%(item)s goes to %(organ)s") % {"item": naming.item_name(preset, code), "organ": organ(to)}
        )
    for code, row in (data.get("staff") or {}).items():
        factor = row.get("factor") if isinstance(row, dict) else row
        lines.append(_("%(organ)s: staff × %(factor)s") % {"organ": organ(code), "factor": factor})
    for row in data.get("calendar") or ():
        code = row.get("organ")
        lines.append(_("Other office hours: %s") % (organ(code) if code and code != "all" else memory.name))
    if data.get("arrivals") not in (None, 1, 1.0):
        lines.append(_("Calls × %s") % data["arrivals"])
    return lines


def _limit(text: Any) -> str:
    from huying.worktime import parse_limit

    return parse_limit(str(text)).label("en" if naming.english() else "zh")


def _result(result: dict[str, Any], memory: PlaceMemory) -> dict[str, Any]:
    rate, real = result["rate"], result["real"]

    def span(row: list[float]) -> dict[str, str]:
        return {"mean": words.percent(row[0]), "low": words.percent(row[1]), "high": words.percent(row[2])}

    low, high = rate["change"][1], rate["change"][2]
    verdict = "good" if low > 0 else "bad" if high < 0 else "neutral"
    step = result["load_step"]
    labels = [
        f"{at.month}-{at.day}"
        for n in range(len(result["loads"]["before"]))
        if (at := datetime.fromtimestamp(result["load_from"] + n * step, ZONE))
    ]
    edges = [edge / 3600 for edge in result["bins"]]
    names = [_("up to %s") % words.hours(edges[0])]
    names += [f"{words.hours(a)} – {words.hours(b)}" for a, b in pairwise(edges)]
    names += [_("more than %s") % words.hours(edges[-1])]
    owners = []
    shown = [row for row in result["owners"] if row["touched"] or row["turns"]["before"][0] >= FEW_TURNS]
    for row in shown[:SHOWN_OWNERS]:
        change = row["rate"]["change"]
        owners.append(
            {
                "name": words.owner(memory, row["owner"]), "before": words.percent(row["rate"]["before"][0]),
                "after": words.percent(row["rate"]["after"][0]), "change": words.points(change[0]),
                "low": words.points(change[1]), "high": words.points(change[2]),
                "tone": "good" if change[1] > 0 else "bad" if change[2] < 0 else "", "turns": round(row["turns"]["before"][0]),
                "load": f"{row['load']['before'][0]:.1f}", "load_after": f"{row['load']['after'][0]:.1f}",
                "thin": row["thin"], "touched": row["touched"], "real": words.percent(row["real"]),
            }
        )  # fmt: skip
    return {
        "result": result, "real": words.percent(real["rate"]), "before": span(rate["before"]), "after": span(rate["after"]),
        "change": words.points(rate["change"][0]), "low": words.points(low), "high": words.points(high), "verdict": verdict,
        "open": [round(result["open"][name][0]) for name in ("before", "after")],
        "overdue": [round(result["overdue"][name][0]) for name in ("before", "after")],
        "closed": [round(result["closed"][name][0]) for name in ("before", "after")],
        "warnings": [words.warning(memory, row) for row in result["warnings"]], "owners": owners,
        "load_labels": labels,
        "load_series": [
            {"name": _("without the change"), "data": result["loads"]["before"], "tone": "info"},
            {"name": _("with the change"), "data": result["loads"]["after"], "tone": "good"},
            {"name": _("as it really was"), "data": result["loads"]["real"], "tone": "neutral"},
        ],
        "late_labels": names,
        "late_series": [
            {"name": _("without the change"), "data": result["late_by"]["before"], "tone": "info"},
            {"name": _("with the change"), "data": result["late_by"]["after"], "tone": "good"},
        ],
    }  # fmt: skip

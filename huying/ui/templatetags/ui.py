"""Template tags of the components: {% load ui %}. Each is described with an example on the style page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from html import escape
from typing import Any
from uuid import uuid4

from django import template
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huying import clock
from huying.ui import nav as navigation
from huying.ui.build import built
from huying.ui.choices import look_of
from huying.ui.device import device_mark
from huying.ui.fields import FieldView, all_errors, from_schema, view_of
from huying.ui.hooks import hooks, url_or_empty
from huying.ui.moments import in_full
from huying.ui.words import script_words

register = template.Library()

DAY = timedelta(days=1)


def _request(context: Context) -> HttpRequest | None:
    return context.get("request")


# --- small things -------------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, css: str = "", label: str = "") -> SafeString:
    """An icon of the sprite. It is silent for screen readers unless a label is given."""
    if not label:
        return _silent_icon(name, css)
    return _drawn_icon(name, css, format_html('role="img" aria-label="{}"', label))


@lru_cache(maxsize=1024)  # a list has a hundred of the same few, a tenth of its page's time
def _silent_icon(name: str, css: str) -> SafeString:
    return _drawn_icon(name, css, SafeString('aria-hidden="true"'))


def _drawn_icon(name: str, css: str, spoken: SafeString) -> SafeString:
    return format_html(
        '<svg class="icon{}" {}><use href="{}#{}"></use></svg>',
        f" {css}" if css else "",
        spoken,
        static("ui/dist/icons.svg"),
        name,
    )


@register.simple_tag
def options(pairs: Iterable[tuple[Any, Any]], chosen: Any = None) -> SafeString:
    """The options of a select from (value, name) pairs. Lists of items and places are long, and a template's loop
    over them took most of an inbox page's time."""
    wanted = "" if chosen is None else str(chosen)
    found = []
    for value, name in pairs:
        mark = " selected" if str(value) == wanted else ""
        found.append(f'<option value="{escape(str(value))}"{mark}>{escape(str(name))}</option>')
    return mark_safe("".join(found))  # noqa: S308 - each part is escaped above


@register.simple_tag
def chip(state: Any, label: Any = "", tone: str = "", icon: str = "") -> SafeString:
    """A state as icon, word and colour. `state`: a key of huying.ui.choices.LOOKS, a Look, or {label, tone, icon}."""
    look = look_of(state, label=label, tone=tone, icon=icon)
    icon_drawn = _silent_icon(look.icon, "")
    return format_html('<span class="hy-chip tone-{}">{}{}</span>', look.tone, icon_drawn, look.label)


@register.simple_tag
def look(state: Any) -> Any:
    """Label, tone and icon of a state, for templates that draw it in their own way."""
    return look_of(state)


@register.simple_tag(takes_context=True)
def try_url(context: Context, name: str, *args: Any, **kwargs: Any) -> str:
    """Like {% url %}, but "" where no room has that view."""
    return url_or_empty(name, *args, **kwargs)


@register.simple_tag
def form_key() -> SafeString:
    """A hidden field `key` that makes sending the same form twice harmless (the idempotency key of the action)."""
    return format_html('<input type="hidden" name="key" value="{}">', uuid4())


@register.filter
def when(moment: datetime | None) -> str:
    """A moment as people say it: today 14:30, yesterday 09:05, 3 November 14:30, 2025-11-03."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    today = timezone.localtime(clock.now()).date()
    time = local.strftime("%H:%M")
    if local.date() == today:
        return _("Today %(time)s") % {"time": time}
    if local.date() == today - DAY:
        return _("Yesterday %(time)s") % {"time": time}
    if local.date() == today + DAY:
        return _("Tomorrow %(time)s") % {"time": time}
    if local.year == today.year:
        return _("%(month)s/%(day)s %(time)s") % {"month": local.month, "day": local.day, "time": time}
    return in_full(moment)


def spell(length: timedelta) -> str:
    """A length of time in its two largest units, as the script's countdown writes it."""
    seconds = int(abs(length.total_seconds()))
    words = script_words()
    parts = [
        (seconds // 86400, "days"),
        (seconds // 3600 % 24, "hours"),
        (seconds // 60 % 60, "minutes"),
        (seconds % 60, "seconds"),
    ]
    first = next((i for i, (n, _unit) in enumerate(parts) if n), 3)
    shown = [p for i, p in enumerate(parts[first : first + 2]) if i == 0 or p[0]]
    return " ".join(words[unit].replace("{n}", str(n)) for n, unit in shown)


@register.inclusion_tag("ui/countdown.html")
def countdown(
    due: datetime | None, paused: bool = False, soon: int = 14400, card: bool = False, label: str = ""
) -> dict[str, Any]:
    """Time left until `due`, counting down by the server's clock. `soon`: seconds from which it warns."""
    left = due - clock.now() if due else None
    tone = "neutral"
    if paused:
        tone = "hold"
    elif left is not None:
        tone = "bad" if left < timedelta(0) else "wait" if left < timedelta(seconds=soon) else "info"
    words = script_words()
    text = ""
    if left is not None:
        text = words["overdueBy" if left < timedelta(0) else "leftTime"].replace("{time}", spell(left))
    return {
        "due": due,
        "paused": paused,
        "soon": soon,
        "card": card,
        "label": label,
        "tone": tone,
        "text": text,
    }


@register.inclusion_tag("ui/stars_read.html")
def stars(given: int | None, out_of: int = 5) -> dict[str, Any]:
    """A given rating in stars and words."""
    return {"given": given, "row": [n < (given or 0) for n in range(out_of)], "out_of": out_of}


# --- forms --------------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def form_field(context: Context, field: Any, prefix: str = "", **over: Any) -> SafeString:
    """A field with label, hint, control and errors: from a Django form or from a schema (see huying.ui.fields).

    Keywords override what the field says, such as label, hint, required, draft, choices.
    """
    request = _request(context)
    view: FieldView = view_of(field, prefix=prefix, **over)
    if view.kind in ("hidden", "hidden-bound"):
        return SafeString(render_to_string(f"ui/fields/{view.kind}.html", {"field": view}))
    extra: dict[str, Any] = {"field": view, "template": f"ui/fields/{view.kind}.html", "csp_nonce": ""}
    if view.kind == "photo":
        extra["upload"] = view.extra["upload"] or hooks.upload_url(request)
    if view.kind == "point":
        extra["spec"] = map_spec(request, mode="pick", **(view.extra["map"] or {}))
    return SafeString(render_to_string("ui/field.html", extra, request=request))


@register.inclusion_tag("ui/form_errors.html")
def form_errors(source: Any, prefix: str = "", others: Iterable[str] = ()) -> dict[str, Any]:
    """Summary of what is wrong, with links to the fields. `source`: a Django form or a list of schema fields."""
    general = list(others)
    if hasattr(source, "non_field_errors"):
        general += [str(e) for e in source.non_field_errors()]
        fields: list[Any] = list(source)
    else:
        fields = [from_schema(f, prefix=prefix) if isinstance(f, Mapping) else f for f in source or []]
    return {"general": general, "errors": all_errors(fields)}


# --- charts and maps ----------------------------------------------------------------------------------------


@register.inclusion_tag("ui/chart.html")
def chart(
    kind: str, labels: Sequence[Any], series: Any, unit: str = "", title: str = "", **more: Any
) -> dict[str, Any]:
    """A chart: kind bar, line or pie; series [{name, data, tone}] or one list of figures.

    More: stacked, horizontal, tall, max, tones (of a pie's parts). The figures are also there as a table.
    """
    if series and not isinstance(series[0], Mapping):
        series = [{"name": title or unit, "data": list(series)}]
    spec = {"type": kind, "labels": [str(x) for x in labels], "series": series, "unit": unit, **more}
    rows = [(label, [s["data"][i] for s in series]) for i, label in enumerate(spec["labels"])]
    return {"spec": spec, "rows": rows, "title": title, "unit": unit, "tall": more.get("tall", False)}


def map_spec(request: HttpRequest | None, mode: str = "show", **more: Any) -> dict[str, Any]:
    """What a map is told: mode, layers (those of the place first), lookup, point, bounds."""
    layers = [*hooks.map_layers(request), *(more.pop("layers", None) or [])]
    return {"mode": mode, "layers": layers, "lookup": hooks.map_lookup(request), **more}


@register.inclusion_tag("ui/map.html", takes_context=True)
def map(
    context: Context,
    points: Any = None,
    point: Any = None,
    layers: Any = None,
    height: str = "",
    label: str = "",
    bounds: Any = None,
) -> dict[str, Any]:
    """A map to look at. `points`: GeoJSON FeatureCollection or address of one (properties title, text, tone, url, count);
    `point`: (longitude, latitude) of one marker; `layers`: more than the place's own;
    `bounds`: [west, south, east, north] to begin with, otherwise everything on it."""
    extra = list(layers or [])
    if points:
        extra.append({"kind": "points", **({"url": points} if isinstance(points, str) else {"data": points})})
    spec = map_spec(_request(context), layers=extra)
    if point:
        spec["point"] = list(point)
    if bounds:
        spec["bounds"] = list(bounds)
    return {"spec": spec, "height": height, "label": label}


# --- page frames --------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def html_attributes(context: Context) -> SafeString:
    """Attributes of <html>: language, type size, and what the scripts have to know."""
    request = _request(context)
    who = ""
    token = ""
    elder = False
    if request is not None:
        # Drafts on the device are kept apart by person without saying who it is.
        who = device_mark(getattr(request, "user", None))
        token = get_token(request)
        elder = request.COOKIES.get("huying_elder") == "1"
    return format_html(
        'lang="{}" class="{}" data-now="{}" data-zone="{}" data-icons="{}" data-dist="{}" data-sw="{}" '
        'data-who="{}" data-csrf="{}"',
        get_language() or "zh-hans",
        "elder" if elder else "",
        clock.now().isoformat(),
        timezone.get_current_timezone_name(),
        static("ui/dist/icons.svg"),
        static("ui/dist/"),
        url_or_empty("ui:worker") if built() else "",
        who,
        token,
    )


@register.simple_tag
def script_dictionary() -> SafeString:
    """The scripts' words as a data block."""
    return _dictionary(get_language())


@lru_cache(maxsize=8)  # once a language
def _dictionary(language: str | None) -> SafeString:
    return json_script(dict(script_words()), "hy-words")


@register.simple_tag(takes_context=True)
def brand(context: Context) -> Any:
    """Name of the platform and of the place (huying.ui.hooks.Brand)."""
    return hooks.brand(_request(context))


@register.simple_tag(takes_context=True)
def who(context: Context) -> Any:
    """Who is signed in (huying.ui.hooks.Who), or None."""
    return hooks.who(_request(context))


@register.simple_tag(takes_context=True)
def page_banner(context: Context) -> str:
    """The line over every page, or ""."""
    return hooks.banner(_request(context))


@register.simple_tag(takes_context=True)
def nav(context: Context, area: str) -> list[dict[str, Any]]:
    """Entries of the navigation for this visitor: {% nav "desk" as entries %}."""
    request = _request(context)
    return navigation.entries(area, request) if request is not None else []


@register.filter
def for_phone(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first four entries of the bottom bar: those marked for phones, else the first ones."""
    return ([e for e in entries if e["phone"]] or entries)[:4]


@register.filter
def besides(entries: list[dict[str, Any]], shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Entries that are not among those shown."""
    return [e for e in entries if e not in shown]


@register.filter
def initial(name: str) -> str:
    """First sign of a name, for the round badge."""
    return (name or "?").strip()[:1].upper()


@register.filter
def as_json(value: Any) -> str:
    """A value as JSON, for data attributes (escaped by the template as any text)."""
    return json.dumps(value, ensure_ascii=False, default=str)


@register.simple_tag
def icon_url(name: str) -> str:
    """Address of an icon for a <use> of one's own."""
    return f"{static('ui/dist/icons.svg')}#{name}"


@register.simple_tag
def json_block(value: Any) -> SafeString:
    """A value as a data block inside a component: <script type="application/json">, safely escaped."""
    return json_script(value)


@register.simple_tag
def widget_of(field: FieldView) -> SafeString:
    """The control of a Django form's field with our classes and aria attributes."""
    assert field.bound is not None
    return field.bound.as_widget(attrs=field.extra["attrs"])

"""place.yaml, roles.yaml, vocabulary.yaml, kinds.yaml."""

from __future__ import annotations

import re
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from huying.presets import numbering
from huying.presets.definition import PHASES_WITH_LIMIT, Board, Channel, Kind, Place, PointType, Role, Words
from huying.presets.problems import near
from huying.presets.rights import RIGHTS
from huying.presets.shape import Doc
from huying.presets.words import DEFAULTS
from huying.worktime import HoursError, LimitError, parse_limit, read_calendar

CALLS = ("consult", "help", "complaint", "report", "suggestion")
GRID_TIER = "grid"
TONES = ("info", "good", "wait", "bad", "hold", "neutral")
_KEYS = (
    "code", "name", "title", "region", "tiers", "centre", "languages", "timezone", "calendar", "numbering",
    "routing", "similar", "reopen", "channels", "public", "map", "differences", "note", "grades", "point_types",
)  # fmt: skip
_REGION = re.compile(r"[0-9]{6}\Z")


def read_place(doc: Doc) -> Place:
    """place.yaml as a Place; problems go to `doc`."""
    data = doc.mapping(doc.source.data, (), "place.yaml", _KEYS, ("code", "name", "tiers", "centre"))
    name = doc.words(data.get("name"), ("name",), "name") if data.get("name") else Words("")
    region = doc.text(data.get("region"), ("region",), "region")
    if region and not _REGION.match(region):
        doc.wrong("bad-region", ("region",), text=region)
    pattern = doc.text(data.get("numbering"), ("numbering",), "numbering") or "{yyyymmdd}-{seq5}"
    check_numbering(doc, pattern, ("numbering",))
    zone = doc.text(data.get("timezone"), ("timezone",), "timezone") or "Asia/Shanghai"
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        doc.wrong("bad-zone", ("timezone",), text=zone)
    routing = doc.part(data, "routing", ("threshold", "auto"))
    similar = doc.part(data, "similar", ("metres", "days"))
    centre, zoom = _map(doc, data)
    return Place(
        code=doc.code(data.get("code"), ("code",), "code"),
        name=name,
        title=doc.words(data["title"], ("title",), "title") if data.get("title") else name,
        region=region,
        tiers=doc.codes(data.get("tiers"), ("tiers",), "tiers"),
        centre=doc.code(data.get("centre"), ("centre",), "centre"),
        languages=doc.codes(data.get("languages"), ("languages",), "languages") or ("zh-hans", "en"),
        timezone=zone,
        calendar=_calendar(doc, data),
        numbering=pattern,
        routing_threshold=doc.number(routing, "threshold", ("routing",), 0.6, 0, 1),
        routing_auto=doc.flag(routing, "auto", ("routing",), True),
        similar_metres=doc.number(similar, "metres", ("similar",), 50, 0, 5000),
        similar_days=doc.number(similar, "days", ("similar",), 7, 0, 365),
        reopen_window=_window(doc, data),
        channels=_channels(doc, data),
        public=_public(doc, data),
        map_centre=centre,
        map_zoom=zoom,
        grades=_grades(doc, data),
        point_types=_point_types(doc, data),
        differences=tuple(
            doc.words(one, ("differences", i), "differences", 2000)
            for i, one in enumerate(doc.items(data.get("differences"), ("differences",), "differences"))
        ),
    )


_GRADES = tuple("123456789")


def _grades(doc: Doc, data: dict[str, Any]) -> dict[int, dict[str, str]]:
    """Limits by grade: {1: {accept: 30 work minutes, handle: 1 workday}, …}."""
    found: dict[int, dict[str, str]] = {}
    given = doc.mapping(data["grades"], ("grades",), "grades") if data.get("grades") else {}
    for grade, limits in given.items():
        path = ("grades", grade)
        if str(grade) not in _GRADES:
            doc.wrong("unknown-key", path, key=grade, where="grades", like=(str(grade), _GRADES))
            continue
        one = doc.mapping(limits, path, f"grades.{grade}", PHASES_WITH_LIMIT)
        known = found.setdefault(int(grade), {})
        for phase in one:
            text = doc.text(one.get(phase), (*path, phase), phase)
            try:
                parse_limit(text)
            except LimitError:
                doc.wrong("bad-limit", (*path, phase), text=text, where=f"grades.{grade}.{phase}")
            else:
                known[phase] = text
    return found


def check_numbering(doc: Doc, pattern: str, path: tuple[str | int, ...]) -> None:
    """Note what is wrong with a numbering pattern."""
    why = numbering.problem(pattern)
    if why:
        doc.wrong("bad-numbering", path, text=pattern, why=why)


def _calendar(doc: Doc, data: dict[str, Any]) -> dict[str, Any]:
    value = data.get("calendar")
    if value is None:
        return {}
    found = doc.mapping(value, ("calendar",), "calendar")
    try:
        read_calendar(found)
    except (HoursError, ValueError, TypeError, KeyError, AttributeError) as error:
        doc.wrong("bad-calendar", ("calendar",), why=error)
        return {}
    return found


def _public(doc: Doc, data: dict[str, Any]) -> dict[str, Any]:
    """What everybody may see of a case, and what the place tells those who call, in its own words."""
    found = dict(doc.part(data, "public", ("show", "text", "promise", "after")))
    if "promise" in found:
        found["promise"] = doc.words(found["promise"], ("public", "promise"), "public.promise")
    path = ("public", "after")
    lines = doc.items(found.get("after"), path, "public.after")
    found["after"] = tuple(doc.words(one, (*path, i), "public.after", 160) for i, one in enumerate(lines))
    return found


def _window(doc: Doc, data: dict[str, Any]) -> str:
    reopen = doc.part(data, "reopen", ("window",))
    text = doc.text(reopen.get("window"), ("reopen", "window"), "reopen.window") or "10 workdays"
    try:
        return str(parse_limit(text))
    except LimitError:
        doc.wrong("bad-limit", ("reopen", "window"), text=text, where="reopen.window")
        return "10 workdays"


def _point_types(doc: Doc, data: dict[str, Any]) -> dict[str, PointType]:
    found = {}
    raw = doc.mapping(data["point_types"], ("point_types",), "point_types") if data.get("point_types") else {}
    for code, value in raw.items():
        path = ("point_types", code)
        doc.code(code, path, "point_types")
        one = doc.mapping(value, path, f"point_types.{code}", ("name", "text", "tone"), ("name",))
        found[code] = PointType(
            doc.words(one.get("name"), (*path, "name"), "name"),
            doc.words(one.get("text"), (*path, "text"), "text", 200, required=False),
            doc.choice(one.get("tone"), (*path, "tone"), "tone", TONES, "info"),
        )
    return found


def _channels(doc: Doc, data: dict[str, Any]) -> tuple[Channel, ...]:
    found = []
    raw = doc.mapping(data["channels"], ("channels",), "channels") if data.get("channels") is not None else {}
    for code, value in raw.items():
        path = ("channels", code)
        doc.code(code, path, "channels")
        if not isinstance(value, dict):
            value = {"name": value}
        one = doc.mapping(value, path, f"channels.{code}", ("name", "who"), ("name",))
        found.append(
            Channel(
                code,
                doc.words(one.get("name"), (*path, "name"), "name"),
                doc.code(one.get("who"), (*path, "who"), "who"),
            )
        )
    return tuple(found)


def _map(doc: Doc, data: dict[str, Any]) -> tuple[tuple[float, float] | None, float]:
    part = doc.part(data, "map", ("centre", "zoom"))
    zoom = doc.number(part, "zoom", ("map",), 10, 0, 22)
    centre = part.get("centre")
    if centre is None:
        return None, zoom
    if (
        isinstance(centre, list)
        and len(centre) == 2
        and all(isinstance(x, (int, float)) and not isinstance(x, bool) for x in centre)
        and -180 <= centre[0] <= 180
        and -90 <= centre[1] <= 90
    ):
        return (float(centre[0]), float(centre[1])), zoom
    doc.wrong("not-number", ("map", "centre"), where="map.centre", range="[lon, lat]")
    return None, zoom


def read_roles(doc: Doc, tiers: tuple[str, ...]) -> dict[str, Role]:
    """roles.yaml: code → Role."""
    data = doc.mapping(doc.source.data, (), "roles.yaml", ("roles", "note"), ("roles",))
    found: dict[str, Role] = {}
    raw = doc.mapping(data["roles"], ("roles",), "roles") if data.get("roles") is not None else {}
    for code, value in raw.items():
        path = ("roles", code)
        doc.code(code, path, "roles")
        one = doc.mapping(
            value,
            path,
            f"roles.{code}",
            ("name", "tier", "rights", "layer", "organs", "opens", "shown", "note"),
            ("name",),
        )
        tier = doc.text(one.get("tier"), (*path, "tier"), "tier")
        if tier and tiers and tier not in (*tiers, GRID_TIER):
            doc.wrong(
                "unknown-tier",
                (*path, "tier"),
                where=f"roles.{code}",
                name=tier,
                like=(tier, (*tiers, GRID_TIER)),
            )
        rights = doc.codes(one.get("rights"), (*path, "rights"), "rights")
        for i, right in enumerate(rights):
            if right not in RIGHTS:
                doc.wrong(
                    "unknown-right",
                    (*path, "rights", i),
                    where=f"roles.{code}",
                    name=right,
                    like=(right, RIGHTS),
                )
        found[code] = Role(
            code,
            doc.words(one.get("name"), (*path, "name"), "name"),
            tier,
            rights,
            doc.code(one.get("layer"), (*path, "layer"), "layer"),
            doc.flag(one, "organs", path),
            doc.codes(one.get("opens"), (*path, "opens"), "opens"),
            doc.flag(one, "shown", path),
        )
    return found


def read_words(doc: Doc) -> dict[str, Words]:
    """vocabulary.yaml: key → Words."""
    data = doc.mapping(doc.source.data, (), "vocabulary.yaml", ("words", "note"), ("words",))
    raw = doc.mapping(data["words"], ("words",), "words") if data.get("words") is not None else {}
    for key in raw:
        # A place may keep words of its own; what only looks like a slip of the pen is refused.
        if key not in DEFAULTS and near(key, DEFAULTS):
            doc.wrong("unknown-word", ("words", key), name=key, like=(key, DEFAULTS))
    return {key: doc.words(value, ("words", key), f"words.{key}", 30) for key, value in raw.items()}


def _right(doc: Doc, one: dict[str, Any], path: tuple[str | int, ...]) -> str:
    """The right that opens cases of a kind; empty for calls, which anybody may make."""
    right = doc.code(one.get("right"), (*path, "right"), "right")
    if right and right not in RIGHTS:
        doc.wrong(
            "unknown-right", (*path, "right"), where=f"kinds.{path[-1]}", name=right, like=(right, RIGHTS)
        )
    return right


def read_kinds(doc: Doc, pattern: str) -> dict[str, Kind]:
    """kinds.yaml: code → Kind; `pattern` numbers kinds that say nothing themselves."""
    data = doc.mapping(doc.source.data, (), "kinds.yaml", ("kinds", "note"), ("kinds",))
    raw = doc.mapping(data["kinds"], ("kinds",), "kinds") if data.get("kinds") is not None else {}
    known = (
        "name",
        "flow",
        "form",
        "numbering",
        "calls",
        "rooms",
        "right",
        "due",
        "board",
        "services",
        "note",
    )
    found: dict[str, Kind] = {}
    for code, value in raw.items():
        path = ("kinds", code)
        doc.code(code, path, "kinds")
        one = doc.mapping(value, path, f"kinds.{code}", known, ("name", "flow", "form"))
        own = doc.text(one.get("numbering"), (*path, "numbering"), "numbering") or pattern
        if one.get("numbering"):
            check_numbering(doc, own, (*path, "numbering"))
        calls = doc.codes(one.get("calls"), (*path, "calls"), "calls")
        for i, call in enumerate(calls):
            if call not in CALLS:
                doc.wrong("bad-choice", (*path, "calls", i), text=call, where="calls", like=(call, CALLS))
        found[code] = Kind(
            code,
            doc.words(one.get("name"), (*path, "name"), "name"),
            doc.code(one.get("flow"), (*path, "flow"), "flow"),
            doc.code(one.get("form"), (*path, "form"), "form"),
            own,
            calls,
            doc.codes(one.get("rooms"), (*path, "rooms"), "rooms"),
            _right(doc, one, path),
            doc.code(one.get("due"), (*path, "due"), "due"),
            _board(doc, one.get("board"), (*path, "board")),
            doc.flag(one, "services", path),
        )
    return found


def _board(doc: Doc, value: Any, path: tuple[str | int, ...]) -> Board | None:
    """What the page shows that lists the cases of a kind year by year; None where there is no such page."""
    if value is None:
        return None
    one = doc.mapping(value, path, "board", ("title", "hint", "shows", "drafts", "open"), ("title", "shows"))
    return Board(
        doc.words(one.get("title"), (*path, "title"), "title"),
        doc.words(one["hint"], (*path, "hint"), "hint", 200) if one.get("hint") is not None else Words(""),
        doc.codes(one.get("shows"), (*path, "shows"), "shows"),
        doc.codes(one.get("drafts"), (*path, "drafts"), "drafts"),
        doc.flag(one, "open", path),
    )

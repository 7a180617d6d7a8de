"""duties.yaml and points.csv, and what they refer to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from huying.flow.source import KeyPath, Problem, parse_yaml
from huying.presets.duty_definition import EVERY, Duties, Duty, Point, Stop
from huying.presets.fields import ROUTE
from huying.presets.problems import problem
from huying.presets.read_tables import keyed
from huying.presets.shape import Doc
from huying.presets.tables import Row, read_table
from huying.worktime import LimitError, parse_limit

if TYPE_CHECKING:
    from huying.presets.definition import Preset

FILE, POINTS = "duties.yaml", "points.csv"
_KEYS = (
    "id", "class", "name", "text", "for", "every", "day", "on", "event", "points", "due", "rule", "route", "note",
)  # fmt: skip
_OPENS = ("id", "kind", "name", "text", "for", "every", "day", "on", "due", "note")
_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])\Z")
WALK = 60  # minutes on foot at most


def read_duties(text: str, problems: list[Problem]) -> Duties:
    """duties.yaml as Duties; problems are added to the list."""
    source, wrong = parse_yaml(text, FILE)
    problems += wrong
    if source is None:
        return Duties()
    doc = Doc(source, problems)
    data = doc.mapping(
        source.data, (), FILE, ("kind", "classes", "duties", "opens", "note"), ("kind", "duties")
    )
    classes = {
        str(code): doc.words(name, ("classes", code), f"classes.{code}")
        for code, name in (data.get("classes") or {}).items()
    }
    found: dict[str, Duty] = {}
    stops: set[str] = set()
    for part in ("duties", "opens"):
        for i, raw in enumerate(doc.items(data.get(part), (part,), part)):
            one = _duty(doc, raw, (part, i), tuple(classes))
            if one is None:
                continue
            if one.id in found:
                doc.wrong("duplicate-code", (part, i), code=one.id, first=found[one.id].line)
                continue
            for stop in one.route:  # forms name them without their duty
                if stop.id in stops:
                    doc.wrong("duplicate-value", (part, i, "route"), text=stop.id, where="route")
                stops.add(stop.id)
            found[one.id] = one
    return Duties(
        doc.code(data.get("kind"), ("kind",), "kind"), classes,
        tuple(one for one in found.values() if not one.kind), tuple(one for one in found.values() if one.kind),
    )  # fmt: skip


def _duty(doc: Doc, raw: Any, path: KeyPath, classes: tuple[str, ...]) -> Duty | None:
    own = path[0] == "opens"  # a case of another kind: it says which, and belongs to no class
    keys, needed = (_OPENS, "kind") if own else (_KEYS, "class")
    data = doc.mapping(raw, path, "a duty", keys, ("id", needed, "name", "text", "for"))
    ident = doc.code(data.get("id"), (*path, "id"), "id")
    if not ident:
        return None
    every = doc.choice(data.get("every"), (*path, "every"), "every", EVERY)
    dates = []
    for j, word in enumerate(doc.items(data.get("on"), (*path, "on"), "on")):
        match = _DAY.match(doc.text(word, (*path, "on", j), "on"))
        if match is None:
            doc.wrong(
                "bad-choice", (*path, "on", j), text=word, where="on", like=(str(word), ("01-31", "10-01"))
            )
        else:
            dates.append((int(match.group(1)), int(match.group(2))))
    event = (
        doc.mapping(data["event"], (*path, "event"), "event", ("kind", "items"), ("kind",))
        if data.get("event") is not None
        else {}
    )
    if sum((bool(every), bool(dates), bool(event))) != 1:
        doc.wrong("empty", path, where=f"{ident}: every, on or event (one of them)")
    due = doc.text(data.get("due"), (*path, "due"), "due") or "3 workdays"
    try:
        due = str(parse_limit(due))
    except LimitError:
        doc.wrong("bad-limit", (*path, "due"), text=due, where="due")
    return Duty(
        ident, "" if own else doc.choice(data.get("class"), (*path, "class"), "class", classes),
        doc.words(data.get("name"), (*path, "name"), "name", 60),
        doc.words(data.get("text"), (*path, "text"), "text", 1000), doc.code(data.get("for"), (*path, "for"), "for"),
        every, int(doc.number(data, "day", path, 1, 1, 366)), tuple(dates),
        doc.code(event.get("kind"), (*path, "event", "kind"), "kind"),
        doc.codes(event.get("items"), (*path, "event", "items"), "items"),
        doc.code(data.get("points"), (*path, "points"), "points"), due,
        doc.code(data.get("rule"), (*path, "rule"), "rule"), doc.source.line(*path),
        doc.code(data.get("kind"), (*path, "kind"), "kind"),
        _route(doc, data, path),
    )  # fmt: skip


def _route(doc: Doc, data: dict[str, Any], path: KeyPath) -> tuple[Stop, ...]:
    found: dict[str, Stop] = {}
    for j, raw in enumerate(doc.items(data.get("route"), (*path, "route"), "route")):
        here = (*path, "route", j)
        part = doc.mapping(raw, here, "route", ("id", "name"), ("id", "name"))
        ident = doc.code(part.get("id"), (*here, "id"), "id")
        if ident in found:
            doc.wrong("duplicate-value", here, text=ident, where="route")
        elif ident:
            found[ident] = Stop(ident, doc.words(part.get("name"), (*here, "name"), "name", 60))
    return tuple(found.values())


def read_points(text: str, problems: list[Problem]) -> dict[str, Point]:
    """points.csv: code → Point."""
    rows, found = read_table(
        text, POINTS, ("code", "name", "type", "division", "lon", "lat"), ("minutes", "note")
    )
    problems += found
    made: dict[str, Point] = {}

    def make(row: Row) -> None:
        try:
            lon, lat = float(row["lon"]), float(row["lat"])
        except ValueError:
            lon = lat = 999.0
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):
            problems.append(
                problem("not-number", POINTS, row.line, where="lon, lat", range="-180–180, -90–90")
            )
            return
        minutes = row["minutes"]
        if minutes and not (minutes.isdigit() and int(minutes) <= WALK):
            problems.append(problem("not-number", POINTS, row.line, where="minutes", range=f"0–{WALK}"))
            return
        made[row["code"]] = Point(
            row["code"], row["name"], row["type"], row["division"], lon, lat, int(minutes or 0), row.line
        )

    keyed(rows, POINTS, problems, make)
    return made


def check_duties(preset: Preset, broken: frozenset[str] = frozenset()) -> list[Problem]:
    """What is wrong with duties.yaml and points.csv, in themselves and in what they refer to."""
    found: list[Problem] = []
    points = read_points(preset.files[POINTS], found) if POINTS in preset.files else {}
    if "divisions.csv" not in broken and "grids.csv" not in broken:
        known = {**preset.divisions, **preset.grids}
        found += [
            problem(
                "unknown-division",
                POINTS,
                one.line,
                where=one.code,
                name=one.division,
                like=(one.division, known),
            )
            for one in points.values()
            if one.division not in known
        ]
    types = {one.type for one in points.values()}
    if "catalogue.csv" not in broken:
        found += [
            problem("bad-choice", "catalogue.csv", item.line, text=code, where="at", like=(code, types))
            for item in preset.items.values()
            for code in item.at
            if code not in types
        ]
    found += [
        problem("bad-choice", "place.yaml", 0, text=code, where="point_types", like=(code, types))
        for code in preset.place.point_types
        if code not in types
    ]
    if FILE not in preset.files:
        return found
    held = read_duties(preset.files[FILE], found)
    if "kinds.yaml" in broken or "roles.yaml" in broken:
        return found
    if held.kind and held.kind not in preset.kinds:
        found.append(
            problem("unknown-kind", FILE, 1, where="kind", name=held.kind, like=(held.kind, preset.kinds))
        )
    elif held.kind and not any(name.startswith("forms/") for name in broken):
        found += _ticked(preset, held)
    for one in (*held.duties, *held.opens):
        where = f"duties.{one.id}"
        if one.kind and one.kind not in preset.kinds:
            found.append(
                problem(
                    "unknown-kind", FILE, one.line, where=where, name=one.kind, like=(one.kind, preset.kinds)
                )
            )
        if one.role and one.role not in preset.roles:
            found.append(
                problem(
                    "unknown-role", FILE, one.line, where=where, name=one.role, like=(one.role, preset.roles)
                )
            )
        if one.event_kind and one.event_kind not in preset.kinds:
            found.append(
                problem(
                    "unknown-kind",
                    FILE,
                    one.line,
                    where=where,
                    name=one.event_kind,
                    like=(one.event_kind, preset.kinds),
                )
            )
        if one.event_kind and one.event_kind == held.kind:
            found.append(
                problem("bad-choice", FILE, one.line, text=held.kind, where="event", like=("", preset.kinds))
            )
        if "catalogue.csv" not in broken:
            found += [
                problem("unknown-parent", FILE, one.line, name=code, like=(code, preset.items))
                for code in one.event_items
                if code not in preset.items
            ]
        if one.points and one.points not in types:
            found.append(
                problem(
                    "bad-choice", FILE, one.line, text=one.points, where="points", like=(one.points, types)
                )
            )
    return found


def _ticked(preset: Preset, held: Duties) -> list[Problem]:
    """A route needs a field in which it is ticked off: in the form of the task, or among those of moves."""
    routed = [one for one in held.duties if one.route]
    forms = [preset.forms.get(preset.kinds[held.kind].form), preset.forms.get("moves")]
    if not routed or any(one.of == ROUTE for form in forms if form is not None for one in form.fields):
        return []
    return [problem("route-no-field", FILE, routed[0].line, duty=routed[0].id, kind=held.kind)]

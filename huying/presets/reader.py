"""A preset folder, or the files of an edition, as a Preset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from huying.flow.source import Problem, parse_yaml
from huying.presets.check import check_references
from huying.presets.definition import Preset, Words
from huying.presets.fields import ROUTE, Choice
from huying.presets.files import digest, read_folder, texts
from huying.presets.forms import FormSchema, Lookups
from huying.presets.indicator_definition import Indicators
from huying.presets.read_catalogue import read_catalogue
from huying.presets.read_demo import read_demo
from huying.presets.read_duties import read_duties
from huying.presets.read_flows import read_flows
from huying.presets.read_forms import read_form, read_templates
from huying.presets.read_indicators import check_indicators, read_indicators
from huying.presets.read_place import read_kinds, read_place, read_roles, read_words
from huying.presets.read_reviews import read_reviews
from huying.presets.read_tables import read_divisions, read_grids, read_organs
from huying.presets.shape import Doc

Files = Mapping[str, bytes | str]


def load(source: Path | str | Files, *, check: bool = True) -> tuple[Preset | None, list[Problem]]:
    """Read a folder, or a mapping of file names to bytes or text. The Preset is None if there is any problem.

    `check=False` leaves out the checks across files (an edition was checked when it was published)."""
    found: list[Problem] = []
    if isinstance(source, Mapping):
        files: Files = source
    else:
        files, found = read_folder(source)
        if not files:
            return None, found or [*texts({})[1]]
    contents, problems = texts(files)
    problems = [*found, *problems]
    preset = _read(contents, problems, check)
    problems.sort(key=lambda one: (one.file, one.line, one.code))
    return (None if problems else preset), list(dict.fromkeys(problems))


def check(source: Path | str | Files) -> list[Problem]:
    """Every problem of a preset, in order of file and line."""
    return load(source)[1]


class _Reading:
    """One reading: opens YAML files and gathers problems."""

    def __init__(self, contents: Mapping[str, str], problems: list[Problem]) -> None:
        self.contents = contents
        self.problems = problems

    def doc(self, file: str) -> Doc | None:
        """The file parsed; None if it is missing or no YAML (then that is a problem already)."""
        if file not in self.contents:
            return None
        source, wrong = parse_yaml(self.contents[file], file)
        self.problems += wrong
        return Doc(source, self.problems) if source is not None else None

    def table(self, file: str, read: Any) -> Any:
        """The rows of a table by code; nothing if the file is missing."""
        return read(self.contents[file], file, self.problems) if file in self.contents else {}


def _read(contents: Mapping[str, str], problems: list[Problem], check: bool) -> Preset | None:
    reading = _Reading(contents, problems)
    doc = reading.doc("place.yaml")
    place = read_place(doc) if doc else None
    divisions = reading.table("divisions.csv", read_divisions)
    grids = reading.table("grids.csv", read_grids)
    organs = reading.table("organs.csv", read_organs)
    items = reading.table("catalogue.csv", read_catalogue)
    tiers = place.tiers if place else ()
    roles = read_roles(doc, tiers) if (doc := reading.doc("roles.yaml")) else {}
    words: dict[str, Words] = read_words(doc) if (doc := reading.doc("vocabulary.yaml")) else {}
    kinds = (
        read_kinds(doc, place.numbering if place else "{seq5}") if (doc := reading.doc("kinds.yaml")) else {}
    )
    forms = _routed(_forms(reading, tiers), contents)
    templates = read_templates(doc) if (doc := reading.doc("templates.yaml")) else ()
    demo, full = read_demo(doc) if (doc := reading.doc("demo.yaml")) else ((), None)
    indicators = read_indicators(doc) if (doc := reading.doc("indicators.yaml")) else Indicators()
    reviews = read_reviews(doc) if (doc := reading.doc("reviews.yaml")) else None
    if place is None:
        return None
    flows = read_flows(contents, place, problems)
    zone = ZoneInfo(place.timezone) if not problems else None
    leaves = frozenset(code for code, item in items.items() if item.leaf)
    lookups = Lookups(frozenset(organs), leaves, **({"zone": zone} if zone else {}))
    preset = Preset(
        place=place,
        roles=roles,
        words=words,
        divisions=divisions,
        grids=grids,
        organs=organs,
        items=items,
        kinds=kinds,
        flows=flows,
        forms={ident: replace(form, lookups=lookups) for ident, form in forms.items()},
        templates=templates,
        demo=demo,
        full=full,
        indicators=indicators,
        files=dict(contents),
        sha256=digest(contents),
        reviews=reviews,
    )
    if check:
        broken = frozenset(one.file for one in problems)
        problems += check_references(preset, broken)
        problems += check_indicators(preset, broken)
    return preset


def _routed(forms: dict[str, FormSchema], contents: Mapping[str, str]) -> dict[str, FormSchema]:
    """The forms, with the points of all routes as choices where a field takes them from there."""
    if "duties.yaml" not in contents or not any(
        one.of == ROUTE for form in forms.values() for one in form.fields
    ):
        return forms
    duties = read_duties(contents["duties.yaml"], []).duties  # what is wrong in it is said when it is checked
    choices = tuple(Choice(stop.id, stop.name) for duty in duties for stop in duty.route)
    return {
        ident: replace(
            form,
            fields=tuple(replace(one, choices=choices) if one.of == ROUTE else one for one in form.fields),
        )
        for ident, form in forms.items()
    }


def _forms(reading: _Reading, tiers: tuple[str, ...]) -> dict[str, FormSchema]:
    found: dict[str, FormSchema] = {}
    for file in sorted(name for name in reading.contents if name.startswith("forms/")):
        doc = reading.doc(file)
        form = read_form(doc, file.split("/")[1].removesuffix(".yaml"), tiers) if doc else None
        if form is None:
            continue
        if form.id in found and doc:
            doc.wrong("duplicate-code", ("form",), code=form.id, first=1)
            continue
        found[form.id] = form
    return found

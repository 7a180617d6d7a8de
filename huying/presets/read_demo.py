"""demo.yaml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from huying.presets.demo_definition import DAYS, DemoFull, DemoPerson, DemoPost, DemoTeam
from huying.presets.shape import Doc

CASES_MOST, PEOPLE_MOST = 10_000_000, 1_000_000
# What a mobile or a landline number looks like here; demo people carry numbers that nobody can have (100-0000-…).
_REAL_PHONE = re.compile(r"(?:\+?86)?(?:1[3-9][0-9]{9}|0[0-9]{9,11})\Z")


def read_demo(doc: Doc) -> tuple[tuple[DemoPerson, ...], DemoFull | None]:
    """demo.yaml: made-up people, and the account's own volume. A number that could be somebody's is refused."""
    data = doc.mapping(doc.source.data, (), doc.file, ("people", "full", "note"), ("people",))
    full = None if data.get("full") is None else _full(doc, data["full"])
    return _people(doc, data), full


def _people(doc: Doc, data: Mapping[str, Any]) -> tuple[DemoPerson, ...]:
    found: list[DemoPerson] = []
    seen: dict[str, int] = {}
    for i, raw in enumerate(doc.items(data.get("people"), ("people",), "people")):
        path = ("people", i)
        one = doc.mapping(
            raw, path, "a person", ("id", "name", "phone", "posts", "cast", "note"), ("id", "name")
        )
        ident = doc.code(one.get("id"), (*path, "id"), "id")
        if ident in seen:
            doc.wrong("duplicate-code", path, code=ident, first=seen[ident])
            continue
        seen[ident] = doc.source.line(*path)
        phone = doc.text(one.get("phone"), (*path, "phone"), "phone")
        if _REAL_PHONE.match(re.sub(r"[^0-9+]", "", phone)):
            doc.wrong("real-phone", (*path, "phone"), text=phone)
        posts = []
        for j, post in enumerate(doc.items(one.get("posts"), (*path, "posts"), "posts")):
            here = (*path, "posts", j)
            part = doc.mapping(post, here, "a post", ("role", "division", "organ", "body", "slot"), ("role",))
            slot = doc.choice(part.get("slot"), (*here, "slot"), "slot", ("A", "B"), "A")
            words = {k: doc.code(part.get(k), (*here, k), k) for k in ("role", "division", "organ", "body")}
            posts.append(DemoPost(**words, slot=slot))
        name = doc.text(one.get("name"), (*path, "name"), "name")
        found.append(
            DemoPerson(ident, name, phone, tuple(posts), doc.code(one.get("cast"), (*path, "cast"), "cast"))
        )
    return tuple(found)


def _full(doc: Doc, raw: Any) -> DemoFull:
    data = doc.mapping(raw, ("full",), "full", ("days", "cases", "people", "note"), ("cases",))
    given = (
        doc.mapping(data["cases"], ("full", "cases"), "full.cases") if data.get("cases") is not None else {}
    )
    cases = {kind: int(doc.number(given, kind, ("full", "cases"), 0, 0, CASES_MOST)) for kind in given}
    teams = []
    for i, one in enumerate(doc.items(data.get("people"), ("full", "people"), "full.people")):
        path = ("full", "people", i)
        part = doc.mapping(
            one, path, "a team", ("role", "count", "slot", "beside", "note"), ("role", "count")
        )
        teams.append(
            DemoTeam(
                role=doc.code(part.get("role"), (*path, "role"), "role"),
                count=int(doc.number(part, "count", path, 0, 1, PEOPLE_MOST)),
                slot=doc.choice(part.get("slot"), (*path, "slot"), "slot", ("A", "B"), "A"),
                beside=doc.code(part.get("beside"), (*path, "beside"), "beside"),
                line=doc.source.line(*path),
            )
        )
    days = int(doc.number(data, "days", ("full",), DAYS, 1, 3660))
    return DemoFull(days, cases, tuple(teams))

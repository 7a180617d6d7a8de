"""Roles, posts of the demo, and whether somebody is there for what the flows ask."""

from __future__ import annotations

from collections.abc import Iterator

from huying.flow.definition import Flow, Relation
from huying.flow.source import Problem
from huying.presets.definition import Preset
from huying.presets.demo_definition import DemoPost
from huying.presets.problems import problem

# Roles that come with what somebody is, not with a post.
WITHOUT_POST = ("resident", "visitor", "delegate")


def relations(flow: Flow) -> Iterator[tuple[Relation, int]]:
    """Every relation of a flow (owners and makers of moves) with its line."""
    for step in flow.steps.values():
        if step.owner is not None:
            yield from ((one, step.line) for one in step.owner.each())
    for move in flow.moves:
        for by in move.by:
            if by.relation is not None:
                yield by.relation, move.line


def check_roles(preset: Preset, broken: frozenset[str]) -> list[Problem]:
    """Channels name roles; a desk that the flows ask for can be held."""
    found: list[Problem] = []
    if "place.yaml" not in broken:
        for channel in preset.place.channels:
            if channel.who and channel.who not in preset.roles:
                line = _line(preset, "place.yaml", f"who: {channel.who}")
                where = f"channels.{channel.code}"
                found.append(
                    problem(
                        "unknown-role",
                        "place.yaml",
                        line,
                        where=where,
                        name=channel.who,
                        like=(channel.who, preset.roles),
                    )
                )
    for role in preset.roles.values():
        line = _line(preset, "roles.yaml", f"{role.code}:")
        found += [
            problem(
                "unknown-kind",
                "roles.yaml",
                line,
                where=f"roles.{role.code}",
                name=kind,
                like=(kind, preset.kinds),
            )
            for kind in role.opens
            if kind not in preset.kinds and "kinds.yaml" not in broken
        ]
    if not any("desk" in role.rights for role in preset.roles.values()):
        for flow in preset.flows.values():
            asked = next(((one, line) for one, line in relations(flow) if one.kind == "desk"), None)
            if asked is not None:
                found.append(problem("no-desk", flow.file, asked[1], name=asked[0].text))
                break
    return found


def check_demo(preset: Preset, broken: frozenset[str]) -> list[Problem]:
    """Posts of demo people lead somewhere; every post of a flow is held by one of them."""
    if "demo.yaml" not in preset.files or "demo.yaml" in broken:
        return []
    found: list[Problem] = []
    for person in preset.demo:
        line = _line(preset, "demo.yaml", f"id: {person.id}")
        for post in person.posts:
            found += _post(preset, post, line, broken)
        if person.cast and person.cast not in preset.roles:
            found.append(
                problem(
                    "unknown-role",
                    "demo.yaml",
                    line,
                    where="cast",
                    name=person.cast,
                    like=(person.cast, preset.roles),
                )
            )
    found += _full(preset, broken)
    held = {post.role for person in preset.demo for post in person.posts}
    for flow in preset.flows.values():
        seen = set()
        for one, line in relations(flow):
            role = one.args[0] if one.kind == "post" and one.args else ""
            if role and role in preset.roles and role not in held and role not in seen:
                seen.add(role)
                found.append(
                    problem("nobody-holds", flow.file, line, name=one.text, what=preset.roles[role].name)
                )
    return found


def _full(preset: Preset, broken: frozenset[str]) -> list[Problem]:
    """The account's volume counts kinds and roles that there are."""
    if preset.full is None:
        return []
    file = "demo.yaml"
    found = [
        problem(
            "unknown-kind",
            file,
            _line(preset, file, f"{kind}:"),
            where="full.cases",
            name=kind,
            like=(kind, preset.kinds),
        )
        for kind in preset.full.cases
        if kind not in preset.kinds and "kinds.yaml" not in broken
    ]
    for team in preset.full.people:
        found += [
            problem(
                "unknown-role", file, team.line, where="full.people", name=role, like=(role, preset.roles)
            )
            for role in (team.role, team.beside)
            if role and role not in preset.roles
        ]
    return found


def _post(preset: Preset, post: DemoPost, line: int, broken: frozenset[str]) -> list[Problem]:
    file, where = "demo.yaml", post.role
    found = []
    if post.role not in preset.roles:
        return [
            problem("unknown-role", file, line, where="posts", name=post.role, like=(post.role, preset.roles))
        ]
    if post.division and not {"divisions.csv", "grids.csv"} & broken:
        known = {**preset.divisions, **preset.grids}
        if post.division not in known:
            found.append(
                problem(
                    "unknown-grid", file, line, where=where, name=post.division, like=(post.division, known)
                )
            )
    if post.organ and "organs.csv" not in broken and post.organ not in preset.organs:
        found.append(
            problem(
                "unknown-organ", file, line, where=where, name=post.organ, like=(post.organ, preset.organs)
            )
        )
    if post.role not in WITHOUT_POST and bool(post.division) == bool(post.organ):
        found.append(problem("post-place", file, line, role=post.role))
    return found


def _line(preset: Preset, file: str, text: str) -> int:
    for number, line in enumerate(preset.files.get(file, "").splitlines(), 1):
        at = line.find(text)
        if at >= 0 and not line[at + len(text) : at + len(text) + 1].isalnum():
            return number
    return 0

"""Moving open cases to another edition: a mapping of steps that is checked before anybody applies it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from huying.flow.definition import Step
from huying.presets.definition import Preset


@dataclass(frozen=True, slots=True)
class OpenStep:
    """Where some open cases (or legs) are: flow and step, their tier and item if known, and how many there are."""

    flow: str
    step: str
    count: int = 1
    tier: str = ""
    item: str = ""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why the cases of one step cannot be moved, and how to mend it."""

    at: OpenStep
    what: str
    mend: str
    zh: str

    def __str__(self) -> str:
        return f"{self.at.flow}.{self.at.step} ({self.at.count}): {self.what}. {self.mend}"


@dataclass(frozen=True, slots=True)
class Plan:
    """`steps`: (flow, step) of the old edition → (flow, step) of the new one; `items`: renamed item codes;
    `notices`: what changes for the cases moved. May be applied only when there is no obstacle."""

    steps: Mapping[tuple[str, str], tuple[str, str]]
    items: Mapping[str, str]
    obstacles: tuple[Obstacle, ...]
    notices: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether it may be applied."""
        return not self.obstacles


def migration_plan(
    old: Preset,
    new: Preset,
    open_steps: Iterable[OpenStep],
    renamed: Mapping[tuple[str, str], tuple[str, str]] | None = None,
    items: Mapping[str, str] | None = None,
) -> Plan:
    """Where the open cases of `old` would stand in `new`. `renamed`: (flow, step) → (flow, step) where names
    changed; `items`: old item code → new one."""
    renamed, items = renamed or {}, items or {}
    steps: dict[tuple[str, str], tuple[str, str]] = {}
    obstacles: list[Obstacle] = []
    notices: list[str] = []
    for at in open_steps:
        key = (at.flow, at.step)
        goal = renamed.get(key, key)
        obstacle = _obstacle(old, new, at, goal, items)
        if obstacle is not None:
            obstacles.append(obstacle)
            continue
        if key in steps:
            continue
        steps[key] = goal
        notices += _notices(old.flows[at.flow].steps[at.step], new.flows[goal[0]].steps[goal[1]], key, goal)
    for before, after in items.items():
        if after not in new.items or not new.items[after].leaf:
            nowhere = OpenStep("", "", 0, item=before)
            obstacles.append(
                Obstacle(
                    nowhere,
                    f"the item {before} is to become {after}, which cannot be chosen",
                    "Name a leaf of the new catalogue",
                    f"事项 {before} 要改为 {after}，但新清单中不能选它",
                )
            )
    return Plan(steps, dict(items), tuple(obstacles), tuple(notices))


def _obstacle(
    old: Preset, new: Preset, at: OpenStep, goal: tuple[str, str], items: Mapping[str, str]
) -> Obstacle | None:
    flow = old.flows.get(at.flow)
    if flow is None or at.step not in flow.steps:
        return Obstacle(
            at, "the old edition has no such step", "Check the edition of these cases", "旧版本没有这个步骤"
        )
    before = flow.steps[at.step]
    target = new.flows.get(goal[0])
    if target is None:
        return Obstacle(
            at,
            f"the new edition has no flow {goal[0]}",
            "Say which flow takes its place",
            f"新版本没有流程 {goal[0]}",
        )
    after = target.steps.get(goal[1])
    if after is None:
        return Obstacle(
            at,
            f"the new edition has no step {goal[1]}",
            "Say which step takes its place",
            f"新版本没有步骤 {goal[1]}",
        )
    if target.leg != flow.leg:
        return Obstacle(
            at, "a case cannot become a leg", "Choose a flow of the same sort", "案件与分办不能互换"
        )
    if after.end and not before.end:
        return Obstacle(
            at,
            f"{goal[1]} is an end, and these cases are open",
            "Choose a step that somebody holds",
            f"{goal[1]} 是终点，案件尚未办结",
        )
    if after.auto:
        return Obstacle(
            at, f"{goal[1]} is automatic", "Choose a step that somebody holds", f"{goal[1]} 是自动步骤"
        )
    if after.after_close != before.after_close:
        return Obstacle(
            at,
            f"{at.step} and {goal[1]} lie on different sides of closing",
            "Choose a step on the same side",
            "结案前后的步骤不能互换",
        )
    if (after.legs is None) != (before.legs is None):
        return Obstacle(
            at,
            "only one of the two steps has legs",
            "Let these cases finish the step first",
            "两个步骤只有一个有分办",
        )
    if at.tier and at.tier not in target.tiers:
        return Obstacle(
            at,
            f"the flow {goal[0]} has no tier {at.tier}",
            "Keep the tier or close these cases first",
            f"新流程没有层级 {at.tier}",
        )
    if at.item:
        code = items.get(at.item, at.item)
        if code not in new.items or not new.items[code].leaf:
            return Obstacle(
                at,
                f"the item {code} is not in the new catalogue",
                "Say which item takes its place",
                f"新清单没有事项 {code}",
            )
    return None


def _notices(before: Step, after: Step, key: tuple[str, str], goal: tuple[str, str]) -> list[str]:
    where = f"{key[0]}.{key[1]}" + (f" → {goal[0]}.{goal[1]}" if goal != key else "")
    found = []
    if (before.owner.text if before.owner else "") != (after.owner.text if after.owner else ""):
        found.append(
            f"{where}: owner {before.owner and before.owner.text} → {after.owner and after.owner.text}"
        )
    if (before.limit.text if before.limit else "") != (after.limit.text if after.limit else ""):
        found.append(
            f"{where}: limit {before.limit and before.limit.text} → {after.limit and after.limit.text}"
        )
    return found

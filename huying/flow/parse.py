"""From plain data with line marks to a Flow. Every defect of spelling or reference is a Problem; the sense of
the flow (reachable, ending, owned…) is the checker's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .definition import (
    JOINS,
    TONES,
    By,
    Effect,
    Flow,
    Legs,
    Move,
    Plan,
    Step,
    Timer,
)
from .fields import ID
from .messages import problem
from .parse_cycles import CycleReader
from .source import Problem, Source, plain
from .words import SpellingError, parse_by, parse_effect

_FLOW_KEYS = (
    "flow", "kind", "name", "en", "note", "leg", "tiers", "stages", "settles", "grades", "limit", "because", "warn",
    "overdue", "start", "steps", "moves", "cycles",
)  # fmt: skip
_STEP_KEYS = (
    "name", "en", "note", "stage", "phase", "owner", "limit", "because", "auto", "after_close", "legs", "warn",
    "timers", "overdue", "resume", "hint",
)  # fmt: skip
_MOVE_KEYS = (
    "id", "name", "en", "note", "from", "to", "by", "when", "needs", "asks", "form", "does", "auto", "closes", "result",
    "after", "tone", "hint",
)  # fmt: skip
_LEGS_KEYS = ("of", "flow", "join", "deadline")
_TIMER_KEYS = ("id", "at", "after", "before", "every", "times", "move", "notice", "to")


def parse_flow(
    source: Source | Any, file: str = "", *, tiers: Sequence[str] = (), name: str = ""
) -> tuple[Flow | None, list[Problem]]:
    """Build a Flow. `source` is a Source (or plain data), `tiers` the place's tiers for a flow that names none,
    `name` the id for a flow that names none (the file's stem). No Flow is returned if there is any problem."""
    if not isinstance(source, Source):
        source = plain(source, file)
    reader = _FlowReader(source, file or source.file, tuple(tiers), name)
    flow = reader.read()
    reader.problems.sort(key=lambda p: (p.line, p.code))
    return (None if reader.problems else flow), reader.problems


def flow_from_json(data: Any, *, tiers: Sequence[str] = (), name: str = "") -> Flow:
    """The Flow of stored plain data (`Flow.to_json()`); ValueError if it is not sound."""
    flow, problems = parse_flow(plain(data), tiers=tiers, name=name)
    if flow is None:
        raise ValueError("; ".join(str(p) for p in problems))
    return flow


class _FlowReader(CycleReader):
    def __init__(self, source: Source, file: str, tiers: tuple[str, ...], name: str) -> None:
        super().__init__(source, file, tiers)
        self.fallback = name
        self.overdue: tuple[Timer, ...] = ()
        self.warn = 0.75

    # -- the whole
    def read(self) -> Flow | None:
        data = self.mapping(self.source.data, (), "the flow", _FLOW_KEYS)
        if not data:
            return None
        ident = self.text(data.get("flow") or self.fallback or data.get("kind"), ("flow",), "flow")
        if not ID.match(ident):
            self.wrong("bad-id", ("flow",), id=ident)
        kind = self.text(data.get("kind"), ("kind",), "kind")
        zh, en = self.names(data, (), ident)
        given = [tier for tier, _ in self.words(data, "tiers", ())]
        self.tiers = tuple(given) or self.tiers
        if len(set(self.tiers)) != len(self.tiers):
            repeated = next(t for t in self.tiers if self.tiers.count(t) > 1)
            first = self.source.line("tiers", self.tiers.index(repeated))
            self.wrong("duplicate-id", ("tiers",), id=repeated, first=first)
        self.warn = self.share(data, "warn", (), 0.75)
        self.overdue = self.reminders(data.get("overdue"), ("overdue",))
        stages, stages_en = self.stages(data)
        settles, grades = self.settles(data)
        steps = self.steps(data)
        moves = self.moves(data, steps)
        cycles = self.cycles(data, {move.id for move in moves})
        self.timer_moves(steps, {move.id for move in moves})
        start = self.text(data.get("start"), ("start",), "start") or next(iter(steps), "")
        if start and start not in steps:
            self.wrong("unknown-step", ("start",), step=start)
        index = {tier: i for i, tier in enumerate(self.tiers)}
        steps = {key: _ended(step, moves) for key, step in steps.items()}
        return Flow(
            id=ident, name=zh, en=en, kind=kind, tiers=self.tiers, steps=steps, moves=moves, first=start,
            leg=self.flag(data, "leg", ()), stages=stages, stages_en=stages_en, settles=settles, grades=grades,
            limit=self.limit(data, (), "handle"), warn=self.warn, cycles=cycles, file=self.file, doc=self.source.data,
            by_id={move.id: move for move in moves},
            plans={key: _plan(key, moves) for key in steps},
            tier_index=index,
            settle_index={k: index[t] for g, t in settles.items() if t in index for k in _spellings(g)},
        )  # fmt: skip

    def stages(self, data: dict[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
        value = data.get("stages")
        zh: dict[str, str] = {}
        en: dict[str, str] = {}
        if value is None:
            return zh, en
        if not isinstance(value, dict):
            self.wrong("not-a-map", ("stages",), where="stages")
            return zh, en
        for key, name in value.items():
            made = self.names({"name": name}, ("stages", key), str(key))
            zh[str(key)], en[str(key)] = made
        return zh, en

    def settles(self, data: dict[str, Any]) -> tuple[dict[Any, str], tuple[Any, ...]]:
        value = data.get("settles")
        settles: dict[Any, str] = {}
        if value is not None:
            if not isinstance(value, dict):
                self.wrong("not-a-map", ("settles",), where="settles")
            else:
                settles = {key: self.text(tier, ("settles", key), "settles") for key, tier in value.items()}
        for grade, tier in settles.items():
            if tier not in self.tiers:
                self.wrong("settles-tier", ("settles", grade), grade=grade, tier=tier)
        listed = data.get("grades")
        if isinstance(listed, list):
            return settles, tuple(listed)
        if listed is not None:
            self.wrong("not-a-list", ("grades",), where="grades")
        order = {tier: i for i, tier in enumerate(self.tiers)}
        return settles, tuple(sorted(settles, key=lambda grade: order.get(settles[grade], 0)))

    # -- steps
    def steps(self, data: dict[str, Any]) -> dict[str, Step]:
        value = data.get("steps")
        if not isinstance(value, dict) or not value:
            self.wrong("no-steps", ("steps",)) if not isinstance(value, list) else self.wrong(
                "not-a-map", ("steps",), where="steps"
            )
            return {}
        return {str(key): self.step(str(key), one) for key, one in value.items()}

    def step(self, ident: str, value: Any) -> Step:
        path: tuple[str | int, ...] = ("steps", ident)
        if not ID.match(ident):
            self.wrong("bad-id", path, id=ident)
        data = self.mapping(value, path, f"steps.{ident}", _STEP_KEYS)
        zh, en = self.names(data, path, ident)
        phase = self.text(data.get("phase"), (*path, "phase"), "phase")
        timers = self.timers(data, path)
        overdue = self.reminders(data["overdue"], (*path, "overdue")) if "overdue" in data else self.overdue
        return Step(
            id=ident, name=zh, en=en, stage=self.text(data.get("stage"), (*path, "stage"), "stage"), phase=phase,
            owner=self.relation(data, path), limit=self.limit(data, path, phase), auto=self.flag(data, "auto", path),
            after_close=self.flag(data, "after_close", path), legs=self.legs(data, path),
            warn=self.share(data, "warn", path, self.warn), timers=timers, overdue=overdue,
            resume=self.flag(data, "resume", path, default=True), hint=self.text(data.get("hint"), (*path, "hint"), "hint"),
            line=self.source.line(*path), limited=frozenset({"warn", "due"} | {t.id for t in timers if t.after is None}),
        )  # fmt: skip

    def legs(self, data: dict[str, Any], path: tuple[str | int, ...]) -> Legs | None:
        if data.get("legs") is None:
            return None
        path = (*path, "legs")
        legs = self.mapping(data["legs"], path, "legs", _LEGS_KEYS)
        made: dict[str, str] = {}
        for key in ("of", "flow"):
            made[key] = self.text(legs.get(key), (*path, key), key)
            if not made[key]:
                self.wrong("missing", path, where="legs", key=key)
        join = self.choice(legs, "join", path, JOINS, "all")
        return Legs(made["of"], made["flow"], join, self.limit(legs, path, "handle", "deadline"))

    def timers(self, data: dict[str, Any], path: tuple[str | int, ...]) -> tuple[Timer, ...]:
        value = data.get("timers")
        path = (*path, "timers")
        if value is None:
            return ()
        if not isinstance(value, list):
            self.wrong("not-a-list", path, where="timers")
            return ()
        made = [self.timer(one, (*path, i), f"timer{i + 1}") for i, one in enumerate(value)]
        return tuple(self.unique(made, path))

    def unique(self, timers: list[Timer], path: tuple[str | int, ...]) -> list[Timer]:
        seen: dict[str, int] = {}
        for i, timer in enumerate(timers):
            if timer.id in seen:
                self.wrong("duplicate-id", (*path, i), id=timer.id, first=seen[timer.id])
            seen[timer.id] = timer.line
        return timers

    def timer(self, value: Any, path: tuple[str | int, ...], default: str) -> Timer:
        data = self.mapping(value, path, "a timer", _TIMER_KEYS)
        ident = self.text(data.get("id"), (*path, "id"), "id") or default
        if not ID.match(ident):
            self.wrong("bad-id", path, id=ident)
        share = self.share(data, "at", path, -1.0) if "at" in data else None
        after, before = self.span(data, "after", path), self.span(data, "before", path)
        move = self.text(data.get("move"), (*path, "move"), "move") or None
        notice = self.text(data.get("notice"), (*path, "notice"), "notice") or None
        if [share, after, before].count(None) != 2 or (move is None) == (notice is None):
            self.wrong("bad-timer", path)
        to = self.text(data.get("to"), (*path, "to"), "to") or "owner"
        return Timer(ident, share, after, before, move, notice, to, line=self.source.line(*path))

    def reminders(self, value: Any, path: tuple[str | int, ...]) -> tuple[Timer, ...]:
        """``overdue: {every: 1 workday, times: 5, notice: urge}`` or a list of ``{after: …, move|notice: …}``."""
        if value is None:
            return ()
        if isinstance(value, list):
            made = [self.timer(one, (*path, i), f"late{i + 1}") for i, one in enumerate(value)]
            for i, timer in enumerate(made):
                if timer.after is None:
                    self.wrong("bad-timer", (*path, i))
            return tuple(self.unique(made, path))
        data = self.mapping(value, path, "overdue", _TIMER_KEYS)
        every = self.span(data, "every", path)
        times = data.get("times", 1)
        if every is None or not isinstance(times, int) or not 1 <= times <= 1000:
            self.wrong("bad-timer", path)
            return ()
        move = self.text(data.get("move"), (*path, "move"), "move") or None
        notice = self.text(data.get("notice"), (*path, "notice"), "notice") or (None if move else "urge")
        to = self.text(data.get("to"), (*path, "to"), "to") or "owner"
        return (Timer("late", None, every, None, move, notice, to, times, self.source.line(*path)),)

    def timer_moves(self, steps: dict[str, Step], known: set[str]) -> None:
        for step in steps.values():
            for timer in (*step.timers, *step.overdue):
                if timer.move is not None and timer.move not in known:
                    self.problems.append(problem("unknown-move", self.file, timer.line, move=timer.move))

    # -- moves
    def moves(self, data: dict[str, Any], steps: dict[str, Step]) -> tuple[Move, ...]:
        value = data.get("moves")
        if not isinstance(value, list):
            if value is not None or len(steps) > 1:
                self.wrong("not-a-list", ("moves",), where="moves")
            return ()
        made: list[Move] = []
        seen: dict[str, int] = {}
        for i, one in enumerate(value):
            move = self.move(one, ("moves", i), steps)
            if move is None:
                continue
            if move.id in seen:
                self.wrong("duplicate-id", ("moves", i), id=move.id, first=seen[move.id])
                continue
            seen[move.id] = move.line
            made.append(move)
        return tuple(made)

    def move(self, value: Any, path: tuple[str | int, ...], steps: dict[str, Step]) -> Move | None:
        data = self.mapping(value, path, "a move", _MOVE_KEYS)
        ident = self.text(data.get("id"), (*path, "id"), "id")
        if not ident:
            self.wrong("missing", path, where="a move", key="id")
            return None
        if not ID.match(ident):
            self.wrong("bad-id", (*path, "id"), id=ident)
        zh, en = self.names(data, path, ident)
        to = self.text(data.get("to"), (*path, "to"), "to") or None
        if to is not None and to not in steps:
            self.wrong("unknown-step", (*path, "to"), step=to)
        after = self.text(data.get("after"), (*path, "after"), "after")
        if after not in ("", "limit"):
            self.wrong("bad-choice", (*path, "after"), text=after, where="after", known="limit")
        result = self.text(data.get("result"), (*path, "result"), "result") or None
        return Move(
            id=ident, name=zh, en=en, sources=self.sources(data, path, ident, steps), to=to,
            by=self.by(data, path), when=self.guard(data, path),
            needs=tuple(word for word, _ in self.words(data, "needs", path)),
            asks=tuple(word for word, _ in self.words(data, "asks", path)),
            form=self.text(data.get("form"), (*path, "form"), "form") or None, does=self.effects(data, path),
            auto=self.flag(data, "auto", path), closes=self.flag(data, "closes", path), result=result,
            after_limit=after == "limit", tone=self.choice(data, "tone", path, TONES, "plain"),
            hint=self.text(data.get("hint"), (*path, "hint"), "hint"), line=self.source.line(*path),
        )  # fmt: skip

    def sources(
        self, data: dict[str, Any], path: tuple[str | int, ...], ident: str, steps: dict[str, Step]
    ) -> tuple[str, ...]:
        """``from: step`` · ``from: [a, b]`` · ``from: open`` (every step with an owner before closing) ·
        ``from: any`` (every step that somebody holds, and the ends)."""
        if data.get("from") is None:
            self.wrong("missing", path, where=f"the move {ident}", key="from")
            return ()
        found: list[str] = []
        for word, line in self.words(data, "from", path):
            if word in steps:
                found.append(word)
            elif word == "open":
                found += [
                    s.id for s in steps.values() if s.owner is not None and not s.after_close and not s.auto
                ]
            elif word == "any":
                found += [s.id for s in steps.values() if not s.auto]
            else:
                self.problems.append(problem("unknown-step", self.file, line, step=word))
        return tuple(dict.fromkeys(found))

    def by(self, data: dict[str, Any], path: tuple[str | int, ...]) -> tuple[By, ...]:
        made: list[By] = []
        for word, _ in self.words(data, "by", path):
            try:
                made.append(parse_by(word, self.tiers))
            except SpellingError as error:
                self.spelled(error, (*path, "by"))
        return tuple(made) or (By("owner"),)

    def effects(self, data: dict[str, Any], path: tuple[str | int, ...]) -> tuple[Effect, ...]:
        made: list[Effect] = []
        for word, _ in self.words(data, "does", path):
            try:
                made.append(parse_effect(word, self.tiers))
            except SpellingError as error:
                self.spelled(error, (*path, "does"))
        return tuple(made)


def _spellings(grade: Any) -> tuple[Any, ...]:
    """A grade may come from a table as text: 3 and "3" are the same."""
    text = str(grade)
    return (grade, text, int(text)) if text.isdigit() else (grade, text)


def _ended(step: Step, moves: tuple[Move, ...]) -> Step:
    """An end is a step of the phase archive that nobody holds; it may still be reopened or looked back at."""
    if step.phase != "archive" or step.owner is not None or step.auto:
        return step
    values = {name: getattr(step, name) for name in Step.__dataclass_fields__}
    return Step(**{**values, "end": True})


def _plan(step: str, moves: tuple[Move, ...]) -> Plan:
    here = [move for move in moves if step in move.sources]
    return Plan(
        auto=tuple(m for m in here if m.auto),
        lapse=tuple(m for m in here if m.after_limit and not m.auto),
        manual=tuple(m for m in here if not m.auto and not m.by_clock),
    )

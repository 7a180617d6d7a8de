"""What a flow is made of. Everything here is frozen: a published edition never changes under a running case.

Grades, tiers, steps and moves are known by their codes; names are only for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .guards import ALWAYS, Guard

#: Common phases: labels for comparing places, not an order.
PHASES = ("report", "accept", "dispatch", "handle", "verify", "close", "rate", "archive")
PHASE_NAMES = {
    "report": "上报", "accept": "受理", "dispatch": "派单", "handle": "办理",
    "verify": "核验", "close": "结案", "rate": "评价", "archive": "归档",
}  # fmt: skip

WORK_MINUTES, WORK_HOURS, WORKDAYS = "work minutes", "work hours", "workdays"
MINUTES, HOURS, DAYS = "minutes", "hours", "days"
UNITS = (WORK_MINUTES, WORK_HOURS, WORKDAYS, MINUTES, HOURS, DAYS)
UNIT_NAMES = {
    WORK_MINUTES: "工作分钟", WORK_HOURS: "工作时", WORKDAYS: "工作日", MINUTES: "分钟", HOURS: "小时", DAYS: "天",
}  # fmt: skip

RELATIONS = (
    "reporter", "author", "grid", "desk", "division", "post", "organ", "pool", "above",
    "claimant", "actor", "parent", "holder", "owner",
)  # fmt: skip

EFFECTS = (
    "tier", "grade", "legs", "open", "link", "merge", "pause", "resume", "extend",
    "score", "publish", "precedent", "notice", "round", "bulletin",
)  # fmt: skip
TONES = ("plain", "primary", "danger")
JOINS = ("all", "any", "deadline")
EVERY = ("day", "week", "tenday", "month", "quarter", "half-year", "year")


class Span(NamedTuple):
    """An amount of time, such as 2 work hours."""

    amount: float
    unit: str

    @property
    def working(self) -> bool:
        """True if only office hours or workdays count."""
        return self.unit in (WORK_MINUTES, WORK_HOURS, WORKDAYS)

    def text(self) -> str:
        amount = int(self.amount) if self.amount == int(self.amount) else self.amount
        unit = self.unit[:-1] if amount == 1 else self.unit
        return f"{amount} {unit}"

    def zh(self) -> str:
        amount = int(self.amount) if self.amount == int(self.amount) else self.amount
        return f"{amount}个{UNIT_NAMES[self.unit]}" if self.unit in (WORKDAYS, WORK_HOURS, HOURS) else (
            f"{amount}{UNIT_NAMES[self.unit]}"
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Relation:
    """Who holds a step or may make a move, as a relation: ``desk@county``, ``post(secretary)@here``,
    ``organ(item)``, ``pool(grid, stand-in)``, ``above(division@here)``. `text` is its canonical spelling."""

    kind: str
    args: tuple[str, ...] = ()
    tier: str | None = None  # a tier's code, or "here"
    of: Relation | None = None  # for above(…)
    text: str = ""
    otherwise: Relation | None = None  # asked when the first resolves to nobody (``X else Y``)

    def each(self) -> Iterator[Relation]:
        """The relation itself, what it contains (``above(…)``) and what stands behind ``else``."""
        yield self
        if self.of is not None:
            yield from self.of.each()
        if self.otherwise is not None:
            yield from self.otherwise.each()


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a step (or the whole case) may take.

    kind: ``span`` (`span`), ``item`` (the item's limit for phase `name`), ``field`` (the date in form field
    `name`), ``none`` (`because` says why). `otherwise` is used where the first gives nothing."""

    kind: str
    span: Span | None = None
    name: str = ""
    because: str = ""
    otherwise: Limit | None = None
    text: str = ""

    def each(self) -> Iterator[Limit]:
        """The limit itself and what stands behind ``else``, in the order in which they are tried."""
        yield self
        if self.otherwise is not None:
            yield from self.otherwise.each()


@dataclass(frozen=True, slots=True)
class By:
    """One party that may make a move. kind: owner · clock · anyone · role or right (`name`) · relation (`relation`)."""

    kind: str
    name: str = ""
    relation: Relation | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """One consequence of a move, from the closed list EFFECTS."""

    do: str
    args: tuple[str, ...] = ()
    span: Span | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Timer:
    """Fires once per entry: a share of the limit, a span after entry, a span before the limit, or (in
    `overdue`) a span after the limit. Makes `move` (by the clock) or sends `notice`."""

    id: str
    share: float | None = None
    after: Span | None = None
    before: Span | None = None
    move: str | None = None
    notice: str | None = None
    to: str = "owner"
    times: int = 1  # more than 1 only for overdue reminders: every `after` again
    line: int = 0


@dataclass(frozen=True, slots=True)
class Legs:
    """Legs of a step: of whom (a field or fact holding organs), in which sub-flow, joined when."""

    of: str
    flow: str
    join: str = "all"
    deadline: Limit | None = None


@dataclass(frozen=True, slots=True)
class Cycle:
    """Something done to many cases in every period: a move, or a meeting's agenda.

    `pick`: ``open``, ``closed``, or ids of steps: the cases that come up; `when` narrows them. A move is made by the
    clock as the `day`-th day of each period begins, or on fixed `dates` (month, day). A meeting is held `at` each division of a
    tier, led by the holder of a role there (`led_by`), and `decides` by these moves."""

    id: str
    every: str
    pick: tuple[str, ...]
    name: str = ""
    when: Guard = ALWAYS
    move: str | None = None
    meeting: str | None = None
    line: int = 0
    en: str = ""
    at: str = ""
    led_by: str = ""
    decides: tuple[str, ...] = ()
    hint: str = ""
    day: int = 1
    dates: tuple[tuple[int, int], ...] = ()

    def picks(self, step: str, closed: bool) -> bool:
        """Whether a case at that step comes up (its guard is asked separately)."""
        return step in self.pick or ("closed" if closed else "open") in self.pick


@dataclass(frozen=True, slots=True)
class Step:
    id: str
    name: str
    en: str = ""
    stage: str = ""
    phase: str = ""
    owner: Relation | None = None
    limit: Limit | None = None
    auto: bool = False
    end: bool = False
    after_close: bool = False
    legs: Legs | None = None
    warn: float = 0.75  # share of the limit; 0: no warning
    timers: tuple[Timer, ...] = ()
    overdue: tuple[Timer, ...] = ()
    resume: bool = True  # the same owner coming back resumes the limit
    hint: str = ""
    line: int = 0
    limited: frozenset[str] = frozenset({"warn", "due"})  # names of the alarms that count from the limit


@dataclass(frozen=True, slots=True)
class Move:
    id: str
    name: str
    en: str = ""
    sources: tuple[str, ...] = ()
    to: str | None = None  # None: the case stays where it is
    by: tuple[By, ...] = (By("owner"),)
    when: Guard = ALWAYS
    needs: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    form: str | None = None
    does: tuple[Effect, ...] = ()
    auto: bool = False
    closes: bool = False
    result: str | None = None
    after_limit: bool = False
    tone: str = "plain"
    hint: str = ""
    line: int = 0

    @property
    def by_clock(self) -> bool:
        """Only the clock makes it."""
        return all(by.kind == "clock" for by in self.by)

    @property
    def free_names(self) -> frozenset[str]:
        """Names whose value may still change with the fields sent along; choosing an item sets the grade."""
        sent = set(self.needs) | set(self.asks)
        return frozenset(sent | {"grade"} if "item" in sent else sent)


@dataclass(frozen=True, slots=True)
class Plan:
    """The moves of one step, sorted for the machine, in file order."""

    auto: tuple[Move, ...]
    lapse: tuple[Move, ...]  # after: limit
    manual: tuple[Move, ...]  # somebody may make them (lapse moves too, unless by the clock only)


@dataclass(frozen=True, slots=True)
class Flow:
    id: str
    name: str
    en: str
    kind: str
    tiers: tuple[str, ...]
    steps: Mapping[str, Step]
    moves: tuple[Move, ...]
    first: str
    leg: bool = False
    stages: Mapping[str, str] = field(default_factory=dict)
    stages_en: Mapping[str, str] = field(default_factory=dict)
    settles: Mapping[Any, str] = field(default_factory=dict)
    grades: tuple[Any, ...] = ()  # low to high
    limit: Limit | None = None
    warn: float = 0.75
    cycles: tuple[Cycle, ...] = ()
    file: str = ""
    doc: Any = field(default=None, compare=False, repr=False)
    # derived
    by_id: Mapping[str, Move] = field(default_factory=dict, compare=False, repr=False)
    plans: Mapping[str, Plan] = field(default_factory=dict, compare=False, repr=False)
    tier_index: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)
    settle_index: Mapping[Any, int] = field(default_factory=dict, compare=False, repr=False)

    def to_json(self) -> Any:
        """The plain data it was read from; `huying.flow.flow_from_json` reads it back."""
        return self.doc

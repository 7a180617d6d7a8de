"""What a preset is made of. Frozen: an edition never changes under the cases that are bound to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as made
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from huying.flow.definition import Flow
    from huying.presets.demo_definition import DemoFull, DemoPerson
    from huying.presets.duty_definition import Duties, Point
    from huying.presets.forms import FormSchema
    from huying.presets.indicator_definition import Indicators
    from huying.presets.review_definition import Reviews

PHASES_WITH_LIMIT = ("accept", "arrive", "handle")


@dataclass(frozen=True, slots=True)
class Words:
    """A text in Chinese and, where the preset gives it, in English."""

    zh: str
    en: str = ""

    def text(self, lang: str = "zh") -> str:
        """The text in *lang* ("en…" for English), or in Chinese when it is not given."""
        return (self.en if lang.lower().startswith("en") else self.zh) or self.zh or self.en

    def __str__(self) -> str:
        return self.zh or self.en


@dataclass(frozen=True, slots=True)
class Channel:
    """A way in: who uses it (a role's code)."""

    code: str
    name: Words
    who: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """place.yaml. `reopen_window` is the one place where the window for reopening is stated ("10 workdays");
    `calendar` is what `huying.worktime.read_calendar` takes. `grades`: limits by grade and phase, for items without a limit
    of their own and for cases that were given another grade than their item has."""

    code: str
    name: Words
    title: Words
    region: str
    tiers: tuple[str, ...]
    centre: str
    languages: tuple[str, ...]
    timezone: str
    calendar: Mapping[str, Any]
    numbering: str
    routing_threshold: float
    routing_auto: bool
    similar_metres: float
    similar_days: float
    reopen_window: str
    channels: tuple[Channel, ...]
    public: Mapping[str, Any]
    map_centre: tuple[float, float] | None
    map_zoom: float
    differences: tuple[Words, ...]
    grades: Mapping[int, Mapping[str, str]] = made(default_factory=dict)
    point_types: Mapping[str, PointType] = made(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PointType:
    """What the points of a type are called, what one gets there, and the colour that they have on maps."""

    name: Words
    text: Words
    tone: str = "info"


@dataclass(frozen=True, slots=True)
class Role:
    """A role: at which tier (or `grid`, or at an organ), with which rights (`huying.presets.rights`). `opens`: the kinds
    of case, other than calls, that its holders may open by hand. `shown`: residents read who holds it for their grid."""

    code: str
    name: Words
    tier: str = ""
    rights: tuple[str, ...] = ()
    layer: str = ""
    organs: bool = False
    opens: tuple[str, ...] = ()
    shown: bool = False


@dataclass(frozen=True, slots=True)
class Division:
    """A row of divisions.csv. The top one has no parent."""

    code: str
    name: str
    tier: str
    parent: str = ""
    urban_rural: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Grid:
    """A row of grids.csv. `outline`: rings of (lon, lat) in WGS 84 degrees, each closed; empty when not given."""

    code: str
    name: str
    layer: str
    parent: str
    outline: tuple[tuple[tuple[float, float], ...], ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Organ:
    """A row of organs.csv. `seat`: it has a resident seat at the centre. `paired`: codes of the divisions that it is
    paired with, whose orders it may claim (``pool(paired)@village``)."""

    code: str
    name: str
    short: str
    tier: str = ""
    division: str = ""
    parent: str = ""
    seat: bool = False
    duties: tuple[str, ...] = ()
    paired: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """A row of catalogue.csv with what it inherits from the rows above it.

    `handler` and `co_handlers` are organ codes or relations (``division@town``). `limits` has accept, arrive and
    handle where given ("2 work hours"). `grid`: on the admitted list, so it may be given to grid workers. `auto`:
    may be dispatched automatically. `fixed`: its limit cannot be extended. Only a `leaf` can be chosen."""

    code: str
    name: str
    parent: str = ""
    path: tuple[str, ...] = ()  # codes from the top down to itself
    leaf: bool = True
    field: str = ""
    handler: str = ""
    co_handlers: tuple[str, ...] = ()
    grade: int | None = None
    limits: Mapping[str, str] = made(default_factory=dict)
    evidence: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    source: str = ""
    grounds: str = ""
    standard_code: str = ""
    grid: bool = False
    auto: bool = False
    kinds: tuple[str, ...] = ()  # kinds of call; empty: all
    materials: tuple[str, ...] = ()  # what to bring; empty: nothing
    at: tuple[str, ...] = ()  # types of points where it is done
    fixed: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True)
class Board:
    """A page that lists the cases of a kind year by year, by division and grid, with how each stands.

    `shows`: fields that may be read there, in this order. `drafts`: steps at which only the state is shown. `open`: anybody may
    read it, else only staff, each what they may see anyway."""

    title: Words
    hint: Words
    shows: tuple[str, ...]
    drafts: tuple[str, ...] = ()
    open: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of case: its flow, form and numbering, and the kinds of call it takes.

    `right`: what somebody needs to open one; such a case is a paper of the authorities, not a call. `due`: the
    field that says in how many workdays it is due; when a case is opened, or a move sends the field again, the moment is
    reckoned and kept as the field `due`."""

    code: str
    name: Words
    flow: str
    form: str
    numbering: str
    calls: tuple[str, ...] = ()
    rooms: tuple[str, ...] = ()
    right: str = ""
    due: str = ""
    board: Board | None = None
    services: bool = False  # its items are lists of services, which residents look up and order from


@dataclass(frozen=True, slots=True)
class Template:
    """A reply template of a move, for one of its fields; {braces} stand for values."""

    id: str
    move: str
    name: Words
    field: str
    text: Words


@dataclass(frozen=True, repr=False)
class Preset:
    """A place as its files say, compiled. Mappings keep the order of the files."""

    place: Place
    roles: Mapping[str, Role]
    words: Mapping[str, Words]
    divisions: Mapping[str, Division]
    grids: Mapping[str, Grid]
    organs: Mapping[str, Organ]
    items: Mapping[str, Item]
    kinds: Mapping[str, Kind]
    flows: Mapping[str, Flow]
    forms: Mapping[str, FormSchema]
    templates: tuple[Template, ...]
    demo: tuple[DemoPerson, ...]
    indicators: Indicators
    files: Mapping[str, str] = made(repr=False)
    sha256: str
    reviews: Reviews | None = None
    full: DemoFull | None = None

    def __repr__(self) -> str:
        return f"<Preset {self.place.code} {self.sha256[:8]}>"  # a whole place in a log line helps nobody

    @property
    def code(self) -> str:
        """The place's code."""
        return self.place.code

    @cached_property
    def leaves(self) -> tuple[Item, ...]:
        """The items that can be chosen, in file order."""
        return tuple(item for item in self.items.values() if item.leaf)

    @cached_property
    def services(self) -> tuple[Item, ...]:
        """The items of service lists, in file order: looked up and ordered, not what calls are about."""
        under: set[str] = set()
        for kind in self.kinds.values():
            if kind.services and kind.form in self.forms:
                under.update(code for one in self.forms[kind.form].fields for code in one.under)
        return tuple(item for item in self.leaves if not under.isdisjoint(item.path))

    @cached_property
    def called(self) -> tuple[Item, ...]:
        """The items that calls are about: all that can be chosen but for those of service lists."""
        listed = {item.code for item in self.services}
        return tuple(item for item in self.leaves if item.code not in listed)

    def children(self, code: str = "") -> tuple[Item, ...]:
        """The items directly under *code* ('' for the top)."""
        return tuple(item for item in self.items.values() if item.parent == code)

    def word(self, key: str, lang: str = "zh") -> str:
        """The place's own word for *key*; see `huying.presets.words`."""
        from huying.presets.words import word

        return word(self, key, lang)

    def flow_of(self, kind: str) -> Flow:
        """The flow of a kind of case. Raises KeyError."""
        return self.flows[self.kinds[kind].flow]

    def form_of(self, kind: str) -> FormSchema:
        """The form that a call of this kind fills in. Raises KeyError."""
        return self.forms[self.kinds[kind].form]

    @cached_property
    def duties(self) -> Duties:
        """duties.yaml: which tasks a date or an event calls for."""
        from huying.presets.duty_definition import Duties
        from huying.presets.read_duties import read_duties

        return read_duties(self.files["duties.yaml"], []) if "duties.yaml" in self.files else Duties()

    @cached_property
    def points(self) -> Mapping[str, Point]:
        """points.csv: named points by code."""
        from huying.presets.read_duties import read_points

        return read_points(self.files["points.csv"], []) if "points.csv" in self.files else {}

    @cached_property
    def pools(self) -> tuple[tuple[tuple[str, ...], bool], ...]:
        """The pools that steps of flows wait in: who may claim, and whether each division has one of its own."""
        owners = (step.owner for flow in self.flows.values() for step in flow.steps.values())
        found = {(one.args, one.tier is not None) for one in owners if one is not None and one.kind == "pool"}
        return tuple(sorted(found))

    @cached_property
    def _move_forms(self) -> dict[tuple[str, str], FormSchema]:
        from huying.presets.moves import move_forms

        return move_forms(self)

    def move_form(self, flow: str, move: str) -> FormSchema:
        """What a move asks for, as a form of its own. Raises KeyError for an unknown flow or move."""
        return self._move_forms[flow, move]

    def kept_moves(self, kind: str) -> frozenset[str]:
        """The moves of a kind of case that are never made by themselves, but by a room of which they are one half."""
        return frozenset() if self.reviews is None else self.reviews.kept(kind)

    def templates_for(self, move: str) -> tuple[Template, ...]:
        """The reply templates of a move."""
        return tuple(template for template in self.templates if template.move == move)

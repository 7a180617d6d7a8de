"""The flow language: what a flow may say (definition), whether it is sound (checker), how a case
moves through it (machine), and how it looks (picture). Pure Python: no database, no clock, no Django."""

from .definition import By, Cycle, Effect, Flow, Legs, Limit, Move, Relation, Span, Step, Timer
from .guard_reader import parse_guard
from .guards import Guard, GuardError
from .machine import advance, apply, available, cancel, fire, may, perform, replay, start
from .parse import flow_from_json, parse_flow
from .run import CLOCK, Outcome
from .source import Problem, Source, as_bool, parse_yaml, plain, read_yaml
from .token import Alarm, Token
from .words import parse_span
from .world import (
    BadValue,
    EndlessAuto,
    FlowError,
    GuardFailed,
    MissingFields,
    NotAllowed,
    UnknownMove,
    World,
)

__all__ = [
    "CLOCK", "Alarm", "BadValue", "By", "Cycle", "Effect", "EndlessAuto", "Flow", "FlowError", "Guard", "GuardError",
    "GuardFailed", "Legs", "Limit", "MissingFields", "Move", "NotAllowed", "Outcome", "Problem", "Relation", "Source",
    "Span", "Step", "Timer", "Token", "UnknownMove", "World", "advance", "apply", "as_bool", "available", "cancel", "fire",
    "flow_from_json", "may", "parse_flow", "parse_guard", "parse_span", "parse_yaml", "perform", "plain", "read_yaml",
    "replay", "start",
]  # fmt: skip

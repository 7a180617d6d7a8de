"""What the picture of a flow says: names, owners, limits and moves in the words of the chosen language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from .definition import Flow, Limit, Move, Relation, Step


def text_width(text: str, size: float) -> float:
    """Rough width in pixels: Chinese characters are as wide as the type is high."""
    return sum(size if ord(char) > 0x2E7F else size * 0.58 for char in text)


def wrapped(line: str, size: float, room: float, indent: str = "") -> list[str]:
    """The line in parts no wider than *room*; Latin words stay whole."""
    made, now = [], ""
    for piece in _pieces(line):
        if now.strip() and text_width((now + piece).rstrip(), size) > room:
            made.append(now.rstrip())
            now = indent + piece.lstrip()
        else:
            now += piece
    return [*made, now.rstrip()] if now.strip() else made


def _pieces(line: str) -> list[str]:
    """Where a line may be broken: after every Chinese character and every space; never before a closing mark."""
    pieces: list[str] = []
    for char in line:
        wide = ord(char) > 0x2E7F
        if pieces and (
            char in "，。；：、）”！？" or pieces[-1][-1] in "（“" or (not wide and _latin(pieces[-1][-1]))
        ):
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


def _latin(char: str) -> bool:
    return ord(char) <= 0x2E7F and char != " "


class Speech:
    """Words of the picture. `names` gives the words for codes of tiers, roles, organs and steps."""

    def __init__(self, language: str, names: Mapping[str, str], flow: Flow | None = None) -> None:
        self.zh = language.lower().startswith("zh")
        self.names = names
        self.steps = {key: self.label(step) for key, step in flow.steps.items()} if flow is not None else {}

    def pick(self, zh: str, en: str) -> str:
        """The one of two wordings that is in the chosen language."""
        return zh if self.zh else en

    def of(self, code: str) -> str:
        """The name of a tier, a role or an organ."""
        return self.names.get(code, code)

    def label(self, thing: Step | Move | Flow) -> str:
        """The name of a step, a move or a flow."""
        return thing.name if self.zh else (thing.en or thing.id)

    def tier(self, tier: str | None) -> str:
        """The name of a tier, or of the tier at which the case is."""
        if tier is None:
            return ""
        if tier == "here":
            return self.pick("本级", "own tier")
        return self.names.get(tier) or (self.pick("网格", "grid") if tier == "grid" else tier)

    def owner(self, relation: Relation | None) -> str:
        """Who holds a step, as an official would say it."""
        if relation is None:
            return ""
        if relation.otherwise is not None:
            first = self.owner(replace(relation, otherwise=None, text=relation.text.partition(" else ")[0]))
            rest = self.owner(relation.otherwise)
            return self.pick(f"{first}；没有则{rest}", f"{first}; else {rest}")
        tier, args = (
            self.tier(relation.tier),
            self.pick("、", ", ").join(self.of(arg) for arg in relation.args),
        )
        if relation.kind == "above":
            return self.pick(f"{self.owner(relation.of)}的上级", f"above {self.owner(relation.of)}")
        if relation.kind == "organ":
            known = {
                "item": ("事项责任单位", "organ of the item"), "leg": ("领办单位", "organ of the leg"),
                "actor": ("经办单位", "acting organ"), "subject": ("被督办单位", "organ under order"),
                "case": ("本件责任单位", "organ of the case"),
            }  # fmt: skip
            return self.pick(*known.get(relation.args[0], (f"单位（{args}）", f"organ ({args})")))
        if relation.kind == "pool":
            several = {
                "grid": ("网格员", "grid workers"), "organs": ("各单位", "organs"), "volunteers": ("志愿者", "volunteers"),
                "paired": ("结对单位", "paired organs"), "anyone": ("任何人", "anyone"),
                "stand-in": ("代班的人", "stand-ins"),
            }  # fmt: skip
            of = [self.pick(*several[arg]) if arg in several else self.of(arg) for arg in relation.args]
            return self.pick("待认领：" + "、".join(of), "open to " + ", ".join(of))
        if relation.kind == "holder":
            step = self.steps.get(relation.args[0], args)
            return self.pick(f"“{step}”原承办人", f"who held “{step}”")
        if relation.kind == "grid" and args:
            return self.names.get(f"grid:{relation.args[0]}") or self.pick(
                f"网格（{args}）", f"grid ({args})"
            )
        if relation.kind == "division" and relation.tier == "grid":
            return self.pick("所在网格", "the grid")
        if relation.kind == "post" and (args.startswith(tier) or relation.tier == "grid"):
            return args  # the post's name says where it is
        simple = {
            "reporter": ("诉求人", "reporter"), "author": ("发起人", "author"), "grid": ("网格员", "grid worker"),
            "claimant": ("认领者", "claimant"), "actor": ("经办人", "who acted"), "parent": ("派出方", "who sent it"),
            "owner": ("承办人", "owner"), "desk": (f"{tier}专席", f"{tier} desk"),
            "division": (f"{tier}属地", f"{tier} in charge"),
            "post": (f"{tier}{args}", f"{tier}: {args}"),
        }  # fmt: skip
        return self.pick(*simple.get(relation.kind, (relation.text, relation.text)))

    def limit(self, limit: Limit | None) -> str:
        """How long a step may take."""
        if limit is None:
            return ""
        if limit.kind == "none":
            return self.pick("不限时：", "no limit: ") + limit.because
        if limit.kind == "span" and limit.span is not None:
            said = limit.span.zh() if self.zh else limit.span.text()
        elif limit.kind == "item":
            said = self.pick("按事项时限", "as the item says")
        else:
            said = self.pick("按约定期限", "as agreed")
        if limit.otherwise is not None:
            said += self.pick("，否则", ", else ") + self.limit(limit.otherwise)
        return said

    def mark(self, move: Move) -> str:
        """The move as written on its step: by whom where not by a person, and whether it closes the case."""
        words = self.label(move)
        if move.auto:
            words = self.pick("自动：", "auto: ") + words
        elif move.by_clock:
            words = (
                self.pick("到期：", "lapse: ") if move.after_limit else self.pick("时钟：", "clock: ")
            ) + words
        elif move.after_limit:
            words += self.pick("／到期默认", " / default on lapse")
        said = self.pick("结案", "close") in words
        return words if said or not move.closes else words + self.pick("（结案）", " (closes)")

    def lines(self, step: Step) -> list[str]:
        """What stands below a step's name: who, how long, and how several come together."""
        made = [self.owner(step.owner), self.limit(step.limit)]
        if step.auto:
            made = [self.pick("系统自动", "automatic")]
        if step.legs is not None:
            join = {
                "all": ("全部办结后汇合", "joined when all are done"),
                "any": ("一家办结即汇合", "joined when any is done"),
                "deadline": ("到期汇合", "joined at the deadline"),
            }[step.legs.join]
            made.append(self.pick("多家分办，", "legs, ") + self.pick(*join))
        if step.after_close:
            made.append(self.pick("（结案后）", "(after closing)"))
        return [line for line in made if line]

"""A flow as a picture that an official can read: lanes by stage (or phase), steps from top to bottom with owner and
limit, arrows with the names of the moves. Plain SVG without scripts, styles or outside references.

Layout: a step is as low as its longest way from the start; every move leaves its box to the right (its name stands
on that stub), goes along the lane's own channel, joins the line of its target above the target's row, and enters
from the top. Boxes stand only in rows and lanes, lines run only between them, so nothing can overlap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from xml.sax.saxutils import escape

from .definition import PHASE_NAMES, PHASES, Flow, Limit, Move, Relation, Step

FONT = "'Noto Sans CJK SC', 'Source Han Sans SC', 'Microsoft YaHei', 'PingFang SC', sans-serif"
COLOURS = (
    "#1d4f91", "#0f766e", "#8a4b08", "#6b3fa0", "#a02c5a", "#3f6212", "#0369a1", "#7c2d12",
    "#475569", "#b91c6b", "#15803d", "#4338ca", "#a16207", "#9f1239", "#0e7490", "#6d28d9",
)  # fmt: skip
SIZE, SMALL = 15, 12
TRACK, STUB_HEIGHT = 9, 19
MANY = 4  # a move from this many steps is listed below instead of drawn


@dataclass(slots=True)
class _Box:
    step: Step
    lines: list[str]
    row: int = 0
    column: int = 0
    exits: list[Move] = field(default_factory=list)
    x: float = 0
    y: float = 0
    width: float = 0
    height: float = 0


def text_width(text: str, size: float) -> float:
    """Rough width in pixels: Chinese characters are as wide as the type is high."""
    return sum(size if ord(char) > 0x2E7F else size * 0.58 for char in text)


class _Speech:
    """Words of the picture in the chosen language."""

    def __init__(self, language: str, names: Mapping[str, str]) -> None:
        self.zh = language.lower().startswith("zh")
        self.names = names

    def pick(self, zh: str, en: str) -> str:
        return zh if self.zh else en

    def of(self, code: str) -> str:
        return self.names.get(code, code)

    def label(self, thing: Step | Move | Flow) -> str:
        return thing.name if self.zh else (thing.en or thing.id)

    def tier(self, tier: str | None) -> str:
        if tier is None:
            return ""
        return self.pick("本级", "own tier") if tier == "here" else self.of(tier)

    def owner(self, relation: Relation | None) -> str:
        if relation is None:
            return ""
        if relation.otherwise is not None:
            first = self.owner(replace(relation, otherwise=None, text=relation.text.partition(" else ")[0]))
            rest = self.owner(relation.otherwise)
            return self.pick(f"{first}；没有则{rest}", f"{first} else {rest}")
        tier, args = self.tier(relation.tier), "、".join(self.of(arg) for arg in relation.args)
        if not self.zh:
            return relation.text
        if relation.kind == "grid" and args:
            return f"网格（{args}）"
        simple = {
            "reporter": "诉求人", "author": "发起人", "grid": "网格员", "claimant": "认领者", "actor": "经办人",
            "parent": "派出方", "owner": "承办人",
        }  # fmt: skip
        if relation.kind in simple:
            return simple[relation.kind]
        if relation.kind == "above":
            return f"{self.owner(relation.of)}的上级"
        if relation.kind == "organ":
            return {
                "item": "事项责任单位",
                "leg": "领办单位",
                "actor": "经办单位",
                "subject": "被督办单位",
            }.get(relation.args[0], f"单位（{args}）")
        if relation.kind == "pool":
            known = {"grid": "网格员", "organs": "各单位", "volunteers": "志愿者"}
            return "待认领：" + "、".join(known.get(arg, self.of(arg)) for arg in relation.args)
        if relation.kind == "holder":
            return f"“{args}”原承办人"
        return {"desk": f"{tier}专席", "division": f"{tier}属地", "post": f"{tier}{args}"}.get(
            relation.kind, relation.text
        )

    def limit(self, limit: Limit | None) -> str:
        if limit is None:
            return ""
        if limit.kind == "none":
            return self.pick("不限时：", "no limit: ") + limit.because
        said = limit.text
        if limit.kind == "span" and limit.span is not None:
            said = limit.span.zh() if self.zh else limit.span.text()
        elif self.zh:
            said = "按事项时限" if limit.kind == "item" else "按约定期限"
        if limit.otherwise is not None:
            said += self.pick("，否则", ", else ") + self.limit(limit.otherwise)
        return said

    def mark(self, move: Move) -> str:
        """The move as written on its stub."""
        words = self.label(move)
        if move.auto:
            words = self.pick("自动：", "auto: ") + words
        elif move.by_clock:
            words = (
                self.pick(
                    "到期：" if move.after_limit else "时钟：", "lapse: " if move.after_limit else "clock: "
                )
                + words
            )
        elif move.after_limit:
            words += self.pick("／到期默认", " / default on lapse")
        said = self.pick("结案", "close") in words
        return words if said or not move.closes else words + self.pick("（结案）", " (closes)")


def draw(flow: Flow, language: str = "zh-Hans", names: Mapping[str, str] | None = None) -> str:
    """The flow as SVG text. `names` gives the words for codes of tiers, roles and organs."""
    return _Picture(flow, _Speech(language, names or {})).svg()


def ranks(flow: Flow) -> dict[str, int]:
    """How far down each step stands: the longest way from the start, arrows that lead back left out."""
    after: dict[str, list[str]] = {key: [] for key in flow.steps}
    for move in flow.moves:
        if move.to is not None and len(move.sources) < MANY:
            for source in move.sources:
                if move.to not in after[source] and move.to != source:
                    after[source].append(move.to)
    order = {key: i for i, key in enumerate(flow.steps)}
    forward = {key: [to for to in targets if order[to] > order[key]] for key, targets in after.items()}
    rank = dict.fromkeys(flow.steps, 0)
    for key in flow.steps:  # file order is a topological order of the arrows that lead down
        for to in forward[key]:
            rank[to] = max(rank[to], rank[key] + 1)
    used = sorted(set(rank.values()))
    return {key: used.index(value) for key, value in rank.items()}


class _Picture:
    def __init__(self, flow: Flow, speech: _Speech) -> None:
        self.flow = flow
        self.say = speech
        self.boxes = {step.id: _Box(step, self.lines(step)) for step in flow.steps.values()}
        self.lanes: list[tuple[str, int, int]] = []  # name, first column, columns
        self.place()
        self.common: list[Move] = []
        self.wire()
        self.measure()

    def lines(self, step: Step) -> list[str]:
        made = [self.say.owner(step.owner), self.say.limit(step.limit)]
        if step.auto:
            made = [self.say.pick("系统自动", "automatic")]
        if step.legs is not None:
            join = {
                "all": self.say.pick("全部办结后汇合", "joined when all are done"),
                "any": self.say.pick("一家办结即汇合", "joined when any is done"),
                "deadline": self.say.pick("到期汇合", "joined at the deadline"),
            }[step.legs.join]
            made.append(self.say.pick("多家分办，", "legs, ") + join)
        if step.after_close:
            made.append(self.say.pick("（结案后）", "(after closing)"))
        return [line for line in made if line]

    # -- where things stand
    def place(self) -> None:
        flow, rank = self.flow, ranks(self.flow)
        if flow.stages:
            names = flow.stages if self.say.zh else {k: flow.stages_en.get(k) or k for k in flow.stages}
            lanes = [(key, names[key]) for key in flow.stages]
            lane_of = {step.id: step.stage for step in flow.steps.values()}
        else:
            lanes = [(phase, PHASE_NAMES[phase] if self.say.zh else phase) for phase in PHASES]
            lane_of = {step.id: step.phase for step in flow.steps.values()}
        known = {key for key, _ in lanes}
        if any(lane_of[key] not in known for key in flow.steps):
            lanes.append(("", self.say.pick("归档", "archive")))
        column = 0
        for key, name in lanes:
            here = [
                b
                for b in self.boxes.values()
                if (lane_of[b.step.id] if lane_of[b.step.id] in known else "") == key
            ]
            if not here:
                continue
            taken: dict[int, int] = {}
            for box in here:
                box.row = rank[box.step.id]
                box.column = column + taken.get(box.row, 0)
                taken[box.row] = taken.get(box.row, 0) + 1
            wide = max(taken.values())
            self.lanes.append((name, column, wide))
            column += wide
        self.columns = column
        self.rows = max(box.row for box in self.boxes.values()) + 1

    def wire(self) -> None:
        for move in self.flow.moves:
            if move.to is None or len(move.sources) >= MANY:
                self.common.append(move)
                continue
            for source in move.sources:
                self.boxes[source].exits.append(move)

    def measure(self) -> None:
        boxes = self.boxes.values()
        column_width, stub = [0.0] * self.columns, [0.0] * self.columns
        for box in boxes:
            box.width = (
                max(
                    text_width(self.say.label(box.step), SIZE), *(text_width(t, SMALL) for t in box.lines), 84
                )
                + 28
            )
            box.height = max(30 + 17 * len(box.lines) + 10, STUB_HEIGHT * len(box.exits) + 14)
            column_width[box.column] = max(column_width[box.column], box.width)
            for move in box.exits:
                stub[box.column] = max(stub[box.column], text_width(self.say.mark(move), SMALL) + 14)
        # one track for every target, in each channel and above each row
        self.channel: list[list[str]] = [[] for _ in range(self.columns)]
        self.above: list[list[str]] = [[] for _ in range(self.rows)]
        for box in boxes:
            for move in box.exits:
                to = move.to or ""
                if to not in self.channel[box.column]:
                    self.channel[box.column].append(to)
                row = self.boxes[to].row
                if to not in self.above[row]:
                    self.above[row].append(to)
        x, self.column_x, self.track_x = 30.0, [], []
        for i in range(self.columns):
            self.column_x.append(x)
            x += column_width[i] + stub[i]
            self.track_x.append(x + 6)
            x += 6 + TRACK * len(self.channel[i]) + 20
        self.width = max(x + 10, 640)
        self.top = 96.0
        y, self.gap_y = self.top, []
        for row in range(self.rows):
            self.gap_y.append(y + 14)
            y += 14 + TRACK * len(self.above[row]) + 16
            here = [box for box in boxes if box.row == row]
            for box in here:
                box.x, box.y = self.column_x[box.column], y
                box.width = column_width[box.column]
            y += max(box.height for box in here)
        self.bottom = y + 24

    # -- drawing
    def svg(self) -> str:
        colour = {key: COLOURS[i % len(COLOURS)] for i, key in enumerate(self.boxes)}
        body = [*self.background(), *self.wires(colour), *self.drawn_boxes(colour), *self.notes()]
        title = escape(self.say.label(self.flow) or self.flow.id)
        size = f'width="{self.width:.0f}" height="{self.height:.0f}" viewBox="0 0 {self.width:.0f} {self.height:.0f}"'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {size} font-family="{FONT}">\n<title>{title}</title>\n'
            + "\n".join(body)
            + "\n</svg>\n"
        )

    def text(self, x: float, y: float, words: str, size: int = SMALL, more: str = "") -> str:
        return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" {more or _INK}>{escape(words)}</text>'

    def background(self) -> list[str]:
        title = self.say.label(self.flow) or self.flow.id
        lines = self.note_lines()
        self.height = self.bottom + 34 + 20 * len(lines)
        made = [
            f'<rect width="{self.width:.0f}" height="{self.height:.0f}" fill="#ffffff"/>',
            self.text(30, 36, title, 20, 'fill="#0f172a" font-weight="700"'),
        ]
        for i, (name, first, wide) in enumerate(self.lanes):
            left = self.column_x[first] - 16
            end = first + wide
            right = self.column_x[end] - 16 if end < self.columns else self.width - 14
            fill = "#f1f5f9" if i % 2 == 0 else "#f8fafc"
            made.append(
                f'<rect x="{left:.1f}" y="56" width="{right - left:.1f}" height="{self.bottom - 56:.1f}" fill="{fill}"/>'
            )
            made.append(self.text(left + 14, 79, name, 14, 'fill="#334155" font-weight="700"'))
        return made

    def wires(self, colour: Mapping[str, str]) -> list[str]:
        made: list[str] = []
        ports = {key: self.port(key) for key in self.boxes}
        for key in self.boxes:
            arriving = [box for box in self.boxes.values() if any(m.to == key for m in box.exits)]
            if not arriving:
                continue
            x, target = ports[key], self.boxes[key]
            y = self.bus(key)
            made.append(_line(colour[key], [(x, y), (x, target.y - 7)]))
            made.append(f'<path d="M{x:.1f} {target.y - 1:.1f} l-5 -9 h10 z" fill="{colour[key]}"/>')
        for box in self.boxes.values():
            for i, move in enumerate(box.exits):
                to = move.to or ""
                y = box.y + self.first_exit(box) + i * STUB_HEIGHT
                right = box.x + box.width
                track = self.track_x[box.column] + TRACK * self.channel[box.column].index(to)
                points = [(right, y), (track, y), (track, self.bus(to)), (ports[to], self.bus(to))]
                dash = "5 3" if move.auto else "2 3" if move.by_clock else ""
                made.append(_line(colour[to], points, dash))
                made.append(f'<circle cx="{right:.1f}" cy="{y:.1f}" r="2.5" fill="{colour[to]}"/>')
                bold = ' font-weight="700"' if move.closes else ""
                halo = 'stroke="#f8fafc" stroke-width="3" paint-order="stroke"'
                made.append(
                    self.text(
                        right + 7, y - 4, self.say.mark(move), SMALL, f'fill="{colour[to]}" {halo}{bold}'
                    )
                )
        return made

    def first_exit(self, box: _Box) -> float:
        return (box.height - STUB_HEIGHT * (len(box.exits) - 1)) / 2 + 3

    def bus(self, key: str) -> float:
        row = self.boxes[key].row
        return self.gap_y[row] + TRACK * self.above[row].index(key)

    def port(self, key: str) -> float:
        return self.boxes[key].x + min(self.boxes[key].width / 2, 60)

    def drawn_boxes(self, colour: Mapping[str, str]) -> list[str]:
        made: list[str] = []
        for key, box in self.boxes.items():
            step = box.step
            dash = ' stroke-dasharray="6 4"' if step.after_close else ""
            radius = 22 if step.end or step.auto else 6
            fill = "#e2e8f0" if step.end else "#eef2ff" if step.auto else "#ffffff"
            made.append(
                f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" rx="{radius}" '
                f'fill="{fill}" stroke="{colour[key]}" stroke-width="1.6"{dash}/>'
            )
            block = 20 + 17 * len(box.lines)
            y = box.y + (box.height - block) / 2 + 16
            made.append(
                self.text(box.x + 14, y, self.say.label(step), SIZE, 'fill="#0f172a" font-weight="700"')
            )
            for i, line in enumerate(box.lines):
                made.append(self.text(box.x + 14, y + 18 + 17 * i, line))
        return made

    def note_lines(self) -> list[str]:
        say = self.say
        lines = [
            say.pick(
                "虚线：系统自动　点线：到期由时钟执行　粗体：结案　虚框：结案后的步骤　线的颜色随去向",
                "dashed: automatic · dotted: by the clock · bold: closes · dashed box: after closing · colour: target",
            )
        ]
        for move in self.common:
            where = say.pick("、", ", ").join(say.label(self.flow.steps[s]) for s in move.sources)
            to = (
                f" → {say.label(self.flow.steps[move.to])}"
                if move.to
                else say.pick("（不离开当前步骤）", " (stays)")
            )
            lines.append(f"{say.mark(move)}{to}{say.pick('：可在 ', ': from ')}{where}")
        room = self.width - 60
        return [part for line in lines for part in _wrapped(line, room)]

    def notes(self) -> list[str]:
        return [self.text(30, self.bottom + 26 + 20 * i, line) for i, line in enumerate(self.note_lines())]


_INK = 'fill="#475569"'


def _line(colour: str, points: list[tuple[float, float]], dash: str = "") -> str:
    way = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<polyline points="{way}" fill="none" stroke="{colour}" stroke-width="1.4"{dashed}/>'


def _wrapped(line: str, room: float) -> list[str]:
    made, now = [], ""
    for char in line:
        if text_width(now + char, SMALL) > room:
            made.append(now)
            now = "　"
        now += char
    return [*made, now]

"""catalogue.csv: the tree of items; a cell left empty is taken from the row above in the tree."""

from __future__ import annotations

from dataclasses import replace

from huying.flow.source import Problem
from huying.presets.definition import PHASES_WITH_LIMIT, Item
from huying.presets.problems import problem
from huying.presets.read_place import CALLS
from huying.presets.read_tables import flag, keyed
from huying.presets.tables import Row, read_table
from huying.worktime import LimitError, parse_limit

NAME_MAX = 60
SOURCES = ("account", "practice", "law")
_OPTIONAL = (
    "parent", "field", "handler", "co_handlers", "grade", "accept_limit", "arrive_limit", "handle_limit", "evidence",
    "keywords", "source", "grounds", "standard_code", "grid", "auto", "kinds", "fixed", "materials", "at", "note",
)  # fmt: skip


def read_catalogue(text: str, file: str, problems: list[Problem]) -> dict[str, Item]:
    """code → Item in file order, inheritance done. Rows whose parents go in a circle keep no path."""
    rows, found = read_table(text, file, ("code", "name"), _OPTIONAL)
    problems += found
    own: dict[str, Item] = {}

    def make(row: Row) -> None:
        own[row["code"]] = _item(row, file, problems)

    keyed(rows, file, problems, make, NAME_MAX)
    raw = {row["code"]: row for row in rows}
    parents = {item.parent for item in own.values()}
    done: dict[str, Item] = {}

    def finish(code: str, trail: tuple[str, ...]) -> Item | None:
        if code in done:
            return done[code]
        item = own.get(code)
        if item is None:
            return None
        if code in trail:
            problems.append(problem("parent-loop", file, item.line, code=code))
            return None
        above = finish(item.parent, (*trail, code)) if item.parent else None
        if item.parent and item.parent not in own:
            problems.append(
                problem("unknown-parent", file, item.line, name=item.parent, like=(item.parent, own))
            )
        made = replace(item, leaf=code not in parents, path=(*(above.path if above else ()), code))
        if above is not None:
            made = _inherit(made, above, raw[code])
        done[code] = made
        return made

    for code in own:
        finish(code, ())
    return {code: done[code] for code in own if code in done}


def _inherit(item: Item, above: Item, row: Row) -> Item:
    return replace(
        item,
        field=item.field or above.field,
        handler=item.handler or above.handler,
        co_handlers=item.co_handlers or above.co_handlers,
        grade=above.grade if item.grade is None else item.grade,
        limits={**above.limits, **item.limits},
        evidence=item.evidence or above.evidence,
        source=item.source or above.source,
        grounds=item.grounds or above.grounds,
        kinds=item.kinds or above.kinds,
        grid=item.grid if row["grid"] else above.grid,
        auto=item.auto if row["auto"] else above.auto,
        fixed=item.fixed if row["fixed"] else above.fixed,
        at=item.at or above.at,
    )


def _item(row: Row, file: str, problems: list[Problem]) -> Item:
    limits = {}
    for phase in PHASES_WITH_LIMIT:
        text = row[f"{phase}_limit"]
        if text:
            try:
                limits[phase] = str(parse_limit(text))
            except LimitError:
                problems.append(problem("bad-limit", file, row.line, text=text, where=f"{phase}_limit"))
    grade = None
    if row["grade"]:
        if row["grade"] in ("1", "2", "3", "4", "5"):
            grade = int(row["grade"])
        else:
            problems.append(problem("not-number", file, row.line, where="grade", range="1–5"))
    if row["source"] and row["source"] not in SOURCES:
        problems.append(
            problem(
                "bad-choice",
                file,
                row.line,
                text=row["source"],
                where="source",
                like=(row["source"], SOURCES),
            )
        )
    for call in row.many("kinds"):
        if call not in CALLS:
            problems.append(
                problem("bad-choice", file, row.line, text=call, where="kinds", like=(call, CALLS))
            )
    keywords = row.many("keywords")
    for word in keywords:
        # One Han character can be a word (dog, snow); one letter or digit never is.
        if (len(word) < 2 and word.isascii()) or any(c.isspace() for c in word):
            problems.append(problem("ambiguous-keyword", file, row.line, text=word))
        elif keywords.count(word) > 1:
            problems.append(problem("duplicate-value", file, row.line, text=word, where="keywords"))
            break
    return Item(
        code=row["code"],
        name=row["name"],
        parent=row["parent"],
        field=row["field"],
        handler=row["handler"],
        co_handlers=row.many("co_handlers"),
        grade=grade,
        limits=limits,
        evidence=row.many("evidence"),
        keywords=keywords,
        source=row["source"],
        grounds=row["grounds"],
        standard_code=row["standard_code"],
        grid=flag(row, "grid", file, problems),
        auto=flag(row, "auto", file, problems),
        kinds=row.many("kinds"),
        fixed=flag(row, "fixed", file, problems),
        materials=row.many("materials"),
        at=row.many("at"),
        line=row.line,
    )

# One defect a line reads better than four.

from __future__ import annotations

import difflib
from collections.abc import Iterable

from huying.flow.source import Problem

#: code: (what, mend, 中文 what, 中文 mend)
# fmt: off
MESSAGES: dict[str, tuple[str, str, str, str]] = {
    "no-folder": ("there is no folder {name}", "Give the path of a preset folder",
        "没有文件夹 {name}", "给出预设文件夹的路径"),
    "missing-file": ("the file is missing", "Add {name}",
        "缺少这个文件", "补上 {name}"),
    "unknown-file": ("this file belongs to no preset{near}", "Remove it or give it one of the agreed names",
        "预设中没有这种文件{near}", "删去，或改为约定的文件名"),
    "bad-path": ("the file name leads out of the folder or is not plain", "Use plain names inside the folder, no links",
        "文件名越出文件夹或不规范", "用文件夹内的普通文件名，不用链接"),
    "too-big": ("the file is bigger than {most} bytes", "Split or shorten it",
        "文件超过 {most} 字节", "拆分或精简"),
    "too-many-files": ("the folder holds more than {most} files", "Remove what does not belong here",
        "文件超过 {most} 个", "删去无关文件"),
    "not-utf8": ("the text is not UTF-8", "Save the file as UTF-8",
        "文字不是 UTF-8 编码", "用 UTF-8 编码另存"),
    "missing-column": ("the column “{name}” is missing", "Add it to the first line",
        "缺少“{name}”这一列", "在首行补上"),
    "unknown-column": ("the column “{name}” is not known{near}", "Rename or remove it",
        "没有“{name}”这一列{near}", "改名或删去"),
    "duplicate-column": ("the column “{name}” stands twice", "Keep one",
        "“{name}”列重复", "保留一列"),
    "empty-table": ("the table has no line", "Add the heading and rows",
        "表是空的", "补上表头和内容"),
    "extra-cells": ("the line has {count} cells, the heading {wanted}", "Quote cells that hold commas, or remove the rest",
        "本行有 {count} 格，表头 {wanted} 格", "含逗号的格加引号，或删去多余的格"),
    "csv-syntax": ("the line cannot be read as CSV: {why}", "Check quotes on this line",
        "本行不是合法的 CSV：{why}", "检查引号"),
    "not-a-map": ("{where} must be a list of “key: value”", "Write it as “key: value” lines",
        "{where}应写成“键: 值”", "逐行书写"),
    "not-a-list": ("{where} must be a list", "Write it as [a, b]",
        "{where}应为列表", "写成 [a, b]"),
    "not-text": ("{where} must be a text", "Write a word or a quoted text",
        "{where}应为文字", "写一个词或加引号的文字"),
    "not-yes-no": ("{where} must be yes or no, not “{text}”", "Write yes or no",
        "{where}应为 yes 或 no，不是“{text}”", "写 yes 或 no"),
    "not-number": ("{where} must be a number {range}", "Write a number",
        "{where}应为数字 {range}", "写数字"),
    "unknown-key": ("“{key}” is not known in {where}{near}", "Remove or rename it",
        "{where}中没有“{key}”{near}", "删去或改名"),
    "missing": ("{where} has no “{key}”", "Add it",
        "{where}缺少“{key}”", "补上"),
    "empty": ("{where} is empty", "Fill it in",
        "{where}是空的", "填写"),
    "too-long": ("{where} is longer than {most} characters", "Shorten it",
        "{where}超过 {most} 字", "缩短"),
    "control-character": ("{where} holds a character that cannot be shown", "Remove it",
        "{where}含有不可显示的字符", "删去"),
    "bad-id": ("“{id}” cannot be a code", "Use letters, digits, “_”, “-” and “.”, at most 60",
        "“{id}”不能作为代码", "用字母、数字、_、-、.，不超过 60 位"),
    "bad-choice": ("“{text}” cannot be {where}{near}", "Use one of: {known}",
        "{where}不能是“{text}”{near}", "可用：{known}"),
    "duplicate-code": ("the code “{code}” is given twice (first on line {first})", "Give each its own code",
        "代码“{code}”重复（第一次在第 {first} 行）", "各用各的代码"),
    "duplicate-value": ("“{text}” stands twice in {where}", "Keep one",
        "{where}中“{text}”重复", "保留一个"),
    "bad-limit": ("“{text}” is not a limit in {where}", "Write for example 2 work hours, 3 workdays, 24 hours",
        "{where}中“{text}”不是时限", "例如 2 work hours、3 workdays、24 hours"),
    "bad-calendar": ("the calendar cannot be read: {why}", 'Write hours: [["08:30", "11:30"], …]',
        "工作时间无法理解：{why}", '写成 hours: [["08:30", "11:30"], …]'),
    "bad-numbering": ("the numbering “{text}” is wrong: {why}", "Write for example A{{yyyymmdd}}-{{seq5}}",
        "编号规则“{text}”有误：{why}", "例如 A{{yyyymmdd}}-{{seq5}}"),
    "bad-zone": ("there is no time zone “{text}”", "Write for example Asia/Shanghai",
        "没有时区“{text}”", "例如 Asia/Shanghai"),
    "bad-region": ("“{text}” is not a region of six digits", "Write the six-digit county code in quotes",
        "“{text}”不是六位区划代码", "写带引号的六位代码"),
    "bad-guard": ("the condition “{text}” cannot be read: {why}", "Write for example call = complaint",
        "条件“{text}”无法理解：{why}", "例如 call = complaint"),
    "bad-range": ("{where}: the least is greater than the most", "Swap or mend them",
        "{where}：最小值大于最大值", "改正"),
    "unknown-tier": ("{where}: there is no tier “{name}”{near}", "Use one of: {known}",
        "{where}：没有层级“{name}”{near}", "可用：{known}"),
    "unknown-organ": ("{where}: there is no organ “{name}”{near}", "Use a code of organs.csv",
        "{where}：没有单位“{name}”{near}", "用 organs.csv 中的代码"),
    "unknown-division": ("{where}: there is no division “{name}”{near}", "Use a code of divisions.csv",
        "{where}：没有区划“{name}”{near}", "用 divisions.csv 中的代码"),
    "unknown-item": ("{where}: there is no item “{name}”{near}", "Use a code of catalogue.csv",
        "{where}：没有事项“{name}”{near}", "用 catalogue.csv 中的代码"),
    "unknown-role": ("{where}: there is no role “{name}”{near}", "Use a role of roles.yaml",
        "{where}：没有角色“{name}”{near}", "用 roles.yaml 中的角色"),
    "unknown-right": ("{where}: there is no right “{name}”{near}", "Use one of: {known}",
        "{where}：没有权限“{name}”{near}", "可用：{known}"),
    "unknown-flow": ("{where}: there is no flow “{name}”{near}", "Use the id of a flow, or add it under flows/",
        "{where}：没有流程“{name}”{near}", "用已有流程的编号，或在 flows/ 补上"),
    "unknown-form": ("{where}: there is no form “{name}”{near}", "Use the id of a form, or add it under forms/",
        "{where}：没有表单“{name}”{near}", "用已有表单的编号，或在 forms/ 补上"),
    "unknown-move": ("{where}: no flow has a move “{name}”{near}", "Use the id of a move",
        "{where}：没有动作“{name}”{near}", "用已有动作的编号"),
    "unknown-field": ("{where}: no form has a field “{name}”{near}", "Add it to a form or rename it",
        "{where}：没有表单字段“{name}”{near}", "在表单中补上或改名"),
    "unknown-kind": ("{where}: there is no kind of case “{name}”{near}", "Use one of kinds.yaml",
        "{where}：没有事项种类“{name}”{near}", "用 kinds.yaml 中的种类"),
    "unknown-value": ("the template uses “{{{name}}}”, which nothing fills{near}", "Use a field of a form, or item, number, due, organ",
        "模板用到“{{{name}}}”，但没有来源{near}", "用表单字段，或 item、number、due、organ"),
    "unknown-grid": ("{where}: there is no division or grid “{name}”{near}", "Use a code of divisions.csv or grids.csv",
        "{where}：没有区划或网格“{name}”{near}", "用 divisions.csv 或 grids.csv 中的代码"),
    "unknown-parent": ("the parent “{name}” is not in this table{near}", "Use a code of this table or leave it empty",
        "本表没有上级“{name}”{near}", "用本表的代码，或留空"),
    "parent-loop": ("“{code}” lies under itself", "Give it a parent that does not lead back to it",
        "“{code}”的上级绕回了自己", "改正上级"),
    "parent-tier": ("“{code}” ({tier}) lies under “{parent}” ({above}), which is not higher", "Put it under a higher tier",
        "“{code}”（{tier}）的上级“{parent}”（{above}）不更高", "放到更高一级之下"),
    "no-top": ("there must be exactly one division of the highest tier “{tier}” without a parent, not {count}", "Keep one",
        "最高一级“{tier}”应有且只有一个，现在有 {count} 个", "保留一个"),
    "no-parent": ("“{code}” has no parent", "Name the division above it",
        "“{code}”没有上级", "写明上级区划"),
    "no-handler": ("the item “{code}” has no handler, and nothing above it has", "Name an organ or a relation",
        "事项“{code}”没有承办单位", "写明单位或关系"),
    "no-limit": ("the item “{code}” has no {phase} limit, and nothing above it has", "Fill in {phase}_limit",
        "事项“{code}”没有{phase}时限", "填写 {phase}_limit"),
    "bad-handler": ("“{text}” is neither an organ nor a relation{near}", "Use a code of organs.csv, division@TIER, desk@TIER or grid",
        "“{text}”既不是单位也不是关系{near}", "用 organs.csv 的代码、division@层级、desk@层级或 grid"),
    "not-a-leaf": ("“{code}” has items under it, so {what} says nothing", "Move it to the items below",
        "“{code}”下面还有事项，{what}不起作用", "写到下级事项"),
    "no-items": ("the catalogue has no item that can be chosen", "Add items",
        "清单中没有可选的事项", "补上事项"),
    "ambiguous-keyword": ("the keyword “{text}” has a space or is a single letter", "Use whole words",
        "关键词“{text}”含空格或只有一个字母", "写完整的词"),
    "grid-not-admitted": ("“{code}” is handled by the grid but not on the admitted list", "Set grid to yes, or name another handler",
        "“{code}”由网格承办却不在准入清单", "grid 改为 yes，或换承办单位"),
    "bad-outline": ("the outline of “{code}” is wrong: {why}", "Write lon lat;lon lat;… in degrees, closed, not crossing itself",
        "“{code}”的边界有误：{why}", "写成 经度 纬度;经度 纬度;…，首尾相接，不自交"),
    "overlap": ("the outlines of “{code}” and “{other}” (layer {layer}) overlap", "Redraw one so that they only touch",
        "“{code}”与“{other}”（{layer} 层）的边界重叠", "改画，使其只相接"),
    "kind-mismatch": ("the flow “{flow}” is for the kind “{other}”, not “{kind}”", "Use a flow of this kind",
        "流程“{flow}”属于“{other}”，不是“{kind}”", "换用本种类的流程"),
    "leg-as-kind": ("the flow “{flow}” is for legs", "Use a flow that is not marked “leg: yes”",
        "流程“{flow}”是分办流程", "换用不带 leg: yes 的流程"),
    "unused-form": ("no kind and no move uses the form “{form}”", "Remove it, or name it in kinds.yaml or a move",
        "没有种类或动作用到表单“{form}”", "删去，或在 kinds.yaml、动作中写明"),
    "nobody-holds": ("the flow uses “{name}”, but nobody in demo.yaml holds {what}", "Add a demo person with that post",
        "流程用到“{name}”，但 demo.yaml 中没有人担任{what}", "补上任该岗位的演示人员"),
    "no-desk": ("no role has the right “desk”, so nobody can hold {name}", "Give the right to a role",
        "没有角色有 desk 权限，{name}无人值守", "给角色加上 desk"),
    "centre": ("the centre “{name}” is not in organs.csv{near}", "Use a code of organs.csv",
        "organs.csv 中没有中心“{name}”{near}", "用 organs.csv 的代码"),
    "unknown-word": ("“{name}” is no word that the interface asks for{near}", "Use one of: {known}",
        "界面不用“{name}”这个词{near}", "可用：{known}"),
    "no-form-fields": ("the form “{form}” has no fields", "Add fields",
        "表单“{form}”没有字段", "补上字段"),
    "no-choices": ("the field “{field}” gives nothing to choose", "Add choices: [{{id: …, label: …}}, …]",
        "字段“{field}”没有选项", "补上 choices"),
    "real-phone": ("“{text}” could be somebody's real phone number", "Use numbers such as 100-0000-0001",
        "“{text}”可能是真实号码", "用 100-0000-0001 这样的号码"),
    "post-place": ("the post of “{role}” needs a division or an organ, and only one of them", "Write division: … or organ: …",
        "“{role}”的岗位要写 division 或 organ 之一", "写其中一个"),
}
# fmt: on


def near(name: str, known: Iterable[str], zh: bool = False) -> str:
    """“ (perhaps “…”)” with what was probably meant, or ''."""
    found = difflib.get_close_matches(name, [str(one) for one in known][:4000], 1, 0.6)
    if not found:
        return ""
    return f"（是不是“{found[0]}”？）" if zh else f" (perhaps “{found[0]}”?)"


def problem(
    code: str, file: str, line: int, /, *, like: tuple[str, Iterable[str]] | None = None, **about: object
) -> Problem:
    """The Problem *code* at *file*:*line*. `like` = (what was written, what is known) adds a suggestion."""
    what, mend, zh_what, zh_mend = MESSAGES[code]
    values = {
        key: (value if isinstance(value, (int, float)) else str(value)[:120]) for key, value in about.items()
    }
    if like is not None:
        known = sorted({str(one) for one in like[1]})
        values.setdefault("known", ", ".join(known[:40]))
    en = {"near": near(str(like[0]), known) if like else "", **values}
    zh = {"near": near(str(like[0]), known, zh=True) if like else "", **values}
    return Problem(
        file, line, what.format(**en), mend.format(**en), code, zh_what.format(**zh), zh_mend.format(**zh)
    )

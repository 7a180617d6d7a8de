"""What can be wrong with the spelling of a flow: found while it is read."""

from __future__ import annotations

#: code: (what, mend, 中文 what, 中文 mend)
READING: dict[str, tuple[str, str, str, str]] = {
    "not-a-map": (
        "{where} must be a list of “key: value”",
        "Write it as “key: value” lines",
        "{where}应写成“键: 值”",
        "按“键: 值”逐行书写",
    ),
    "not-a-list": (
        "{where} must be a list",
        "Write it as [a, b] or as lines starting with “- ”",
        "{where}应为列表",
        "写成 [a, b] 或以“- ”开头的多行",
    ),
    "not-text": (
        "{where} must be a word",
        "Write one word or a quoted text",
        "{where}应为文字",
        "写一个词或加引号的文字",
    ),
    "not-yes-no": ("{where} must be yes or no", "Write yes or no", "{where}应为 yes 或 no", "写 yes 或 no"),
    "unknown-key": (
        "“{key}” is not known in {where}",
        "Remove it or use one of: {known}",
        "{where}中没有“{key}”这一项",
        "删去，或改为：{known}",
    ),
    "bad-id": (
        "“{id}” cannot be an id",
        "Use letters, digits, _ and -, beginning with a letter",
        "“{id}”不能作为编号",
        "用字母、数字、_、-，以字母开头",
    ),
    "missing": ("{where} has no “{key}”", "Add “{key}: …”", "{where}缺少“{key}”", "补上“{key}: …”"),
    "duplicate-id": (
        "the id “{id}” is used twice (first on line {first})",
        "Give each move its own id",
        "编号“{id}”重复（第一次在第 {first} 行）",
        "每个动作用各自的编号",
    ),
    "bad-guard": (
        "the guard “{text}” cannot be read: {why}",
        "Write a comparison such as “tier < county” or “grade = 3”",
        "条件“{text}”无法理解：{why}",
        "写成比较，如 tier < county、grade = 3",
    ),
    "bad-limit": (
        "“{text}” is not a limit",
        "Write for example 2 work hours, 3 workdays, 24 hours, item, item.handle, a date field, or none",
        "“{text}”不是时限",
        "例如 2 work hours、3 workdays、24 hours、item、item.handle、日期字段名或 none",
    ),
    "none-because": (
        "limit: none gives no reason",
        "Add “because: …”",
        "limit: none 没有说明原因",
        "补上“because: …”",
    ),
    "bad-owner": (
        "“{text}” is not an owner",
        "Use reporter, grid, desk@T, division@T, post(role)@T, organ(item), pool(set) or above(owner)",
        "“{text}”不是承办关系",
        "可用 reporter、grid、desk@层级、division@层级、post(岗位)@层级、organ(item)、pool(…)、above(…)",
    ),
    "owner-quotes": (
        "“{text}” ends before its bracket is closed",
        'A comma inside {{…}} ends the value: put the whole owner in quotes, owner: "pool(a, b)"',
        "“{text}”的括号没有写完",
        '花括号里的逗号会截断内容，请整体加引号：owner: "pool(a, b)"',
    ),
    "owner-tier": (
        "“{text}”: desk, division and post need “@tier”, the others take none",
        "Write for example {kind}@here",
        "“{text}”：desk、division、post 要写“@层级”，其他不写",
        "例如 desk@here",
    ),
    "unknown-tier": (
        "“{tier}” is not one of the tiers",
        "Use one of the tiers of the flow, or here",
        "没有“{tier}”这一层级",
        "用 tiers 中的层级，或 here",
    ),
    "bad-by": (
        "“{text}” is nobody who could make a move",
        "Write owner, clock, anyone, a relation or a role",
        "“{text}”不能作为执行人",
        "写 owner、clock、anyone、关系或角色",
    ),
    "bad-effect": (
        "“{text}” is not an effect",
        "Use one of: {known}",
        "“{text}”不是可用的效果",
        "可用：{known}",
    ),
    "bad-timer": (
        "the timer says no time, or no single thing to do",
        "Write at: 50%, after: 2 hours or before: 1 workday; then one of move or notice",
        "定时项没有写时间，或没有写清要做什么",
        "写 at: 50%、after: 2 hours 或 before: 1 workday；再写 move 或 notice 之一",
    ),
    "bad-share": (
        "“{text}” is not a share",
        "Write a percentage such as 75%",
        "“{text}”不是比例",
        "写百分比，如 75%",
    ),
    "bad-choice": (
        "“{text}” cannot be {where}",
        "Use one of: {known}",
        "{where}不能是“{text}”",
        "可用：{known}",
    ),
    "unknown-step": (
        "there is no step “{step}”",
        "Use one of the steps, or add it",
        "没有步骤“{step}”",
        "改为已有步骤，或补上该步骤",
    ),
    "unknown-move": (
        "there is no move “{move}”",
        "Use the id of a move",
        "没有动作“{move}”",
        "改为已有动作的编号",
    ),
    "no-steps": ("the flow has no steps", "Add “steps:”", "流程没有步骤", "补上 steps"),
    "no-tiers": (
        "the flow has no tiers, but its steps or guards use them",
        "Add “tiers: [low, …, high]”",
        "流程没有层级，却用到了层级",
        "补上 tiers: [低, …, 高]",
    ),
}

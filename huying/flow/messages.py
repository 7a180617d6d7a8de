"""Every defect a flow can have: its code, what is wrong, how to mend it — in English and Chinese."""

from __future__ import annotations

from .source import Problem

#: code: (what, mend, 中文 what, 中文 mend)
MESSAGES: dict[str, tuple[str, str, str, str]] = {
    # reading
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
    # checking
    "unknown-phase": (
        "“{phase}” is not a phase",
        "Use one of: {known}",
        "没有“{phase}”这一阶段",
        "可用：{known}",
    ),
    "unknown-stage": (
        "there is no stage “{stage}”",
        "Add it under stages:",
        "没有“{stage}”这一环节",
        "在 stages 中补上",
    ),
    "unknown-role": (
        "there is no role “{role}”",
        "Use a role of roles.yaml: {known}",
        "没有角色“{role}”",
        "用 roles.yaml 中的角色：{known}",
    ),
    "unknown-right": (
        "there is no right “{right}”",
        "Use a right that roles can have: {known}",
        "没有权限“{right}”",
        "用角色可有的权限：{known}",
    ),
    "unknown-organ": (
        "there is no organ “{organ}”",
        "Use item, leg, actor, a form field or an organ's code",
        "没有单位“{organ}”",
        "用 item、leg、actor、表单字段或单位代码",
    ),
    "unknown-field": (
        "no form has a field “{field}”",
        "Add it to the form, or use one of: {known}",
        "表单中没有字段“{field}”",
        "在表单中补上，或改为：{known}",
    ),
    "unknown-name": (
        "“{name}” in the guard is neither a field nor a fact",
        "Use tier, grade, round, result, a form field or a fact of the case",
        "条件中的“{name}”既不是字段也不是已知事实",
        "用 tier、grade、round、result、表单字段或已知事实",
    ),
    "unknown-choice": (
        "“{value}” is not a choice of “{field}”",
        "Use one of: {known}",
        "“{field}”没有“{value}”这一选项",
        "可用：{known}",
    ),
    "unknown-form": (
        "there is no form “{form}”",
        "Add forms/{form}.yaml or correct the name",
        "没有表单“{form}”",
        "补上 forms/{form}.yaml 或改正名称",
    ),
    "unknown-item": (
        "there is no item “{item}”",
        "Use a code of the catalogue",
        "没有事项“{item}”",
        "用事项清单中的编码",
    ),
    "unknown-kind": (
        "there is no kind “{kind}”",
        "Use a kind of kinds.yaml",
        "没有“{kind}”这类案件",
        "用 kinds.yaml 中的种类",
    ),
    "unknown-flow": (
        "there is no sub-flow “{flow}”",
        "Add flows/{flow}.yaml or correct the name",
        "没有子流程“{flow}”",
        "补上 flows/{flow}.yaml 或改正名称",
    ),
    "not-a-leg": (
        "the flow “{flow}” is not marked as a flow of legs",
        "Add “leg: yes” to that flow",
        "流程“{flow}”没有标明用于分办",
        "在该流程中加 leg: yes",
    ),
    "leg-cannot-end": (
        "the legs' flow “{flow}” cannot end",
        "Give it a move marked closes: yes that can be reached",
        "子流程“{flow}”走不到结束",
        "补上能走到的 closes: yes 动作",
    ),
    "legs-never-joined": (
        "nothing leaves the step “{step}” when its legs are joined",
        "Add a move with when: legs joined (or legs all done)",
        "步骤“{step}”的分办汇合后无路可走",
        "补上 when: legs joined（或 legs all done）的动作",
    ),
    "legs-outcome": (
        "no leg of “{flow}” ends as “{state}”",
        "Use open, closed, cancelled or one of: {known}",
        "子流程“{flow}”没有“{state}”这种结果",
        "可用 open、closed、cancelled 或：{known}",
    ),
    "legs-nowhere": (
        "“{text}” is used where the step “{step}” has no legs",
        "Give the step legs: {{of: …, flow: …}}",
        "步骤“{step}”没有分办，却用了“{text}”",
        "给该步骤加 legs: {{of: …, flow: …}}",
    ),
    "legs-not-started": (
        "nothing starts the legs of the step “{step}”",
        "Add does: [legs start] to the move that leads there",
        "没有动作发起步骤“{step}”的分办",
        "在进入该步骤的动作上加 does: [legs start]",
    ),
    "unreachable": (
        "the step “{step}” cannot be reached",
        "Add a move that leads to it, or remove it",
        "步骤“{step}”走不到",
        "补上通向它的动作，或删去",
    ),
    "never-made": (
        "the move “{move}” can never be made from any of its steps",
        "Check when:, from: and the tiers",
        "动作“{move}”在任何情况下都用不上",
        "检查 when、from 和层级",
    ),
    "dead-end": (
        "a case can be stuck in the step “{step}”{when}",
        "Add a move that is possible there, or mark the step phase: archive",
        "案件会卡在步骤“{step}”{when}",
        "补上此时可用的动作，或把该步骤标为 phase: archive",
    ),
    "no-close": (
        "from the step “{step}”{when} no way leads to a move marked closes: yes",
        "Mark the closing move with closes: yes, or add a way to it",
        "从步骤“{step}”{when}走不到标有 closes: yes 的动作",
        "给结案动作加 closes: yes，或补上通路",
    ),
    "no-end": (
        "from the step “{step}”{when} no way leads to the end of the flow",
        "Add a way to a step with phase: archive",
        "从步骤“{step}”{when}走不到流程终点",
        "补上通向 phase: archive 步骤的路",
    ),
    "no-owner": ("the step “{step}” has no owner", "Add owner: …", "步骤“{step}”没有承办人", "补上 owner: …"),
    "no-limit": (
        "the step “{step}” has no limit",
        "Add limit: …, or limit: none with because: …",
        "步骤“{step}”没有时限",
        "补上 limit: …，或 limit: none 并写 because: …",
    ),
    "auto-owner": (
        "the step “{step}” is automatic and has an owner or a limit",
        "Remove one of the two",
        "步骤“{step}”是自动步骤，却写了承办人或时限",
        "两者去掉其一",
    ),
    "no-default": (
        "the step “{step}” comes after closing and has no default move",
        "Add a move with after: limit",
        "结案后的步骤“{step}”没有到期默认动作",
        "补上 after: limit 的动作",
    ),
    "not-after-close": (
        "the step “{step}” can be entered after closing and is not marked after_close",
        "Add after_close: yes, or reopen with does: [round new]",
        "步骤“{step}”会在结案后进入，但未标 after_close",
        "加 after_close: yes，或用 does: [round new] 重新办理",
    ),
    "before-close": (
        "the step “{step}” is marked after_close but can be entered while the case is open",
        "Mark the move that leads there with closes: yes, or remove after_close",
        "步骤“{step}”标了 after_close，却会在未结案时进入",
        "给进入它的动作加 closes: yes，或去掉 after_close",
    ),
    "nobody": (
        "no role can make the move “{move}”",
        "Say by: … with a role or relation that exists",
        "没有人能做动作“{move}”",
        "写 by: … ，用已有的角色或关系",
    ),
    "auto-ambiguous": (
        "the move “{move}” can never come up: “{other}” before it always goes first",
        "Put it before that move, or give that move a guard",
        "动作“{move}”永远轮不到：前面的“{other}”总是先执行",
        "调整先后，或给前一动作加条件",
    ),
    "auto-stuck": (
        "in the automatic step “{step}”{when} no automatic move is possible",
        "Add an automatic move without a guard as the last one",
        "自动步骤“{step}”{when}没有可执行的自动动作",
        "最后补一个不带条件的自动动作",
    ),
    "auto-endless": (
        "the automatic moves {moves} can go round for ever",
        "Make the tier only rise or only fall on the way round, or break the circle",
        "自动动作 {moves} 会无限循环",
        "循环中让层级只升或只降，或断开循环",
    ),
    "auto-needs": (
        "the move “{move}” is made by the machine and needs fields that nobody sends",
        "Remove needs:, or let a person make it",
        "动作“{move}”由系统执行，却要求填写字段",
        "去掉 needs，或改由人来做",
    ),
    "grade-unsettled": (
        "the grade {grade} has no tier that settles it",
        "Add it under settles:",
        "等级 {grade} 没有办结层级",
        "在 settles 中补上",
    ),
    "settles-tier": (
        "the grade {grade} is settled at “{tier}”, which is not a tier",
        "Use one of the tiers",
        "等级 {grade} 的办结层级“{tier}”不存在",
        "用 tiers 中的层级",
    ),
    "no-settles": (
        "settles(grade) is used, but the flow has no settles:",
        "Add settles: {{grade: tier, …}}",
        "用到了 settles(grade)，但流程没有 settles",
        "补上 settles: {{等级: 层级, …}}",
    ),
    "lapse-without-limit": (
        "“{move}” comes when the limit lapses, but the step “{step}” has no limit",
        "Give the step a limit",
        "“{move}”是到期动作，但步骤“{step}”没有时限",
        "给该步骤写时限",
    ),
    "timer-without-limit": (
        "the timer “{timer}” counts from the limit of “{step}”, which has none",
        "Give the step a limit, or write after: …",
        "定时项“{timer}”按时限计算，但步骤“{step}”没有时限",
        "给该步骤写时限，或改用 after: …",
    ),
    "timer-move": (
        "the timer “{timer}” makes the move “{move}”, which is not possible from “{step}” by the clock",
        "Add the step to from: and clock to by:",
        "定时项“{timer}”要做的动作“{move}”不能由时钟在“{step}”执行",
        "在 from 中加该步骤，并在 by 中加 clock",
    ),
    "merge-result": (
        "the move “{move}” merges but does not close as merged",
        "Add closes: yes and result: merged",
        "动作“{move}”合并案件，但没有以 merged 结案",
        "加 closes: yes 和 result: merged",
    ),
    "round-open": (
        "the move “{move}” opens a new round but leaves the case where it was",
        "Give it to: a step to begin again at",
        "动作“{move}”开新一轮，却没有写去哪一步",
        "补上 to",
    ),
    "tier-edge": (
        "the move “{move}” takes the case {way} from the {edge} tier",
        "Add when: tier {op} {tier}",
        "动作“{move}”在{edge}层级仍要{way}",
        "加 when: tier {op} {tier}",
    ),
    "end-open": (
        "the flow can end in “{step}” although the case was never closed",
        "Mark the move that leads there (or one before it) with closes: yes",
        "案件未结案就能走到终点“{step}”",
        "给通向它的动作（或更早的动作）加 closes: yes",
    ),
    "no-pool": (
        "“claimant” is used, but no step is a pool that could be claimed",
        "Give an earlier step owner: pool(…)",
        "用到了 claimant，但没有可认领的步骤",
        "给前面的步骤写 owner: pool(…)",
    ),
    "clock-idle": (
        "the move “{move}” is made by the clock, but nothing makes the clock do so",
        "Add after: limit, or name it in a timer or a cycle",
        "动作“{move}”由时钟执行，但没有定时项、周期或到期规则触发它",
        "加 after: limit，或在 timers、cycles 中写明",
    ),
    "legs-stuck": (
        "when the legs end as {states}, nothing leaves the step “{step}”",
        "Add a move whose guard holds then (legs joined, legs any returned, …)",
        "分办结果为 {states} 时，步骤“{step}”无路可走",
        "补上此时成立的动作（legs joined、legs any returned 等）",
    ),
    "leg-in-leg": (
        "a flow of legs cannot itself have legs",
        "Whistle from the case instead",
        "分办流程中不能再分办",
        "改由主流程派出",
    ),
    "cycle-half": (
        "the meeting of the cycle “{cycle}” does not say where it is held and who leads it",
        "Write meeting, at (a tier) and led_by (a role)",
        "周期“{cycle}”的会议没有写明在哪一级开、由谁主持",
        "写明 meeting、at（层级）和 led_by（角色）",
    ),
    "cycle-move": (
        "the cycle “{cycle}” decides by “{move}”, which nobody makes by hand",
        "Name a move that people make",
        "周期“{cycle}”的决定“{move}”不是由人执行的动作",
        "改写由人执行的动作",
    ),
    "cycle-never": (
        "the cycle “{cycle}” decides by “{move}”, but never picks a case at a step from which it starts",
        "Add the step to pick, or leave the move out",
        "周期“{cycle}”可以决定“{move}”，但从不选取能执行它的步骤上的案件",
        "在 pick 中补上步骤，或去掉这个动作",
    ),
    "unknown-layer": (
        "no grid lies in the layer “{layer}”; there are: {known}",
        "Add grids of that layer to grids.csv, or name another layer",
        "没有“{layer}”这一层的网格；已有：{known}",
        "在 grids.csv 中补上这一层，或改写层名",
    ),
    "unknown-word": (
        "there is no word “{word}” in the vocabulary",
        "Add it to vocabulary.yaml",
        "词汇表中没有“{word}”",
        "在 vocabulary.yaml 中补上",
    ),
}


def problem(code: str, file: str, line: int, **about: object) -> Problem:
    """Build the Problem for a code of MESSAGES."""
    what, mend, zh_what, zh_mend = MESSAGES[code]
    text = {key: str(value) for key, value in about.items()}
    zh = {key: str(about.get(f"zh_{key}", value)) for key, value in about.items()}
    return Problem(
        file=file,
        line=line,
        what=what.format(**text),
        mend=mend.format(**text),
        code=code,
        zh_what=zh_what.format(**zh),
        zh_mend=zh_mend.format(**zh),
    )

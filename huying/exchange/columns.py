"""Which column of somebody's file is what, guessed from its head in Chinese or English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from huying.exchange.errors import CannotRead

# What a message may have, and the heads under which files have it (compared without spaces, case and signs).
FIELDS: dict[str, tuple[str, ...]] = {
    "number": ("id", "number", "no", *["编号", "留言编号", "工单编号", "工单号", "诉求编号", "信件编号", "序号", "单号"]),
    "title": ("title", "subject", *["标题", "主题", "留言主题", "诉求标题", "工单标题", "信件标题", "事项"]),
    "text": (
        "text", "body", "content", "description",
        *["内容", "详情", "正文", "留言详情", "留言内容", "诉求内容", "工单内容", "问题描述", "描述"],
    ),
    "time": (
        "time", "date", "created", "createdat",
        *["时间", "日期", "留言时间", "受理时间", "来电时间", "登记时间", "创建时间", "提交时间", "上报时间"],
    ),
    "user": ("user", "name", "reporter", *["用户", "留言用户", "姓名", "诉求人", "来电人", "反映人", "联系人"]),
    "phone": ("phone", "tel", "mobile", *["电话", "手机", "手机号", "联系电话", "来电号码", "联系方式"]),
    "address": ("address", "place", "location", *["地址", "地点", "位置", "事发地址", "详细地址", "事发地点"]),
    "call": ("call", "type", "kind", *["类别", "类型", "诉求类型", "诉求类别", "工单类型"]),
}  # fmt: skip
KINDS = {
    "咨询": "consult", "求助": "help", "投诉": "complaint", "举报": "report", "建议": "suggestion",
    "consult": "consult", "help": "help", "complaint": "complaint", "report": "report", "suggestion": "suggestion",
}  # fmt: skip


def plain(head: str) -> str:
    """A head as it is compared."""
    return "".join(sign for sign in head.lower() if sign.isalnum())


def mapping(heads: Sequence[str], given: Mapping[str, str] | None = None) -> dict[str, int]:
    """Which column (counted from 0) holds which field: as *given* (field to head), else as guessed.

    An empty head in *given* means: leave that field out. Raises CannotRead when a head is not there, a field is not
    known, or neither title nor text is found.
    """
    found: dict[str, int] = {}
    known = [plain(head) for head in heads]
    chosen = dict(given or {})
    for field, head in chosen.items():
        if field not in FIELDS:
            raise CannotRead(
                _("There is no field “%(field)s”; there are: %(fields)s.")
                % {"field": field, "fields": ", ".join(FIELDS)}
            )
        if not head:
            continue
        if head not in heads and plain(head) not in known:
            raise CannotRead(
                _("The file has no column “%(head)s”; it has: %(heads)s.")
                % {"head": head, "heads": ", ".join(heads)}
            )
        found[field] = list(heads).index(head) if head in heads else known.index(plain(head))
    for field, usual in FIELDS.items():
        if field in chosen:
            continue
        names = [plain(one) for one in usual]
        at = next(
            (known.index(one) for one in names if one in known and known.index(one) not in found.values()),
            None,
        )
        if at is not None:
            found[field] = at
    if "title" not in found and "text" not in found:
        raise CannotRead(
            _("No column holds a title or a text; the file has: %(heads)s. Say which with --map text=COLUMN.")
            % {"heads": ", ".join(heads)}
        )
    return found

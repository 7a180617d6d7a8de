"""What a role may be allowed. The whole list: an unknown right in roles.yaml is a mistake."""

from __future__ import annotations

#: right: (English, Chinese)
RIGHTS: dict[str, tuple[str, str]] = {
    "report": ("report a case", "上报"),
    "join": ("join somebody else's case (+1)", "附议"),
    "rate": ("rate the outcome of one's own case", "评价本人的事项"),
    "handle": ("work on what one's division or organ holds", "办理本单位的事项"),
    "desk": ("hold the desk of the division, or of the centre", "值班台"),
    "see_area": ("see the cases of the division and below", "查看本辖区"),
    "take_calls": ("take calls for others", "代为受理来电"),
    "dispatch": ("dispatch cases", "派发"),
    "settle": ("convene organs when it is unclear whose duty it is", "发起确权"),
    "rule": ("rule whose duty it is", "确权裁定"),
    "verify": ("verify what was handled", "核验"),
    "reply": ("write to the caller", "答复诉求人"),
    "publish": ("approve text and photos for publication", "审核公开"),
    "correct": ("correct item or place, so that suggestion learns", "更正事项"),
    "unmask": ("unmask a sensitive field, with a reason", "查看脱敏内容"),
    "bulk": ("move many cases at once", "批量办理"),
    "export": ("export what one sees", "导出"),
    "import": ("import calls from a file", "导入"),
    "overview": ("see figures of the place", "查看总览"),
    "instruct": ("attach an instruction to a case", "批示"),
    "inspect": ("inspect how cases were handled", "监督检查"),
    "supervise": ("issue orders of supervision and bulletins", "督办、通报"),
    "see_record": ("read the record and verify its seal", "查看存证"),
    "erase": ("approve the erasing of personal data", "批准删除个人信息"),
    "edit_reports": ("write drafts of reports", "编写报告"),
    "issue_reports": ("issue reports", "签发报告"),
    "manage_people": ("manage people and posts", "管理人员岗位"),
    "manage_places": ("edit divisions, organs and office hours", "管理区划单位"),
    "manage_items": ("edit items, limits and handlers", "管理事项清单"),
    "manage_presets": ("check and publish editions", "管理预设版本"),
    "manage_keys": ("issue keys for the interfaces", "管理接口密钥"),
}

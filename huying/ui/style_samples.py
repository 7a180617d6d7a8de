"""Sample fields, moves and shapes of the style page. Names are invented."""

from __future__ import annotations

from typing import Any


def _square(name: str, west: float, south: float, side: float) -> dict[str, Any]:
    ring = [
        [west, south],
        [west + side, south],
        [west + side, south + side * 0.7],
        [west + side * 0.5, south + side * 0.85],
        [west, south + side * 0.7],
        [west, south],
    ]
    return {
        "type": "Feature",
        "properties": {"name": name},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


GRIDS = {
    "type": "FeatureCollection",
    "features": [
        _square("清河镇", 100.0, 30.0, 0.10),
        _square("柳溪乡", 100.11, 30.01, 0.09),
        _square("石桥镇", 100.02, 30.10, 0.12),
    ],
}


def _at(lon: float, lat: float, title: str, tone: str, count: int = 1) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"title": title, "tone": tone, "count": count, "text": "办理中"},
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
    }


POINTS = {
    "type": "FeatureCollection",
    "features": [
        _at(100.03, 30.03, "路灯不亮", "info"),
        _at(100.15, 30.04, "垃圾未清运", "bad"),
        _at(100.07, 30.15, "12 件", "wait", 12),
    ],
}

FIELDS: list[dict[str, Any]] = [
    {
        "id": "photos",
        "label": {"zh": "照片", "en": "Photos"},
        "type": "photo",
        "max": 6,
        "upload": "/style/upload/",
        "hint": "拍下问题，不要拍人脸和车牌",
    },
    {
        "id": "body",
        "label": {"zh": "什么事", "en": "What is the matter"},
        "type": "long",
        "required": True,
        "max": 400,
        "draft": "style-body",
        "placeholder": "什么时候、什么地方、什么情况，说清楚就行",
    },
    {
        "id": "call",
        "label": "诉求类别",
        "type": "choice",
        "value": "help",
        "choices": [
            {"id": "help", "label": "求助", "icon": "help-circle"},
            {"id": "complaint", "label": "投诉", "icon": "thumb-down"},
            {"id": "consult", "label": "咨询", "icon": "message-circle"},
            {"id": "report", "label": "举报", "icon": "speakerphone"},
            {"id": "suggestion", "label": "建议", "icon": "bulb"},
        ],
    },
    {
        "id": "place",
        "label": "地点",
        "type": "point",
        "map": {"layers": [{"kind": "division", "data": GRIDS}], "lookup": "/style/find/"},
        "hint": "按地图选点，或用我的位置；也可以只写地址",
    },
    {
        "id": "address",
        "label": "详细地址",
        "type": "text",
        "max": 120,
        "hint": "如：小区、楼号、路口",
        "draft": "style-address",
    },
    {
        "id": "organ",
        "label": "承办单位",
        "type": "organ",
        "required": True,
        "choices": [
            {"id": "a", "label": "住房和城乡建设局", "group": "县直部门", "keys": "zjj zhujian"},
            {"id": "b", "label": "城市管理执法局", "group": "县直部门"},
            {"id": "c", "label": "清河镇人民政府", "group": "乡镇"},
            {"id": "d", "label": "柳溪乡人民政府", "group": "乡镇"},
        ],
    },
    {
        "id": "organs",
        "label": "协办单位",
        "type": "organs",
        "value": ["b"],
        "choices": [
            {"id": "a", "label": "住房和城乡建设局"},
            {"id": "b", "label": "城市管理执法局"},
            {"id": "c", "label": "供水公司"},
        ],
    },
    {
        "id": "urgency",
        "label": "紧急程度",
        "type": "choice",
        "value": "0",
        "choices": [{"id": "0", "label": "普通"}, {"id": "1", "label": "急"}, {"id": "2", "label": "特急"}],
    },
    {"id": "happened_at", "label": "发生时间", "type": "datetime"},
    {
        "id": "phone",
        "label": "联系电话",
        "type": "phone",
        "required": True,
        "hint": "只用于告知办理情况",
        "autocomplete": "tel",
        "max": 20,
        "when": "not anonymous",
    },
    {"id": "due", "label": "办理时限", "type": "duration", "value": "5 workdays"},
    {"id": "cost", "label": "所需经费", "type": "money"},
    {
        "id": "anonymous",
        "label": "匿名反映",
        "type": "yesno",
        "hint": "我们不留您的姓名和电话，凭查询码看进度",
    },
    {"id": "genuine", "label": "诉求是否属实", "type": "yesno", "required": True},
    {"id": "pleased", "label": "您满意吗", "type": "rating", "required": True},
    {"id": "score", "label": "给这次办理打分", "type": "stars"},
]

MOVES: list[dict[str, Any]] = [
    {
        "id": "solved",
        "label": "办结",
        "hint": "写明怎么办的，附现场照片",
        "icon": "circle-check",
        "open": True,
        "fields": [
            {
                "id": "kind",
                "label": "办结方式",
                "type": "choice",
                "required": True,
                "choices": [
                    {"id": "1", "label": "实质性办结"},
                    {"id": "2", "label": "阶段性办结"},
                    {"id": "3", "label": "程序性办结"},
                ],
            },
            {
                "id": "reply",
                "label": "公开答复",
                "type": "long",
                "required": True,
                "max": 500,
                "draft": "style-reply",
                "templates": [{"label": "已维修", "text": "您好！您反映的问题已安排维修完毕，请您查看。"}],
                "hint": "来电人和公众能看到",
            },
            {"id": "evidence", "label": "办结照片", "type": "photo", "upload": "/style/upload/", "max": 3},
        ],
    },
    {
        "id": "extend",
        "label": "申请延期",
        "hint": "到期前提出，会告知来电人",
        "icon": "calendar-event",
        "fields": [
            {"id": "days", "label": "延长", "type": "duration", "required": True},
            {"id": "why", "label": "理由", "type": "long", "rows": 3, "required": True},
        ],
    },
    {
        "id": "return",
        "label": "退回",
        "hint": "不属本单位职责",
        "icon": "arrow-back-up",
        "tone": "bad",
        "confirm": "确定退回吗？退回会记入办理过程。",
        "fields": [
            {
                "id": "reason",
                "label": "退回理由",
                "type": "choice",
                "required": True,
                "choices": [
                    {"id": "1", "label": "非本部门职责"},
                    {"id": "2", "label": "诉求不明"},
                    {"id": "3", "label": "无需处理"},
                ],
            }
        ],
    },
]

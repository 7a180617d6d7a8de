"""The live style page: every component with realistic content, for staff and in debug mode.

Its texts are sample content, not interface words, and therefore stand here in Chinese and untranslated.
"""

from __future__ import annotations

from datetime import timedelta
from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from huying import clock
from huying.ui.choices import LOOKS, TONES
from huying.ui.style_samples import FIELDS, GRIDS, MOVES, POINTS


def staff_or_debug(view: Any) -> Any:
    """Only for staff, or anybody while debugging; to others the page does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = getattr(request, "user", None)
        if not (
            settings.DEBUG
            or (user is not None and user.is_authenticated and getattr(user, "is_staff", False))
        ):
            raise Http404
        answer: HttpResponse = view(request, *args, **kwargs)
        return answer

    return guarded


class SampleForm(forms.Form):
    """A Django form, to show that its fields look like those of a schema."""

    name = forms.CharField(label="姓名", help_text="只用于告知办理情况")
    phone = forms.CharField(label="联系电话")
    way = forms.ChoiceField(
        label="告知方式", choices=[("sms", "短信"), ("call", "电话")], widget=forms.RadioSelect
    )
    town = forms.ChoiceField(label="乡镇", choices=[("", "请选择"), ("a", "清河镇"), ("b", "柳溪乡")])
    agree = forms.BooleanField(label="已阅读并同意隐私说明")


def _context(request: HttpRequest) -> dict[str, Any]:
    now = clock.now()
    return {
        "looks": LOOKS,
        "tones": TONES,
        "fields": FIELDS,
        "wrong": [
            {**FIELDS[1], "errors": ["请写明是什么事，至少 2 个字"], "value": "灯"},
            {**FIELDS[9], "id": "phone2", "errors": ["手机号应为 11 位数字"], "value": "1390000"},
        ],
        "form": SampleForm({"name": "", "phone": "13900000000", "way": "sms", "town": "a"}),
        "moves": MOVES,
        "grids": [{"kind": "division", "data": GRIDS}],
        "points": POINTS,
        "due_far": now + timedelta(days=2, hours=5),
        "due_near": now + timedelta(hours=1, minutes=12),
        "due_past": now - timedelta(days=1, hours=3),
        "stages": [
            {"label": "吹哨", "state": "done", "note": "11-03 09:12"},
            {"label": "分析", "state": "done", "note": "11-03 09:40"},
            {"label": "报到", "state": "done", "note": "11-03 15:05"},
            {"label": "办理", "state": "now", "note": "住建局"},
            {"label": "核查", "state": "todo"},
            {"label": "评价", "state": "todo"},
        ],
        "story": [
            {
                "title": "您反映了这件事",
                "who": "群众王女士（网页）",
                "at": now - timedelta(days=3),
                "icon": "message-report",
                "tone": "info",
                "text": "和平小区 3 号楼东侧路灯坏了半个月，老人晚上出门看不清路。",
            },
            {
                "title": "中心已受理，转住建局办理",
                "who": "县中心 · 李强",
                "at": now - timedelta(days=2, hours=20),
                "icon": "arrows-split-2",
                "tone": "info",
            },
            {
                "title": "住建局退回：灯杆属社区管养",
                "who": "住建局 · 赵敏",
                "at": now - timedelta(days=2),
                "icon": "arrow-back-up",
                "tone": "wait",
                "text": "现场核对资产台账，该灯杆 2021 年移交社区。",
                "private": True,
            },
            {
                "title": "中心确权：由住建局牵头、社区配合",
                "who": "县中心",
                "at": now - timedelta(days=1),
                "icon": "gavel",
                "tone": "hold",
            },
            {
                "title": "已办结",
                "who": "住建局 · 赵敏",
                "at": now - timedelta(hours=2),
                "icon": "circle-check",
                "tone": "good",
                "text": "更换灯具 2 盏、维修线路 40 米，已亮灯。",
                "chips": ["solved"],
            },
        ],
        "rows": [
            {
                "no": "Q20261103-00128",
                "title": "和平小区 3 号楼东侧路灯不亮",
                "organ": "住房和城乡建设局",
                "where": "清河镇 和平社区",
                "state": "handle",
                "due": now + timedelta(hours=3),
            },
            {
                "no": "Q20261103-00131",
                "title": "东风村二组垃圾收集点三天没清运",
                "organ": "柳溪乡",
                "where": "柳溪乡 东风村",
                "state": "overdue",
                "due": now - timedelta(hours=30),
            },
            {
                "no": "Q20261104-00007",
                "title": "建议在实验小学门口增设减速带",
                "organ": "公安局交警大队",
                "where": "清河镇 育才社区",
                "state": "accept",
                "due": now + timedelta(days=4),
            },
            {
                "no": "Q20261104-00012",
                "title": "冬季供暖温度不达标，室内只有 15 度",
                "organ": "住房和城乡建设局",
                "where": "清河镇 康宁社区",
                "state": "paused",
                "due": None,
            },
        ],
        "months": ["6月", "7月", "8月", "9月", "10月", "11月"],
        "came": [
            {"name": "受理", "data": [812, 905, 877, 930, 1004, 640], "tone": "info"},
            {"name": "办结", "data": [790, 880, 869, 902, 951, 512], "tone": "good"},
        ],
        "fields_names": ["城市管理", "住房建设", "社会保障", "交通运输", "环境保护"],
        "fields_open": [42, 31, 18, 12, 9],
        "tabs": [
            {"label": "待我办", "url": "?t=1", "current": True, "count": 12},
            {"label": "我经办的", "url": "?t=2", "count": 86},
            {"label": "已办结", "url": "?t=3"},
        ],
        "crumbs": [
            {"label": "工作台", "url": "/style/"},
            {"label": "待办", "url": "/style/"},
            {"label": "Q20261103-00128"},
        ],
        "now": now,
    }


@staff_or_debug
def page(request: HttpRequest) -> HttpResponse:
    """The components in the staff frame."""
    return render(request, "ui/style/desk.html", _context(request))


@staff_or_debug
def resident(request: HttpRequest) -> HttpResponse:
    """The components in the residents' frame."""
    return render(request, "ui/style/resident.html", _context(request))


@staff_or_debug
def wall(request: HttpRequest) -> HttpResponse:
    """The big screen's skeleton."""
    return render(request, "ui/style/wall.html", _context(request))


@staff_or_debug
def plain(request: HttpRequest) -> HttpResponse:
    """The page without navigation."""
    return render(request, "ui/style/plain.html", _context(request))


@require_POST
@staff_or_debug
def upload(request: HttpRequest) -> JsonResponse:
    """Takes a photo for the style page's uploader and forgets it. A name with "fail" in it is refused, to show that."""
    file = request.FILES.get("file")
    if file is None or "fail" in (file.name or ""):
        return JsonResponse({"error": "这张照片打不开，请换一张"}, status=422)
    return JsonResponse({"id": "sample"})


@staff_or_debug
def find(request: HttpRequest) -> JsonResponse:
    """What lies at a point, for the style page's map."""
    return JsonResponse({"label": "清河镇 和平社区 第 2 网格（示意）"})


@staff_or_debug
def answer(request: HttpRequest, status: int) -> HttpResponse:
    """An answer with any status, to look at how the page tells of it."""
    return HttpResponse("<p>已更新：" + clock.now().strftime("%H:%M:%S") + "</p>", status=status)

"""Messages such as residents of a county write, made up by rule, with a point in one of the place's grids."""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from typing import Any

from bench._deployment import ROOT

_OPENING = (
    "您好，我是{place}的居民，", "反映一个问题：", "{place}这里，", "工作人员你好，", "我想问一下，",
    "已经打过两次电话了，", "今天早上在{place}，", "邻居们都很着急，", "",
)  # fmt: skip
_DETAIL = (
    "从{n}号开始一直这样", "已经{n}天了没有人管", "晚上{h}点以后更严重", "老人和孩子出门很不方便",
    "附近{n}户人家都受影响", "上个月也发生过一次", "下雨以后更厉害", "我们自己先垫钱修过一回", "物业说不归他们管",
    "照片已经发给网格员看过",
)  # fmt: skip
_CLOSING = (
    "请尽快派人来看一下，谢谢。", "希望有关部门处理。", "麻烦给个答复。", "请问归哪个部门管？", "盼回复！", "",
)  # fmt: skip
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡林郭何高罗"


class Messages:
    """A stream of calls as the API takes them; the same *seed* gives the same stream.

    *points* are (lon, lat) inside grids. One call in eight has an address in words and no point.
    """

    def __init__(self, points: Sequence[tuple[float, float]], places: Sequence[str], seed: int = 1) -> None:
        self.draw = random.Random(seed)
        self.points = list(points)
        self.places = list(places)
        path = ROOT / "huying/suggest/tests/descriptions_huinan.csv"
        with open(path, encoding="utf-8", newline="") as stream:
            self.texts = [row["text"].rstrip("。！？") for row in csv.DictReader(stream)]

    def one(self) -> dict[str, Any]:
        """The next call."""
        draw = self.draw
        place = draw.choice(self.places)
        parts = [draw.choice(_OPENING).format(place=place), draw.choice(self.texts), "。"]
        for detail in draw.sample(_DETAIL, draw.randint(1, 4)):
            parts += [detail.format(n=draw.randint(2, 28), h=draw.randint(7, 11)), "，"]
        parts[-1] = "。"
        parts.append(draw.choice(_CLOSING))
        call: dict[str, Any] = {
            "body": "".join(parts),
            "call": draw.choices(("help", "complaint", "consult", "suggestion"), (60, 25, 10, 5))[0],
        }
        if draw.random() < 0.875:
            lon, lat = draw.choice(self.points)
            call["lon"] = round(lon + draw.uniform(-2e-5, 2e-5), 6)
            call["lat"] = round(lat + draw.uniform(-2e-5, 2e-5), 6)
        else:
            call["address"] = f"{place}{draw.randint(1, 90)}号"
        if draw.random() < 0.1:
            call["anonymous"] = True
        else:
            who = f"{draw.choice(_SURNAMES)}{draw.choice(('先生', '女士', '某'))}"
            call["reporter"] = {"name": who, "phone": f"100{draw.randint(0, 99_999_999):08d}"}
        return call


def of_place(place_id: int, seed: int = 1) -> Messages:
    """A stream for a place that Django can reach."""
    from huying.places import memory
    from huying.places.info import GENERAL

    known = memory.of(place_id)
    grids = [row for row in known.divisions.values() if row.layer == GENERAL and row.centre and row.active]
    points = [row.centre for row in grids if not known.locate(*row.centre).outside]
    names = [row.short or row.name for row in known.divisions.values() if not row.layer and row.parent_id]
    return Messages(points, names, seed)

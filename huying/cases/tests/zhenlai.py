"""The county of the twelve steps: its place, its people with their browsers, and moves made on screens."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from huying import clock as clocks
from huying.cases.actions import report
from huying.cases.calls import Call
from huying.cases.models import Case, Leg
from huying.cases.tests.people import Staff
from huying.cases.who import Actor
from huying.testing.access import sign_in

TOWN, VILLAGE = "220821001", "220821001001"
# Who serves where: name → role and place.
POSTS: dict[str, dict[str, str]] = {
    "secretary": {"role": "village_secretary", "division": VILLAGE},
    "worker": {"role": "village_worker", "division": VILLAGE},
    "clerk": {"role": "town_clerk", "division": TOWN},
    "desk": {"role": "centre_desk", "organ": "centre"},
    "housing": {"role": "squad_member", "organ": "housing"},
    "chengguan": {"role": "squad_member", "organ": "chengguan"},
    "agriculture": {"role": "squad_member", "organ": "agriculture"},
    "appraiser": {"role": "appraiser", "organ": "organisation"},
    "leader": {"role": "leader", "division": "220821"},
}
REPLY = "您说的外墙已经加固好了，有松动请再告诉我们。"
SOLVED = {"solved": "solved", "internal_account": "住建、城管到场加固并围挡", "public_reply": REPLY}


class Village(Staff):
    """The people of one community and those above it."""

    def post(self, name: str) -> Any:
        """The person of POSTS, made when first asked for."""
        return self.person(name, **POSTS[name])

    def acting(self, name: str) -> Actor:
        """What that person may do now."""
        return self.actor(name, **POSTS[name])

    @property
    def secretary(self) -> Actor:
        return self.acting("secretary")

    @property
    def worker(self) -> Actor:
        return self.acting("worker")

    @property
    def clerk(self) -> Actor:
        return self.acting("clerk")

    def browser(self, name: str) -> Client:
        """Somebody's browser, signed in; a resident's for any name that no post has."""
        person = (
            self.post(name) if name in POSTS else self.people.get(name) or self.person(name, kind="resident")
        )
        client = Client()
        sign_in(client, person)
        return client

    def bill(self, body: str = "楼道里堆满杂物，过不去人", item: str = "B02", **more: Any) -> Any:
        """A resident's bill in the community, without a point. Answers ``Reported``."""
        division = self.memory.by_code(VILLAGE)
        call = Call(body=body, division_id=division.id, item=item, **more)
        return report(self.place.pk, call, self.resident)

    def point(self) -> tuple[Any, Any, float, float]:
        """The general grid and the service area that hold a point of the community, and the point."""
        grid = next(row for row in self.memory.grids["general"] if row.code.startswith(VILLAGE))
        assert grid.centre is not None
        lon, lat = grid.centre
        area = self.memory.locate(lon, lat, "area").grid
        assert area is not None
        return grid, area, lon, lat

    def reported(self, client: Client, body: str, **more: Any) -> Case:
        """A resident reports on the page, at the point. Answers the case."""
        _grid, _area, lon, lat = self.point()
        data = {"body": body, "call": "help", "place": f"{lon},{lat}", **more}
        answer = client.post(reverse("cases:report"), data)
        assert answer.status_code == 302, answer.content.decode()[-3000:]
        return Case.objects.get(number=answer.headers["Location"].rstrip("/").rsplit("/", 1)[1])


def offered(client: Client, case: Case) -> str:
    """The page of a case as somebody who serves sees it; "" when it is not for their eyes."""
    answer = client.get(reverse("cases:case", args=[case.number]))
    return answer.content.decode() if answer.status_code == 200 else ""


def move(client: Client, case: Case, ident: str, status: int = 303, **data: Any) -> Case:
    """Make a move on the case's page, or on one's own part with ``@``; the case as it stands then."""
    if ident.endswith("@"):
        leg = _own_leg(client, case)
        ident = f"{ident}{leg.id}"
    case.refresh_from_db()
    url = reverse("cases:move", args=[case.number])
    answer = client.post(url, {"move": ident, "seen": case.version, "key": str(uuid4()), **data})
    assert answer.status_code == status, _why(answer)
    case.refresh_from_db()
    return case


def _why(answer: Any) -> str:
    text = answer.content.decode()
    at = text.find("hy-moves")
    return f"{answer.status_code}: {text[at : at + 3000]}"


def _own_leg(client: Client, case: Case) -> Leg:
    page = offered(client, case)
    legs = Leg.objects.filter(case_id=case.id, closed_at=None)
    return next(leg for leg in legs if f"@{leg.id}" in page)


def as_resident(client: Client, case: Case, ident: str, status: int = 302, **data: Any) -> Case:
    """Make a move on the caller's own page."""
    case.refresh_from_db()
    url = reverse("cases:track_move", args=[case.number])
    answer = client.post(url, {"move": ident, "seen": case.version, "key": str(uuid4()), **data})
    assert answer.status_code == status, answer.content.decode()[-3000:]
    case.refresh_from_db()
    return case


def inbox(client: Client) -> str:
    return client.get(reverse("cases:work")).content.decode()


def due(days: int = 5) -> str:
    return (clocks.now() + timedelta(days=days)).strftime("%Y-%m-%dT09:00")


def to_study(village: Village, case: Case, item: str) -> None:
    """Sorted by the community, found true by its own desk."""
    move(village.browser("worker"), case, "sorted", item=item)
    move(village.browser("secretary"), case, "genuine", site_note="到现场看过，属实")


def to_assign(village: Village, case: Case, item: str = "B04") -> None:
    """Up to the county, as far as the centre's assigning."""
    to_study(village, case, item)
    move(village.browser("secretary"), case, "raise", reason="要专业队伍")
    move(village.browser("clerk"), case, "weigh")
    move(village.browser("clerk"), case, "raise", reason="街道没有高空作业队伍")
    move(village.browser("desk"), case, "take", item=item)


def to_written_off(village: Village, case: Case, **told: Any) -> None:
    """A small matter settled in the community itself, told to the caller and written off."""
    reply = "已经清好了，谢谢您。"
    to_study(village, case, "B02")
    secretary = village.browser("secretary")
    move(secretary, case, "settle", plan="清理")
    move(secretary, case, "solved", solved="solved", internal_account="清了", public_reply=reply)
    move(secretary, case, "told", route="online", public_reply=reply, **told)
    move(secretary, case, "written_off")

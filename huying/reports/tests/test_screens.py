"""The screens: a stated number of SQL statements, whatever a report holds; a draft goes its way through them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from huying.reports import actions
from huying.reports.models import Report
from huying.reports.tests.mini import mini_report, reports_edition
from huying.testing.access import client_of
from huying.testing.cast import make_cast, mini_place
from huying.testing.statements import statements


@pytest.fixture
def cast(db: Any) -> Any:
    made = make_cast(mini_place())
    reports_edition(made.place)
    return made


def spent(client: Client, address: str) -> int:
    client.get(address)
    with statements() as found:
        assert client.get(address).status_code == 200
    return len(found)


def test_statements(cast: Any) -> None:
    report = mini_report(cast)
    leader, desk = client_of(cast, "leader"), client_of(cast, "desk")
    # Five are spent on the session, the person, the posts, the delegations and the frame.
    assert spent(leader, reverse("reports:list")) <= 5 + 2
    assert spent(leader, reverse("reports:report", args=[report.id])) <= 5 + 4
    assert spent(desk, reverse("reports:report", args=[report.id])) <= 5 + 8
    draft = mini_report(cast, Report.State.DRAFT)
    assert spent(desk, reverse("reports:edit", args=[draft.id])) <= 5 + 1
    for _ in range(5):
        draft = mini_report(cast, Report.State.DRAFT)
    assert spent(desk, reverse("reports:list")) <= 5 + 2


def test_a_draft_goes_its_way(cast: Any) -> None:
    desk, leader = client_of(cast, "desk"), client_of(cast, "leader")
    page = desk.post(reverse("reports:new"), {"which": f"monthly@{cast.memory.top.id}", "day": "2026-01-09"})
    assert page.status_code == 303, page.content.decode()
    report = Report.objects.get(state="draft")
    assert page["Location"] == reverse("reports:edit", args=[report.id])
    assert leader.get(reverse("reports:report", args=[report.id])).status_code == 404
    text = "一月份全县情况平稳。"
    sent = {"seen": "1", "text-opening": text, "remark-overdue": "无超期。"}
    assert desk.post(reverse("reports:edit", args=[report.id]), sent).status_code == 303
    stale = desk.post(reverse("reports:edit", args=[report.id]), sent | {"text-opening": "旧的"})
    assert stale.status_code == 409
    assert "旧的" in stale.content.decode()  # what was typed is not lost
    shown = desk.get(reverse("reports:report", args=[report.id])).content.decode()
    assert text in shown
    assert "无超期。" in shown
    draft = desk.get(reverse("reports:pdf", args=[report.id]))
    assert draft.content.startswith(b"%PDF")
    done = desk.post(reverse("reports:issue", args=[report.id]), {"seen": "2"}, follow=True)
    assert "〔" in done.content.decode()
    report.refresh_from_db()
    assert report.state == Report.State.ISSUED
    read = leader.get(reverse("reports:report", args=[report.id])).content.decode()
    assert text in read
    assert report.number in leader.get(reverse("reports:list")).content.decode()
    paper = leader.get(reverse("reports:pdf", args=[report.id]))
    assert paper["Content-Type"] == "application/pdf"
    assert bytes(actions.queries.paper(report, "pdf").data) == paper.content
    assert client_of(cast, "officer").get(reverse("reports:pdf", args=[report.id])).status_code == 404
    page = desk.post(reverse("reports:correct", args=[report.id]))
    assert page.status_code == 303
    assert Report.objects.get(state="draft").corrects_id == report.id


def test_a_period_that_is_not_over(cast: Any) -> None:
    from huying import clock

    desk = client_of(cast, "desk")
    page = desk.post(
        reverse("reports:new"),
        {"which": f"monthly@{cast.memory.top.id}", "day": clock.now().date().isoformat()},
    )
    assert page.status_code == 422
    for wrong in (
        {"which": "x@y", "day": "2026-01-09"},
        {"which": "", "day": "no"},
        {"which": "x@1", "day": ""},
    ):
        assert desk.post(reverse("reports:new"), wrong).status_code == 422
    assert not Report.objects.exists()


def test_without_a_day_it_is_the_last_period_that_is_over(cast: Any) -> None:
    from huying import clock
    from huying.reports import periods

    page = client_of(cast, "desk").post(
        reverse("reports:new"), {"which": f"monthly@{cast.memory.top.id}", "day": ""}
    )
    assert page.status_code == 303, page.content.decode()
    made = Report.objects.get()
    today = clock.now().astimezone(periods.zone_of(cast.memory)).date()
    assert made.start == periods.last_whole("month", today).start

"""Two who issue at once."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection, transaction

from huying import clock
from huying.reports import access, actions
from huying.reports.models import Address, Report
from huying.reports.tests.conftest import END, Lived, settle
from huying.reports.tests.test_kinds import draft
from huying.staff import sight as sights


@pytest.mark.django_db(transaction=True)
def test_two_issuers_at_once_leave_no_gap() -> None:
    """Also when one of them fails half-way: a number that was not used is given to the next."""
    with clock.frozen(END):
        lived = Lived(settle())
        drafts = [draft(lived, "daily").id for _ in range(4)]
        start, problems = threading.Barrier(2), []

        def work(mine: list[Any]) -> None:
            try:
                start.wait()
                actor = lived.actor("desk1")
                with transaction.atomic():
                    actions.issue(actor, mine[0])
                    transaction.set_rollback(True)
                for ident in mine:
                    actions.issue(actor, ident)
            except Exception as problem:
                problems.append(problem)
            finally:
                connection.close()

        threads = [threading.Thread(target=work, args=(mine,)) for mine in (drafts[:2], drafts[2:])]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert not problems
        assert sorted(Report.objects.filter(state="issued").values_list("seq", flat=True)) == [1, 2, 3, 4]
        assert Address.objects.filter(key="role:leader").count() == 4
        kind = access.kinds(lived.memory)["daily"]
        assert access.may_issue(sights.sight_of(lived.person("desk1")), kind, lived.top)

"""Importing: every message once, bad rows apart, nothing half-done, whatever is interrupted."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from huying.cases import jobs
from huying.cases.models import Case
from huying.exchange import importing
from huying.exchange.models import Imported
from huying.exchange.reading import open_source
from huying.ledger import queries as ledger

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def a_file(folder: Path, count: int = 6, name: str = "letters.csv") -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["id", "user", "title", "time", "text"])
        for n in range(count):
            out.writerow(
                [
                    n + 1,
                    f"U{n}",
                    f"路灯不亮 {n}",
                    f"2019-05-0{n % 9 + 1} 10:00:00",
                    f"第{n}盏灯不亮，晚上看不清",
                ]
            )
    return path


def run(huinan: Any, path: Path, **more: Any) -> importing.Outcome:
    return importing.run(huinan.pk, open_source(path), "letters", **more)


def test_every_message_becomes_one_case_however_often_it_is_imported(
    huinan: Any, tmp_path: Path, clock: Any
) -> None:
    path = a_file(tmp_path)
    first = run(huinan, path)
    assert (first.rows, first.taken, first.again, first.bad) == (6, 6, 0, 0)
    again = run(huinan, path)
    assert (again.rows, again.taken, again.again) == (6, 0, 6)
    # an idempotency key is forgotten after a week; what was imported is not
    clock.advance(__import__("datetime").timedelta(days=30))
    jobs.forget_keys()
    assert run(huinan, path).again == 6
    assert Case.objects.filter(place_id=huinan.pk, source="letters").count() == 6
    assert Imported.objects.count() == 6
    # the same numbers of another source are other messages
    assert importing.run(huinan.pk, open_source(path), "other").taken == 6


def test_the_message_keeps_its_time_and_limits_run_from_now(huinan: Any, tmp_path: Path, clock: Any) -> None:
    run(huinan, a_file(tmp_path, 1))
    case = Case.objects.get(place_id=huinan.pk)
    assert case.reported_at.isoformat() == "2019-05-01T02:00:00+00:00"
    assert case.due_at is not None
    assert case.due_at > NOW
    assert (case.division_id, case.grid_id, case.located, case.channel) == (None, None, "none", "import")
    assert case.owner_key.startswith("desk:")
    told = ledger.history(huinan.pk, case.id)[0].event
    assert told.at == NOW
    assert told.data["received"].startswith("2019-05-01")


def test_limits_may_run_from_the_messages_own_time(huinan: Any, tmp_path: Path, clock: Any) -> None:
    run(huinan, a_file(tmp_path, 1), open_as_of=importing.RECEIVED)
    case = Case.objects.get(place_id=huinan.pk)
    assert case.due_at is not None
    assert case.due_at.year == 2019


def test_a_dry_run_writes_nothing(huinan: Any, tmp_path: Path, clock: Any) -> None:
    path = a_file(tmp_path)
    path.write_text(path.read_text(encoding="utf-8") + "99,U,,,\n", encoding="utf-8")
    outcome = run(huinan, path, dry_run=True, rejects=tmp_path / "bad.csv")
    assert (outcome.taken, outcome.bad) == (6, 1)
    assert not Case.objects.exists()
    assert not Imported.objects.exists()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["letters.csv"]


def test_rejects_are_exact_and_can_be_mended(huinan: Any, tmp_path: Path, clock: Any) -> None:
    path = a_file(tmp_path, 2)
    text = path.read_text(encoding="utf-8")
    text += '7,U,没有时间,,"两行\n正文"\n8,U,=cmd(),2019-01-01,\n1,U,同一个编号,2019-01-01,别的内容\n9,U,,2019-01-01,\n'
    path.write_text(text, encoding="utf-8")
    bad = tmp_path / "bad.csv"
    outcome = run(huinan, path, rejects=bad)
    assert (outcome.taken, outcome.bad) == (3, 3)
    with bad.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["line", "reasons", "id", "user", "title", "time", "text"]
    assert [(row[0], row[2], row[4]) for row in rows[1:]] == [
        ("4", "7", "没有时间"), ("7", "1", "同一个编号"), ("8", "9", ""),
    ]  # fmt: skip
    assert all(row[1] for row in rows[1:])
    # mended, the file of rejects is itself a file to import
    rows[1][5] = "2019-01-03"
    with bad.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows[:2])
    assert run(huinan, bad).taken == 1
    assert Case.objects.filter(place_id=huinan.pk).count() == 4


def test_a_place_that_refuses_a_call_says_so_and_goes_on(
    huinan: Any, tmp_path: Path, clock: Any, monkeypatch: Any
) -> None:
    from huying.cases.calls import CallRefused

    real = importing.report

    def picky(place_id: int, call: Any, *args: Any, **more: Any) -> Any:
        if call.source_number == "2":
            raise CallRefused({"kind": "not here"})
        return real(place_id, call, *args, **more)

    monkeypatch.setattr(importing, "report", picky)
    outcome = run(huinan, a_file(tmp_path, 3))
    assert (outcome.taken, outcome.bad, dict(outcome.rejected)) == (2, 1, {"refused": 1})

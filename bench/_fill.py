"""History in bulk: cases that were really made and closed, multiplied within the database.

Every copy has an id, a number, times, a caller and an organ of its own, with its events, sealed payloads, data key,
contact and search words. Copies' events are in no ledger page (a million pages' hashes would measure nothing here), so
``ledger verify`` is not for a filled database. One copy in thirty is open.
"""

from __future__ import annotations

from typing import Any

BATCH = 50_000

_NEW_ID = (
    "(lpad(to_hex((extract(epoch FROM {at}) * 1000)::bigint), 12, '0') || '7' || substr(md5({seed}), 1, 3)"
    " || '8' || substr(md5({seed}), 4, 15))::uuid"
)
_TIMES = {
    "reported_at", "changed_at", "due_at", "next_at", "overdue_at", "paused_at", "closed_at", "promised_at", "erased_at",
}  # fmt: skip


def fill(cursor: Any, place_id: int, start: int, end: int) -> None:
    """Copies number *start* to *end* (exclusive). The cursor is the owner's; templates are what is there already."""
    templates = f"fill_template_{place_id:d}"
    cursor.execute(f"SELECT to_regclass('pg_temp.{templates}')")
    if cursor.fetchone()[0] is None:
        cursor.execute(
            f"CREATE TEMP TABLE {templates} AS SELECT id, closed_at IS NOT NULL AS closed, row_number() OVER"
            " (PARTITION BY closed_at IS NOT NULL ORDER BY id) - 1 AS k FROM cases_case WHERE place_id = %s",
            [place_id],
        )
        cursor.execute(f"CREATE INDEX ON {templates} (closed, k)")
    for low in range(start, end, BATCH):
        _batch(cursor, place_id, low, min(low + BATCH, end))


def _batch(cursor: Any, place_id: int, low: int, high: int) -> None:
    cursor.execute("DROP TABLE IF EXISTS pg_temp.fill_map")
    cursor.execute(
        "CREATE TEMP TABLE fill_map AS SELECT n, t.id AS template, m.at, m.at - c.reported_at AS shift, "
        + _NEW_ID.format(at="m.at", seed=f"'case{place_id:d} ' || n")
        + " AS id FROM (SELECT n, n %% 30 <> 0 AS closed,"
        " now() - interval '3 years' * ((%s - n)::float / %s) - interval '2 days' AS at"
        " FROM generate_series(%s::bigint, %s::bigint) AS n) AS m"
        f" JOIN (SELECT closed AS of, count(*) AS many FROM fill_template_{place_id:d} GROUP BY 1) AS s ON s.of = m.closed"
        f" JOIN fill_template_{place_id:d} t ON t.closed = m.closed AND t.k = m.n %% s.many"
        " JOIN cases_case c ON c.place_id = %s AND c.id = t.id",
        [high, max(high, 1), low, high - 1, place_id],
    )
    cursor.execute("CREATE INDEX ON fill_map (template)")
    changed = {
        "id": "m.id", "number": "'H' || m.n", "track_hash": f"sha256(('t{place_id:d} ' || m.n)::bytea)",
        "reporter_id": f"md5('who{place_id:d} ' || m.n / 3)::uuid", "lead_id": "NULL", "signature": "c.signature",
    } | {name: f"c.{name} + m.shift" for name in _TIMES}  # fmt: skip
    # What is open waits for a moment ahead, as anywhere: or the clock would be busy with years of missed limits.
    changed["next_at"] = (
        "CASE WHEN c.next_at IS NULL THEN NULL ELSE now() + interval '1 hour' * (20 + m.n % 1000) END"
    )
    _copy(cursor, place_id, "cases_case", "c.id = m.template", changed)
    event_id = _NEW_ID.format(at="c.at + m.shift", seed="c.id::text || m.n")
    event = {
        "id": event_id, "case_id": "m.id", "at": "c.at + m.shift",
        "subject_id": "CASE c.subject_kind WHEN 'case' THEN m.id ELSE c.subject_id END",
    }  # fmt: skip
    _copy(cursor, place_id, "ledger_event", "c.case_id = m.template", event)
    private = {"event_id": "md5('p' || c.event_id || m.n)::uuid", "subject_id": "m.id"}
    _copy(cursor, place_id, "ledger_private", "c.subject_id = m.template", private)
    _copy(cursor, place_id, "ledger_key", "c.subject_id = m.template", {"subject_id": "m.id"})
    contact = {
        "id": _NEW_ID.format(at="m.at", seed=f"'contact{place_id:d} ' || m.n || c.id"), "case_id": "m.id", "at": "c.at + m.shift",
        "phone_hash": "sha256(('p' || m.n / 3)::bytea)",
    }  # fmt: skip
    _copy(cursor, place_id, "cases_contact", "c.case_id = m.template", contact)
    _copy(cursor, place_id, "cases_words", "c.case_id = m.template", {"case_id": "m.id"})


def _copy(cursor: Any, place_id: int, table: str, on: str, changed: dict[str, str]) -> None:
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
        " ORDER BY attnum",
        [table],
    )
    columns = [name for (name,) in cursor.fetchall()]
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(changed.get(name, f'c."{name}"') for name in columns)
    cursor.execute(
        f"INSERT INTO {table} ({names}) SELECT {values} FROM fill_map m JOIN {table} c"
        f" ON c.place_id = {place_id:d} AND {on}"
    )


def settle(cursor: Any) -> None:
    """What autovacuum would have done in all that time."""
    for table in (
        "cases_case",
        "cases_contact",
        "cases_words",
        "ledger_event",
        "ledger_private",
        "ledger_key",
    ):
        cursor.execute(f"VACUUM ANALYZE {table}")

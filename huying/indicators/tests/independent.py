"""Every indicator of the preset ``huinan`` again, in SQL straight over cases and ledger, sharing nothing with the rollups.

Each query gives a row for every thing that counts: the local day, the case's place in the county, organ, item, channel,
and whether it is in the numerator and in the denominator. Steps and moves are named as that preset names them.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from django.db import connection

ZONE = "AT TIME ZONE 'Asia/Shanghai'"
NOT_TOLD = (
    "c.confidential OR c.call = 'report' OR c.subject_organ_id IS NOT NULL OR c.subject_person_id IS NOT NULL"
)

# What the ledger says of each case, event by event: where it stood before, where after, and until when.
TOLD = """
told AS (
  SELECT e.case_id, e.id, e.at, e.kind, e.data->>'move' AS move, e.data->>'step' AS step,
    coalesce(e.data->>'owner', '') AS owner, (e.data->>'due')::timestamptz AS due,
    coalesce((e.data->>'closed')::boolean, false) AS closed, e.data->>'result' AS result,
    row_number() OVER w AS n, lag(e.data->>'step') OVER w AS was, lag(coalesce(e.data->>'owner', '')) OVER w AS was_owner,
    lag((e.data->>'due')::timestamptz) OVER w AS was_due, lag(coalesce((e.data->>'closed')::boolean, false)) OVER w AS was_closed
  FROM ledger_event e
  WHERE e.place_id = %(place)s AND e.leg_id IS NULL AND e.kind IN ('case.reported', 'case.moved', 'case.fired')
  WINDOW w AS (PARTITION BY e.case_id ORDER BY e.version, e.id)
)"""
WORK = "('arrive', 'handle', 'grid_work', 'joint')"  # somebody has to handle it
ASKED = "('extending', 'shelving', 'shelf')"  # the desk looks at what a handler asked for
BACK = "('take', 'settle', 'rule', 'returning')"

CASES = f"""
facts AS (
  SELECT c.*,
    (c.closed_at IS NOT NULL AND c.result IN ('void', 'merged')) AS void,
    (c.closed_at IS NOT NULL AND c.result NOT IN ('void', 'merged')) AS fine,
    (c.closed_at IS NOT NULL AND c.result IN ('unfounded', 'beyond_powers', 'refused')) AS invalid,
    EXISTS (SELECT 1 FROM told t WHERE t.case_id = c.id AND NOT t.closed
      AND (t.step IN {WORK} OR t.step IN {ASKED} OR (t.n = 1 AND t.step = 'verify'))) AS filed,
    EXISTS (SELECT 1 FROM told t WHERE t.case_id = c.id AND t.was = 'verify' AND t.step IN {WORK}) AS reworked,
    EXISTS (SELECT 1 FROM told t WHERE t.case_id = c.id AND t.kind = 'case.moved' AND t.move = 'extend') AS extended,
    EXISTS (SELECT 1 FROM told t WHERE t.case_id = c.id AND t.was_due IS NOT NULL AND t.at > t.was_due AND NOT t.was_closed
      AND NOT (t.kind = 'case.fired' AND (t.step <> t.was OR t.owner <> t.was_owner))) AS late,
    back_again.said AS called,
    h.handled_at, w.work_due, last.step AS now_step, last.due AS now_due
  FROM cases_case c
  -- the last event of the case, the last time it stood with a handler since it last went back, when it left handling
  CROSS JOIN LATERAL (SELECT t.step, t.due, t.n FROM told t WHERE t.case_id = c.id ORDER BY t.n DESC LIMIT 1) last
  CROSS JOIN LATERAL (SELECT coalesce(max(t.n), 0) AS n FROM told t WHERE t.case_id = c.id AND t.step IN {BACK}) back
  LEFT JOIN LATERAL (SELECT t.due AS work_due, t.n FROM told t WHERE t.case_id = c.id AND t.step IN {WORK}
    AND t.n > back.n ORDER BY t.n DESC LIMIT 1) w ON true
  LEFT JOIN LATERAL (SELECT t.at AS handled_at, t.n FROM told t WHERE t.case_id = c.id AND t.n > back.n
    AND ((t.n = 1 AND t.step = 'verify') OR ((t.was IN {WORK} OR t.was IN {ASKED}) AND t.step NOT IN {WORK}
      AND t.step NOT IN {ASKED} AND t.step NOT IN {BACK}))
    AND NOT EXISTS (SELECT 1 FROM told u WHERE u.case_id = c.id AND u.n > t.n AND (u.step IN {WORK} OR u.step IN {ASKED}))
    ORDER BY t.n DESC LIMIT 1) h ON true
  -- what was said at the last call-back that is over, from the call-back's own case
  LEFT JOIN LATERAL (SELECT coalesce(k.fields->>'said_satisfaction', '-') AS said FROM cases_case k
    JOIN reviews_task r ON r.place_id = k.place_id AND r.id = k.id AND r.kind = 'call_back'
    WHERE k.place_id = c.place_id AND r.case_id = c.id AND k.closed_at IS NOT NULL
    ORDER BY k.closed_at DESC, k.id DESC LIMIT 1) back_again ON true
  WHERE c.place_id = %(place)s AND c.kind = 'request' AND NOT ({NOT_TOLD})
),
flags AS (
  SELECT f.*, (f.handled_at IS NOT NULL AND NOT f.void AND NOT f.invalid) AS handled,
    (f.closed_at IS NULL AND f.paused_at IS NULL AND f.now_step IN {WORK} AND f.now_due < %(now)s) AS handle_late,
    (f.closed_at IS NULL AND f.paused_at IS NULL AND f.due_at < %(now)s) AS open_late,
    (f.fine AND NOT f.invalid) AS valid,
    (f.reported_at {ZONE})::date AS day_in, (f.closed_at {ZONE})::date AS day_closed,
    (coalesce(f.work_due, f.handled_at) {ZONE})::date AS day_due
  FROM facts f
)"""
DONE = "(fine OR open_late)"
DECIDED = "(NOT void AND (closed_at IS NOT NULL OR filed))"
TO_HANDLE = "(handled OR handle_late)"
CALLED = "(NOT void AND called IN ('satisfied', 'fair', 'unsatisfied'))"
RATED = "(satisfaction IS NOT NULL AND NOT void)"

# indicator: (day, numerator, denominator)
OF_CASES: dict[str, tuple[str, str, str]] = {
    "solved": ("day_in", "valid AND fields->>'solved' = 'solved'", "valid AND fields->>'solved' IN ('solved', 'partly', 'unsolved')"),
    "satisfied": ("day_in", f"{RATED} AND satisfaction >= 2", f"{RATED} AND satisfaction BETWEEN 1 AND 3"),
    "on_time": ("day_in", "fine AND NOT late", DONE),
    "reported": ("day_in", "true", "true"),
    "valid": ("day_in", "NOT void AND NOT invalid", "true"),
    "found": ("day_in", "channel IN ('grid', 'street', 'video')", "true"),
    "filed": ("day_in", f"{DECIDED} AND filed", DECIDED),
    "direct": ("day_in", "valid AND NOT filed", DECIDED),
    "handled": ("day_due", "handled", TO_HANDLE),
    "handled_on_time": ("day_due", "handled AND (work_due IS NULL OR handled_at <= work_due)", TO_HANDLE),
    "waiting_late": ("day_due", "handle_late", TO_HANDLE),
    "extended": ("day_due", f"{TO_HANDLE} AND extended", TO_HANDLE),
    "closed": ("day_in", "valid", "valid OR open_late"),
    "late": ("day_in", "(fine AND late) OR open_late", DONE),
    "reworked": ("day_closed", "valid AND reworked", "valid"),
    "redone": ("day_closed", "valid AND round > 1", "valid"),
    "complaints": ("day_in", "call = 'complaint'", "true"),
    "called_back": ("day_in", f"{CALLED} AND called <> 'unsatisfied'", CALLED),
    "repeated": ("day_in", "NOT void AND joins >= 4", "NOT void AND joins >= 4"),
}  # fmt: skip
EXCLUDED = {
    "untrue": "closed_at IS NOT NULL AND result = 'unfounded'",
    "beyond": "closed_at IS NOT NULL AND result = 'beyond_powers'",
    "refused": "closed_at IS NOT NULL AND result = 'refused'",
    "voided": "void", "unrated": "fine AND satisfaction IS NULL", "undecided": "closed_at IS NULL AND NOT filed",
    "called_unsaid": "NOT void AND called = '-'",
}  # fmt: skip

# A dispatch: the case came to a handler that had it not before (or an organ was called in), and nobody took it back
# before it was answered.
DISPATCHES = f"""
turns AS (
  SELECT t.*, lead(t.n) OVER (PARTITION BY t.case_id ORDER BY t.n) AS until_n FROM (
    SELECT t.*, (t.step IN ('arrive', 'handle', 'grid_work') AND NOT t.closed AND t.owner <> '' AND t.owner NOT LIKE 'desk:%%'
      AND t.owner IS DISTINCT FROM (SELECT u.owner FROM told u WHERE u.case_id = t.case_id AND u.n < t.n
        AND u.n > (SELECT coalesce(max(v.n), 0) FROM told v WHERE v.case_id = t.case_id AND v.n < t.n
          AND v.step NOT IN {WORK} AND v.step NOT IN {ASKED})
        AND u.step IN {WORK} AND u.step <> 'joint' AND u.owner NOT LIKE 'desk:%%' ORDER BY u.n DESC LIMIT 1)) AS begins
    FROM told t) t WHERE t.begins
),
own AS (
  SELECT t.case_id, t.n, t.owner, t.due, gone.at AS left_at, gone.kind AS left_kind,
    gone.step AS left_to, gone.owner AS left_owner, gone.n AS left_n, gone.closed AS left_closed, t.step, t.until_n
  FROM turns t LEFT JOIN LATERAL (SELECT u.* FROM told u WHERE u.case_id = t.case_id AND u.n > t.n
    AND (u.step <> t.step OR u.owner <> t.owner) ORDER BY u.n LIMIT 1) gone ON true
),
sent AS (
  SELECT o.case_id, CASE WHEN o.owner LIKE 'organ:%%' THEN split_part(o.owner, ':', 2)::bigint ELSE 0 END AS organ, o.due,
    CASE WHEN o.left_kind = 'case.moved' AND NOT o.left_closed AND (o.left_to IN {BACK} OR o.left_owner = o.owner
      OR (o.left_to NOT IN ('arrive', 'handle', 'grid_work') AND o.left_to <> 'archive' AND o.left_to <> 'rate'))
      THEN o.left_at END AS arrived_at,
    o.left_n IS NOT NULL AS gone,
    r.n IS NOT NULL AS back,
    coalesce(
      (r.n IS NOT NULL AND ruling.n IS NOT NULL AND ((ruling.closed AND ruling.result NOT IN ('void', 'merged'))
        OR (NOT ruling.closed AND ruling.owner <> o.owner)))
      OR (r.n IS NULL AND passed.n IS NOT NULL), false) AS wrong
  FROM own o
  LEFT JOIN LATERAL (SELECT u.n FROM told u WHERE u.case_id = o.case_id AND u.n > o.n AND (o.until_n IS NULL OR u.n < o.until_n)
    AND u.kind = 'case.moved' AND u.move = 'return' ORDER BY u.n LIMIT 1) r ON true
  LEFT JOIN LATERAL (SELECT u.* FROM told u WHERE u.case_id = o.case_id AND u.n > r.n AND (u.closed OR u.step IN {WORK})
    ORDER BY u.n LIMIT 1) ruling ON true
  LEFT JOIN LATERAL (SELECT u.n FROM told u WHERE u.case_id = o.case_id AND u.n = o.until_n AND u.move = 'transfer') passed ON true
  UNION ALL
  SELECT l.case_id, l.organ_id, opened.due, moved.at, (l.closed_at IS NOT NULL OR moved.at IS NOT NULL),
    EXISTS (SELECT 1 FROM ledger_event e WHERE e.place_id = l.place_id AND e.leg_id = l.id AND e.data->>'move' = 'return'),
    l.result = 'returned'
  FROM cases_leg l
  CROSS JOIN LATERAL (SELECT (e.data->>'due')::timestamptz AS due FROM ledger_event e WHERE e.place_id = l.place_id
    AND e.leg_id = l.id AND e.kind = 'leg.opened') opened
  LEFT JOIN LATERAL (SELECT e.at FROM ledger_event e WHERE e.place_id = l.place_id AND e.leg_id = l.id AND e.kind = 'leg.moved'
    AND e.data->>'step' <> 'arrive' AND e.data->>'result' IS DISTINCT FROM 'cancelled' ORDER BY e.id LIMIT 1) moved ON true
  WHERE l.place_id = %(place)s AND l.flow = 'organ-leg'
),
dispatches AS (
  SELECT f.id AS case_id, f.day_in, f.path, f.item, f.channel, s.organ AS organ_of, s.arrived_at, s.due, s.back, s.wrong,
    (s.arrived_at IS NULL AND s.due < %(now)s) AS unanswered_late
  FROM sent s JOIN flags f ON f.id = s.case_id WHERE s.arrived_at IS NOT NULL OR NOT s.gone
)"""
OF_DISPATCHES: dict[str, tuple[str, str]] = {
    "answered": ("arrived_at IS NOT NULL AND (due IS NULL OR arrived_at <= due)", "arrived_at IS NOT NULL OR unanswered_late"),
    "accurate": ("NOT wrong", "true"),
    "returned": ("back", "true"),
    "signed": ("arrived_at IS NOT NULL", "arrived_at IS NOT NULL OR unanswered_late"),
}  # fmt: skip

VILLAGES = "(SELECT id FROM places_division WHERE place_id = %(place)s AND layer = '')"
LEVELS = {
    "place": "NULL::text", "item": "nullif(item, '')", "channel": "nullif(channel, '')",
    "town": "nullif(split_part(path, '/', 3), '')",
    "village": f"CASE WHEN nullif(split_part(path, '/', 4), '')::bigint IN {VILLAGES} THEN split_part(path, '/', 4) END",
    "grid": f"CASE WHEN nullif(split_part(path, '/', -2), '')::bigint NOT IN {VILLAGES} THEN split_part(path, '/', -2) END",
    "organ": "CASE WHEN organ_id = ANY(organ_ids) THEN organ_id::text END",
}  # fmt: skip
OF_ORGAN = "nullif(organ_of, 0)::text"

Found = dict[Any, dict[str, tuple[int, int, dict[str, int]]]]


def lay_out(place_id: int, now: Any) -> None:
    """Make the rows once, as temporary tables; ``recomputed`` reads them."""
    params = {"place": place_id, "now": now}
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS told, flags, dispatches")
        cursor.execute(f"CREATE TEMP TABLE told AS WITH {TOLD} SELECT * FROM told", params)
        cursor.execute("CREATE INDEX ON told (case_id, n)")
        cursor.execute(f"CREATE TEMP TABLE flags AS WITH {CASES} SELECT * FROM flags", params)
        cursor.execute(f"CREATE TEMP TABLE dispatches AS WITH {DISPATCHES} SELECT * FROM dispatches", params)


def recomputed(
    place_id: int, start: date, end: date, by: str, exclusions: dict[str, tuple[str, ...]]
) -> Found:
    """Key → indicator → (numerator, denominator, exclusions) of the days from *start* up to, without, *end*."""
    params = {"place": place_id, "start": start, "end": end}
    found: Found = defaultdict(dict)
    of_dispatches = {name: ("day_in", *rules) for name, rules in OF_DISPATCHES.items()}
    groups = [
        ("flags", LEVELS[by], OF_CASES),
        ("dispatches", OF_ORGAN if by == "organ" else LEVELS[by], of_dispatches),
    ]
    for table, key, rules in groups:
        for name, (day, top, bottom) in rules.items():
            left_out = exclusions.get(name, ())
            more = "".join(f", count(*) FILTER (WHERE {EXCLUDED[one]})" for one in left_out)
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT {key}, count(*) FILTER (WHERE {top}), count(*) FILTER (WHERE {bottom}){more} "
                    f"FROM {table} WHERE {day} >= %(start)s AND {day} < %(end)s GROUP BY 1",
                    params,
                )
                rows = cursor.fetchall()
            for raw, n, of, *others in rows:
                if by != "place" and raw is None:
                    continue
                own = None if by == "place" else raw if by in ("item", "channel") else int(raw)
                found[own][name] = (n, of, dict(zip(left_out, others, strict=True)))
    return found

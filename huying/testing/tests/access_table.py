"""Rows for the shell (*ui*) and the site, which lie below or above the rooms that know people.

They are open to everybody; the style pages exist for staff only.
"""

from huying.testing.access import Row, everybody

STAFF = everybody(visitor=404, resident=404)
STYLE = Row(STAFF)

ROWS = {
    "healthz": Row(everybody()),
    "metrics": Row(everybody(404)),  # only for whoever has the monitoring token
    "ui:manifest": Row(everybody()),
    "ui:offline": Row(everybody()),
    "ui:worker": Row(everybody()),
    "ui:elder": Row(everybody(302), method="post"),
    "ui:style": STYLE,
    "ui:style-resident": STYLE,
    "ui:style-wall": STYLE,
    "ui:style-plain": STYLE,
    "ui:style-find": STYLE,
    "ui:style-upload": Row(
        {**STAFF, **dict.fromkeys(set(STAFF) - {"visitor", "resident"}, 422)}, method="post"
    ),
    "ui:style-answer": Row(STAFF, kwargs=lambda world: {"status": 200}),
}

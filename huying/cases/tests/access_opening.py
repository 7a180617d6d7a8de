"""Who may open cases of other kinds: nobody in a place whose roles open none (tests of the places that have some walk it)."""

from huying.testing.access import Row, everybody

ROWS = {
    "cases:open": Row(everybody(404, visitor=404)),
    "cases:open_kind": Row(everybody(404, visitor=404), kwargs=lambda world: {"kind": "finding"}),
}

"""Who may open a case and what belongs to it: those with duty for it; to others of the staff it does not exist."""

import uuid

from huying.testing.access import Row, only

# The case lies in the first village and is in the hands of the department: its area, its organ, the centre, the
# county. Not the first grid's worker: it lies in no grid.
SEES = ("secretary", "clerk", "desk", "officer", "head", "inspector", "leader")
CASE = {"others": 404, "resident": 403}
SEEN = only(*SEES, **CASE)
SENT = only(*SEES, status=303, **CASE)


def _case(world):
    return {"number": world.objects["case"].number}


def _file(world):
    return {**_case(world), "file_id": uuid.UUID(int=7)}


ROWS = {
    "cases:case": Row(SEEN, kwargs=_case),
    # A move that nobody has: whoever sees the case is told so.
    "cases:move": Row(
        only(*SEES, status=422, **CASE), kwargs=_case, method="post", data=lambda world: {"move": "nothing"}
    ),
    # No reason given: whoever may look is asked for one.
    "cases:contact": Row(only(*SEES, status=422, **CASE), kwargs=_case, method="post"),
    "cases:readers": Row(SENT, kwargs=_case, method="post"),
    # Nothing written: whoever sees the case is told what is wrong.
    "cases:publish": Row(only(*SEES, status=422, **CASE), kwargs=_case, method="post"),
    "cases:file": Row(only(others=404, resident=403), kwargs=_file),
    "cases:case_docx": Row(SEEN, kwargs=_case),
    "cases:case_pdf": Row(SEEN, kwargs=_case),
    "cases:case_print": Row(SEEN, kwargs=_case),
}

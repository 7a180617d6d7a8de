"""Words about a case that everybody may read: they say what was done, not who called or at which door.

A person reads them over and approves them (`cases.actions.others.publish`); this prepares and guards what is approved.
"""

from __future__ import annotations

import re

from huying.cases.models import Case
from huying.ledger.kinds import PERSONAL
from huying.places.info import PlaceMemory

HIDDEN = "***"
# Within a longer row of digits (the number of a case, of a meter) there is no telephone number.
_PERSONAL = re.compile(rf"(?<![0-9])(?:{PERSONAL.pattern})(?![0-9])")


def tells_who(*texts: str) -> bool:
    """Whether a mobile number or a citizen's number stands in one of the texts."""
    return any(_PERSONAL.search(text) for text in texts)


def discreet(text: str, case: Case, memory: PlaceMemory) -> str:
    """*text* with the case's address given as its village or street only, and personal numbers hidden.

    What no rule can know, such as a name, stays: somebody has to read the text before it is approved.
    """
    where = case.address.strip()
    if len(where) > 1 and where in text:
        division = memory.divisions.get(case.division_id) if case.division_id is not None else None
        name = division.name if division is not None else ""
        # The address often begins with the village's name, and the text may say the name before it too.
        text = text.replace(name + where, where).replace(where, name)
    return _PERSONAL.sub(HIDDEN, text)

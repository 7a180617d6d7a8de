"""The sentences of the OpenAPI document, named once more so that they are found for translation.

A test holds this list against the document.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop

SENTENCES = (
    gettext_noop(
        "Calls come in, become cases, are routed, handled, verified and rated. This interface does "
        "what the screens do, by the same rules: a key acts as the person it was made for, sees what "
        "that person sees, and may make the moves that this person may make now."
    ),
    gettext_noop(
        "**Keys.** `Authorization: Bearer hy_…`; made by an administrator, shown once, with scopes "
        "and an end. A revoked key stops within 5 seconds. **Limit.** 2,000 requests a second for "
        "each key and server process, with bursts of ten seconds' worth, unless the deployment says "
        "otherwise (`HUYING_API_RATE`); more are answered 429 with `Retry-After`."
    ),
    gettext_noop(
        "**Sending twice.** With an `Idempotency-Key` header (1 to 80 printable ASCII characters) the "
        "same body gets the same answer, marked `Idempotency-Replayed: true`; another body gets 409 "
        "`key-reused`. **Versions.** Send the `version` that you looked at as `seen` with a move; "
        "when the case has moved on, 409 `stale` says how it stands now and nothing is changed."
    ),
    gettext_noop(
        "**Problems** come as `application/problem+json` with a `code` that never changes and "
        "sentences in the language of `Accept-Language` (zh-hans, en). What does not exist and what "
        "is not yours to see are the same 404. Names and telephones of callers are never given out "
        "here. Times carry a zone; coordinates are WGS 84 degrees unless said otherwise."
    ),
    gettext_noop("Take in a call"),
    gettext_noop("Language of names and problems: zh-hans or en."),
    gettext_noop("The same key with the same body gets the same answer."),
    gettext_noop("Created"),
    gettext_noop(
        "Make a case of a call: placed, sorted, routed to whoever has the duty, with a limit, in one "
        "transaction."
    ),
    gettext_noop(
        "The person behind the key must have the right to report. Only `body` is needed; without a "
        "point, a known address or a division the call is not given an invented place but goes to the "
        "centre's desk."
    ),
    gettext_noop("List cases"),
    gettext_noop(
        "all: everything within sight, newest first; mine: what waits for the person, next limit first"
    ),
    gettext_noop("Words of number, title, text, address."),
    gettext_noop("Code of a division: it and all below."),
    gettext_noop("Code of the organ in the lead."),
    gettext_noop("Reported on this day or later (local time)."),
    gettext_noop("OK"),
    gettext_noop(
        "Cases within the sight of the person behind the key. Pages by cursor, so page 1,000 costs "
        "what page 1 does."
    ),
    gettext_noop("One case"),
    gettext_noop(
        "The case as it stands. Texts and files as far as the person may read them; contacts never."
    ),
    gettext_noop("What happened"),
    gettext_noop("The story of the case in plain words, as the person may read it, oldest first."),
    gettext_noop("Moves now"),
    gettext_noop(
        "The moves that the person may make now, on the case and on organs' parts of it, each with "
        "the JSON Schema of what it asks for. Organs and items are given by their codes, files by "
        "tokens from `POST /files`."
    ),
    gettext_noop("Make a move"),
    gettext_noop(
        "Make one of the moves that `GET …/moves` lists. Checked, locked, changed and recorded in one "
        "transaction."
    ),
    gettext_noop("A photo or file"),
    gettext_noop("The content of one of the case's files; `thumb=true` gives a photo's thumbnail."),
    gettext_noop("Send a photo or file"),
    gettext_noop(
        "Stage a file (multipart field `file`); its token goes with a call or a move of the same "
        "person within a day."
    ),
    gettext_noop("Photos are re-encoded, and what they hide (place, device) is removed."),
    gettext_noop("Follow a call"),
    gettext_noop("The track code, with or without dashes."),
    gettext_noop(
        "A call as whoever made it sees it, with the moves that are theirs (rating, reopening). No key."
    ),
    gettext_noop("Rate or reopen"),
    gettext_noop("Make one of the caller's own moves on the case that the code opens. No key."),
    gettext_noop("The place of the key"),
    gettext_noop(
        "The place that the key belongs to: its tiers from low to high, layers of grids, kinds of case."
    ),
    gettext_noop("Divisions and grids"),
    gettext_noop("Code: only what lies directly below."),
    gettext_noop("Only grids of this layer."),
    gettext_noop("Part of a name or code."),
    gettext_noop("Divisions and grids in force, in the order of their ids, a page at a time."),
    gettext_noop("What lies at a point"),
    gettext_noop("The division and the grids at a point; `outside` when nothing of the place holds it."),
    gettext_noop("Items of the handbook"),
    gettext_noop("Code; empty for the top."),
    gettext_noop("Part of a name, code or keyword."),
    gettext_noop(
        "The handbook's tree of items with handlers, limits, evidence and keywords, as a flat list "
        "with parents."
    ),
    gettext_noop("Organs"),
    gettext_noop("Part of a name, code or duty."),
    gettext_noop("The organs that can be given a case."),
    gettext_noop("For GET /track/{code}; shown to the caller, kept by nobody."),
    gettext_noop("Cursor of the next page."),
    gettext_noop("Who has it now, in words."),
    gettext_noop("WGS 84 degrees."),
    gettext_noop("1 unsatisfied, 2 fair, 3 satisfied."),
    gettext_noop("In scope=mine: the organ's part that waits, if it is one."),
    gettext_noop("Numbers of linked cases that the caller may see too."),
    gettext_noop("For those who serve: items, organs, reasons."),
    gettext_noop("What forms collected (codes, dates, numbers); for those who serve."),
    gettext_noop("An organ's part of a case."),
    gettext_noop("lead, support or opinion"),
    gettext_noop("Send it along when the move is on an organ's part."),
    gettext_noop("JSON Schema (2020-12) of ``data``."),
    gettext_noop("Send it as ``seen``."),
    gettext_noop("Send it as ``seen`` with the next move."),
    gettext_noop("Numbers of the cases that this move opened."),
    gettext_noop("Put it into ``photos`` of a call, or a photo or file field of a move."),
    gettext_noop("done, now or ahead"),
    gettext_noop("What the caller may do now, such as rating it."),
    gettext_noop("lon, lat in WGS 84 degrees."),
    gettext_noop("The outline is a sketch, not a survey."),
    gettext_noop("GeoJSON geometry, with ``outlines=true``."),
    gettext_noop("Only a leaf can be chosen for a case."),
    gettext_noop("On the list of what grid workers may be given."),
    gettext_noop("May be dispatched automatically."),
    gettext_noop(
        "How to reach whoever called; sealed before it is stored, and never told by this interface."
    ),
    gettext_noop("The person behind the key is who reports (residents: always)."),
    gettext_noop("A call: what happened, where, and who says so. Only ``body`` is needed."),
    gettext_noop("What happened, in the caller's words."),
    gettext_noop("Kind of case, as the place's preset names it."),
    gettext_noop("咨询, 求助, 投诉, 举报 (of wrongdoing), 建议."),
    gettext_noop("Degrees, in ``system``."),
    gettext_noop("Coordinate system of lon and lat."),
    gettext_noop("Code of the division or grid, where there is no point."),
    gettext_noop("Code of an item; left out, the platform suggests."),
    gettext_noop("0 ordinary, 1 urgent, 2 critical."),
    gettext_noop("Tokens from POST /files, same key."),
    gettext_noop("The system it came from."),
    gettext_noop("Its number there."),
    gettext_noop("Code of the organ that the call is about: that organ does not see the case."),
    gettext_noop("Further fields of the kind's form."),
    gettext_noop("A move: its id and what its form asks for, as ``GET …/moves`` says."),
    gettext_noop("The version that you looked at; another one gives 409."),
    gettext_noop("The organ's part, for moves on it."),
    gettext_noop(
        "RFC 9457 problem: ``code`` never changes, ``title`` and ``detail`` come in the language asked for."
    ),
    gettext_noop("Of a stale case: its version now."),
    gettext_noop("The scope that the key lacks."),
    gettext_noop("A key made by an administrator."),
    gettext_noop("Calls and what becomes of them."),
    gettext_noop("What a caller may follow with the code; no key."),
    gettext_noop("Places, divisions, grids, items, organs."),
)

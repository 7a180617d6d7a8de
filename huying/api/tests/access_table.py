"""Who may open this room's addresses with a browser's session: nobody, for only a key counts here.

What each member gets with a key of their own is in ``test_access_with_keys.py``.
"""

from uuid import UUID

from huying.testing.access import Row, everybody

_NUMBER = {"number": "MC20260302-00001"}
_FILE = {**_NUMBER, "file_id": UUID(int=1)}
_XML = {"format": "xml"}
_KEY, _MISSING = everybody(401), everybody(404)

ROWS = {
    "api:docs": Row(everybody()),
    "api:openapi-json": Row(everybody()),
    "api:api-root": Row(_MISSING),
    "api:missing": Row(_MISSING),
    "api:cases": Row(_KEY, method="post"),
    "api:cases_list": Row(_KEY),
    "api:case": Row(_KEY, kwargs=lambda world: _NUMBER),
    "api:timeline": Row(_KEY, kwargs=lambda world: _NUMBER),
    "api:moves": Row(_KEY, kwargs=lambda world: _NUMBER),
    "api:move": Row(_KEY, kwargs=lambda world: _NUMBER, method="post"),
    "api:file": Row(_KEY, kwargs=lambda world: _FILE),
    "api:files": Row(_KEY, method="post"),
    "api:track": Row(_MISSING, kwargs=lambda world: {"code": "0000-0000-0000-0000"}),
    "api:track_move": Row(_MISSING, kwargs=lambda world: {"code": "0000-0000-0000-0000"}, method="post"),
    "api:places": Row(_KEY),
    "api:divisions": Row(_KEY),
    "api:division_at": Row(_KEY),
    "api:items": Row(_KEY),
    "api:organs": Row(_KEY),
    "api:discovery": Row(everybody(), kwargs=lambda world: _XML),
    # The small place of these tests has no flows, so it takes no reports.
    "api:services": Row(_MISSING, kwargs=lambda world: _XML),
    "api:service": Row(_MISSING, kwargs=lambda world: {"code": "none", **_XML}),
    "api:requests": Row(everybody(), kwargs=lambda world: _XML),
    "api:request": Row(_MISSING, kwargs=lambda world: {**_NUMBER, **_XML}),
    "api:token": Row(_MISSING, kwargs=lambda world: {**_NUMBER, **_XML}),
}

"""Who may open this room's addresses."""

from huying.staff import tokens
from huying.staff.events import Actor
from huying.testing.access import Row, everybody, only

ADMIN = only("admin")
SIGNED_IN = everybody(visitor=302)
POSTED = everybody(302)


def prepare(cast):
    token, _text = tokens.create(cast.clerk, "x", ["cases:read"], actor=Actor())
    return {"token": token.pk, "post": cast.clerk.holdings.get().post_id}


def _clerk(world):
    return {"person_id": world.cast.clerk.pk}


ROWS = {
    "staff:sign_in": Row(everybody()),
    "staff:second": Row(POSTED),
    "staff:second_set_up": Row(everybody(visitor=302)),
    "staff:outside": Row(everybody(404)),  # not offered unless the operator names a provider
    "staff:outside_back": Row(everybody(404)),
    "staff:outside_end": Row(POSTED, method="post"),
    "staff:sign_out": Row(POSTED, method="post"),
    "staff:register": Row(everybody()),
    "staff:me": Row(SIGNED_IN),
    "staff:choose_post": Row(POSTED, method="post"),
    "staff:end_sessions": Row(POSTED, method="post"),
    "staff:settings": Row(POSTED, method="post"),
    "staff:away": Row(everybody(visitor=302, resident=403)),
    "staff:password": Row(SIGNED_IN),
    "staff:people": Row(ADMIN),
    "staff:person_new": Row(ADMIN),
    "staff:person": Row(ADMIN, kwargs=_clerk),
    "staff:person_do": Row(
        only("admin", status=302),
        kwargs=lambda world: {**_clerk(world), "what": "unlock"},
        method="post",
    ),
    "staff:posts": Row(ADMIN),
    "staff:post_new": Row(ADMIN),
    "staff:post": Row(ADMIN, kwargs=lambda world: {"post_id": world.objects["post"]}),
    "staff:emergencies": Row(only("admin", "leader")),
    "staff:keys": Row(ADMIN),
    "staff:key_revoke": Row(
        only("admin", status=302), kwargs=lambda world: {"key_id": world.objects["token"]}, method="post"
    ),
    "staff:divisions": Row(ADMIN),
    "staff:organs": Row(ADMIN),
    "staff:hours": Row(ADMIN),
    "staff:holiday": Row(
        only("admin", status=302),
        method="post",
        data=lambda world: {"date": "2026-05-05", "working": "no", "name": "x"},
    ),
    "staff:import": Row(ADMIN),
}

"""The administrator's first page: where to go, and how the platform is doing."""

from __future__ import annotations

import shutil
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from huying import clock
from huying.cases.lists import ZONE
from huying.cases.views.common import memory_of
from huying.ledger import queries as ledger
from huying.places.calendars import years_without_holidays
from huying.presets.queries import current
from huying.staff import sight as sights
from huying.staff.access import needs
from huying.ui.hooks import url_or_empty

RIGHTS = (
    "manage_people", "manage_places", "manage_items", "manage_presets", "manage_keys", "see_record", "erase",
)  # fmt: skip
LITTLE_SPACE = 2 * 1024**3  # bytes free below which the page warns


@never_cache
@require_GET
@needs(*RIGHTS)
def home(request: HttpRequest) -> HttpResponse:
    """What the person may manage. Eight SQL statements at most beside those of signing in."""
    sight, memory = sights.of(request), memory_of(request)
    shown = [
        {"label": label, "text": text, "icon": icon, "url": url_or_empty(name)}
        for label, text, icon, name, rights in _pages()
        if sight.can(*rights)
    ]
    return render(
        request, "cases/admin/home.html", {"pages": shown, "state": _state(memory), "now": clock.now()}
    )


def _pages() -> list[tuple[str, str, str, str, tuple[str, ...]]]:
    return [
        (_("People"), _("Accounts, passwords, absences"), "users", "staff:people", ("manage_people",)),
        (_("Posts"), _("Who serves where, and who stands in"), "sitemap", "staff:posts", ("manage_people",)),
        (_("Divisions and organs"), _("What the place consists of"), "map-2", "staff:divisions", ("manage_places",)),
        (_("Hours and holidays"), _("What limits are counted by"), "calendar", "staff:hours", ("manage_places",)),
        (_("Handbook of items"), _("Who handles what, within which limit"), "book", "cases:items", ("manage_items",)),
        (
            _("Presets and flows"), _("Editions, their differences, pictures of the flows"), "versions",
            "cases:presets", ("manage_presets", "manage_items"),
        ),
        (_("Ledger"), _("Verify the record, seal it, keep receipts"), "shield-check", "cases:ledger", ("see_record",)),
        (_("Erasures"), _("Erase personal content, with ground and rule"), "eraser", "cases:erasures", ("erase", "see_record")),
        (_("API keys"), _("For other systems"), "key", "staff:keys", ("manage_keys",)),
        (
            pgettext("menu", "Import"), _("People, divisions and organs from tables"), "upload", "staff:import",
            ("manage_people", "manage_places"),
        ),
    ]  # fmt: skip


def _state(memory: Any) -> list[dict[str, Any]]:
    """How the platform is doing, line by line: name, value, whether it is fine, what to do."""
    place_id = memory.place_id
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), pg_database_size(current_database())")
        version, size = cursor.fetchone()
    record = ledger.status(place_id)
    behind = max((reader.behind for reader in record.readers), default=0)
    stuck = [reader.name for reader in record.readers if reader.failures]
    free = shutil.disk_usage(settings.HUYING_DATA).free
    years = years_without_holidays(place_id, clock.now().astimezone(ZONE).date())
    edition = current(memory.code)
    return [
        _line(_("Database"), f"PostgreSQL {str(version).split(' ')[0]} · {_size(int(size))}", True),
        _line(
            _("Background worker"), _("%(n)s events wait, %(lag)s s behind") % {"n": record.waiting, "lag": int(record.lag)},
            record.lag < 60, _("The worker seems to stand still. Start it again and look at its log."),
        ),
        _line(
            _("Readers of the ledger"), _("%(n)s pages behind") % {"n": behind}, not stuck,
            _("Stuck: %(names)s") % {"names": "、".join(stuck)},
        ),
        _line(
            _("Disk"), _("%(free)s free") % {"free": _size(free)}, free > LITTLE_SPACE,
            _("Little space is left. Make room before the database stops."),
        ),
        _line(
            _("Holiday table"), _("complete") if not years else _("nothing for %(years)s") % {"years": "、".join(map(str, years))},
            not years, _("Until its days are entered, limits in that year count plain weekdays."),
        ),
        _line(
            _("Edition in force"),
            _("Edition %(n)s") % {"n": edition.number} if edition is not None else _("none yet"),
            edition is not None and edition.pk == memory.edition_id, _("The newest edition is not the one in force."),
        ),
    ]  # fmt: skip


def _line(name: str, value: str, fine: bool, advice: str = "") -> dict[str, Any]:
    return {"name": name, "value": value, "fine": fine, "advice": "" if fine else advice}


def _size(number: int) -> str:
    size = float(number)
    for unit in ("B", "KB", "MB"):
        if size < 1024:
            return f"{size:.0f} {unit}"
        size /= 1024
    return f"{size:.1f} GB"

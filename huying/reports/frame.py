"""What this room puts into the page frame: the reports, and the kind of notice by which readers are told of them."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from huying.notices import kinds as notices
from huying.places import memory as places
from huying.reports import access, queries, readers
from huying.staff.access import sight_of
from huying.staff.sight import Sight
from huying.ui import nav
from huying.ui.choices import Look


def concerns(sight: Sight) -> bool:
    """Whether the person writes, issues or reads any report of the place. No SQL statement."""
    if not sight.place_id or sight.is_resident or not sight.post_ids:
        return False
    memory = places.of(sight.place_id)
    keys = set(access.keys_of(sight))
    for kind in access.kinds(memory).values():
        for division in access.divisions(memory, kind):
            if keys.intersection(access.reader_keys(memory, kind, division)):
                return True
    return bool(queries.offices(sight))


def _show(request: HttpRequest) -> bool:
    sight = sight_of(request)
    return sight is not None and concerns(sight)


def install() -> None:
    """Register the entry and the notice; called when the app is ready."""
    nav.register(nav.Entry("desk", _("Reports"), "report-analytics", "reports:list", order=46, show=_show))
    notices.register(readers.NOTICE, Look(_("A report for you"), "info", "report-analytics"), readers.about)

"""What the figures are called and how each is defined, in words for whoever reads them."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

NAMES: dict[str, str | Promise] = {
    "reported": _("Calls that came in"),
    "closed": pgettext_lazy("figure", "Closed"),
    "closed_in_time": _("Closed in time"),
    "closed_late": _("Closed late"),
    "voided": _("Void or merged"),
    "untrue": _("Found untrue"),
    "beyond": _("Beyond powers"),
    "refused": _("Declined"),
    "returned": _("Returned by an organ"),
    "reopened": _("Reopened"),
    "extended": _("Given more time"),
    "contacted": _("Caller was contacted"),
    "solved": pgettext_lazy("figure", "Solved"),
    "partly": pgettext_lazy("figure", "Partly solved"),
    "unsolved": pgettext_lazy("figure", "Not solved"),
    "no_outcome": _("No outcome stated (answered directly)"),
    "satisfied": pgettext_lazy("figure", "Satisfied"),
    "fair": pgettext_lazy("figure", "Fairly satisfied"),
    "unsatisfied": pgettext_lazy("figure", "Not satisfied"),
    "rated": pgettext_lazy("figure", "Rated"),
    "unrated": _("Closed, not rated"),
    "dispatched": _("Dispatches"),
    "arrived": _("Reported in"),
    "arrived_in_time": _("Reported in in time"),
    "arrived_late": _("Reported in late"),
    "unanswered": _("Not yet reported in, still in time"),
    "unanswered_late": _("Not reported in, overdue"),
    "open": pgettext_lazy("figure", "Open now"),
    "overdue": _("Overdue now"),
    "paused": _("Clock stopped"),
    "overdue_in_period": _("Open and overdue"),
}
RATES: dict[str, str | Promise] = {
    "answered": _("Response rate"),
    "solved": _("Solution rate"),
    "satisfied": _("Satisfaction rate"),
    "on_time": _("On-time rate"),
}
RATE_ICONS = {"answered": "bolt", "solved": "circle-check", "satisfied": "mood-smile", "on_time": "clock"}
DEFINITIONS: dict[str, str | Promise] = {
    "answered": _(
        "Reported in within the limit ÷ (reported in + not reported in and overdue). Counted by dispatch: a case "
        "given to several organs counts once for each. A return with reasons counts as reporting in; dispatches that "
        "were taken back do not count."
    ),
    "solved": _(
        "Solved ÷ closed with an outcome. Left out: found untrue, beyond powers, declined, void or merged, and calls "
        "that were answered directly without an outcome."
    ),
    "satisfied": _("(Satisfied + fairly satisfied) ÷ rated. Calls that nobody rated are left out."),
    "on_time": _(
        "Closed in time ÷ (closed + open and overdue). In time: no step was left after its limit had passed; "
        "stopped clocks and granted extensions are taken into account."
    ),
}

"""The kinds of events that this room writes: codes, ids and hashes; what people wrote is in the report itself."""

from django.utils.translation import gettext_lazy as _

from huying.ledger import kinds

MADE = "report.made"
EDITED = "report.edited"
DROPPED = "report.dropped"
ISSUED = "report.issued"
READ = "report.read"
REDACTED = "report.redacted"
_WHICH = ("report", "kind", "division", "start", "end")


def register() -> None:
    """Make the kinds known; called when the app is ready."""
    kinds.register(MADE, _("A draft of a report was made"), (*_WHICH, "scheduled", "corrects", "anew"))
    kinds.register(EDITED, _("A draft of a report was edited"), (*_WHICH, "version", "sections"))
    kinds.register(DROPPED, _("A draft of a report was set aside"), (*_WHICH, "version"))
    kinds.register(
        ISSUED,
        _("A report was issued"),
        (*_WHICH, "year", "seq", "content", "pdf", "docx", "readers", "organs", "left_out", "corrects"),
    )
    kinds.register(
        REDACTED,
        _("Words of an erased case were taken out of an issued report"),
        ("report", "cause", "content", "pdf", "docx", "before"),
    )
    kinds.register(READ, _("A report was opened by a reader"), ("report",))

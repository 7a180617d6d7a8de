"""The ledger's own kinds of event."""

from django.utils.translation import gettext_lazy as _

from huying.ledger import kinds

ERASED = "ledger.erased"
SEALED = "ledger.sealed"

kinds.register(
    ERASED,
    _("Personal content erased (%(payloads)s entries; ground %(ground)s)"),
    ("ground", "rule", "approver", "payloads", "replay_of"),
)
kinds.register(SEALED, _("Ledger sealed up to page %(page)s"), ("page", "chain"))

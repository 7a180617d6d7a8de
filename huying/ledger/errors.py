"""What can go wrong in the ledger, each with a name of its own."""


class LedgerError(Exception):
    """The ledger refuses: the caller's mistake, told in the message."""


class KeyFileError(LedgerError):
    """A key file is missing, unreadable or does not hold the key that something was sealed with."""


class SealBroken(LedgerError):
    """A sealed payload does not open: it, its key or its place was altered."""


class CommitmentBroken(SealBroken):
    """A payload opens, but is not the one that the event committed to."""

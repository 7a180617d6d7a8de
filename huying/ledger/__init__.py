"""The record: append-only events, the pages that seal them, and what stays private beside them.

Start at ``actions.append`` (writing), ``queries`` (reading), ``readers`` (following), ``verify`` (checking).
The why of it all is in ``docs/decisions/ledger.md``.
"""

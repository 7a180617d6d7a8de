"""What higher rooms may want to hear about places without places knowing them."""

from django.dispatch import Signal

# Sent within the transaction, with place_id: int and replaced: dict[int, int] (ended division id → new one).
divisions_replaced = Signal()

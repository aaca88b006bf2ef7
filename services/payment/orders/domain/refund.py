"""A refund: promised here, done by the channel, in its own time."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.payment.orders.domain import states

TO_PAYER = "order"
FROM_SUSPENSE = "suspense"


@dataclass(frozen=True, slots=True)
class Refund:
    """kind: `order` gives back what paid an order, `suspense` money that came too late or twice.

    trade_no: the channel's number of the payment that is given back.
    attempts: how often the channel was asked; next_attempt_at: when to ask again.
    """

    refund_id: str
    tenant: str
    order_id: str
    kind: str
    state: str
    amount_minor: int
    currency: str
    reason: str
    channel: str
    trade_no: str
    created_at: datetime
    next_attempt_at: datetime
    attempts: int = 0
    completed_at: datetime | None = None
    failure: str | None = None

    @property
    def is_open(self) -> bool:
        return self.state in states.REFUND_OPEN

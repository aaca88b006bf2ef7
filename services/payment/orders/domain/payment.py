"""Money that a channel has taken, and what becomes of it."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

SETTLED, SUSPENDED = "settled", "suspense"


@dataclass(frozen=True, slots=True)
class ChannelPayment:
    """One trade at a channel. disposition: `settled` paid its order; `suspense` came too late or twice."""

    channel: str
    trade_no: str
    tenant: str
    order_id: str
    amount_minor: int
    currency: str
    disposition: str
    received_at: datetime

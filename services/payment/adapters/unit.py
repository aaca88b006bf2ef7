"""One transaction's view of payment: the ports of domain/ports.py over a session."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.payment.adapters.pay_codes import BlockPayCodes, SerialBlocks
from services.payment.adapters.repository import (
    SqlBooks,
    SqlChannelEvents,
    SqlChannelPayments,
    SqlDeliveries,
    SqlFeeItems,
    SqlLedger,
    SqlOrders,
    SqlReceipts,
    SqlRefunds,
    SqlWebhooks,
)
from services.payment.adapters.repository.order_rows import FieldCipher
from services.payment.domain.ports import Channels, Events
from services.payment.domain.webhook_targets import TargetPolicy
from shared_components.kernel.clock import Clock

_ADMIT = text(
    "SELECT set_config('zhongtai.tenants', CASE current_setting('zhongtai.tenants', true) WHEN '*' THEN '*' "
    "ELSE concat_ws(',', nullif(current_setting('zhongtai.tenants', true), ''), cast(:more AS text)) END, true)"
)


class SqlPaymentUnit:
    """Cheap to make: every port is a thin view of the one session."""

    def __init__(
        self, session: Session, *, clock: Clock, events: Events, cipher: FieldCipher, channels: Channels,
        blocks: SerialBlocks, webhook_targets: TargetPolicy | None = None, receipt_key: bytes = b"",
    ) -> None:
        self.clock = clock
        self.events = events
        self.channels = channels
        self.fee_items = SqlFeeItems(session)
        self.orders = SqlOrders(session, cipher)
        self.refunds = SqlRefunds(session)
        self.channel_payments = SqlChannelPayments(session)
        self.channel_events = SqlChannelEvents(session)
        self.ledger = SqlLedger(session)
        self.books = SqlBooks(session)
        self.pay_codes = BlockPayCodes(session, blocks)
        self.webhooks = SqlWebhooks(session, cipher)
        self.deliveries = SqlDeliveries(session, cipher)
        self.webhook_targets = webhook_targets or TargetPolicy()
        self.receipts = SqlReceipts(session, cipher)
        self.receipt_key = receipt_key
        self._session = session

    def admit(self, tenants: Iterable[str]) -> None:
        more = sorted({tenant for tenant in tenants if tenant and "," not in tenant and tenant != "*"})
        if more and self._session.get_bind().dialect.name == "postgresql":
            parameters: dict[str, Any] = {"more": ",".join(more)}
            self._session.execute(_ADMIT, parameters)

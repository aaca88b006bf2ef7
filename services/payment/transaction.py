"""One transaction of payment: the ports of every topic over a session, and what outlives the transaction."""
from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from services.payment.channels.adapters.registry import ChannelRegistry
from services.payment.channels.domain.ports import Channels
from services.payment.common.adapters.field_cipher import FieldCipher
from services.payment.fees.adapters.sql import SqlFeeItems
from services.payment.ledger.adapters.sql.books import SqlBooks
from services.payment.ledger.adapters.sql.ledger import SqlLedger
from services.payment.orders.adapters.pay_codes import BlockPayCodes, SerialBlocks
from services.payment.orders.adapters.sql.channel_records import SqlChannelEvents, SqlChannelPayments
from services.payment.orders.adapters.sql.orders import SqlOrders
from services.payment.orders.adapters.sql.refunds import SqlRefunds
from services.payment.orders.models import RefundRow
from services.payment.receipts.adapters.sql import SqlReceipts
from services.payment.reconciliation.adapters.sql.differences import SqlDifferences
from services.payment.reconciliation.adapters.sql.statements import SqlStatements
from services.payment.webhooks.adapters.sql import SqlOrderDeliveries, SqlOrderWebhooks
from services.payment.webhooks.domain.errors import WebhookUrlRefused
from shared_components.db import ALL_TENANTS, tenants_of
from shared_components.db.scope import Scope
from shared_components.kernel.clock import Clock
from shared_components.kernel.events import Events
from shared_components.kernel.return_addresses import ReturnAddresses
from shared_components.webhooks.targets import TargetPolicy

RETURN_ADDRESSES = ReturnAddresses()
_ADMIT = text(
    "SELECT set_config('zhongtai.tenants', CASE current_setting('zhongtai.tenants', true) WHEN '*' THEN '*' "
    "ELSE concat_ws(',', nullif(current_setting('zhongtai.tenants', true), ''), cast(:more AS text)) END, true)"
)
_SEEN = text("SELECT coalesce(current_setting('zhongtai.tenants', true), '')")
_SEE = text("SELECT set_config('zhongtai.tenants', :tenants, true)")


class SqlPaymentTransaction:
    """Cheap to make: every port is a thin view of the one session."""

    def __init__(
        self, session: Session, *, clock: Clock, events: Events, cipher: FieldCipher, channels: Channels,
        blocks: SerialBlocks, webhook_targets: TargetPolicy, receipt_key: bytes,
        return_addresses: ReturnAddresses = RETURN_ADDRESSES,
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
        self.statements = SqlStatements(session)
        self.differences = SqlDifferences(session)
        self.books = SqlBooks(session)
        self.pay_codes = BlockPayCodes(session, blocks)
        self.webhooks = SqlOrderWebhooks(session, cipher)
        self.deliveries = SqlOrderDeliveries(session, cipher)
        self.webhook_targets = webhook_targets
        self.receipts = SqlReceipts(session, cipher)
        self.receipt_key = receipt_key
        self.return_addresses = return_addresses
        self._session = session
        self._admitted = set(tenants_of(session))

    def tenants_of_refunds(self, refund_ids: Collection[str]) -> Mapping[str, str]:
        if not refund_ids:
            return {}
        is_postgresql = self._session.get_bind().dialect.name == "postgresql"
        seen = self._session.execute(_SEEN).scalar_one() if is_postgresql else ""
        query = select(RefundRow.refund_id, RefundRow.tenant_id).where(RefundRow.refund_id.in_(sorted(refund_ids)))
        try:
            if is_postgresql:
                self._session.execute(_SEE, {"tenants": "*"})
            return {row.refund_id: row.tenant_id for row in self._session.execute(query)}
        finally:
            if is_postgresql:
                self._session.execute(_SEE, {"tenants": seen})

    def admit(self, tenants: Iterable[str]) -> None:
        asked = {tenant for tenant in tenants if tenant and "," not in tenant and tenant != "*"}
        more = sorted(asked - self._admitted) if ALL_TENANTS[0] not in self._admitted else []
        if more and self._session.get_bind().dialect.name == "postgresql":
            parameters: dict[str, Any] = {"more": ",".join(more)}
            self._session.execute(_ADMIT, parameters)
            self._admitted.update(more)


# Matter has compared the address with what it is told of the app that the citizen uses.
TRUSTED_CALLERS = frozenset({"matter"})


class PaymentResources:
    """Resources that outlive a transaction: connections to channels, and the serials this process may hand out."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        hooks = settings.get("webhooks") or {}
        self.channels = ChannelRegistry(settings)
        self.blocks = SerialBlocks()
        self.return_addresses = ReturnAddresses(settings.get("return_addresses") or {}, TRUSTED_CALLERS)
        self.webhook_targets = TargetPolicy(
            hooks.get("hosts", ()), loopback=hooks.get("allow_loopback", False), refused=WebhookUrlRefused,
            setting="services.payment.webhooks.hosts")

    def transaction(self, scope: Scope) -> SqlPaymentTransaction:
        return SqlPaymentTransaction(
            scope.session,
            clock=scope.clock,
            events=scope.events,
            cipher=scope.secrets.fields,
            channels=self.channels,
            blocks=self.blocks,
            webhook_targets=self.webhook_targets,
            return_addresses=self.return_addresses,
            receipt_key=scope.secrets.derive("receipt-check-code"),
        )

    def close(self) -> None:
        self.channels.close()

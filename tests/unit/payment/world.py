"""What the tests of payment stand on: units over SQL or memory, a fake channel, calls as the bus makes them."""
from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from services.payment.channels.domain.channel import (
    Notification,
    PaymentStatus,
    Prepaid,
    PrepayRequest,
    RefundRequest,
    RefundStatus,
)
from services.payment.channels.domain.errors import ChannelUnavailable, ChannelUnknown
from services.payment.channels.domain.ports import Channel, Channels
from services.payment.fees.schemas import PutFeeItem
from services.payment.orders.adapters.pay_codes import SerialBlocks
from services.payment.orders.schemas.orders import CreateOrder
from services.payment.transaction import SqlPaymentTransaction
from shared_components.db import Database
from shared_components.kernel.calls import Call, CallContext
from shared_components.kernel.clock import Clock, FixedClock
from shared_components.security import Secrets
from shared_components.security.authority import Reach
from tests.unit.payment.memory import ALL, RECEIPT_KEY, TARGETS, EventList

START = datetime(2025, 6, 2, 1, 0, tzinfo=UTC)
TENANT = "zj-gongan"
OTHER_TENANT = "zj-minzheng"
UNIT_CODE = "1133010600000030X3"
FEE_ITEM: dict[str, Any] = {
    "item_code": "103042801", "name": "驾驶证工本费", "collecting_unit": UNIT_CODE, "unit": "证",
    "price_minor": 1000, "division": "330106",
}


class SqlTransactions:
    """The units of the bus without the bus: the same database layer, events kept in a list."""

    def __init__(
        self, database: Database, clock: Clock, recorded: list[dict[str, Any]], channels: Channels, keys: Path
    ) -> None:
        self.database = database
        self.clock = clock
        self.recorded = recorded
        self.channels = channels
        self.blocks = SerialBlocks()
        self.keys = keys
        self._secrets = Secrets.for_development(keys)

    @contextmanager
    def begin(self, tenant: str | Reach = ALL) -> Iterator[SqlPaymentTransaction]:
        events = EventList()
        with self.database.transaction([tenant] if isinstance(tenant, str) else tenant) as session:
            yield SqlPaymentTransaction(
                session, clock=self.clock, events=events, cipher=self._secrets.fields, channels=self.channels,
                blocks=self.blocks, webhook_targets=TARGETS, receipt_key=RECEIPT_KEY,
            )
        self.recorded.extend(events.rows)

    def begin_for(self, tenants: Collection[str]) -> AbstractContextManager[SqlPaymentTransaction]:
        return self.begin(next(iter(tenants)) if len(tenants) == 1 else ALL)


class FakeChannel:
    """A channel whose answers a test sets. done_refunds: what it did, whether or not it said so."""

    name = "sandbox"

    def __init__(self) -> None:
        self.down = False
        self.loses_replies = False
        self.payments: dict[str, PaymentStatus] = {}
        self.done_refunds: dict[str, RefundStatus] = {}
        self.refund_answer = RefundStatus("succeeded")
        self.asked: list[tuple[str, str]] = []

    def prepay(self, request: PrepayRequest) -> Prepaid:
        self._hear("prepay", request.order_id)
        return Prepaid(f"http://sandbox.test/pay/{request.order_id}")

    def payment(self, order_id: str) -> PaymentStatus:
        self._hear("payment", order_id)
        return self.payments.get(order_id, PaymentStatus("unpaid"))

    def refund(self, request: RefundRequest) -> RefundStatus:
        self._hear("refund", request.refund_id)
        answer = self.done_refunds.setdefault(request.refund_id, self.refund_answer)
        if self.loses_replies:
            raise ChannelUnavailable("channel 'sandbox' gave no answer")
        return answer

    def refund_status(self, request: RefundRequest) -> RefundStatus:
        self._hear("refund_status", request.refund_id)
        return self.done_refunds.get(request.refund_id, RefundStatus("absent"))

    def close(self, order_id: str) -> None:
        self._hear("close", order_id)
        self.payments[order_id] = PaymentStatus("failed")

    def read(self, headers: Mapping[str, str], body: str, *, now: datetime) -> Notification:
        raise NotImplementedError("the fake channel's notifications are given as they are")

    def _hear(self, what: str, subject: str) -> None:
        self.asked.append((what, subject))
        if self.down:
            raise ChannelUnavailable("channel 'sandbox' gave no answer")


class FakeChannels:
    def __init__(self) -> None:
        self.sandbox = FakeChannel()
        self.left_alone: set[str] = set()

    def configured(self) -> list[str]:
        return ["sandbox"]

    def circuit_open(self) -> set[str]:
        return self.left_alone

    def named(self, name: str) -> Channel:
        if name != "sandbox":
            raise ChannelUnknown(f"channel {name!r} does not exist; sandbox is available")
        return self.sandbox


def call(command: Any, *, tenant: str = TENANT, caller: str = "app-test", op_id: str = "op-1") -> Call[Any]:
    """Unpack it for a use case: `close_order(tx, *call(CloseOrder(order_id)))`."""
    return Call(command, CallContext(caller=caller, tenant=tenant, op_id=op_id))


def fee_item_call(tenant: str = TENANT, **changes: Any) -> Call:
    return call(PutFeeItem().load({**FEE_ITEM, **changes}), tenant=tenant)


def order_call(tenant: str = TENANT, **changes: Any) -> Call:
    request = {"payer_name": "测试人甲", "lines": [{"item_code": FEE_ITEM["item_code"], "quantity": 1}], **changes}
    return call(CreateOrder().load(request), tenant=tenant)


def fixed_clock() -> FixedClock:
    return FixedClock(START)

"""Apply a group of notifications to orders, ledger and refunds: decided one by one, written together."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from services.payment.channels.domain.channel import Notification
from services.payment.ledger.domain.ledger import Entry
from services.payment.ledger.domain.ports import HasLedger
from services.payment.orders.domain import postings, states
from services.payment.orders.domain.order import Order
from services.payment.orders.domain.payment import SETTLED, SUSPENDED, ChannelPayment
from services.payment.orders.domain.ports import HasChannelPayments, HasOrders, HasRefunds
from services.payment.orders.domain.refund import FROM_SUSPENSE, Refund
from services.payment.orders.usecases import events
from services.payment.orders.usecases.conclude_refund import conclude
from shared_components.kernel.ids import new_id
from shared_components.kernel.transactions import HasClock, HasEvents

LATE_REASON = "款项到账时订单已不可支付，原路退回"


class SettlePaymentsTx(HasChannelPayments, HasClock, HasEvents, HasLedger, HasOrders, HasRefunds, Protocol):
    """Ports that `PaymentSettlement` uses."""


class PaymentSettlement:
    """orders: locked, as they stand after each `take`; nothing is stored before `write` but concluded refunds.

    Ledger entries are posted once, at the end: the balances of a group are then locked in one order, and groups that
    meet cannot wait for each other in a circle.
    """

    def __init__(
        self, tx: SettlePaymentsTx, orders: Mapping[str, Order], notifications: Sequence[Notification]
    ) -> None:
        self.orders = dict(orders)
        self._tx = tx
        self._at = tx.clock.now()
        self._known = tx.channel_payments.known(
            {(each.channel, each.trade_no) for each in notifications if each.kind == "payment-succeeded"}
        )
        self._paid: list[str] = []
        self._doubtful: list[str] = []
        self._payments: list[ChannelPayment] = []
        self._entries: list[Entry] = []
        self._refunds: list[Refund] = []
        self._changed_refunds: list[str] = []

    def take(self, notification: Notification) -> bool:
        """Whether it changed anything: what is known already, or comes too late to matter, does not."""
        order = self.orders[notification.order_id]
        if notification.refund_id is not None:
            return self._take_refund(notification, order)
        if notification.kind == "payment-failed":
            return self._take_failure(order)
        trade = (notification.channel, notification.trade_no)
        if trade in self._known:
            return False
        self._known.add(trade)
        if order.state in states.PAYABLE:
            self._settle(notification, order)
        else:
            self._suspend(notification, order)
        return True

    def write(self) -> None:
        tx = self._tx
        tx.orders.ask_now(self._doubtful, self._at)
        tx.orders.mark_paid(self._paid, self._at)
        tx.refunds.ask_at(self._changed_refunds, self._at)
        tx.ledger.post(self._entries)
        # Last: what is only added may leave with the commit.
        tx.channel_payments.add(self._payments)
        tx.refunds.add(self._refunds)

    def _settle(self, notification: Notification, order: Order) -> None:
        paid = replace(
            order, state=states.PAID, paid_minor=order.amount_minor, paid_at=self._at, sequence=order.sequence + 1
        )
        events.emit_order_moved(self._tx, order, paid, self._at)
        self.orders[order.order_id] = paid
        self._paid.append(order.order_id)
        self._payments.append(self._payment(notification, order, SETTLED))
        self._entries.append(postings.order_paid(order, notification.channel, self._at))

    def _suspend(self, notification: Notification, order: Order) -> None:
        """The order cannot take it: it is over, or another trade has paid it. The payer gets it back."""
        amount_minor, at = notification.amount_minor, self._at
        refund = Refund(
            refund_id=new_id("ref"), tenant=order.tenant, order_id=order.order_id, kind=FROM_SUSPENSE,
            state=states.REFUND.initial, amount_minor=amount_minor, currency=notification.currency,
            reason=LATE_REASON, channel=notification.channel, trade_no=notification.trade_no,
            created_at=at, next_attempt_at=at,
        )
        self._payments.append(self._payment(notification, order, SUSPENDED))
        self._entries.append(postings.late_money(order, notification.channel, notification.trade_no, amount_minor, at))
        self._entries.append(postings.refund_promised(order, refund, at))
        self._refunds.append(refund)
        events.emit_refund_requested(self._tx, refund, order)

    def _take_failure(self, order: Order) -> bool:
        """A reason to ask the channel, no more: this word may be older than money that is on its way."""
        if order.state == states.PENDING:
            self._doubtful.append(order.order_id)
        return False

    def _take_refund(self, notification: Notification, order: Order) -> bool:
        if notification.kind == "refund-changed":
            self._changed_refunds.append(str(notification.refund_id))
            return False
        state = states.SUCCEEDED if notification.kind == "refund-succeeded" else states.REFUSED
        concluded = conclude(
            self._tx, order, str(notification.refund_id), state, failure=notification.failure, at=self._at
        )
        if concluded is None:
            return False
        self.orders[order.order_id], entry = concluded
        self._entries.append(entry)
        return True

    def _payment(self, notification: Notification, order: Order, disposition: str) -> ChannelPayment:
        return ChannelPayment(
            channel=notification.channel, trade_no=notification.trade_no, tenant=order.tenant,
            order_id=order.order_id, amount_minor=notification.amount_minor, currency=notification.currency,
            disposition=disposition, received_at=self._at,
        )

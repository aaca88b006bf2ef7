"""Scheduled work: query unanswered payments, expire orders, push refunds. Small batches, oldest first."""
from __future__ import annotations

import logging

from services.payment.channels.domain.ports import Channels
from services.payment.orders.domain import states
from services.payment.orders.domain.backoff import next_retry
from services.payment.orders.domain.order import Order
from services.payment.orders.domain.refund import Refund
from services.payment.orders.usecases.close_order import EndOrderTx, end_order
from services.payment.orders.usecases.find_order import locked_order
from services.payment.orders.usecases.given_up import log_given_up
from services.payment.orders.usecases.notifications import ApplyNotificationsTx
from services.payment.orders.usecases.push_refund import push_refund
from services.payment.orders.usecases.query_channel import query_channel
from services.payment.orders.usecases.refund_order import RefundTx
from shared_components.kernel.transactions import Transactions
from shared_components.observability.failures import log_failure

log = logging.getLogger(__name__)

BATCH = 100
# After a channel's failure much is due at once; a batch a run would make it wait for the clock.
MOST_BATCHES = 10


def query_unanswered(transactions: Transactions[ApplyNotificationsTx], channels: Channels) -> None:
    """A callback that never came: the channel is asked, at growing intervals."""
    for _ in range(MOST_BATCHES):
        with transactions.begin() as tx:
            orders = tx.orders.unanswered(tx.clock.now(), BATCH, circuit_open=channels.circuit_open())
        for order in orders:
            try:
                query_channel(transactions, channels, order)
            except Exception as error:
                _put_off(transactions, order, error)
        if len(orders) < BATCH:
            return


def expire_orders(transactions: Transactions[ApplyNotificationsTx], channels: Channels) -> None:
    """An order that a channel was told of expires only once the channel has said that it is not paid."""
    with transactions.begin() as tx:
        orders = tx.orders.expired(tx.clock.now(), BATCH, circuit_open=channels.circuit_open())
    for order in orders:
        try:
            if order.channel is None or query_channel(transactions, channels, order):
                _expire(transactions, order)
        except Exception as error:
            _put_off(transactions, order, error)


def push_refunds(transactions: Transactions[RefundTx], channels: Channels) -> None:
    """Whatever became of the event that asked for them, open refunds get on."""
    for _ in range(MOST_BATCHES):
        with transactions.begin() as tx:
            refunds = tx.refunds.due(tx.clock.now(), BATCH, circuit_open=channels.circuit_open())
        for refund in refunds:
            try:
                push_refund(transactions, channels, refund.tenant, refund.refund_id)
            except Exception as error:
                _put_off_refund(transactions, refund, error)
        if len(refunds) < BATCH:
            return


def _put_off(transactions: Transactions[EndOrderTx], order: Order, error: Exception) -> None:
    """Put off an order that fails (its channel has no settings any more, say), so that it holds up no other."""
    log_failure(log, "payment.order.put_off", error, order_id=order.order_id, channel=order.channel)
    with transactions.begin(order.tenant) as tx:
        again = next_retry(order.query_attempts + 1, now=tx.clock.now())
        tx.orders.ask_again_at(order.order_id, again)
    log_given_up(log, again, "payment.order.given_up", order_id=order.order_id, channel=order.channel)


def _put_off_refund(transactions: Transactions[RefundTx], refund: Refund, error: Exception) -> None:
    log_failure(log, "payment.refund.put_off", error, refund_id=refund.refund_id, channel=refund.channel)
    with transactions.begin(refund.tenant) as tx:
        again = next_retry(refund.attempts, now=tx.clock.now())
        tx.refunds.ask_at([refund.refund_id], again)
    log_given_up(log, again, "payment.refund.given_up", refund_id=refund.refund_id, channel=refund.channel)


def _expire(transactions: Transactions[EndOrderTx], order: Order) -> None:
    with transactions.begin(order.tenant) as tx:
        current = locked_order(tx, order.tenant, order.order_id)
        if current.state in states.PAYABLE:
            end_order(tx, current, states.EXPIRED)

"""Open payments at channels: these are called between two short transactions, never inside one."""
from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, TypedDict

from services.payment.channels.domain.channel import Prepaid, PrepayRequest
from services.payment.channels.domain.ports import Channels
from services.payment.orders.domain import states
from services.payment.orders.domain.backoff import next_attempt
from services.payment.orders.domain.errors import OrderNotPayable
from services.payment.orders.domain.order import Order
from services.payment.orders.domain.ports import HasOrders, HasReturnAddresses
from services.payment.orders.usecases import events
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import AppError
from shared_components.kernel.outcomes import attempt
from shared_components.kernel.transactions import HasClock, HasEvents
from shared_components.security.authority.search import searched_tenant

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call


class StartedPaymentView(TypedDict):
    order_id: str
    channel: str | None
    pay_url: str | None
    state: str


@dataclass(frozen=True, slots=True)
class StartPayment:
    order_id: str
    channel: str = "sandbox"
    return_url: str | None = None
    payer_ip: str | None = None


class StartPaymentTx(HasClock, HasEvents, HasOrders, HasReturnAddresses, Protocol):
    """Ports that `start_payments` uses."""


class BeginsForGroup(Protocol):
    def begin_for(self, tenants: Collection[str]) -> AbstractContextManager[StartPaymentTx]:
        """Over the rows of these tenants."""
        ...


AskAll = Callable[
    [Callable[[int], Prepaid | AppError], Sequence[int]], Iterable[Sequence[tuple[int, Prepaid | AppError]]]]
"""Asks for several calls, at once where that is possible, and gives those that are done together."""


def one_by_one(
    ask: Callable[[int], Prepaid | AppError], indices: Sequence[int],
) -> Iterator[Sequence[tuple[int, Prepaid | AppError]]]:
    for index in indices:
        yield [(index, ask(index))]


def start_payments(
    transactions: BeginsForGroup, channels: Channels, calls: Sequence[Call[StartPayment]], ask_all: AskAll = one_by_one,
) -> list[StartedPaymentView | AppError]:
    """Give for each call its payment page, or its error.

    Started again on the same channel, it gives the same page; the order id is the merchant's number there.
    """
    wanted = [attempt(channels.named, call.data.channel) for call in calls]
    with transactions.begin_for({searched_tenant(call.context) for call in calls}) as tx:
        readable = tx.orders.read([(call.context, call.data.order_id) for call in calls])
        found = [
            channel if isinstance(channel, AppError) else one if isinstance(one, AppError)
            else attempt(_startable, tx, call, one, channel.name)
            for call, channel, one in zip(calls, wanted, readable, strict=True)]

    def ask(index: int) -> Prepaid | AppError:
        channel, order = wanted[index], found[index]
        assert not isinstance(channel, AppError) and not isinstance(order, AppError)
        return attempt(channel.prepay, _request(order, calls[index].data))

    new = [index for index, one in enumerate(found) if not isinstance(one, AppError) and one.pay_url is None]
    for done in ask_all(ask, new):
        _keep(transactions, calls, found, done)
    return [one if isinstance(one, AppError) else _view(one) for one in found]


def _startable(tx: StartPaymentTx, call: Call[StartPayment], order: Order, channel: str) -> Order:
    order.check_payable(tx.clock.now())
    _check_channel(order, channel)
    tx.return_addresses.check(call.context.caller, call.data.return_url)
    return order


def _keep(
    transactions: BeginsForGroup, calls: Sequence[Call[StartPayment]], found: list[Order | AppError],
    done: Sequence[tuple[int, Prepaid | AppError]],
) -> None:
    """Mark orders as pending, unless a twin of their call has started, closed or paid them since."""
    for index, answer in done:
        if isinstance(answer, AppError):
            found[index] = answer
    prepaid = {index: answer for index, answer in done if not isinstance(answer, AppError)}
    if not prepaid:
        return
    with transactions.begin_for({searched_tenant(calls[index].context) for index in prepaid}) as tx:
        locked = tx.orders.lock_each([(calls[index].context, calls[index].data.order_id) for index in prepaid])
        started: dict[str, Order] = {}
        for (index, answer), order in zip(prepaid.items(), locked, strict=True):
            channel = calls[index].data.channel
            found[index] = order if isinstance(order, AppError) else attempt(
                _pending, tx, started, started.get(order.order_id, order), channel, answer)
        tx.orders.mark_pending(list(started.values()), query_at=next_attempt(0, now=tx.clock.now()))


def _pending(tx: StartPaymentTx, started: dict[str, Order], order: Order, channel: str, prepaid: Prepaid) -> Order:
    if order.state == states.PENDING:
        _check_channel(order, channel)
        return order
    now = tx.clock.now()
    order.check_payable(now)
    pending = replace(
        order, state=states.PENDING, channel=channel, pay_url=prepaid.pay_url, sequence=order.sequence + 1
    )
    events.emit_order_moved(tx, order, pending, now)
    started[order.order_id] = pending
    return pending


def _check_channel(order: Order, channel: str) -> None:
    if order.channel is not None and order.channel != channel:
        raise OrderNotPayable(
            Bilingual(
                f"order {order.order_id} is being paid through {order.channel!r}; {channel!r} cannot be added",
                f"订单 {order.order_id} 正通过“{order.channel}”支付；不能再用“{channel}”"),
            details={"state": order.state, "channel": order.channel},
        )


def _request(order: Order, command: StartPayment) -> PrepayRequest:
    return PrepayRequest(
        order_id=order.order_id,
        amount_minor=order.amount_minor,
        currency=order.currency,
        description="、".join(line.name for line in order.lines),
        expires_at=order.expires_at,
        return_url=command.return_url or order.return_url,
        attachment=order.tenant,
        payer_ip=command.payer_ip,
    )


def _view(order: Order) -> StartedPaymentView:
    return {"order_id": order.order_id, "channel": order.channel, "pay_url": order.pay_url, "state": order.state}

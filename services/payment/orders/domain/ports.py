"""Ports of orders, refunds and what channels say of them."""
from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from services.payment.channels.domain.channel import Notification
from services.payment.orders.domain.order import Order
from services.payment.orders.domain.payment import ChannelPayment
from services.payment.orders.domain.refund import Refund
from shared_components.kernel.return_addresses import ReturnAddresses

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext
    from shared_components.kernel.errors import AppError


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """The orders that a call lists; None is all. before: an order id."""

    limit: int
    before: str | None = None
    state: str | None = None
    reference: str | None = None
    payer_subject: str | None = None


class Orders(Protocol):
    def add(self, orders: Sequence[Order]) -> None: ...

    def get(self, tenant: str, order_id: str) -> Order | None: ...

    def read(self, asked: Sequence[tuple[CallContext, str]]) -> list[Order | AppError]:
        """Give each call its order by id, with lines and without the payer's name, or OrderUnknown."""
        ...

    def pages(self, asked: Sequence[tuple[CallContext, OrderFilter]]) -> list[list[Order]]:
        """Give each call its orders, newest first, with lines and without payers' names."""
        ...

    def lock_for(self, context: CallContext, order_id: str) -> Order:
        """Lock an order that the call may use, without its lines. Raises OrderUnknown."""
        ...

    def lock_each(self, asked: Sequence[tuple[CallContext, str]]) -> list[Order | AppError]:
        """Lock for each call its order, without its lines, or give OrderUnknown."""
        ...

    def several(self, tenant: str, order_ids: Collection[str]) -> list[Order]:
        """Those that there are, with their lines and payers' names, by id."""
        ...

    def lock(self, order_ids: Collection[str]) -> dict[str, Order]:
        """Without their lines, and nobody else changes them before this transaction ends."""
        ...

    def mark_pending(self, orders: Sequence[Order], *, query_at: datetime) -> None:
        """Write locked orders that have become pending, each with its channel and page."""
        ...

    def mark_paid(self, order_ids: Collection[str], at: datetime) -> None:
        """Mark orders paid that this transaction has locked."""
        ...

    def end(self, order_ids: Collection[str], state: str, at: datetime) -> None:
        """Make locked orders closed, expired or failed."""
        ...

    def reserve_refund(self, order: Order, amount_minor: int) -> bool:
        """Promise a part of what is available; False when less than believed is available now."""
        ...

    def settle_refund(self, order: Order, amount_minor: int, state: str) -> bool: ...

    def release_refund(self, order: Order, amount_minor: int) -> bool: ...

    def expired(self, at: datetime, limit: int, *, circuit_open: Collection[str] = ()) -> list[Order]:
        """Expired orders of every tenant in sight; a pending one only when its channel may be asked again.

        circuit_open: channels whose orders are left out, here and below.
        """
        ...

    def unanswered(self, at: datetime, limit: int, *, circuit_open: Collection[str] = ()) -> list[Order]:
        """Orders, of every tenant that the transaction sees, whose channel should be asked by now.

        Also ended ones: the payer may have paid while the order was closed here, and the callback may be lost.
        """
        ...

    def ask_now(self, order_ids: Collection[str], at: datetime) -> None:
        """Have the channel asked at the next scheduled run about orders that this transaction has locked."""
        ...

    def ask_again_at(self, order_id: str, at: datetime | None) -> None:
        """None: the channel has nothing more to say."""
        ...


class Refunds(Protocol):
    def add(self, refunds: Sequence[Refund]) -> None: ...

    def read(self, asked: Sequence[tuple[CallContext, str]]) -> list[Refund | AppError]:
        """Give each call its refund by id, or RefundUnknown."""
        ...

    def get(self, tenant: str, refund_id: str) -> Refund | None: ...

    def lock(self, refund_id: str) -> Refund | None: ...

    def submit(self, refund: Refund, next_attempt_at: datetime) -> bool:
        """Note that the channel is being asked once more; False when the refund is already concluded."""
        ...

    def conclude(self, refund: Refund, state: str, *, at: datetime, failure: str | None) -> bool: ...

    def due(self, at: datetime, limit: int, *, circuit_open: Collection[str] = ()) -> list[Refund]:
        """Open ones, of every tenant that the transaction sees, that the channel should be asked for by now."""
        ...

    def ask_at(self, refund_ids: Collection[str], at: datetime) -> None:
        """When to have the channel asked about them next; those that are concluded stay so."""
        ...


class ChannelPayments(Protocol):
    """The money that channels say they have taken, each trade once."""

    def known(self, trades: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
        """trades: (channel, trade number) pairs."""
        ...

    def add(self, payments: Sequence[ChannelPayment]) -> None: ...

    def that_paid(self, order_id: str) -> ChannelPayment | None: ...


class ChannelEvents(Protocol):
    def add_new(self, notifications: Sequence[Notification], at: datetime) -> set[tuple[str, str]]:
        """Remember them; the (channel, event id) pairs that were not known."""
        ...


class PayCodes(Protocol):
    """Hands out 缴款码; a number once given is never given again, and a gap means nothing."""

    def take(self, wanted: Sequence[tuple[str, int]]) -> list[str]:
        """wanted: (division, year) for each code, in order."""
        ...


class HasOrders(Protocol):
    @property
    def orders(self) -> Orders: ...


class HasRefunds(Protocol):
    @property
    def refunds(self) -> Refunds: ...


class HasChannelPayments(Protocol):
    @property
    def channel_payments(self) -> ChannelPayments: ...


class HasChannelEvents(Protocol):
    @property
    def channel_events(self) -> ChannelEvents: ...


class HasReturnAddresses(Protocol):
    @property
    def return_addresses(self) -> ReturnAddresses: ...


class HasPayCodes(Protocol):
    @property
    def pay_codes(self) -> PayCodes: ...


class AdmitsTenants(Protocol):
    def admit(self, tenants: Iterable[str]) -> None:
        """Let this transaction see these tenants too: a channel's callback carries the tenant in its signed body."""
        ...

    def tenants_of_refunds(self, refund_ids: Collection[str]) -> Mapping[str, str]:
        """refund id → its tenant, of refunds that this transaction may not see; for callbacks without a tenant."""
        ...

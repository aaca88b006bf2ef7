"""What the use cases need of the outside; adapters give it, and so does the in-memory fake of the tests."""
from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol

from services.payment.domain.books_ports import Books
from services.payment.domain.channel import (
    Notification,
    PaymentStatus,
    Prepaid,
    PrepayRequest,
    RefundRequest,
    RefundStatus,
)
from services.payment.domain.fee_item import FeeItem
from services.payment.domain.ledger import Balance, Entry
from services.payment.domain.order import Order
from services.payment.domain.payment import ChannelPayment
from services.payment.domain.receipt_ports import Receipts
from services.payment.domain.refund import Refund
from services.payment.domain.webhook_ports import Deliveries, Webhooks
from services.payment.domain.webhook_targets import TargetPolicy
from shared_components.kernel.clock import Clock


class FeeItems(Protocol):
    def in_force(self, wanted: Collection[tuple[str, str]], at: datetime) -> Mapping[tuple[str, str], FeeItem]:
        """wanted: (tenant, item code) pairs; those with no version in force are absent."""
        ...

    def newest_version(self, tenant: str, item_code: str) -> int:
        """0 when there is none."""
        ...

    def add(self, item: FeeItem) -> None:
        """Add a version; earlier ones end where it begins. Raises FeeItemChanged when the version exists."""
        ...

    def page(
        self, tenant: str, *, at: datetime, item_code: str | None, after: tuple[str, int] | None, limit: int
    ) -> list[FeeItem]:
        """Versions that are in force at a time or will be, by code and version."""
        ...


class Orders(Protocol):
    def add(self, orders: Sequence[Order]) -> None: ...

    def get(self, tenant: str, order_id: str) -> Order | None: ...

    def page(
        self, tenant: str, *, state: str | None, reference: str | None, payer_subject: str | None,
        before: str | None, limit: int,
    ) -> list[Order]:
        """Newest first; before: an order id."""
        ...

    def lock(self, order_ids: Collection[str]) -> dict[str, Order]:
        """Without their lines, and nobody else changes them before this unit ends."""
        ...

    def mark_pending(self, order: Order, *, channel: str, pay_url: str, query_at: datetime) -> bool:
        """False when the order is no longer 'created'."""
        ...

    def mark_paid(self, order_ids: Collection[str], at: datetime) -> None:
        """Of orders that this unit has locked."""
        ...

    def end(self, order_ids: Collection[str], state: str, at: datetime) -> None:
        """Make locked orders closed, expired or failed."""
        ...

    def reserve_refund(self, order: Order, amount_minor: int) -> bool:
        """Promise a part of what is available; False when less than believed is available now."""
        ...

    def settle_refund(self, order: Order, amount_minor: int, state: str) -> bool: ...

    def release_refund(self, order: Order, amount_minor: int) -> bool: ...

    def expired(self, at: datetime, limit: int) -> list[Order]:
        """Of every tenant that the unit sees; a pending one only when its channel may be asked again."""
        ...

    def unanswered(self, at: datetime, limit: int) -> list[Order]:
        """Orders, of every tenant that the unit sees, whose channel should be asked by now.

        Also ended ones: the payer may have paid while the order was closed here, and the callback may be lost.
        """
        ...

    def ask_now(self, order_ids: Collection[str], at: datetime) -> None:
        """Have the channel asked at the next sweep about orders that this unit has locked."""
        ...

    def ask_again_at(self, order_id: str, at: datetime | None) -> None:
        """None: the channel has nothing more to say."""
        ...


class Refunds(Protocol):
    def add(self, refunds: Sequence[Refund]) -> None: ...

    def get(self, tenant: str, refund_id: str) -> Refund | None: ...

    def lock(self, refund_id: str) -> Refund | None: ...

    def submit(self, refund: Refund, next_attempt_at: datetime) -> bool:
        """Note that the channel is being asked once more; False when the refund is already concluded."""
        ...

    def conclude(self, refund: Refund, state: str, *, at: datetime, failure: str | None) -> bool: ...

    def due(self, at: datetime, limit: int) -> list[Refund]:
        """Open ones, of every tenant that the unit sees, that the channel should be asked for by now."""
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


class Ledger(Protocol):
    def post(self, entries: Sequence[Entry]) -> None:
        """Add entries and their sums to the balances. Call it once a unit: balances are locked in one order.

        An entry whose business day is closed is dated into the next open one.
        """
        ...

    def balances(self, tenant: str, currency: str) -> list[Balance]: ...

    def page(
        self, tenant: str, *, currency: str, account: str | None, order_id: str | None, after: str | None, limit: int
    ) -> list[Entry]:
        """Oldest first; after: an entry id."""
        ...


class PayCodes(Protocol):
    """Hands out 缴款码; a number once given is never given again, and a gap means nothing."""

    def take(self, wanted: Sequence[tuple[str, int]]) -> list[str]:
        """wanted: (division, year) for each code, in order."""
        ...


class Events(Protocol):
    def record(
        self, type: str, *, aggregate: str, tenant: str, data: Mapping[str, Any], sequence: int = 0
    ) -> None: ...


class Channel(Protocol):
    """A payment channel. Its methods but `read` do network I/O and are never called inside a transaction."""

    @property
    def name(self) -> str: ...

    def prepay(self, request: PrepayRequest) -> Prepaid:
        """Raises ChannelUnavailable, ChannelRefused, as all of these do."""
        ...

    def payment(self, order_id: str) -> PaymentStatus: ...

    def refund(self, request: RefundRequest) -> RefundStatus: ...

    def refund_status(self, refund_id: str) -> RefundStatus: ...

    def read(self, headers: Mapping[str, str], body: str, *, now: datetime) -> Notification:
        """Verify and understand a notification.

        Raises NotificationNotAuthentic, NotificationMalformed, NotificationMismatch (another merchant's).
        """
        ...


class Channels(Protocol):
    def named(self, name: str) -> Channel:
        """Raises ChannelUnknown, ChannelNotBuilt or ChannelNotConfigured."""
        ...


class PaymentUnit(Protocol):
    """One transaction's view; whoever opened it commits."""

    @property
    def clock(self) -> Clock: ...
    @property
    def fee_items(self) -> FeeItems: ...
    @property
    def orders(self) -> Orders: ...
    @property
    def refunds(self) -> Refunds: ...
    @property
    def channel_payments(self) -> ChannelPayments: ...
    @property
    def channel_events(self) -> ChannelEvents: ...
    @property
    def ledger(self) -> Ledger: ...
    @property
    def books(self) -> Books: ...
    @property
    def webhooks(self) -> Webhooks: ...
    @property
    def deliveries(self) -> Deliveries: ...
    @property
    def webhook_targets(self) -> TargetPolicy: ...
    @property
    def receipts(self) -> Receipts: ...
    @property
    def receipt_key(self) -> bytes:
        """Makes receipts' check codes."""
        ...
    @property
    def pay_codes(self) -> PayCodes: ...
    @property
    def events(self) -> Events: ...
    @property
    def channels(self) -> Channels: ...

    def admit(self, tenants: Iterable[str]) -> None:
        """Let this transaction see these tenants too: a channel's callback carries the tenant in its signed body."""
        ...


class Units(Protocol):
    """Short transactions, for use cases that talk to a channel in between."""

    @property
    def clock(self) -> Clock: ...

    def begin(self, tenant: str = ...) -> AbstractContextManager[Any]:
        """A PaymentUnit; commits at the end, rolls back on an exception. Without a tenant it sees all of them."""
        ...

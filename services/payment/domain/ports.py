"""Ports: use cases call them; adapters implement them, and so does the in-memory fake of the tests."""
from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol, TypeVar

from services.payment.channels.domain.channel import (
    Notification,
)
from services.payment.domain.order import Order
from services.payment.domain.payment import ChannelPayment
from services.payment.domain.receipt_ports import Receipts
from services.payment.domain.reconciliation import Difference, Tally
from services.payment.domain.refund import Refund
from services.payment.domain.statement import Statement, StatementLine
from services.payment.domain.webhook_ports import Deliveries, Webhooks
from services.payment.domain.webhook_targets import TargetPolicy
from shared_components.kernel.return_addresses import ReturnAddresses

Tx = TypeVar("Tx", covariant=True)
"""The ports that the use case needs: the Protocol that is declared beside it."""


class Orders(Protocol):
    def add(self, orders: Sequence[Order]) -> None: ...

    def get(self, tenant: str, order_id: str) -> Order | None: ...

    def several(self, tenant: str, order_ids: Collection[str]) -> list[Order]:
        """Those that there are, with their lines and payers' names, by id."""
        ...

    def page(
        self, tenant: str, *, apps: Collection[str] | None, state: str | None, reference: str | None,
        payer_subject: str | None, before: str | None, limit: int,
    ) -> list[Order]:
        """Newest first. apps: whose orders, None: of all; before: an order id."""
        ...

    def lock(self, order_ids: Collection[str]) -> dict[str, Order]:
        """Without their lines, and nobody else changes them before this transaction ends."""
        ...

    def mark_pending(self, order: Order, *, channel: str, pay_url: str, query_at: datetime) -> bool:
        """False when the order is no longer 'created'."""
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
        """Of every tenant that the transaction sees; a pending one only when its channel may be asked again.

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


class StatementSource(Protocol):
    """A channel's statement before it is imported."""

    @property
    def format(self) -> str: ...
    @property
    def digest(self) -> str: ...
    @property
    def position(self) -> int:
        """How many of its `size` bytes have been read."""
        ...

    @property
    def size(self) -> int: ...

    def chunks(self, day: date) -> Iterable[Sequence[StatementLine]]:
        """Its lines, some thousands at a time. Raises StatementMalformed, StatementTotalsDiffer, StatementChanged."""
        ...


class Statements(Protocol):
    def complete(self, tenant: str, channel: str, day: date) -> Statement | None:
        """The one that counts; there is never more than one."""
        ...

    def currencies(self, tenant: str, channel: str, day: date) -> list[str]:
        """Of those for that day that were ever complete, also where others have been put in their place."""
        ...

    def complete_on(self, tenant: str, day: date) -> list[Statement]:
        """The complete statements of all channels, by channel."""
        ...

    def open(self, statement: Statement) -> list[Statement]:
        """Add one that is being imported; gives earlier ones of its channel and day that never ended, now failed."""
        ...

    def add_lines(self, statement: Statement, lines: Sequence[StatementLine]) -> int | None:
        """The line_no of the first line whose kind and number the statement has already; None when there is none.

        Raises StatementTakenOver when the import is no longer open.
        """
        ...

    def finish(self, statement: Statement, *, supersede: bool) -> bool:
        """Make it the complete one. False when it is no longer open.

        Raises StatementConflict when another one is complete and is not to be superseded.
        """
        ...

    def fail(self, statement_id: str, failure: Mapping[str, Any]) -> None: ...

    def drop_lines(self, statement_id: str, limit: int) -> int:
        """How many there were, at most `limit`."""
        ...

    def reconciled(self, statement: Statement, at: datetime, summary: Mapping[str, Any]) -> None: ...

    def page(
        self, tenant: str, *, channel: str | None, day: date | None, state: str | None, before: str | None, limit: int
    ) -> list[Statement]:
        """Newest first; before: a statement id."""
        ...


class Differences(Protocol):
    """The comparison itself, for whole sets of lines, and what it has found.

    Ranges are of the line_no of a complete statement, times are half open.
    """

    def compare_lines(
        self, statement: Statement, first: int, last: int, at: datetime, *, settle: bool
    ) -> list[Tally]:
        """Keep what differs. One that a person has resolved stays resolved while its facts are the same.

        settle: resolve those of these lines that do not differ any more.
        """
        ...

    def compare_records(self, statement: Statement, since: datetime, until: datetime, at: datetime) -> list[Tally]:
        """Keep those of our records of the statement's channel that no complete statement has."""
        ...

    def settle_records(self, statement: Statement, at: datetime) -> None:
        """Resolve what was missing there and no longer is, and what only a superseded statement said."""
        ...

    def pieces_that_differ(self, statement: Statement, size: int) -> list[int]:
        """Which pieces of `size` line numbers (0 for those below `size`, …) have an open difference."""
        ...

    def askable(self, statement: Statement, before: datetime, limit: int) -> list[Difference]:
        """Open ones that a question to the channel may settle, and that were not asked about since `before`."""
        ...

    def asked(self, tenant: str, difference_ids: Collection[str], at: datetime) -> None: ...

    def page(
        self, tenant: str, *, day: date | None, channel: str | None, class_: str | None, state: str | None,
        after: str | None, limit: int,
    ) -> list[Difference]:
        """By difference id."""
        ...

    def count_open(self, statement: Statement) -> int: ...

    def get(self, tenant: str, difference_id: str) -> Difference | None:
        """Nobody else changes it before this transaction ends."""
        ...

    def resolve(self, difference: Difference, *, by: str, note: str, at: datetime) -> bool:
        """False when it is no longer open."""
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


class HasStatements(Protocol):
    @property
    def statements(self) -> Statements: ...


class HasDifferences(Protocol):
    @property
    def differences(self) -> Differences: ...


class HasWebhooks(Protocol):
    @property
    def webhooks(self) -> Webhooks: ...


class HasDeliveries(Protocol):
    @property
    def deliveries(self) -> Deliveries: ...


class HasWebhookTargets(Protocol):
    @property
    def webhook_targets(self) -> TargetPolicy: ...


class HasReceipts(Protocol):
    @property
    def receipts(self) -> Receipts: ...


class HasReceiptKey(Protocol):
    @property
    def receipt_key(self) -> bytes:
        """Makes the check codes of receipts."""
        ...


class AdmitsTenants(Protocol):
    def admit(self, tenants: Iterable[str]) -> None:
        """Let this transaction see these tenants too: a channel's callback carries the tenant in its signed body."""
        ...

    def tenants_of_refunds(self, refund_ids: Collection[str]) -> Mapping[str, str]:
        """refund id → its tenant, of refunds that this transaction may not see; for callbacks without a tenant."""
        ...

"""The ports of payment in plain dictionaries: the fake that passes the same suite as the SQL adapters."""
from __future__ import annotations

import copy
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from services.payment.channels.domain.channel import Notification
from services.payment.channels.domain.ports import Channels
from services.payment.common.adapters.owned import order_facts
from services.payment.fees.domain.errors import FeeItemChanged
from services.payment.fees.domain.fee_item import FeeItem
from services.payment.fees.domain.ports import FeeItemFilter
from services.payment.ledger.domain import ledger
from services.payment.ledger.domain.books import Closing, dated
from services.payment.ledger.domain.ledger import Balance, Entry
from services.payment.orders.domain import states
from services.payment.orders.domain.order import Order
from services.payment.orders.domain.payment import SETTLED, ChannelPayment
from services.payment.orders.domain.ports import OrderFilter
from services.payment.orders.domain.refund import Refund
from services.payment.orders.usecases.find_order import unknown as unknown_order
from services.payment.orders.usecases.get_refund import unknown as unknown_refund
from services.payment.receipts.domain.receipt import Guesser, Guesses, NumberRange, Receipt
from services.payment.reconciliation.domain.reconciliation import Difference
from services.payment.reconciliation.domain.statement import Statement, StatementLine
from services.payment.webhooks.domain.errors import WebhookUrlRefused
from shared_components.db.load_many import open_found, open_row
from shared_components.kernel.calls import CallContext
from shared_components.kernel.clock import Clock
from shared_components.kernel.errors import AppError
from shared_components.kernel.numbers import pay_code
from shared_components.kernel.outcomes import attempt
from shared_components.kernel.return_addresses import ReturnAddresses
from shared_components.security.authority import Facts, Sealed
from shared_components.webhooks.targets import TargetPolicy
from shared_components.webhooks.webhook import Delivery, Webhook
from tests.unit.payment.ledger.memory import MemoryBooks
from tests.unit.payment.receipts.memory import MemoryReceipts
from tests.unit.payment.reconciliation.memory import MemoryDifferences, MemoryStatements
from tests.unit.payment.webhooks.memory import MemoryDeliveries, MemoryWebhooks

ALL = "*"
RECEIPT_KEY = b"a key for tests"
TARGETS = TargetPolicy(
    ["hooks.example.org", "*.example.gov.cn:8443"], loopback=True, refused=WebhookUrlRefused)


@dataclass
class Store:
    fee_items: list[FeeItem] = field(default_factory=list)
    orders: dict[str, Order] = field(default_factory=dict)
    query_at: dict[str, datetime] = field(default_factory=dict)
    refunds: dict[str, Refund] = field(default_factory=dict)
    payments: dict[tuple[str, str], ChannelPayment] = field(default_factory=dict)
    events_seen: set[tuple[str, str]] = field(default_factory=set)
    entries: list[Entry] = field(default_factory=list)
    closings: dict[tuple[str, date], Closing] = field(default_factory=dict)
    next_serial: int = 1
    statements: dict[str, Statement] = field(default_factory=dict)
    statement_lines: dict[tuple[str, int], StatementLine] = field(default_factory=dict)
    differences: dict[tuple[str, str], Difference] = field(default_factory=dict)
    webhooks: dict[str, Webhook] = field(default_factory=dict)
    deliveries: dict[str, Delivery] = field(default_factory=dict)
    receipts: dict[str, Receipt] = field(default_factory=dict)
    ranges: dict[str, NumberRange] = field(default_factory=dict)
    guesses: dict[Guesser, Guesses] = field(default_factory=dict)


class MemoryFeeItems:
    def __init__(self, store: Store) -> None:
        self._store = store

    def in_force(self, wanted: Collection[tuple[str, str]], at: datetime) -> Mapping[tuple[str, str], FeeItem]:
        return {
            (item.tenant, item.item_code): item
            for item in self._store.fee_items
            if (item.tenant, item.item_code) in wanted and item.in_force(at)
        }

    def newest_version(self, tenant: str, item_code: str) -> int:
        versions = [i.version for i in self._store.fee_items if (i.tenant, i.item_code) == (tenant, item_code)]
        return max(versions, default=0)

    def add(self, item: FeeItem) -> None:
        if item.version <= self.newest_version(item.tenant, item.item_code):
            raise FeeItemChanged
        self._store.fee_items = [self._ended(old, item) for old in self._store.fee_items] + [item]

    def pages(self, asked: Sequence[tuple[CallContext, FeeItemFilter]]) -> list[list[FeeItem]]:
        return [self._page(context.tenant, wanted) for context, wanted in asked]

    def _page(self, tenant: str, wanted: FeeItemFilter) -> list[FeeItem]:
        at, after = wanted.at, wanted.after
        found = [
            i for i in self._store.fee_items
            if i.tenant == tenant and wanted.item_code in (None, i.item_code)
            and (i.valid_until is None or (i.valid_until > at and i.valid_until > i.valid_from))
            and (after is None or (i.item_code, i.version) > after)
        ]
        return sorted(found, key=lambda i: (i.item_code, i.version))[: wanted.limit]

    def _ended(self, old: FeeItem, new: FeeItem) -> FeeItem:
        if (old.tenant, old.item_code) != (new.tenant, new.item_code):
            return old
        if old.valid_until is not None and old.valid_until <= new.valid_from:
            return old
        return replace(old, valid_until=max(old.valid_from, new.valid_from))


def facts_of(order: Order) -> Facts:
    return order_facts(
        order.tenant, app=order.app, payer=order.payer_subject, amount_minor=order.amount_minor)


def _sealed(order: Order) -> Sealed[Order]:
    return Sealed(facts_of(order), lambda: replace(order, payer_name=None))


class MemoryOrders:
    def __init__(self, store: Store, tenant: str) -> None:
        self._store = store
        self._tenant = tenant

    def add(self, orders: Sequence[Order]) -> None:
        self._store.orders |= {order.order_id: order for order in orders}

    def get(self, tenant: str, order_id: str) -> Order | None:
        order = self._store.orders.get(order_id)
        return order if order is not None and order.tenant == tenant else None

    def several(self, tenant: str, order_ids: Collection[str]) -> list[Order]:
        return [order for order_id in sorted(order_ids) if (order := self.get(tenant, order_id)) is not None]

    def read(self, asked: Sequence[tuple[CallContext, str]]) -> list[Order | AppError]:
        return [attempt(self._open, context, order_id) for context, order_id in asked]

    def lock_for(self, context: CallContext, order_id: str) -> Order:
        return replace(self._open(context, order_id), lines=())

    def lock_each(self, asked: Sequence[tuple[CallContext, str]]) -> list[Order | AppError]:
        return [attempt(self.lock_for, context, order_id) for context, order_id in asked]

    def pages(self, asked: Sequence[tuple[CallContext, OrderFilter]]) -> list[list[Order]]:
        return [self._page(context, wanted) for context, wanted in asked]

    def _page(self, context: CallContext, wanted: OrderFilter) -> list[Order]:
        """Open every order that there is: slow, and obviously right."""
        opened = [open_row(context, _sealed(o)) for o in self._store.orders.values()]
        found = [
            o for o in opened if o is not None and wanted.state in (None, o.state)
            and wanted.reference in (None, o.reference) and wanted.payer_subject in (None, o.payer_subject)
            and (wanted.before is None or o.order_id < wanted.before)
        ]
        return sorted(found, key=lambda o: o.order_id, reverse=True)[: wanted.limit]

    def _open(self, context: CallContext, order_id: str) -> Order:
        order = self._store.orders.get(order_id)
        return open_found(context, None if order is None else _sealed(order), unknown_order(order_id))

    def lock(self, order_ids: Collection[str]) -> dict[str, Order]:
        return {
            i: replace(self._store.orders[i], lines=(), payer_name=None) for i in order_ids if i in self._store.orders
        }

    def mark_pending(self, orders: Sequence[Order], *, query_at: datetime) -> None:
        for order in orders:
            self._store.query_at[order.order_id] = query_at
            self._change(order.order_id, state=order.state, channel=order.channel, pay_url=order.pay_url, moved=True)

    def mark_paid(self, order_ids: Collection[str], at: datetime) -> None:
        for order_id in order_ids:
            order = self._store.orders[order_id]
            assert order.state in states.PAYABLE
            self._store.query_at.pop(order_id, None)
            self._change(order_id, state=states.PAID, paid_minor=order.amount_minor, paid_at=at, moved=True)

    def end(self, order_ids: Collection[str], state: str, at: datetime) -> None:
        for order_id in order_ids:
            assert self._store.orders[order_id].state in states.PAYABLE
            self._change(order_id, state=state, moved=True)

    def reserve_refund(self, order: Order, amount_minor: int) -> bool:
        now = self._store.orders[order.order_id]
        if now.refund_available_minor != order.refund_available_minor or now.refund_available_minor < amount_minor:
            return False
        self._change(order.order_id, refund_pending_minor=now.refund_pending_minor + amount_minor)
        return True

    def settle_refund(self, order: Order, amount_minor: int, state: str) -> bool:
        now = self._store.orders[order.order_id]
        if now.refund_pending_minor < amount_minor:
            return False
        self._change(
            order.order_id, state=state, refunded_minor=now.refunded_minor + amount_minor,
            refund_pending_minor=now.refund_pending_minor - amount_minor, moved=True,
        )
        return True

    def release_refund(self, order: Order, amount_minor: int) -> bool:
        now = self._store.orders[order.order_id]
        if now.refund_pending_minor < amount_minor:
            return False
        self._change(order.order_id, refund_pending_minor=now.refund_pending_minor - amount_minor)
        return True

    def expired(self, at: datetime, limit: int, *, circuit_open: Collection[str] = ()) -> list[Order]:
        found = [
            o for o in self._visible()
            if o.state in states.PAYABLE and o.expires_at <= at
            and self._store.query_at.get(o.order_id, at) <= at and o.channel not in circuit_open
        ]
        return sorted(found, key=lambda o: o.expires_at)[:limit]

    def unanswered(self, at: datetime, limit: int, *, circuit_open: Collection[str] = ()) -> list[Order]:
        due = self._store.query_at
        found = [
            o for o in self._visible()
            if o.order_id in due and due[o.order_id] <= at and o.channel is not None and o.channel not in circuit_open
        ]
        return sorted(found, key=lambda o: due[o.order_id])[:limit]

    def ask_now(self, order_ids: Collection[str], at: datetime) -> None:
        self._store.query_at |= dict.fromkeys(order_ids, at)

    def ask_again_at(self, order_id: str, at: datetime | None) -> None:
        self._store.query_at.pop(order_id, None)
        if at is not None:
            self._store.query_at[order_id] = at
        self._change(order_id, query_attempts=self._store.orders[order_id].query_attempts + 1)

    def _visible(self) -> list[Order]:
        return [
            replace(o, lines=(), payer_name=None) for o in self._store.orders.values()
            if self._tenant in (ALL, o.tenant)
        ]

    def _change(self, order_id: str, *, moved: bool = False, **values: Any) -> None:
        order = self._store.orders[order_id]
        self._store.orders[order_id] = replace(order, sequence=order.sequence + moved, **values)


class MemoryRefunds:
    def __init__(self, store: Store, tenant: str) -> None:
        self._store = store
        self._tenant = tenant

    def add(self, refunds: Sequence[Refund]) -> None:
        self._store.refunds |= {refund.refund_id: refund for refund in refunds}

    def get(self, tenant: str, refund_id: str) -> Refund | None:
        refund = self._store.refunds.get(refund_id)
        return refund if refund is not None and refund.tenant == tenant else None

    def read(self, asked: Sequence[tuple[CallContext, str]]) -> list[Refund | AppError]:
        return [attempt(self._open, context, refund_id) for context, refund_id in asked]

    def _open(self, context: CallContext, refund_id: str) -> Refund:
        refund = self._store.refunds.get(refund_id)
        sealed = None if refund is None else Sealed(facts_of(self._store.orders[refund.order_id]), lambda: refund)
        return open_found(context, sealed, unknown_refund(refund_id))

    def lock(self, refund_id: str) -> Refund | None:
        return self._store.refunds.get(refund_id)

    def submit(self, refund: Refund, next_attempt_at: datetime) -> bool:
        attempts = self._store.refunds[refund.refund_id].attempts + 1
        return self._change(refund, state=states.SUBMITTED, next_attempt_at=next_attempt_at, attempts=attempts)

    def conclude(self, refund: Refund, state: str, *, at: datetime, failure: str | None) -> bool:
        return self._change(refund, state=state, completed_at=at, failure=failure)

    def ask_at(self, refund_ids: Collection[str], at: datetime) -> None:
        for refund_id in refund_ids:
            if self._store.refunds[refund_id].is_open:
                self._change(self._store.refunds[refund_id], next_attempt_at=at)

    def due(self, at: datetime, limit: int, *, circuit_open: Collection[str] = ()) -> list[Refund]:
        found = [
            r
            for r in self._store.refunds.values()
            if r.is_open
            and r.next_attempt_at <= at
            and self._tenant in (ALL, r.tenant)
            and r.channel not in circuit_open
        ]
        return sorted(found, key=lambda r: r.next_attempt_at)[:limit]

    def _change(self, refund: Refund, **values: Any) -> bool:
        now = self._store.refunds[refund.refund_id]
        if not now.is_open:
            return False
        self._store.refunds[refund.refund_id] = replace(now, **values)
        return True


class MemoryChannelPayments:
    def __init__(self, store: Store) -> None:
        self._store = store

    def known(self, trades: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
        return set(trades) & set(self._store.payments)

    def add(self, payments: Sequence[ChannelPayment]) -> None:
        self._store.payments |= {(payment.channel, payment.trade_no): payment for payment in payments}

    def that_paid(self, order_id: str) -> ChannelPayment | None:
        found = [p for p in self._store.payments.values() if p.order_id == order_id and p.disposition == SETTLED]
        return found[0] if found else None


class MemoryChannelEvents:
    def __init__(self, store: Store) -> None:
        self._store = store

    def add_new(self, notifications: Sequence[Notification], at: datetime) -> set[tuple[str, str]]:
        fresh = {(each.channel, each.event_id) for each in notifications} - self._store.events_seen
        self._store.events_seen |= fresh
        return fresh


class MemoryLedger:
    def __init__(self, store: Store) -> None:
        self._store = store

    def post(self, entries: Sequence[Entry]) -> None:
        posted = {(entry.tenant, entry.source) for entry in self._store.entries}
        assert not posted & {(entry.tenant, entry.source) for entry in entries}
        self._store.entries += dated(entries, MemoryBooks(self._store).all_closed_through())

    def balances(self, tenant: str, currency: str) -> list[Balance]:
        sums = ledger.balances(self._store.entries)
        return [sums[key] for key in sorted(sums) if (key[0], key[2]) == (tenant, currency)]

    def page(
        self, tenant: str, *, currency: str, account: str | None, order_id: str | None, after: str | None, limit: int
    ) -> list[Entry]:
        found = [
            e for e in self._store.entries
            if (e.tenant, e.currency) == (tenant, currency) and order_id in (None, e.order_id)
            and account in (None, e.debit_account, e.credit_account) and (after is None or e.entry_id > after)
        ]
        return sorted(found, key=lambda e: e.entry_id)[:limit]


class MemoryPayCodes:
    def __init__(self, store: Store) -> None:
        self._store = store

    def take(self, wanted: Sequence[tuple[str, int]]) -> list[str]:
        first = self._store.next_serial
        self._store.next_serial += len(wanted)
        return [pay_code(division, year, first + n) for n, (division, year) in enumerate(wanted)]


class MemoryTransaction:
    def __init__(self, store: Store, tenant: str, *, clock: Clock, events: Any, channels: Channels) -> None:
        self.clock = clock
        self.events = events
        self.channels = channels
        self.fee_items = MemoryFeeItems(store)
        self.orders = MemoryOrders(store, tenant)
        self.refunds = MemoryRefunds(store, tenant)
        self.channel_payments = MemoryChannelPayments(store)
        self.channel_events = MemoryChannelEvents(store)
        self.ledger = MemoryLedger(store)
        self.statements = MemoryStatements(store)
        self.differences = MemoryDifferences(store)
        self.books = MemoryBooks(store)
        self.pay_codes = MemoryPayCodes(store)
        self.webhooks = MemoryWebhooks(store)
        self.deliveries = MemoryDeliveries(store, tenant)
        self.webhook_targets = TARGETS
        self.receipts = MemoryReceipts(store, tenant)
        self.receipt_key = RECEIPT_KEY
        self.return_addresses = ReturnAddresses()

    def admit(self, tenants: Iterable[str]) -> None:
        """It sees every tenant anyhow, as the SQL unit does on SQLite."""

    def tenants_of_refunds(self, refund_ids: Collection[str]) -> Mapping[str, str]:
        refunds = self.refunds._store.refunds
        return {each: refunds[each].tenant for each in refund_ids if each in refunds}


class MemoryTransactions:
    def __init__(self, clock: Clock, recorded: list[dict[str, Any]], channels: Channels) -> None:
        self.clock = clock
        self.recorded = recorded
        self.channels = channels
        self._store = Store()

    @contextmanager
    def begin(self, tenant: str = ALL) -> Iterator[MemoryTransaction]:
        work = copy.copy(self._store)
        for name, value in vars(self._store).items():
            setattr(work, name, copy.copy(value))
        events = EventList()
        yield MemoryTransaction(work, tenant, clock=self.clock, events=events, channels=self.channels)
        self._store = work
        self.recorded.extend(events.rows)

    def begin_for(self, tenants: Collection[str]) -> AbstractContextManager[MemoryTransaction]:
        return self.begin(next(iter(tenants)) if len(tenants) == 1 else ALL)


class EventList:
    """Takes events the way the bus does: dumped with the schema that payment declares for them."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []

    def record(
        self, type: str, *, aggregate: str, tenant: str, data: Mapping[str, Any], sequence: int = 0,
        traceparent: str | None = None,
    ) -> None:
        self.rows.append({
            "type": type, "aggregate": aggregate, "tenant": tenant, "sequence": sequence, "data": dump_event(type, data)
        })


def dump_event(type: str, data: Mapping[str, Any]) -> dict[str, Any]:
    from services.payment.service import PaymentService

    schemas = {event.type: event.data for event in PaymentService.emits}
    schema = schemas[type]()
    dumped: dict[str, Any] = schema.dump(data)
    schema.load(dumped)
    return dumped

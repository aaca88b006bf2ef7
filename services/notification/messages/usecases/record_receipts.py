"""Take carriers' receipts: verified, in any order, any number of times; each message ends in one state."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from services.notification.carriers.domain.carrier import Callback, Receipt
from services.notification.carriers.domain.ports import Carriers
from services.notification.messages.domain import text_attempts
from services.notification.messages.domain.errors import MessageUnknown
from services.notification.messages.usecases.deliver import (
    Change,
    DeliveredMessages,
    DeliverTx,
    MessageKey,
)
from services.notification.messages.usecases.events import emit_message_changed
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import AppError
from shared_components.kernel.outcomes import attempt

if TYPE_CHECKING:
    from datetime import datetime

    from shared_components.kernel.calls import Call


@dataclass(frozen=True, slots=True)
class RecordReceipt:
    """body: as it came over HTTP. token: of the callback's address."""

    provider: str
    headers: Mapping[str, str]
    body: str = field(repr=False)
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class RecordedView:
    """receipts: in the callback; changed: how many of them changed a message."""

    provider: str
    receipts: int
    changed: int


class FindsMessages(DeliveredMessages, Protocol):
    def places(self, receipts: Sequence[Receipt]) -> Mapping[Receipt, MessageKey]:
        """Where the message of each receipt is, for those whose message exists, whatever its tenant."""
        ...


class ReceiptTx(DeliverTx, Protocol):
    """The part of a transaction that receipts need."""

    @property
    def messages(self) -> FindsMessages: ...


class ReceiptTransactions(Protocol):
    def begin(self, tenant: str | None = ...) -> AbstractContextManager[ReceiptTx]:
        """Without a tenant: over all of them, since a carrier knows none."""
        ...

    def begin_for(self, tenants: Collection[str]) -> AbstractContextManager[ReceiptTx]: ...


def record_receipts(
    transactions: ReceiptTransactions, carriers: Carriers, calls: Sequence[Call[RecordReceipt]], *, at: datetime,
) -> list[RecordedView | AppError]:
    """Give each call its view, or its error; the number of statements does not grow with that of receipts.

    CarrierUnknown, CarrierNotConfigured, ReceiptNotAuthentic, ReceiptMalformed, MessageUnknown.
    """
    read = [attempt(lambda call: _read(carriers, call.data, at), call) for call in calls]
    receipts = [receipt for one in read if not isinstance(one, AppError) for receipt in one.receipts]
    places: Mapping[Receipt, MessageKey] = {}
    changed: set[Receipt] = set()
    if receipts:
        with transactions.begin() as tx:
            places = tx.messages.places(list(dict.fromkeys(receipts)))
        changed = apply_receipts(transactions, receipts, places)
    return [
        one if isinstance(one, AppError) else _recorded(call.data.provider, one, places, changed)
        for call, one in zip(calls, read, strict=True)]


def apply_receipts(
    transactions: ReceiptTransactions, receipts: Sequence[Receipt], places: Mapping[Receipt, MessageKey],
) -> set[Receipt]:
    """Apply the receipts whose place is known; gives those that have changed something."""
    by_place: defaultdict[MessageKey, list[Receipt]] = defaultdict(list)
    for receipt in receipts:
        if receipt in places:
            by_place[places[receipt]].append(receipt)
    if not by_place:
        return set()
    changed: set[Receipt] = set()
    changes: list[Change] = []
    with transactions.begin_for({tenant for tenant, _ in by_place}) as tx:
        at, policy = tx.clock.now(), tx.retry_policy
        for held in tx.messages.lock_many(sorted(by_place)):
            before = after = held.outline
            for receipt in by_place[before.tenant, before.message_id]:
                moved = text_attempts.receive(after, receipt, at=at, policy=policy)
                if moved is not None:
                    after, event = moved
                    changed.add(receipt)
                    emit_message_changed(tx, event, after)
            if after is not before:
                changes.append((before, after))
        tx.messages.save_many(changes)
    return changed


def _read(carriers: Carriers, command: RecordReceipt, at: datetime) -> Callback:
    return carriers.named(command.provider).read(command.headers, command.body, token=command.token, now=at)


def _recorded(
    provider: str, callback: Callback, places: Mapping[Receipt, MessageKey], changed: Collection[Receipt],
) -> RecordedView | AppError:
    early = [receipt for receipt in callback.receipts if not receipt.message_id and receipt not in places]
    if early:
        # The answer that gives us the reference may not be written yet: the carrier sends the receipt again.
        return MessageUnknown(Bilingual(
            f"receipt of provider {provider!r} has a reference that no message has; send it again later",
            f"服务商“{provider}”的回执编号没有对应的消息；请稍后重发"))
    own = set(callback.receipts)
    return RecordedView(provider, len(callback.receipts), len(own & set(changed)))

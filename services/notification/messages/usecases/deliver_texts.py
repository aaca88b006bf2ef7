"""Deliver text messages in groups: short transactions around carriers, never one across them.

The carrier that is tried is written before it is asked, so that a crash never lets two carriers send one text.
"""
from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Literal, Protocol

from services.notification.carriers.domain.carrier import Carrier, CarrierText, Outcome, Receipt
from services.notification.carriers.domain.ports import Carriers
from services.notification.common.channels import SMS
from services.notification.messages.domain import message as domain
from services.notification.messages.domain import text_attempts
from services.notification.messages.domain.message import Message
from services.notification.messages.usecases.deliver import (
    BROKE_OFF,
    UNREADABLE,
    BeginsForGroup,
    Change,
    DeliverTx,
    Held,
    MessageKey,
    changed,
    log_failure,
    with_words,
)
from shared_components.kernel.errors import AppError

log = logging.getLogger(__name__)

TEXT_GROUP = 100
LEAST_WAIT = timedelta(seconds=1)
NOT_SENT = Outcome("refused", "not-sent")
Answer = Outcome | Receipt | Literal["unknown"] | None


@dataclass(frozen=True, slots=True)
class Parcel:
    """Texts for one carrier in one request. asks: they may have been sent, and the carrier is asked."""

    carrier: Carrier
    asks: bool
    messages: Sequence[Message]


Handed = Sequence[tuple[Parcel, Sequence[Answer]]]
HandAll = Callable[[Callable[[Parcel], Sequence[Answer]], Sequence[Parcel]], Iterable[Handed]]
"""Hands several parcels over, at once where that is possible, and gives those that are done together."""


def parcels_one_by_one(
    hand: Callable[[Parcel], Sequence[Answer]], parcels: Sequence[Parcel],
) -> Iterator[Handed]:
    for parcel in parcels:
        yield [(parcel, hand(parcel))]


@dataclass
class Round:
    """The course of one group. tried: carriers that have had a message; left: messages for another."""

    tried: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    left: list[MessageKey] = field(default_factory=list)


class TextsTx(DeliverTx, Protocol):
    """The part of a transaction that delivering texts needs."""

    @property
    def receipt_wait(self) -> timedelta:
        """How long a receipt is waited for where a carrier cannot be asked."""
        ...


def deliver_texts(
    transactions: BeginsForGroup[TextsTx], carriers: Carriers, asked: Sequence[MessageKey],
    hand_all: HandAll = parcels_one_by_one,
) -> None:
    """Make an attempt for each that is due, and another by another carrier where the first is at fault."""
    for first in range(0, len(asked), TEXT_GROUP):
        this = Round(left=list(asked[first:first + TEXT_GROUP]))
        for _ in range(max(1, len(carriers.configured()))):
            _deliver_round(transactions, carriers, this, hand_all)
            if not this.left:
                break


def _deliver_round(
    transactions: BeginsForGroup[TextsTx], carriers: Carriers, this: Round, hand_all: HandAll,
) -> None:
    keys, this.left = this.left, []
    with transactions.begin_for({tenant for tenant, _ in keys}) as tx:
        parcels = _take(tx, carriers, keys, this)
    for handed in hand_all(partial(_hand_over, this), parcels):
        with transactions.begin_for({message.tenant for parcel, _ in handed for message in parcel.messages}) as tx:
            for parcel, answers in handed:
                _settle(tx, parcel, answers, this)


def _take(tx: TextsTx, carriers: Carriers, keys: Sequence[MessageKey], this: Round) -> list[Parcel]:
    """Mark texts as being sent, with their carriers, and pack them."""
    changes: list[Change] = []
    packed: dict[tuple[str, bool], list[Message]] = {}
    chosen: dict[frozenset[str], Carrier | None] = {}
    by_name: dict[str, Carrier] = {}
    at = tx.clock.now()
    for held in tx.messages.lock_many(keys):
        begun = _begin(tx, carriers, held, at, this, chosen)
        if isinstance(begun, tuple):
            changes.append(begun)
        elif begun is not None:
            carrier, asks, taken = begun.carrier, begun.asks, begun.taken
            by_name[carrier.name] = carrier
            changes.append((held.outline, taken))
            packed.setdefault((carrier.name, asks), []).append(taken)
    tx.messages.save_many(changes)
    return [
        Parcel(by_name[name], asks, messages[first:first + by_name[name].group_size])
        for (name, asks), messages in packed.items()
        for first in range(0, len(messages), by_name[name].group_size)]


@dataclass(frozen=True, slots=True)
class _Begun:
    carrier: Carrier
    asks: bool
    taken: Message


def _begin(
    tx: TextsTx, carriers: Carriers, held: Held, at: datetime, this: Round,
    chosen: dict[frozenset[str], Carrier | None],
) -> _Begun | Change | None:
    """A text to be handed over, a change that ends here, or None where nothing is due."""
    before, policy = held.outline, tx.retry_policy
    taken = domain.begin_attempt(before, at=at, policy=policy) if before.channel == SMS else None
    if taken is None:
        return None
    if domain.is_exhausted(before, at=at, policy=policy):
        return changed(tx, before, *domain.attempt_failed(before, BROKE_OFF, at=at, policy=policy))
    if text_attempts.is_asked_about(taken):
        asked = _carrier_to_ask(carriers, taken)
        if asked is None:
            return changed(tx, before, *text_attempts.await_receipt(before, at=at, wait=tx.receipt_wait))
        taken = with_words(held, taken)
        if taken.sms is None:
            return changed(tx, before, *text_attempts.asked(taken, "unknown", at=at, policy=policy))
        return _Begun(asked, True, taken)
    whole = with_words(held, taken)
    if whole.address is None or whole.sms is None:
        return changed(tx, before, *domain.attempt_failed(taken, UNREADABLE, at=at, policy=policy))
    names = frozenset(route.carrier for route in whole.sms.routes) - this.tried[before.message_id]
    if names not in chosen:
        chosen[names] = carriers.choose(names)
    carrier = chosen[names]
    if carrier is None:
        wait = max(LEAST_WAIT, timedelta(seconds=carriers.wait_s(names)))
        return before, text_attempts.postponed(before, at=at, wait=wait)
    return _Begun(carrier, False, replace(whole, carrier=carrier.name))


def _carrier_to_ask(carriers: Carriers, message: Message) -> Carrier | None:
    """None where it cannot be asked, or has no settings any more."""
    try:
        carrier = carriers.named(message.carrier or "")
    except AppError:
        return None
    return carrier if carrier.can_ask else None


def _hand_over(this: Round, parcel: Parcel) -> Sequence[Answer]:
    texts = [_text(parcel.carrier.name, message) for message in parcel.messages]
    try:
        if parcel.asks:
            return parcel.carrier.ask(texts)
        return parcel.carrier.send(texts)
    except Exception as error:
        # A bug. The same texts would meet it again at each attempt.
        log_failure(error, "notification.message.not_sent", parcel.messages[0].message_id)
        return ["unknown" if parcel.asks else NOT_SENT] * len(texts)


def _text(carrier: str, message: Message) -> CarrierText:
    sms = message.sms
    assert sms is not None, "a text whose content is not opened is not taken"
    route = sms.route(carrier)
    assert route is not None, "a carrier is chosen among the text's routes"
    # A question may look texts up by their day.
    return CarrierText(
        message.message_id, message.address or "", message.body, sms.values, route, message.created_at)


def _settle(tx: TextsTx, parcel: Parcel, answers: Sequence[Answer], this: Round) -> None:
    """Write how attempts ended, where no receipt and nobody else has been there since."""
    told = dict(zip((message.message_id for message in parcel.messages), answers, strict=True))
    taken = {message.message_id: message for message in parcel.messages}
    changes: list[Change] = []
    at = tx.clock.now()
    for held in tx.messages.lock_many([(message.tenant, message.message_id) for message in parcel.messages]):
        before, message = held.outline, taken[held.outline.message_id]
        if (before.state, before.attempts) != (message.state, message.attempts):
            continue
        after, event = _ended(tx, parcel, message, before, told[before.message_id], at, this)
        changes.append(changed(tx, before, after, event))
        if after.state == domain.TEMPORARY and domain.is_due(after, at):
            this.left.append((after.tenant, after.message_id))
    tx.messages.save_many(changes)


def _ended(
    tx: TextsTx, parcel: Parcel, message: Message, before: Message, answer: Answer, at: datetime, this: Round,
) -> tuple[Message, str]:
    policy = tx.retry_policy
    if not isinstance(answer, Outcome):
        return text_attempts.asked(before, answer, at=at, policy=policy)
    tried = this.tried[message.message_id]
    tried.add(parcel.carrier.name)
    elsewhere = message.sms is not None and any(route.carrier not in tried for route in message.sms.routes)
    return text_attempts.answered(
        before, answer, at=at, policy=policy, elsewhere=elsewhere,
        receipt_wait=None if parcel.carrier.can_ask else tx.receipt_wait)

"""Deliver e-mail: short transactions around the mail server, never one across it."""
from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol, TypeVar

from services.notification.common.channels import SMS
from services.notification.messages.domain import message as domain
from services.notification.messages.domain.mailer import Letter, Mailer, NotSent
from services.notification.messages.domain.message import PERMANENT, TEMPORARY, Failure, Message, RetryPolicy
from services.notification.messages.usecases.events import emit_message_changed
from shared_components.kernel.errors import AppError
from shared_components.kernel.transactions import Begins, HasClock, HasEvents

log = logging.getLogger(__name__)

UNREADABLE = Failure(TEMPORARY, "content-unreadable")
"""The key of its encryption may come back; the attempts end in any case."""
BROKE_OFF = Failure(TEMPORARY, "attempt-broke-off")


GROUP = 16
"""Letters that are taken together: so few that each is begun long before its attempt has to have ended."""
MessageKey = tuple[str, str]
"""Tenant and message id."""
Change = tuple[Message, Message]
"""A message as it was read, and as it is to be."""


class Held(Protocol):
    """A locked message. outline: without what is encrypted: no address, no subject, an empty body."""

    @property
    def outline(self) -> Message: ...

    @property
    def open(self) -> Callable[[], Message]:
        """The whole message. Raises Undecryptable."""
        ...


@dataclass(frozen=True, slots=True)
class Attempted:
    """How an attempt ended. provider_down: the next letter would fail too."""

    failure: Failure | None = None
    provider_down: bool = False


AttemptAll = Callable[
    [Callable[[Message], Attempted], Sequence[Message]], Iterable[Sequence[tuple[Message, Attempted]]]]
"""Attempts several letters, at once where that is possible, and gives those that are done together."""


def one_by_one(
    attempt: Callable[[Message], Attempted], letters: Sequence[Message],
) -> Iterator[Sequence[tuple[Message, Attempted]]]:
    for letter in letters:
        yield [(letter, attempt(letter))]


class DeliveredMessages(Protocol):
    """Messages of the tenant of an event or of a due row."""

    def lock_many(self, asked: Sequence[MessageKey]) -> Sequence[Held]:
        """Those that there are, locked until the transaction ends."""
        ...

    def save_many(self, changes: Sequence[Change]) -> None:
        """Write the changed states of locked messages."""
        ...


class DeliverTx(HasClock, HasEvents, Protocol):
    """The part of a transaction that delivering needs."""

    @property
    def messages(self) -> DeliveredMessages: ...

    @property
    def retry_policy(self) -> RetryPolicy: ...


Tx = TypeVar("Tx", covariant=True)


class BeginsForGroup(Protocol[Tx]):
    def begin_for(self, tenants: Collection[str]) -> AbstractContextManager[Tx]:
        """Over the rows of these tenants."""
        ...


def deliver(transactions: Begins[DeliverTx], mailer: Mailer, *, tenant: str, message_id: str) -> bool:
    """Make one attempt if one is due; False when the mail server is down, so that a sweep can stop."""
    with transactions.begin(tenant) as tx:
        letters = _take(tx, [(tenant, message_id)])
    for message in letters:
        attempted = _attempt(mailer, message)
        with transactions.begin(tenant) as tx:
            _settle(tx, [(message, attempted)])
        return not attempted.provider_down
    return True


def deliver_group(
    transactions: BeginsForGroup[DeliverTx], mailer: Mailer, asked: Sequence[MessageKey],
    attempt_all: AttemptAll = one_by_one,
) -> None:
    """Make an attempt for each that is due: taken in one transaction, settled together as they get done."""
    for at in range(0, len(asked), GROUP):
        with transactions.begin_for({tenant for tenant, _ in asked[at : at + GROUP]}) as tx:
            letters = _take(tx, asked[at : at + GROUP])
        if not letters:
            continue
        for done in attempt_all(partial(_attempt, mailer), letters):
            with transactions.begin_for({message.tenant for message, _ in done}) as tx:
                _settle(tx, done)


def _take(tx: DeliverTx, asked: Sequence[MessageKey]) -> list[Message]:
    """Mark messages as being sent, and give them; of several at once only one gets each.

    A body is "" when it cannot be read.
    """
    changes: list[Change] = []
    letters = []
    for held in tx.messages.lock_many(asked):
        if held.outline.channel == SMS:  # goes by carriers
            continue
        before, at, policy = held.outline, tx.clock.now(), tx.retry_policy
        taken = domain.begin_attempt(before, at=at, policy=policy)
        if domain.waits_for_recipient(before):
            if domain.is_due(before, at):  # its recipient was registered
                changes.append(changed(tx, before, *domain.reach_inbox(before, at=at)))
        elif domain.is_exhausted(before, at=at, policy=policy):
            changes.append(changed(tx, before, *domain.attempt_failed(before, BROKE_OFF, at=at, policy=policy)))
        elif taken is not None:
            changes.append((before, taken))
            letters.append(with_words(held, taken))
    tx.messages.save_many(changes)
    return letters


def with_words(held: Held, taken: Message) -> Message:
    """The message with what is encrypted; without an address when it cannot be read."""
    try:
        whole = held.open()
    except AppError as error:
        log_failure(error, "notification.message.unreadable", taken.message_id)
        return taken
    return replace(taken, address=whole.address, subject=whole.subject, body=whole.body, sms=whole.sms)


def _attempt(mailer: Mailer, message: Message) -> Attempted:
    if message.address is None:
        return Attempted(UNREADABLE)
    try:
        mailer.send(Letter(message.message_id, message.address, message.subject or "", message.body))
    except NotSent as error:
        return Attempted(error.failure, error.provider_down)
    except Exception as error:
        # A bug. The same letter would meet it again at each attempt.
        log_failure(error, "notification.message.not_sent", message.message_id)
        return Attempted(Failure(PERMANENT, "not-sent"))
    return Attempted()


def _settle(tx: DeliverTx, done: Sequence[tuple[Message, Attempted]]) -> None:
    """Write how attempts ended, where nobody else has taken the message since."""
    attempted = {message.message_id: (message, one) for message, one in done}
    changes = []
    for held in tx.messages.lock_many([(message.tenant, message.message_id) for message, _ in done]):
        before, (message, one) = held.outline, attempted[held.outline.message_id]
        if (before.state, before.attempts) != (message.state, message.attempts):
            continue
        at, policy = tx.clock.now(), tx.retry_policy
        ended = domain.attempt_succeeded(before, at=at) if one.failure is None else domain.attempt_failed(
            before, one.failure, at=at, policy=policy)
        changes.append(changed(tx, before, *ended))
    tx.messages.save_many(changes)


def changed(tx: HasEvents, before: Message, after: Message, event: str) -> Change:
    """Announce a change, and give it to be saved."""
    emit_message_changed(tx, event, after)
    return before, after


def log_failure(error: Exception, event: str, message_id: str) -> None:
    """Log an AppError by its code, a bug with its traceback."""
    code = error.code if isinstance(error, AppError) else type(error).__name__
    log.error(event, exc_info=None if isinstance(error, AppError) else error, extra={
        "message_id": message_id, "code": code})

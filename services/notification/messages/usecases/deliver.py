"""Deliver e-mail: short transactions around the mail server, never one across it."""
from __future__ import annotations

import logging
from dataclasses import replace
from typing import Protocol

from services.notification.messages.domain import message as domain
from services.notification.messages.domain.mailer import Letter, Mailer, NotSent
from services.notification.messages.domain.message import PERMANENT, TEMPORARY, Failure, Message, RetryPolicy
from services.notification.messages.usecases.events import emit_message_changed
from services.notification.messages.usecases.known_message import SavesMessages
from shared_components.kernel.errors import AppError
from shared_components.kernel.transactions import Begins, HasClock, HasEvents

log = logging.getLogger(__name__)

UNREADABLE = Failure(TEMPORARY, "content-unreadable")
"""The key of its encryption may come back; the attempts end in any case."""
BROKE_OFF = Failure(TEMPORARY, "attempt-broke-off")


class DeliveredMessages(SavesMessages, Protocol):
    """Messages of the tenant of an event or of a due row."""

    def whole(self, tenant: str, message_id: str) -> Message | None:
        """Raises Undecryptable."""
        ...

    def outline(self, tenant: str, message_id: str) -> Message | None:
        """The message without what is encrypted: no address, no subject, an empty body."""
        ...


class DeliverTx(HasClock, HasEvents, Protocol):
    """The part of a transaction that delivering needs."""

    @property
    def messages(self) -> DeliveredMessages: ...

    @property
    def retry_policy(self) -> RetryPolicy: ...


def deliver(transactions: Begins[DeliverTx], mailer: Mailer, *, tenant: str, message_id: str) -> bool:
    """Make one attempt if one is due; False when the mail server is down, so that a sweep can stop."""
    taken = _take(transactions, tenant, message_id)
    if taken is None:
        return True
    failure, provider_down = _attempt(mailer, taken)
    _settle(transactions, taken, failure)
    return not provider_down


def _take(transactions: Begins[DeliverTx], tenant: str, message_id: str) -> Message | None:
    """Mark the message as being sent; of several at once only one gets it. Its body is "" if it cannot be read."""
    with transactions.begin(tenant) as tx:
        message = tx.messages.outline(tenant, message_id)
        if message is None:
            return None
        at, policy = tx.clock.now(), tx.retry_policy
        if domain.waits_for_recipient(message):
            if domain.is_due(message, at):  # its recipient was registered
                _keep(tx, message, *domain.reach_inbox(message, at=at))
            return None
        if domain.is_exhausted(message, at=at, policy=policy):
            _keep(tx, message, *domain.attempt_failed(message, BROKE_OFF, at=at, policy=policy))
            return None
        taken = domain.begin_attempt(message, at=at, policy=policy)
        if taken is None or not tx.messages.save(message, taken):
            return None
        return _with_words(tx, taken)


def _with_words(tx: DeliverTx, taken: Message) -> Message:
    try:
        whole = tx.messages.whole(taken.tenant, taken.message_id)
    except AppError as error:
        log_failure(error, "notification.message.unreadable", taken.message_id)
        return taken
    return taken if whole is None else replace(
        taken, address=whole.address, subject=whole.subject, body=whole.body)


def _attempt(mailer: Mailer, message: Message) -> tuple[Failure | None, bool]:
    """(the failure if any, whether the mail server is down)"""
    if message.address is None:
        return UNREADABLE, False
    try:
        mailer.send(Letter(message.message_id, message.address, message.subject or "", message.body))
    except NotSent as error:
        return error.failure, error.provider_down
    except Exception as error:
        # A bug. The same letter would meet it again at each attempt.
        log_failure(error, "notification.message.not_sent", message.message_id)
        return Failure(PERMANENT, "not-sent"), False
    return None, False


def _settle(transactions: Begins[DeliverTx], message: Message, failure: Failure | None) -> None:
    with transactions.begin(message.tenant) as tx:
        at = tx.clock.now()
        if failure is None:
            _keep(tx, message, *domain.attempt_succeeded(message, at=at))
        else:
            _keep(tx, message, *domain.attempt_failed(message, failure, at=at, policy=tx.retry_policy))


def _keep(tx: DeliverTx, before: Message, after: Message, event: str) -> None:
    if tx.messages.save(before, after):
        emit_message_changed(tx, event, after)


def log_failure(error: Exception, event: str, message_id: str) -> None:
    """Log an AppError by its code, a bug with its traceback."""
    code = error.code if isinstance(error, AppError) else type(error).__name__
    log.error(event, exc_info=None if isinstance(error, AppError) else error, extra={
        "message_id": message_id, "code": code})

"""Deliver e-mail: short transactions around the mail server, never one across it."""
from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta

from services.notification.domain import messages as domain
from services.notification.domain.messages import PERMANENT, TEMPORARY, Failure, Message, RetryPolicy
from services.notification.domain.ports import BeginTransaction, Letter, Mailer, NotificationTransaction, NotSent
from services.notification.usecases.events import emit_message_changed
from shared_components.kernel.errors import AppError, Unavailable

log = logging.getLogger(__name__)

PLATFORM = "*"
PUT_OFF = timedelta(hours=1)
UNREADABLE = Failure(TEMPORARY, "content-unreadable")
"""The key of its encryption may come back; the attempts end in any case."""
BROKE_OFF = Failure(TEMPORARY, "attempt-broke-off")


def deliver(begin: BeginTransaction, mailer: Mailer, policy: RetryPolicy, *, tenant: str, message_id: str) -> bool:
    """Make one attempt if one is due; False when the mail server is down, so that a sweep can stop."""
    taken = _take(begin, policy, tenant, message_id)
    if taken is None:
        return True
    failure, provider_down = _attempt(mailer, taken)
    _settle(begin, policy, taken, failure)
    return not provider_down


def deliver_due(begin: BeginTransaction, mailer: Mailer, policy: RetryPolicy, *, limit: int) -> int:
    """Attempt what is due and nobody is at; gives how many were tried. One bad message stops no other."""
    with begin(PLATFORM) as tx:
        due = tx.messages.due(tx.clock.now(), limit)
    for tried, (tenant, message_id) in enumerate(due, start=1):
        try:
            is_up = deliver(begin, mailer, policy, tenant=tenant, message_id=message_id)
        except Unavailable:
            raise  # the database: it would fail for the next one too
        except Exception as error:
            _log(error, "notification.message.put_off", message_id)
            _put_off(begin, tenant, message_id)
            continue
        if not is_up:
            return tried
    return len(due)


def _take(begin: BeginTransaction, policy: RetryPolicy, tenant: str, message_id: str) -> Message | None:
    """Mark the message as being sent; of several at once only one gets it. Its body is "" if it cannot be read."""
    with begin(tenant) as tx:
        message = tx.messages.outline(tenant, message_id)
        if message is None:
            return None
        at = tx.clock.now()
        if domain.is_exhausted(message, at=at, policy=policy):
            _keep(tx, message, *domain.attempt_failed(message, BROKE_OFF, at=at, policy=policy))
            return None
        taken = domain.begin_attempt(message, at=at, policy=policy)
        if taken is None or not tx.messages.save(message, taken):
            return None
        return _with_words(tx, taken)


def _with_words(tx: NotificationTransaction, taken: Message) -> Message:
    try:
        whole = tx.messages.get(taken.tenant, taken.message_id)
    except AppError as error:
        _log(error, "notification.message.unreadable", taken.message_id)
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
        _log(error, "notification.message.not_sent", message.message_id)
        return Failure(PERMANENT, "not-sent"), False
    return None, False


def _settle(begin: BeginTransaction, policy: RetryPolicy, message: Message, failure: Failure | None) -> None:
    with begin(message.tenant) as tx:
        at = tx.clock.now()
        if failure is None:
            _keep(tx, message, *domain.attempt_succeeded(message, at=at))
        else:
            _keep(tx, message, *domain.attempt_failed(message, failure, at=at, policy=policy))


def _keep(tx: NotificationTransaction, before: Message, after: Message, event: str) -> None:
    if tx.messages.save(before, after):
        emit_message_changed(tx, event, after)


def _put_off(begin: BeginTransaction, tenant: str, message_id: str) -> None:
    """So that it is not the first of every sweep."""
    try:
        with begin(tenant) as tx:
            tx.messages.put_off(tenant, message_id, tx.clock.now() + PUT_OFF)
    except Exception as error:
        _log(error, "notification.message.not_put_off", message_id)


def _log(error: Exception, event: str, message_id: str) -> None:
    code = error.code if isinstance(error, AppError) else type(error).__name__
    log.error(event, exc_info=None if isinstance(error, AppError) else error, extra={
        "message_id": message_id, "code": code})

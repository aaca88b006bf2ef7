"""Deliver e-mail: short transactions around the mail server, never one across it."""
from __future__ import annotations

from services.notification.domain import messages as domain
from services.notification.domain.messages import Failure, Message, RetryPolicy
from services.notification.domain.ports import BeginUnit, Letter, Mailer, NotSent
from services.notification.usecases.events import record

PLATFORM = "*"


def deliver(begin: BeginUnit, mailer: Mailer, policy: RetryPolicy, *, tenant: str, message_id: str) -> bool:
    """Make one attempt if one is due; False when the mail server is down, so that a sweep can stop."""
    message = _take(begin, policy, tenant, message_id)
    if message is None:
        return True
    letter = Letter(message.message_id, message.address or "", message.subject or "", message.body)
    try:
        mailer.send(letter)
    except NotSent as error:
        _settle(begin, policy, message, error.failure)
        return not error.provider_down
    _settle(begin, policy, message, None)
    return True


def deliver_due(begin: BeginUnit, mailer: Mailer, policy: RetryPolicy, *, limit: int) -> int:
    """Attempt what is due and nobody is at; gives how many were tried."""
    with begin(PLATFORM) as unit:
        due = unit.messages.due(unit.clock.now(), limit)
    for tried, (tenant, message_id) in enumerate(due, start=1):
        if not deliver(begin, mailer, policy, tenant=tenant, message_id=message_id):
            return tried
    return len(due)


def _take(begin: BeginUnit, policy: RetryPolicy, tenant: str, message_id: str) -> Message | None:
    """Mark the message as being sent; of several at once only one gets it."""
    with begin(tenant) as unit:
        message = unit.messages.get(tenant, message_id)
        if message is None:
            return None
        taken = domain.begin_attempt(message, at=unit.clock.now(), policy=policy)
        return taken if taken is not None and unit.messages.save(message, taken) else None


def _settle(begin: BeginUnit, policy: RetryPolicy, message: Message, failure: Failure | None) -> None:
    with begin(message.tenant) as unit:
        at = unit.clock.now()
        if failure is None:
            settled, event = domain.attempt_succeeded(message, at=at)
        else:
            settled, event = domain.attempt_failed(message, failure, at=at, policy=policy)
        if unit.messages.save(message, settled):
            record(unit, event, settled)

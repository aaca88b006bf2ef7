"""Changes of a text message by its carrier's answers and receipts."""
from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from services.notification.carriers.domain.carrier import Outcome, Receipt
from services.notification.common.channels import SMS
from services.notification.messages.domain.message import (
    DELIVERED,
    MESSAGE,
    OUTCOME_UNKNOWN,
    PERMANENT,
    SENDING,
    SENT,
    TECHNICAL,
    TEMPORARY,
    Failure,
    Message,
    RetryPolicy,
    attempt_failed,
    attempt_succeeded,
)

UNTRIED_WAIT = timedelta(seconds=2)
Changed = tuple[Message, str]
"""The message as it is to be, and the event of its edge."""


def is_asked_about(message: Message) -> bool:
    """Whether an attempt asks the last carrier what became of a text, instead of sending it again."""
    return message.channel == SMS and message.carrier is not None and message.failure_code == OUTCOME_UNKNOWN


def answered(
    message: Message, outcome: Outcome, *, at: datetime, policy: RetryPolicy, elsewhere: bool,
    receipt_wait: timedelta | None,
) -> Changed:
    """A text after a carrier's answer.

    elsewhere: another carrier may be tried at once. receipt_wait: how long a receipt is waited for when the outcome is
    unknown; None: the carrier is asked.
    """
    if outcome.verdict == "taken":
        return attempt_succeeded(message, at=at, reference=outcome.reference or None)
    if outcome.verdict == "refused":
        return attempt_failed(message, Failure(PERMANENT, outcome.code), at=at, policy=policy)
    if outcome.verdict == "untried":
        event = MESSAGE.move(message.state, TEMPORARY)
        return replace(
            message, state=TEMPORARY, attempts=message.attempts - 1, failure_code=outcome.code,
            next_attempt_at=at if elsewhere else at + UNTRIED_WAIT), event
    code = OUTCOME_UNKNOWN if outcome.verdict == "unknown" else outcome.code
    after, event = attempt_failed(message, Failure(TEMPORARY, code), at=at, policy=policy)
    if after.state != TEMPORARY:
        return after, event
    if outcome.verdict == "unknown" and receipt_wait is not None:
        return replace(after, next_attempt_at=at + receipt_wait), event
    return (replace(after, next_attempt_at=at) if elsewhere and outcome.may_go_elsewhere else after), event


def asked(
    message: Message, told: Receipt | Literal["unknown"] | None, *, at: datetime, policy: RetryPolicy,
) -> Changed:
    """A text after its carrier was asked. told: None: it never took the text, so another may be tried."""
    if told == "unknown":
        return attempt_failed(message, Failure(TEMPORARY, OUTCOME_UNKNOWN), at=at, policy=policy)
    if told is None or _is_of_earlier_attempt(message, told):
        after, event = attempt_failed(message, Failure(TEMPORARY, "provider-has-not-taken"), at=at, policy=policy)
        return (replace(after, next_attempt_at=at) if after.state == TEMPORARY else after), event
    if told.state == "sent":
        return attempt_succeeded(message, at=at, reference=told.reference or None)
    changed = receive(message, told, at=at, policy=policy)
    assert changed is not None, "a text that is being sent takes every receipt of its attempt"
    return changed


def await_receipt(message: Message, *, at: datetime, wait: timedelta) -> Changed:
    """A text whose outcome is unknown and whose carrier cannot be asked: its receipt is waited for, once.

    Nobody else is tried, since the person would get the text twice. message: as before the attempt.
    """
    if message.state == SENDING:  # its process died
        event = MESSAGE.move(message.state, TEMPORARY)
        return replace(message, state=TEMPORARY, failure_code=OUTCOME_UNKNOWN, next_attempt_at=at + wait), event
    event = MESSAGE.move(message.state, TECHNICAL)
    return replace(message, state=TECHNICAL, next_attempt_at=None), event


def postponed(message: Message, *, at: datetime, wait: timedelta) -> Message:
    """A text for which no carrier is to be had just now: no attempt."""
    return replace(message, next_attempt_at=at + wait)


def receive(message: Message, receipt: Receipt, *, at: datetime, policy: RetryPolicy) -> Changed | None:
    """A text after a receipt; None when the receipt changes nothing.

    Receipts come several times and in any order, so they have ranks: delivered is true whenever it comes from a carrier
    that may have had the text, a permanent failure ends what is not delivered, a temporary one is tried again, and
    `sent` says the least. A failure is of the attempt that it is about: one of another carrier, or of another
    reference, changes nothing.
    """
    if receipt.state == "delivered":
        return _delivered(message, receipt, at)
    if not _is_of_last_attempt(message, receipt):
        return None
    if receipt.state == "sent":
        is_waited_for = message.state == TEMPORARY and message.failure_code == OUTCOME_UNKNOWN
        return attempt_succeeded(message, at=at, reference=receipt.reference or None) if is_waited_for else None
    failure = Failure(
        PERMANENT if receipt.state == "permanent-failure" else TEMPORARY, receipt.code or receipt.state)
    if failure.kind not in MESSAGE.targets(message.state):
        return None
    after, event = attempt_failed(message, failure, at=at, policy=policy)
    return replace(after, carrier_reference=receipt.reference or message.carrier_reference), event


def _delivered(message: Message, receipt: Receipt, at: datetime) -> Changed | None:
    if not _may_have_had(message, receipt.carrier) or DELIVERED not in MESSAGE.targets(message.state):
        return None
    event = MESSAGE.move(message.state, DELIVERED)
    return replace(
        message, state=DELIVERED, delivered_at=at, sent_at=message.sent_at or at, next_attempt_at=None,
        failure_code=None, carrier=receipt.carrier, carrier_reference=receipt.reference or message.carrier_reference,
    ), event


def _may_have_had(message: Message, carrier: str) -> bool:
    """Whether a carrier was tried. Of several attempts only the last one's carrier is known."""
    return message.attempts > 1 or (message.attempts == 1 and message.carrier == carrier)


def _is_of_last_attempt(message: Message, receipt: Receipt) -> bool:
    if message.carrier != receipt.carrier:
        return False
    is_open = message.state == SENDING or (message.state == TEMPORARY and message.failure_code == OUTCOME_UNKNOWN)
    if is_open:  # the reference that is known is of an attempt before
        return not _is_of_earlier_attempt(message, receipt)
    return message.state in (SENT, TEMPORARY) and receipt.reference in ("", message.carrier_reference)


def _is_of_earlier_attempt(message: Message, receipt: Receipt) -> bool:
    return receipt.reference != "" and receipt.reference == message.carrier_reference

"""Messages and their life, as a table; every change of state goes through it."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from services.notification.carriers.domain.carrier import Route
from services.notification.common.channels import INBOX, SMS
from services.notification.messages.domain.errors import MessageNotCancellable
from shared_components.kernel.bilingual import Bilingual, listed_zh
from shared_components.kernel.states import Edge, StateMachine

CREATED, SENDING, SENT, DELIVERED = "created", "sending", "sent", "delivered"
TEMPORARY, PERMANENT, TECHNICAL = "temporary-failure", "permanent-failure", "technical-failure"
SCHEDULED, CANCELLED, EXPIRED = "scheduled", "cancelled", "expired"
RECIPIENT_UNKNOWN = "recipient-unknown"
"""The failure code of an inbox message while identity has not registered its recipient."""
OUTCOME_UNKNOWN = "outcome-unknown"
"""The failure code of a text whose carrier may have taken it: that carrier is asked, and no other is tried before."""

# `sent`: the recipient's mail server took it; `delivered`: it is where the person reads it. Plain SMTP never tells
# more than `sent`; receipts (SMS, DSN) will.
MESSAGE = StateMachine(
    "message",
    CREATED,
    [
        Edge(CREATED, DELIVERED, "message-delivered"),
        Edge(CREATED, SCHEDULED, "message-scheduled"),
        Edge(CREATED, SENDING, "message-sending"),
        Edge(CREATED, CANCELLED, "message-cancelled"),
        Edge(CREATED, EXPIRED, "message-expired"),
        Edge(SCHEDULED, CREATED, "message-accepted"),
        Edge(SCHEDULED, DELIVERED, "message-delivered"),
        Edge(SCHEDULED, SENDING, "message-sending"),
        Edge(SCHEDULED, CANCELLED, "message-cancelled"),
        Edge(SCHEDULED, EXPIRED, "message-expired"),
        Edge(SENDING, SENT, "message-sent"),
        Edge(SENDING, TEMPORARY, "message-postponed"),
        Edge(SENDING, PERMANENT, "message-failed"),
        Edge(SENDING, TECHNICAL, "message-failed"),
        # A receipt may be quicker than the answer to the request.
        Edge(SENDING, DELIVERED, "message-delivered"),
        Edge(TEMPORARY, SENDING, "message-sending"),
        Edge(TEMPORARY, SENT, "message-sent"),
        Edge(TEMPORARY, DELIVERED, "message-delivered"),
        Edge(TEMPORARY, PERMANENT, "message-failed"),
        Edge(TEMPORARY, TECHNICAL, "message-failed"),
        Edge(TEMPORARY, CANCELLED, "message-cancelled"),
        Edge(TEMPORARY, EXPIRED, "message-expired"),
        Edge(SENT, DELIVERED, "message-delivered"),
        Edge(SENT, TEMPORARY, "message-postponed"),
        Edge(SENT, PERMANENT, "message-failed"),
        Edge(SENT, TECHNICAL, "message-failed"),
        # Receipts come in any order, and late: what has reached the person has reached the person.
        Edge(PERMANENT, DELIVERED, "message-delivered"),
        Edge(TECHNICAL, DELIVERED, "message-delivered"),
        Edge(CANCELLED, DELIVERED, "message-delivered"),
        Edge(EXPIRED, DELIVERED, "message-delivered"),
    ],
    final=(DELIVERED,),
)
OVER = frozenset({DELIVERED, PERMANENT, TECHNICAL, CANCELLED, EXPIRED})
"""States in which nothing is done for a message any more."""

STATE_LABELS: Mapping[str, Bilingual] = {
    CREATED: Bilingual("Accepted", "待发送"),
    SCHEDULED: Bilingual("Scheduled", "定时待发"),
    SENDING: Bilingual("Being sent", "发送中"),
    SENT: Bilingual("Sent", "已发出"),
    DELIVERED: Bilingual("Delivered", "已送达"),
    TEMPORARY: Bilingual("Failed for now", "暂时失败"),
    PERMANENT: Bilingual("Cannot be delivered", "无法送达"),
    TECHNICAL: Bilingual("Technical failure", "技术故障"),
    CANCELLED: Bilingual("Cancelled", "已撤回"),
    EXPIRED: Bilingual("Expired", "已过期"),
}


@dataclass(frozen=True, slots=True)
class SmsContent:
    """A text as carriers need it beside its body: routes that may be taken, and the values of their templates."""

    routes: Sequence[Route]
    values: Mapping[str, str] = field(repr=False)

    def route(self, carrier: str) -> Route | None:
        return next((route for route in self.routes if route.carrier == carrier), None)


@dataclass(frozen=True, slots=True)
class Message:
    """address, subject and body are personal data: sealed at rest, never in a log or an event.

    app: the caller that it belongs to.
    next_attempt_at: when a sweep takes it up if nothing else has; None when nothing is to be done.
    failure_code: of the last failed attempt, e.g. `smtp-550`.
    message_class: urgent, normal or bulk. carrier: of a text's last attempt; carrier_reference: the carrier's number of
    the last attempt that it took. parts: that a text is paid as. sms: None for other channels, and where the content is
    not opened. job_id: the job that has made it, None for a message that was sent alone.
    """

    message_id: str
    tenant: str
    app: str
    channel: str
    template_code: str
    template_version: int
    locale: str
    recipient_subject: str | None
    address: str | None = field(repr=False)
    subject: str | None = field(repr=False)
    body: str = field(repr=False)
    reference: str | None
    created_at: datetime
    state: str = CREATED
    attempts: int = 0
    next_attempt_at: datetime | None = None
    failure_code: str | None = None
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    read_at: datetime | None = None
    message_class: str = "normal"
    carrier: str | None = None
    carrier_reference: str | None = None
    parts: int | None = None
    sms: SmsContent | None = field(default=None, repr=False)
    job_id: str | None = None


def id_of(message: Message) -> str:
    return message.message_id


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """max_attempts: with the first; the wait doubles from first_wait to longest_wait.

    attempt_limit: longer than any attempt can take; one that is still open then has died with its process.
    """

    max_attempts: int = 8
    first_wait: timedelta = timedelta(seconds=10)
    longest_wait: timedelta = timedelta(hours=1)
    attempt_limit: timedelta = timedelta(minutes=2)

    def wait(self, attempts: int) -> timedelta:
        doubled: int = 2 ** min(attempts - 1, 20)
        return min(self.first_wait * doubled, self.longest_wait)


@dataclass(frozen=True, slots=True)
class Failure:
    """kind: a failure state; code: what the provider said, without its words (they may hold the address)."""

    kind: str
    code: str


def place(message: Message, *, at: datetime, grace: timedelta, recipient_known: bool) -> tuple[Message, str]:
    """Deliver a new inbox message, or leave a message to its delivery; give it with its event.

    grace: how long the delivery of an e-mail may take to begin before a sweep looks after it.
    recipient_known: whether identity has registered the recipient of an inbox message. Else it waits for that.
    """
    if message.channel != INBOX:
        return replace(message, next_attempt_at=at + grace), "message-accepted"
    if recipient_known:
        return reach_inbox(message, at=at)
    return replace(message, failure_code=RECIPIENT_UNKNOWN), "message-accepted"


def reach_inbox(message: Message, *, at: datetime) -> tuple[Message, str]:
    """The message as delivered to the inbox of a recipient who exists."""
    event = MESSAGE.move(message.state, DELIVERED)
    return replace(message, state=DELIVERED, delivered_at=at, next_attempt_at=None, failure_code=None), event


def waits_for_recipient(message: Message) -> bool:
    return message.channel == INBOX and message.state == CREATED


def is_due(message: Message, at: datetime) -> bool:
    return message.next_attempt_at is not None and message.next_attempt_at <= at


def begin_attempt(message: Message, *, at: datetime, policy: RetryPolicy) -> Message | None:
    """The message as taken for one attempt; None when there is nothing to do now.

    An attempt that its process did not survive counts as a temporary failure: the letter may have gone out, and its
    Message-ID, the same each time, lets the recipient's server know it again. A text's outcome is then unknown.
    """
    if message.channel == INBOX or message.state not in (CREATED, SENDING, TEMPORARY):
        return None
    due, state, failure_code = is_due(message, at), message.state, message.failure_code
    if state == SENDING and due:
        MESSAGE.move(state, TEMPORARY)
        state = TEMPORARY
        failure_code = OUTCOME_UNKNOWN if message.channel == SMS and message.carrier else failure_code
    if state == SENDING or (state == TEMPORARY and not due):
        return None
    MESSAGE.move(state, SENDING)
    return replace(
        message, state=SENDING, attempts=message.attempts + 1, next_attempt_at=at + policy.attempt_limit,
        failure_code=failure_code)


def is_exhausted(message: Message, *, at: datetime, policy: RetryPolicy) -> bool:
    """Whether the last attempt that the policy allows has ended without a word: its process died."""
    return message.state == SENDING and is_due(message, at) and message.attempts >= policy.max_attempts


def attempt_succeeded(message: Message, *, at: datetime, reference: str | None = None) -> tuple[Message, str]:
    """reference: the carrier's number of a text."""
    event = MESSAGE.move(message.state, SENT)
    return replace(
        message, state=SENT, sent_at=at, next_attempt_at=None, failure_code=None, carrier_reference=reference), event


def attempt_failed(message: Message, failure: Failure, *, at: datetime, policy: RetryPolicy) -> tuple[Message, str]:
    """A temporary failure waits for the next attempt, until there were too many; then it is a technical one."""
    if failure.kind == TEMPORARY and message.attempts < policy.max_attempts:
        event, state, again = MESSAGE.move(message.state, TEMPORARY), TEMPORARY, at + policy.wait(message.attempts)
        return replace(message, state=state, next_attempt_at=again, failure_code=failure.code), event
    state = TECHNICAL if failure.kind == TEMPORARY else failure.kind
    event = MESSAGE.move(message.state, state)
    return replace(message, state=state, next_attempt_at=None, failure_code=failure.code), event


def cancel(message: Message) -> tuple[Message, str]:
    """Raises MessageNotCancellable once an attempt is under way or over."""
    if CANCELLED not in MESSAGE.targets(message.state):
        allowed = [state for state in MESSAGE.states if CANCELLED in MESSAGE.targets(state)]
        raise MessageNotCancellable(Bilingual(
            f"message {message.message_id} is {message.state!r}; only {allowed} can be cancelled",
            f"消息 {message.message_id} 的状态为“{message.state}”；只有{listed_zh(allowed)}可以取消"))
    event = MESSAGE.move(message.state, CANCELLED)
    return replace(message, state=CANCELLED, next_attempt_at=None), event

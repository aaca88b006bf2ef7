"""Webhooks: where an app wants to be told, and each thing it is told, tried until it has heard."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared_components.kernel.states import Edge, StateMachine

ACTIVE, SUSPENDED = "active", "suspended"

WEBHOOK = StateMachine(
    "webhook",
    ACTIVE,
    [
        Edge(ACTIVE, SUSPENDED, "webhook-suspended"),
        Edge(SUSPENDED, ACTIVE, "webhook-resumed"),
    ],
)

PENDING, DELIVERED, EXHAUSTED = "pending", "delivered", "failed"

DELIVERY = StateMachine(
    "delivery",
    PENDING,
    [
        Edge(PENDING, DELIVERED, "delivery-made"),
        Edge(PENDING, EXHAUSTED, "delivery-given-up"),
        # Sent once more by hand.
        Edge(DELIVERED, PENDING, "delivery-repeated"),
        Edge(EXHAUSTED, PENDING, "delivery-repeated"),
    ],
)

RETRY_AFTER = (
    timedelta(seconds=60), timedelta(minutes=5), timedelta(hours=1), timedelta(days=1), timedelta(days=2),
)
"""The waits between the six attempts."""
CLAIM = timedelta(seconds=60)
"""For so long an attempt is its sender's; a sender that died is followed by another one then.

Twice the longest limit of a whole attempt (services.payment.webhooks.timeout_s), which begins when it is claimed.
"""
GONE = 410
OWN_QUEUE = "queue:own"
"""In place of an address: the app's own queue at the broker."""
QUEUE_SCHEME = "queue:"


@dataclass(frozen=True, slots=True)
class Webhook:
    """app: whose things it tells of; None: of all apps of the tenant.

    secret: signs what is sent; key_id names it, and changes with it, so that a receiver can know two at once.
    None: what is stored cannot be decrypted; put_webhook with rotate_secret makes a new one.
    """

    webhook_id: str
    tenant: str
    app: str | None
    url: str
    events: Sequence[str]
    secret: str | None
    secret_version: int
    state: str
    created_at: datetime
    last_success_at: datetime | None = None
    suspended_at: datetime | None = None

    @property
    def key_id(self) -> str:
        return f"{self.webhook_id}.{self.secret_version}"

    @property
    def address(self) -> str:
        """The destination of what is sent: a URL, or `queue:` and the app whose queue it is."""
        return f"{QUEUE_SCHEME}{self.app}" if self.url == OWN_QUEUE else self.url


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event to one webhook. attempts: of all; tries: since it was begun or last repeated by hand.

    about: id of the thing that the event is about.
    body: exactly what is sent and signed.
    """

    delivery_id: str
    tenant: str
    webhook_id: str
    event_id: str
    event_type: str
    about: str
    body: str
    state: str
    created_at: datetime
    next_attempt_at: datetime
    begun_at: datetime
    attempts: int = 0
    tries: int = 0
    delivered_at: datetime | None = None
    last_status: int | None = None
    last_failure: str | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """The result of one attempt. status: HTTP's, if there was an answer; failure: a code, None when it was taken."""

    status: int | None
    failure: str | None
    duration_ms: int

    @property
    def taken(self) -> bool:
        return self.failure is None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The state of a delivery after an attempt. suspend: the endpoint is dead, and nothing more is sent to it."""

    state: str
    next_attempt_at: datetime
    suspend: bool = False


def judge(delivery: Delivery, webhook: Webhook, sent: Sent, at: datetime) -> Outcome:
    """delivery: with this attempt counted."""
    if sent.taken:
        return Outcome(DELIVERED, at)
    if sent.status == GONE:
        return Outcome(EXHAUSTED, at, suspend=True)
    if delivery.tries <= len(RETRY_AFTER):
        return Outcome(PENDING, at + RETRY_AFTER[delivery.tries - 1])
    heard_meanwhile = webhook.last_success_at is not None and webhook.last_success_at >= delivery.begun_at
    return Outcome(EXHAUSTED, at, suspend=not heard_meanwhile)


def headers_of(delivery: Delivery) -> Mapping[str, str]:
    """Beside the signature's own. The event id is the receiver's key against duplicates."""
    return {
        "Content-Type": "application/json",
        "User-Agent": "zhongtai-webhook/1",
        "X-Zhongtai-Event": delivery.event_type,
        "X-Zhongtai-Event-Id": delivery.event_id,
        "X-Zhongtai-Delivery": delivery.delivery_id,
    }

"""Names of exchanges and queues: one place, because contracts, definitions and policies depend on them."""
from __future__ import annotations

from shared_components.kernel.reply_addresses import DIRECT_REPLY_TO as DIRECT_REPLY_TO

RPC_EXCHANGE = "nameko-rpc"
DEAD_EXCHANGE = "zhongtai.dead"
# Exchange and queue of what processes tell of themselves.
INSTANCES = "zhongtai.instances"
# Stream of what operators have switched off in a peak.
DEGRADED = "zhongtai.degraded"
CALLS_METHOD = "calls"

CALLS_CONTENT_TYPE = "application/vnd.zhongtai.calls+json"
REPLIES_CONTENT_TYPE = "application/vnd.zhongtai.replies+json"
EVENT_CONTENT_TYPE = "application/vnd.zhongtai.event+json"
JSON_CONTENT_TYPE = "application/json"
# Of a copy that a service makes of a message: whom the broker has verified as the message's sender, empty for nobody.
SENDER_HEADER = "x-user-id"
# Of a dead letter: the handler's queue that it came from, and may go back to.
QUEUE_HEADER = "x-queue"


def rpc_queue(service: str) -> str:
    return f"rpc-{service}"


def event_exchange(service: str) -> str:
    return f"{service}.events"


def event_queue(consumer: str, handler: str) -> str:
    return f"events.{consumer}.{handler}"


def retry_queue(consumer: str, handler: str, delay_s: float) -> str:
    """The wait is part of the name: a queue's arguments cannot change, so another wait is another queue."""
    return f"retry.{consumer}.{handler}.{int(delay_s * 1000)}ms"


def quarantine_queue(service: str, part: str) -> str:
    """part: calls or events."""
    return f"quarantine.{service}.{part}"


def app_queue(app: str) -> str:
    """The queue of events for one app, which alone reads it. app: its user at the broker."""
    return f"app-events.{app}"


def dead_queue(service: str) -> str:
    return f"dead.{service}"

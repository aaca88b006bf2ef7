"""Names of exchanges and queues: one place, because contracts, definitions and policies depend on them."""
from __future__ import annotations

import re

RPC_EXCHANGE = "nameko-rpc"
DEAD_EXCHANGE = "zhongtai.dead"
DIRECT_REPLY_TO = "amq.rabbitmq.reply-to"
CALLS_METHOD = "calls"

CALLS_CONTENT_TYPE = "application/vnd.zhongtai.calls+json"
REPLIES_CONTENT_TYPE = "application/vnd.zhongtai.replies+json"
EVENT_CONTENT_TYPE = "application/vnd.zhongtai.event+json"
JSON_CONTENT_TYPE = "application/json"

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")


def rpc_queue(service: str) -> str:
    return f"rpc-{service}"


def event_exchange(service: str) -> str:
    return f"{service}.events"


def event_queue(consumer: str, handler: str) -> str:
    return f"events.{consumer}.{handler}"


def retry_queue(consumer: str, handler: str, delay_s: float) -> str:
    """The wait is part of the name: a queue's arguments cannot change, so another wait is another queue."""
    return f"retry.{consumer}.{handler}.{int(delay_s * 1000)}ms"


def dead_queue(service: str) -> str:
    return f"dead.{service}"


def is_reply_address(address: object) -> bool:
    """Whether a `reply_to` can be a reply queue: never another service's routing key.

    Direct reply-to tokens (routed by the default exchange), or nameko's reply routing keys, which are UUIDs.
    """
    if not isinstance(address, str):
        return False
    return address.startswith(DIRECT_REPLY_TO + ".") or _UUID.match(address) is not None

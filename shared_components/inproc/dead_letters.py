"""The headers that tell a dead letter's story, and the rule that stops it from going round for ever."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from shared_components.inproc.messages import HEADERS, StoredMessage, copy_field

REJECTED = "rejected"
EXPIRED = "expired"
TOO_LONG = "maxlen"
MOST = 2**62


def dead_letter(message: StoredMessage, *, queue: str, reason: str, exchange: str, routing_key: str) -> StoredMessage:
    """The message as it is published to the dead-letter exchange: without its expiration, with `x-death`."""
    properties = dict(message.properties)
    expiration = properties.pop("expiration", None)
    headers = copy_field(message.headers)
    headers["x-death"] = _deaths(message, _deaths_of(headers), queue, reason, expiration)
    headers.setdefault("x-first-death-exchange", message.exchange)
    headers.setdefault("x-first-death-queue", queue)
    headers.setdefault("x-first-death-reason", reason)
    properties[HEADERS] = headers
    return StoredMessage(message.body, properties, exchange, routing_key)


def _deaths(
    message: StoredMessage, deaths: Sequence[Any], queue: str, reason: str, expiration: str | None
) -> list[dict[str, Any]]:
    """Newest first; one entry for each queue and reason, with a count."""
    newest: dict[str, Any] = {
        "count": 1,
        "exchange": message.exchange,
        "queue": queue,
        "reason": reason,
        "routing-keys": [message.routing_key],
        "time": datetime.now(UTC).replace(tzinfo=None, microsecond=0),
    }
    if expiration is not None:
        newest["original-expiration"] = expiration
    others = []
    for death in deaths:
        if death.get("queue") == queue and death.get("reason") == reason:
            count = death.get("count")
            newest = {**death, "count": count + 1 if isinstance(count, int) and 0 <= count < MOST else MOST}
        else:
            others.append(death)
    return [newest, *others]


def _deaths_of(headers: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What a sender has put there may be anything."""
    deaths = headers.get("x-death")
    return [death for death in deaths if isinstance(death, Mapping)] if isinstance(deaths, list) else []


def is_endless(message: StoredMessage, queue: str) -> bool:
    """Whether it has been in this queue before and came back with nobody having rejected it on the way."""
    reasons = []
    for death in _deaths_of(message.headers):
        reasons.append(death.get("reason"))
        if death.get("queue") == queue:
            return REJECTED not in reasons
    return False

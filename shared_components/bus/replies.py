"""Send the answers of a group: one message a caller, in the form that the caller speaks."""
from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import orjson

from shared_components.bus import names, wire
from shared_components.bus.errors import ReplyTooLarge
from shared_components.bus.link import Link
from shared_components.kernel.errors import AppError, Internal

if TYPE_CHECKING:
    from shared_components.bus.inbound import PendingCall

# A stock client states no deadline. One that has not taken its reply by then is gone, and its queue fills no broker.
PLAIN_REPLY_LIVES_MS = "60000"


def send_replies(calls: Sequence[PendingCall], max_bytes: int) -> None:
    """Answer every call of the list. Transient and unconfirmed: deadline and operation id make that safe."""
    coalesced: dict[tuple[Link, str], list[bytes]] = {}
    for call in calls:
        delivery = call.delivery
        if delivery.link.closed:
            continue
        result, error = _split(call.request.outcome)
        if delivery.plain:
            _send_plain(call, result, error, max_bytes)
        else:
            coalesced.setdefault((delivery.link, delivery.reply_to), []).append(
                _limited(call.id, result, error, max_bytes))
    for (link, reply_to), parts in coalesced.items():
        for chunk in chunks(parts, max_bytes):
            link.publish(
                wire.encode_list(chunk), exchange="", routing_key=reply_to, content_type=names.REPLIES_CONTENT_TYPE)


def chunks(parts: Sequence[bytes], max_bytes: int) -> list[list[bytes]]:
    """Split into lists whose joined size stays within the limit; each part alone is known to fit."""
    result: list[list[bytes]] = [[]]
    size = 2
    for part in parts:
        if result[-1] and size + len(part) + 1 > max_bytes:
            result.append([])
            size = 2
        result[-1].append(part)
        size += len(part) + 1
    return result


def _split(outcome: Any) -> tuple[Any, AppError | None]:
    return (None, outcome) if isinstance(outcome, AppError) else (outcome, None)


def _limited(call_id: Any, result: Any, error: AppError | None, max_bytes: int) -> bytes:
    try:
        part = wire.encode_reply(call_id, result, error)
    except (TypeError, orjson.JSONEncodeError):
        return wire.encode_reply(call_id, None, Internal("the reply could not be encoded"))
    if len(part) + 2 > max_bytes:
        return wire.encode_reply(call_id, None, _too_large(len(part), max_bytes))
    return part


def _too_large(size: int, max_bytes: int) -> ReplyTooLarge:
    return ReplyTooLarge(f"reply has {size} bytes; at most {max_bytes} are allowed")


def _send_plain(call: PendingCall, result: Any, error: AppError | None, max_bytes: int) -> None:
    delivery = call.delivery
    body = wire.encode_nameko_reply(result, error)
    if len(body) > max_bytes:
        body = wire.encode_nameko_reply(None, _too_large(len(body), max_bytes))
    direct = delivery.reply_to.startswith(names.DIRECT_REPLY_TO)
    delivery.link.publish(
        body, exchange="" if direct else names.RPC_EXCHANGE, routing_key=delivery.reply_to,
        content_type=names.JSON_CONTENT_TYPE, correlation_id=delivery.correlation_id, expiration=PLAIN_REPLY_LIVES_MS,
    )

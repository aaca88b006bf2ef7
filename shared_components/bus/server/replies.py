"""Send the answers of a group: one message a caller, in the form that the caller speaks."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from shared_components.bus.amqp import names, wire
from shared_components.bus.amqp.connection import BrokerConnection
from shared_components.bus.errors import ReplyTooLarge
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import AppError, Internal

if TYPE_CHECKING:
    from shared_components.bus.server.inbound import Delivery, InboundCall

# A stock client states no deadline. One that has not taken its reply by then is gone, and its queue fills no broker.
PLAIN_REPLY_LIVES_MS = "60000"


def send_replies(calls: Sequence[InboundCall], max_bytes: int) -> None:
    """Answer every call of the list. Transient and unconfirmed: deadline and operation id make that safe."""
    by_delivery: dict[Delivery, list[InboundCall]] = defaultdict(list)
    for call in calls:
        by_delivery[call.delivery].append(call)
    by_address: dict[tuple[BrokerConnection, str], list[InboundCall]] = defaultdict(list)
    for delivery, its_calls in by_delivery.items():
        if delivery.connection.closed:
            continue
        if delivery.plain:
            _send_plain(delivery, its_calls[0], max_bytes)
        else:
            by_address[delivery.connection, delivery.reply_to] += its_calls
    for (connection, reply_to), its_calls in by_address.items():
        for body in bodies(its_calls, max_bytes):
            connection.publish(body, exchange="", routing_key=reply_to, content_type=names.REPLIES_CONTENT_TYPE)


def bodies(calls: Sequence[InboundCall], max_bytes: int) -> list[bytes]:
    """The messages that answer the calls. Good replies that fit into one are encoded at once, others each by itself."""
    if not any(isinstance(call.request.outcome, AppError) for call in calls):
        with suppress(Exception):  # one that JSON has no form for: which one, is found below
            body = wire.encode_results([(call.id, call.request.outcome) for call in calls])
            if len(body) <= max_bytes:
                return [body]
    parts = [_limited(call.id, *_split(call.request.outcome), max_bytes) for call in calls]
    return [wire.encode_list(chunk) for chunk in chunks(parts, max_bytes)]


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
    except Exception:  # whatever it is: the replies of others are still to be sent
        return wire.encode_reply(call_id, None, _unencodable())
    if len(part) + 2 > max_bytes:
        return wire.encode_reply(call_id, None, _too_large(len(part), max_bytes))
    return part


def _unencodable() -> Internal:
    return Internal(Bilingual(
        "the reply could not be encoded",
        "答复无法编码"))


def _too_large(size: int, max_bytes: int) -> ReplyTooLarge:
    return ReplyTooLarge(Bilingual(
        f"reply has {size} bytes; at most {max_bytes} are allowed",
        f"答复为 {size} 字节；最多允许 {max_bytes} 字节"))


def _send_plain(delivery: Delivery, call: InboundCall, max_bytes: int) -> None:
    try:
        body = wire.encode_nameko_reply(*_split(call.request.outcome))
    except Exception:  # the replies of others are still to be sent
        body = wire.encode_nameko_reply(None, _unencodable())
    if len(body) > max_bytes:
        body = wire.encode_nameko_reply(None, _too_large(len(body), max_bytes))
    direct = delivery.reply_to.startswith(names.DIRECT_REPLY_TO)
    delivery.connection.publish(
        body, exchange="" if direct else names.RPC_EXCHANGE, routing_key=delivery.reply_to,
        content_type=names.JSON_CONTENT_TYPE, correlation_id=delivery.correlation_id, expiration=PLAIN_REPLY_LIVES_MS,
    )

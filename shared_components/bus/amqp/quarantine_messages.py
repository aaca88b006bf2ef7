"""Messages on their way to a service's quarantine: the original properties travel as headers.

The broker acts upon properties and upon some headers (CC, BCC, reply_to, expiration). What somebody else has sent is
not to act a second time, in this service's name. What the broker had verified of the sender is believed only when the
copy's own user, which the broker has verified too, is this service.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from time import time
from typing import Any

from shared_components.bus.amqp import carried_proofs, names, wire
from shared_components.bus.amqp.carried_proofs import PROOF_HEADERS, ProofSeal
from shared_components.bus.amqp.publisher import Outgoing
from shared_components.bus.errors import MalformedMessage
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.ids import new_id

NAMEKO_PREFIX = "nameko."
ATTEMPT_HEADER = "x-attempt"
EXPIRES_AT = "x-expires-at"
LONGEST_TEXT = 255
# Header of the copy → property of the message.
_PROPERTIES = {
    "x-content-type": "content_type", "x-reply-to": "reply_to", "x-correlation-id": "correlation_id",
    "x-message-id": "message_id", names.SENDER_HEADER: "user_id",
}
_CONTEXT = tuple(f"{NAMEKO_PREFIX}{key}" for key in (*wire.CONTEXT_PATTERNS, "op_id"))
LONGEST_LIFE_MS = 24 * 3_600_000


@dataclass
class Unpacked:
    """A message as it was, and the queue it was in. It is redelivered, whatever the broker says of its copy."""

    body: bytes | str
    properties: dict[str, Any]
    delivery_info: dict[str, Any]


def headers_of(message: Any) -> Mapping[str, Any]:
    """A message's headers; an empty mapping when there are none, or they are no table."""
    headers = message.properties.get("application_headers")
    if headers is None:
        headers = getattr(message, "headers", None)
    return headers if isinstance(headers, dict) else {}


def whole_number(value: object, largest: int) -> int:
    """A number that somebody else has written, within 0 and `largest`; 0 when it is no whole number."""
    return min(max(value, 0), largest) if isinstance(value, int) and not isinstance(value, bool) else 0


def raw_body(message: Any) -> bytes:
    body = message.body
    return body.encode("utf-8", "surrogateescape") if isinstance(body, str) else bytes(body)


def sender_of(message: Any) -> str:
    """Whom the broker has verified as the sender; empty for nobody."""
    return str(message.properties.get("user_id") or "")


def pack(
    message: Any, quarantine: str, queue: str, *, largest_attempt: int = 0, proofs: ProofSeal | None = None,
) -> Outgoing:
    """A copy for the queue `quarantine`. queue: where the message was taken from.

    proofs: seals tokens and tickets; None: the message is an event, which carries none and stays as it is.
    """
    given, info = headers_of(message), message.delivery_info
    headers: dict[str, Any] = {
        "x-exchange": info["exchange"], "x-routing-key": info["routing_key"], names.QUEUE_HEADER: queue,
        ATTEMPT_HEADER: whole_number(given.get(ATTEMPT_HEADER), largest_attempt),
        EXPIRES_AT: _expires_at(message.properties), names.SENDER_HEADER: "",
    }
    texts = {name: message.properties.get(key) for name, key in _PROPERTIES.items()}
    texts |= {name: given.get(name) for name in _CONTEXT if name not in PROOF_HEADERS}
    headers |= {name: text for name, text in texts.items() if isinstance(text, str) and len(text) <= LONGEST_TEXT}
    body = raw_body(message)
    if proofs is not None:
        # Never left out: without its proof the call of a person would be served as the app's own, which may see more.
        headers |= {name: carried_proofs.seal(given[name], proofs) for name in PROOF_HEADERS
                    if isinstance(given.get(name), str)}
        body = carried_proofs.seal_in(body, proofs)
    return Outgoing(
        body=body, exchange="", routing_key=quarantine,
        content_type=str(message.properties.get("content_type") or "application/octet-stream"),
        message_id=new_id("msg"), headers=headers)


def fingerprint(copy: Outgoing) -> bytes:
    """Build a key that is equal for two copies of one message, whenever each was made."""
    headers = copy.headers.items()
    said = sorted((name, carried_proofs.digest_or_text(str(value))) for name, value in headers if name != EXPIRES_AT)
    body = carried_proofs.told_by_digest(copy.body)
    return blake2b(repr(said).encode("utf-8", "replace") + body, digest_size=16).digest()


def unpack(message: Any, user: str | None, proofs: ProofSeal | None = None) -> Unpacked:
    """The message that was packed. user: this service's own. Raises MalformedMessage when another has sent it."""
    if message.properties.get("user_id") != user:
        raise MalformedMessage(Bilingual(
            "only the service itself moves messages to its quarantine",
            "只有服务自身可以将消息移入隔离队列"))
    headers = headers_of(message)
    properties = {key: headers[name] for name, key in _PROPERTIES.items() if isinstance(headers.get(name), str)}
    properties["application_headers"] = {name: headers[name] for name in (*_CONTEXT, ATTEMPT_HEADER) if name in headers}
    body = message.body
    if proofs is not None:
        given = properties["application_headers"]
        given |= {name: carried_proofs.unseal(str(given[name]), proofs) for name in PROOF_HEADERS if name in given}
        body = carried_proofs.unseal_in(raw_body(message), proofs)
    return Unpacked(body, properties, {
        **message.delivery_info, "redelivered": True,
        "exchange": str(headers.get("x-exchange", "")), "routing_key": str(headers.get("x-routing-key", "")),
        "queue": str(headers.get(names.QUEUE_HEADER, "")),
    })


def is_expired(message: Any) -> bool:
    """Tell whether nobody waits for the message any more. message: packed."""
    expires_at = whole_number(headers_of(message).get(EXPIRES_AT), 2**53)
    return 0 < expires_at < time() * 1000


def deliveries_before(message: Any) -> int:
    """Return a quorum queue's delivery count from its header, which is trusted only when the broker has set it."""
    if not message.delivery_info.get("redelivered"):
        return 0
    return max(whole_number(headers_of(message).get("x-delivery-count"), 1_000_000), 1)


def _expires_at(properties: Mapping[str, Any]) -> int:
    """Epoch milliseconds; 0: never. From now on at the latest, since how long it has waited is not known."""
    expiration = str(properties.get("expiration") or "")
    if not (expiration.isascii() and expiration.isdecimal()):
        return 0
    # Read only as far as it can matter: Python refuses numbers of thousands of digits.
    lives_ms = int(expiration[:12]) if len(expiration) <= 12 else LONGEST_LIFE_MS
    return int(time() * 1000) + min(lives_ms, LONGEST_LIFE_MS)

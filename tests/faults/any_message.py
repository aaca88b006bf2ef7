"""One message with anything in it: every AMQP property, every header that the bus reads, at their extremes."""
from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from shared_components.bus.amqp import names
from shared_components.kernel.reply_addresses import token
from tests.faults.raw_frames import nested_table

EVENTS = "events.auditor.on_kept"
# sender → where its rights let it publish: exchange and routing key.
PLACES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "app-demo": (
        (names.RPC_EXCHANGE, "till.calls"), (names.RPC_EXCHANGE, "till.say"), (names.RPC_EXCHANGE, "till.keep"),
    ),
    "operator": (
        (names.RPC_EXCHANGE, "till.calls"), (names.RPC_EXCHANGE, "till.say"), ("", "rpc-till"), ("", EVENTS),
        ("", "quarantine.till.calls"), ("", "quarantine.auditor.events"),
    ),
    "till": (("till.events", "kept"), ("", EVENTS), ("", "rpc-till"), ("", "quarantine.till.calls")),
}  # fmt: skip
HEADERS = (
    "x-attempt", "x-delivery-count", "x-death", "x-reason", "x-text", "x-exchange", "x-routing-key", "x-queue",
    "x-user-id", "x-reply-to", "x-correlation-id", "x-content-type", "x-message-id", "x-expires-at", "x-unreadable",
    "nameko.op_id", "nameko.tenant", "nameko.caller", "nameko.subject", "nameko.locale", "nameko.traceparent",
    "nameko.for_app", "nameko.call_id_stack", "nameko.version", "nameko.token", "nameko.ticket", "nameko.purpose",
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    0, -1, 1, 5, 2**31 - 1, 2**53, 2**63 - 1, -2**63, True, False, 0.5, 1e308, float("nan"), "", "1", "9" * 255, "\0",
    "x" * 60_000, "操作员", "operator", None, [], [[1], {"a": []}], {}, {"a": {"b": 2**63 - 1}}, b"\xff\xfe",
    datetime(9999, 12, 31, tzinfo=UTC),
)  # fmt: skip
ADDRESSES = (
    names.DIRECT_REPLY_TO, "amq.rabbitmq.reply-to.a.b", "amq.rabbitmq.reply-to.g1gAAA==.AAAA",
    token("reply@123", 1, 0, 1, bytes(16)), token("reply@0", 2**32 - 1, 2**32 - 1, 2**32 - 1, bytes(16)),
    "rpc-till", "till.keep", "dead.till", "#", "",
    "amq.rabbitmq.reply-to.g2EB.AAAAAAAAAAAAAAAAAAAAAA==",
    "6F1E1B3E-3A8F-4C57-9B1A-0D7C7A3A2B11", "6f1e1b3e-3a8f-4c57-9b1a-0d7c7a3a2b11", "x" * 255,
)  # fmt: skip
CONTENT_TYPES = (
    names.CALLS_CONTENT_TYPE, names.JSON_CONTENT_TYPE, names.EVENT_CONTENT_TYPE, names.REPLIES_CONTENT_TYPE, "",
    "x" * 255,
)  # fmt: skip
ENCODINGS = ("utf-8", "gzip", "utf-16", "rot13", "no-such", "", "x" * 255)
TEXTS = ("", "1", "\0", "x" * 255, "相" * 85, "-1", "9" * 20)


@dataclass
class AnyMessage:
    """mark: found in its body, by which its deliveries are counted. raw_headers: an encoded table, or empty."""

    mark: str
    sender: str
    exchange: str
    key: str
    body: bytes
    properties: dict[str, Any]
    raw_headers: bytes = b""


def any_message(chance: random.Random, number: int) -> AnyMessage:
    mark = _mark(number)
    sender = chance.choice(list(PLACES))
    exchange, key = chance.choice(PLACES[sender])
    properties = {name: make(chance) for name, make in _PROPERTIES.items() if chance.random() < 0.4}
    properties["application_headers"] = {
        header: chance.choice(VALUES) for header in chance.sample(HEADERS, chance.randint(0, 6))}
    if chance.random() < 0.8:
        properties["user_id"] = sender
    raw_headers = nested_table(chance.choice((0, 1, 200, 2000))) if chance.random() < 0.1 else b""
    return AnyMessage(mark, sender, exchange, key, _body(chance, mark), properties, raw_headers)


def message_to(address: str, number: int) -> AnyMessage:
    """A good call of an app, but for where it asks its reply to be sent."""
    mark = _mark(number)
    properties = {"reply_to": address, "content_type": names.CALLS_CONTENT_TYPE, "user_id": "app-demo"}
    body = orjson.dumps([{"id": mark, "method": "say", "kwargs": {"text": mark}}])
    return AnyMessage(mark, "app-demo", names.RPC_EXCHANGE, "till.calls", body, properties)


def _mark(number: int) -> str:
    return f"R31-{number:06}"


_PROPERTIES: Mapping[str, Callable[[random.Random], Any]] = {
    "content_type": lambda chance: chance.choice(CONTENT_TYPES),
    "content_encoding": lambda chance: chance.choice(ENCODINGS),
    "delivery_mode": lambda chance: chance.choice((0, 1, 2, 255)),
    "priority": lambda chance: chance.choice((0, 9, 255)),
    "correlation_id": lambda chance: chance.choice(TEXTS),
    "reply_to": lambda chance: chance.choice(ADDRESSES),
    "expiration": lambda chance: chance.choice(("0", "1", "60000", "86400000", "4294967295", "-1", "9" * 20)),
    "message_id": lambda chance: chance.choice(TEXTS),
    "timestamp": lambda chance: chance.choice((0, 2**31, 2**53, 2**63 - 1)),
    "type": lambda chance: chance.choice(TEXTS),
    "app_id": lambda chance: chance.choice(TEXTS),
    "user_id": lambda chance: chance.choice(("till", "operator", "app-demo", "nobody", "")),
}


def _body(chance: random.Random, mark: str) -> bytes:
    number = chance.choice((0, -1, 1.5, 1e308, -1e308, 2**63, 2**64 - 1, 1))
    call = {"id": mark, "method": chance.choice(("say", "keep", "x", "")), "kwargs": {"text": mark, "key": mark},
            "op_id": mark, "deadline": number, "context": {"tenant": mark}}  # fmt: skip
    event = {"id": mark, "type": "kept", "source": "till", "aggregate": "a", "sequence": number, "version": number,
             "occurred_at": "9999-12-31T23:59:59-14:00", "tenant": "default", "data": {"key": mark}}  # fmt: skip
    return chance.choice((
        orjson.dumps([call]), orjson.dumps([{**call, "deadline": None}]),
        orjson.dumps({"args": [], "kwargs": {"text": mark}}), orjson.dumps(event),
        orjson.dumps({**event, "sequence": 0, "version": 1, "occurred_at": "2026-01-01T00:00:00Z"}),
        mark.encode() + bytes(range(256)), b"[" * 3000 + mark.encode(), mark.encode() + b" " * 300_000,
        orjson.dumps([{**call, "kwargs": {"text": mark, "n": number}}] * 200),
    ))  # fmt: skip

"""More than 200 kinds of messages that are not what the wire format wants, each with its name."""
from __future__ import annotations

import json
import pickle
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from shared_components.bus.amqp import names
from tests.faults.raw_frames import nested_table

CALLS, PLAIN, EVENT = names.CALLS_CONTENT_TYPE, names.JSON_CONTENT_TYPE, names.EVENT_CONTENT_TYPE
HERE = "a reply queue of the laboratory"


@dataclass
class Kind:
    """key: routing key. properties: of the message; reply_to HERE stands for a real reply queue's name.

    raw_headers: an encoded header table, for what no client library would write. heard_as: the key that its handler
    would note, if an event is good enough to be handled.
    """

    name: str
    body: bytes
    key: str = "till.keep"
    exchange: str = names.RPC_EXCHANGE
    properties: Mapping[str, Any] = field(default_factory=dict)
    raw_headers: bytes = b""
    heard_as: str = ""

    @property
    def is_event(self) -> bool:
        return self.exchange.endswith(".events")


def kinds() -> list[Kind]:
    return [*_plain(), *_coalesced(), *_events(), *_headers()]


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


GOOD_PLAIN = {"args": [], "kwargs": {"key": "malformed"}}
WRONG_VALUES: Mapping[str, Any] = {
    "null": None, "true": True, "number": 5, "fraction": 1.5, "huge number": 10**400, "minus": -1, "text": "x",
    "empty text": "", "list": [], "object": {}, "list of lists": [[[]]], "long text": "x" * 70_000,
}
BODIES: Mapping[str, bytes] = {
    "empty": b"", "blank": b"   ", "a brace": b"{", "cut off": b'{"args": [], "kwar',
    "two values": b"{}{}", "nul": b"\0",
    "nan": b"NaN", "infinity": b'{"args": [], "kwargs": {"key": Infinity}}', "byte order mark": b"\xef\xbb\xbf{}",
    "latin 1": '{"kwargs": "\xe9"}'.encode("latin-1"), "utf 16": '{"args": []}'.encode("utf-16"),
    "lone surrogate": b'{"args": [], "kwargs": {"key": "\\ud800"}}', "pickle": pickle.dumps({"args": []}),
    "yaml": b"!!python/object/apply:os.getpid []", "msgpack": b"\x82\xa4args\x90\xa6kwargs\x80", "xml": b"<a/>",
    "deep list": b"[" * 5000 + b"]" * 5000, "deeper object": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "single quotes": b"{'args': []}", "comment": b"{} // x", "gzip": b"\x1f\x8b\x08\0\0\0\0\0",
    "over the limit": b" " * 300_000,
    "megabytes": _json({"args": [], "kwargs": {"key": "x" * 3_000_000}}), "random": bytes(range(256)),
}  # fmt: skip

WRONG_ADDRESSES: Mapping[str, str | None] = {
    "missing": None, "empty": "", "a service": "till.keep", "a queue": "rpc-till", "long": "x" * 250, "a pattern": "#",
    "almost a uuid": "0" * 8 + "-0000-0000-0000-00000000000g", "spaces": " ",
    "a line feed": "11111111-1111-1111-1111-111111111111\n",
}  # fmt: skip
CONTENT_TYPES = (
    "text/plain", "application/x-python-serialize", "application/x-yaml", "application/msgpack", "*", "",
    "application/json; charset=utf-16", "x" * 250, EVENT, names.REPLIES_CONTENT_TYPE, CALLS,
)  # fmt: skip
ENCODINGS = (
    "gzip", "utf-16", "binary", "no-such-encoding", "zlib", "rot13", "base64", "hex", "idna", "punycode", "",
)  # fmt: skip


def _plain() -> Iterator[Kind]:
    def kind(name: str, body: bytes = _json(GOOD_PLAIN), key: str = "till.keep", **changes: Any) -> Kind:
        good = {"content_type": PLAIN, "content_encoding": "utf-8", "correlation_id": name[:100], "reply_to": HERE}
        properties = {name: value for name, value in {**good, **changes}.items() if value is not None}
        return Kind(f"plain: {name}", body, key, properties=properties)

    for name, body in BODIES.items():
        yield kind(f"body {name}", body)
        yield kind(f"body {name}, nobody to answer", body, reply_to=None)
    for name, value in WRONG_VALUES.items():
        yield kind(f"body is {name}", _json(value))
        yield kind(f"args is {name}", _json({**GOOD_PLAIN, "args": value}))
        yield kind(f"kwargs is {name}", _json({**GOOD_PLAIN, "kwargs": value}))
        yield kind(f"argument is {name}", _json({"args": [], "kwargs": {"key": value}}))
        yield kind(f"positional is {name}", _json({"args": [value], "kwargs": {}}))
    yield kind("too many arguments", _json({"args": list(range(50)), "kwargs": {}}))
    yield kind("argument twice", _json({"args": ["a"], "kwargs": {"key": "b"}}))
    yield kind("unknown argument", _json({"args": [], "kwargs": {"key": "a", "\0": 1}}))
    yield kind("nul in argument", _json({"args": [], "kwargs": {"key": "a\0b"}}))
    for name, reply_to in WRONG_ADDRESSES.items():
        yield kind(f"reply_to {name}", reply_to=reply_to)
    for name, correlation_id in {"missing": None, "empty": "", "long": "c" * 250, "not ascii": "相关"}.items():
        yield kind(f"correlation_id {name}", correlation_id=correlation_id)
    for content_type in CONTENT_TYPES:
        yield kind(f"content type {content_type[:40]}", content_type=content_type)
    yield kind("no content type", content_type=None)
    for encoding in ENCODINGS:
        yield kind(f"content encoding {encoding or 'empty'}", content_encoding=encoding)
        yield kind(f"content encoding {encoding or 'empty'}, odd body", b"\xff\xfe{", content_encoding=encoding)
    for key in ("till.", "till.nothing", "till.unit", "till.__init__", "till.keep keep", "till.保存"):
        yield kind(f"routing key {key}", key=key)
    yield kind("wrong priority", priority=255)
    yield kind("old timestamp", timestamp=0)
    yield kind("timestamp of another age", timestamp=2**63)


def _coalesced() -> Iterator[Kind]:
    def kind(name: str, body: bytes, **changes: Any) -> Kind:
        good = {"content_type": CALLS, "content_encoding": "utf-8", "reply_to": HERE}
        properties = {name: value for name, value in {**good, **changes}.items() if value is not None}
        return Kind(f"calls: {name}", body, "till.calls", properties=properties)

    good = {"id": "1", "method": "keep", "kwargs": {"key": "malformed"}, "op_id": "op-malformed"}
    for name, body in BODIES.items():
        yield kind(f"body {name}", body)
    for name, value in WRONG_VALUES.items():
        yield kind(f"body is {name}", _json(value))
        yield kind(f"a call is {name}", _json([value]))
        for part in ("id", "method", "kwargs", "op_id", "deadline", "context"):
            yield kind(f"{part} is {name}", _json([{**good, part: value}]))
    for part in ("caller", "tenant", "subject", "locale", "traceparent", "version", "token", "ticket", "purpose"):
        for name in ("number", "object", "empty text", "long text", "list"):
            yield kind(f"context {part} is {name}", _json([{**good, "context": {part: WRONG_VALUES[name]}}]))
        yield kind(f"context {part} holds a line feed", _json([{**good, "context": {part: "a\nb"}}]))
    yield kind("an empty call", _json([{}]))
    yield kind("257 calls", _json([{**good, "id": str(number)} for number in range(257)]))
    yield kind("a good call beside one without id", _json([{**good, "method": "say", "kwargs": {"text": "x"}}, {}]))
    yield kind("the same id twice", _json([good, good]))
    yield kind("no reply_to", _json([good]), reply_to=None)
    yield kind("deadline is over", _json([{**good, "deadline": 1.0}]))


def _events() -> Iterator[Kind]:
    def kind(name: str, body: bytes, heard_as: str = "") -> Kind:
        properties = {"content_type": EVENT, "content_encoding": "utf-8", "message_id": "x", "delivery_mode": 2}
        return Kind(f"event: {name}", body, "kept", "till.events", properties, heard_as=heard_as)

    good = {
        "id": "evt_malformed", "type": "kept", "version": 1, "source": "till", "aggregate": "a", "sequence": 0,
        "occurred_at": "2026-01-01T00:00:00+00:00", "tenant": "default", "trace": None, "data": {"key": "malformed"},
    }  # fmt: skip
    for name, body in BODIES.items():
        yield kind(f"body {name}", body)
    for part in good:
        for name in ("null", "number", "list", "object", "long text"):
            key = f"{part}.{name.replace(' ', '.')}"
            wrong = {**good, "id": f"evt_{key}", "data": {"key": key}, part: WRONG_VALUES[name]}
            yield kind(f"{part} is {name}", _json(wrong), key)
        whole = {**good, "id": f"evt_no_{part}", "data": {"key": f"no.{part}"}}
        yield kind(f"{part} is missing", _json({key: whole[key] for key in whole if key != part}), f"no.{part}")
    yield kind("data without its key", _json({**good, "id": "evt_nokey", "data": {}}))
    yield kind("tenant with a comma", _json({**good, "id": "evt_comma", "tenant": "a,b"}))
    yield kind("time without date", _json({**good, "id": "evt_time", "occurred_at": "12:00"}))
    yield kind("nul in data", _json({**good, "id": "evt_nul", "data": {"key": "a\0b"}}))


HEADER_VALUES: Mapping[str, Any] = {
    "number": 5, "list": [1, "x"], "table": {"a": {"b": 1}}, "long": "x" * 5000, "empty": "", "bytes": b"\xff\xfe",
    "true": True, "nothing": None,
}  # fmt: skip


def _headers() -> Iterator[Kind]:
    good = {"content_type": PLAIN, "content_encoding": "utf-8", "reply_to": HERE}
    for header in ("nameko.call_id_stack", "nameko.op_id", "nameko.tenant", "nameko.caller", "nameko.traceparent"):
        for name, value in HEADER_VALUES.items():
            properties = {**good, "correlation_id": f"{header} {name}", "application_headers": {header: value}}
            yield Kind(f"header: {header} is {name}", _json(GOOD_PLAIN), properties=properties)
    for name, value in HEADER_VALUES.items():
        yield Kind(f"event header: x-attempt is {name}", b"{", "kept", "till.events", {
            "content_type": EVENT, "application_headers": {"x-attempt": value}})  # fmt: skip
    for name, table in _raw_tables().items():
        for kind in (
            Kind(f"raw headers: {name}", _json(GOOD_PLAIN), properties={**good, "correlation_id": name}),
            Kind(f"raw headers of an event: {name}", b"{", "kept", "till.events", {"content_type": EVENT}),
        ):
            kind.raw_headers = table
            yield kind
    no_headers = nested_table(0)
    yield Kind("raw key: no utf 8", _json(GOOD_PLAIN), "till.\udcff", properties=good, raw_headers=no_headers)
    for part in ("content_type", "content_encoding", "reply_to", "correlation_id", "message_id"):
        properties = {**good, "correlation_id": "1", part: "\udcff\udcfe"}
        yield Kind(f"raw {part}: no utf 8", _json(GOOD_PLAIN), properties=properties, raw_headers=no_headers)


def _raw_tables() -> Mapping[str, bytes]:
    def table(code: bytes, value: bytes) -> bytes:
        content = b"\x01x" + code + value
        return struct.pack(">I", len(content)) + content

    return {
        "a time of another age": table(b"T", struct.pack(">Q", 2**62)),
        "a decimal of 255 places": table(b"D", struct.pack(">BI", 255, 1)),
        "nested 200 deep": nested_table(200), "nested 2,000 deep": nested_table(2000),
        "not a number": table(b"d", struct.pack(">d", float("nan"))),
        "text that is not utf 8": table(b"S", struct.pack(">I", 2) + b"\xff\xfe"),
        "nothing": table(b"V", b""),
        "a key that is not utf 8": struct.pack(">I", 7) + b"\x01\xffI" + struct.pack(">i", 1),
    }  # fmt: skip

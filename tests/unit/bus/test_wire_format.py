"""The examples of docs/wire-format.md are what the code reads and writes."""
from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from shared_components.bus.amqp import wire
from shared_components.bus.amqp.wire import decode_event, encode_event
from shared_components.bus.errors import MalformedMessage, UnknownMethod
from shared_components.kernel.errors import NotFound, error_from_wire

PAGE = (Path(__file__).parents[3] / "docs" / "wire-format.md").read_text(encoding="utf-8")


def example(kind: str) -> str:
    found = re.search(rf"```json {kind}\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None, f"docs/wire-format.md has no example '{kind}'"
    return found[1]


def test_documented_calls_are_read_as_documented() -> None:
    first, second = wire.decode_calls(example("calls"))
    assert isinstance(first, wire.WireCall) and isinstance(second, wire.WireCall)
    assert (first.id, first.method, first.op_id) == ("1a", "create_order", "op_01HZX3T8R6V7M2N4K5P9Q0W1E2")
    assert first.deadline_s == 1767225600.25
    assert first.context["tenant"] == "default"
    assert (second.op_id, second.deadline_s, dict(second.context)) == (None, None, {})


def test_the_client_writes_documented_calls() -> None:
    documented = json.loads(example("calls"))[0]
    written = wire.encode_call(
        documented["id"], documented["method"], documented["kwargs"], documented["op_id"], documented["deadline"],
        documented["context"])
    assert json.loads(written) == documented


def test_replies_are_written_and_read_as_documented() -> None:
    good, bad = json.loads(example("replies"))
    assert json.loads(wire.encode_reply("1a", good["result"], None)) == good
    error = error_from_wire(bad["error"])
    assert isinstance(error, NotFound)
    assert json.loads(wire.encode_reply("1b", None, error)) == bad


def test_a_nameko_error_is_written_as_documented() -> None:
    error = UnknownMethod("service 'payment' has no method 'get_ordr'")
    assert json.loads(wire.encode_nameko_reply(None, error)) == json.loads(example("nameko-reply"))


def test_events_are_written_and_read_as_documented() -> None:
    documented = json.loads(example("event"))
    event = decode_event(example("event"))
    assert (event.id, event.type, event.sequence, event.tenant) == (
        documented["id"], documented["type"], documented["sequence"], documented["tenant"])
    row: dict[str, Any] = {
        "event_id": event.id, "type": event.type, "version": event.version, "occurred_at": event.occurred_at,
        "aggregate": event.aggregate, "sequence": event.sequence, "tenant_id": event.tenant,
        "traceparent": event.traceparent, "data": dict(event.data),
    }
    assert json.loads(encode_event(event.source, row)) == documented


@pytest.mark.parametrize(("body", "says"), [
    (b"", "JSON"),
    (b"\xff\xfe", "JSON"),
    (b"{}", "list"),
    (b"[]", "1 or more"),
    (b"[1]", "object"),
    (b'[{"method": "a"}]', "id"),
    (b'[{"id": "", "method": "a"}]', "id"),
    (b"[" + b",".join([b'{"id": "1", "method": "a"}'] * 257) + b"]", "256"),
    (b'["' + b"x" * wire.MAX_MESSAGE_BYTES + b'"]', "bytes"),
])
def test_a_message_that_cannot_be_read_says_why(body: bytes, says: str) -> None:
    with pytest.raises(MalformedMessage, match=says):
        wire.decode_calls(body)


@pytest.mark.parametrize(("change", "says"), [
    ({"method": 5}, "method"),
    ({"kwargs": []}, "kwargs"),
    ({"op_id": ""}, "op_id"),
    ({"op_id": "x" * 129}, "op_id"),
    ({"op_id": "a\0"}, "NUL"),
    ({"deadline": "soon"}, "deadline"),
    ({"deadline": True}, "deadline"),
    ({"context": []}, "context"),
    ({"context": {"tenant": "a,b"}}, "tenant"),
    ({"context": {"caller": 5}}, "caller"),
    ({"context": {"traceparent": "00-x"}}, "traceparent"),
])
def test_a_bad_call_is_answered_and_its_neighbour_served(change: dict[str, Any], says: str) -> None:
    bad = {"id": "1", "method": "a", "kwargs": {}} | change
    first, second = wire.decode_calls(json.dumps([bad, {"id": "2", "method": "a"}]).encode())
    assert isinstance(first, MalformedMessage) and says in first.message and first.details["id"] == "1"
    assert isinstance(second, wire.WireCall)


@pytest.mark.parametrize("nameless", ["x", 5, None, {"method": "a"}, {"id": "", "method": "a"}])
def test_what_has_no_id_is_passed_over_and_its_neighbour_served(nameless: Any) -> None:
    """Nobody could be answered; whoever shares the message is not to suffer for it."""
    (served,) = wire.decode_calls(json.dumps([nameless, {"id": "2", "method": "a"}]).encode())
    assert isinstance(served, wire.WireCall) and served.id == "2"

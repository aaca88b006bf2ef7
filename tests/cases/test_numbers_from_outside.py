"""Values that others wrote into properties, headers and envelopes are bounded before they are used."""
from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

import orjson
import pytest
from amqp import Message
from amqp.basic_message import Message as AmqpMessage
from hypothesis import given, settings
from hypothesis import strategies as st

from shared_components.bus.amqp import names
from shared_components.bus.amqp.quarantine_messages import (
    LONGEST_LIFE_MS,
    deliveries_before,
    fingerprint,
    is_expired,
    pack,
    unpack,
)
from shared_components.bus.amqp.wire import decode_event
from shared_components.bus.deployment.inspection import dead_letter_of
from shared_components.bus.errors import MalformedMessage
from shared_components.bus.server.event_consumer import attempt_of
from shared_components.bus.server.inbound import Reader
from shared_components.configuration.loading import load_configuration
from shared_components.inproc.messages import StoredMessage, dead_letter, time_to_live_s
from shared_components.kernel.errors import AppError

BUS = load_configuration(environ={})["bus"]
SHORT = st.text(max_size=255).filter(lambda text: len(text.encode("utf-8", "surrogatepass")) <= 255)
EXTREMES: st.SearchStrategy[Any] = st.sampled_from([
    0, -1, 1, 2**31, 2**32, 2**53, 2**63 - 1, -2**63, 2**64, 10**400, True, False, 0.5, 1e308, float("nan"),
    float("inf"), "", "1", "-1", "9" * 255, "\0", "١", None, [], {}, [[]], {"a": {}}, b"\xff",
    datetime(9999, 12, 31, tzinfo=UTC),
])  # fmt: skip
READ = (
    "x-attempt", "x-delivery-count", "x-death", "x-reason", "x-text", "x-exchange", "x-routing-key", "x-queue",
    "x-user-id", "x-reply-to", "x-correlation-id", "x-content-type", "x-message-id", "x-expires-at", "CC", "BCC",
    "nameko.op_id", "nameko.tenant", "nameko.caller", "nameko.subject", "nameko.locale", "nameko.traceparent",
    "nameko.for_app", "nameko.call_id_stack", "nameko.version", "nameko.token", "nameko.ticket", "nameko.purpose",
)  # fmt: skip
HEADERS = st.dictionaries(st.sampled_from(READ), EXTREMES, max_size=6)
PROPERTIES = st.fixed_dictionaries({}, optional={
    **{name: SHORT | st.sampled_from(["", "9" * 255, "-1", "60000"]) for name, kind in AmqpMessage.PROPERTIES
       if kind == "s"},
    "delivery_mode": st.integers(0, 255), "priority": st.integers(0, 255),
    "timestamp": st.datetimes(timezones=st.just(UTC)), "application_headers": HEADERS,
})  # fmt: skip


@dataclass
class Taken:
    body: bytes
    properties: dict[str, Any]
    redelivered: bool = False
    delivery_info: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.delivery_info = {
            "delivery_tag": 1, "redelivered": self.redelivered, "exchange": names.RPC_EXCHANGE, "routing_key": "echo.x",
            **self.delivery_info}  # fmt: skip


MESSAGES = st.builds(Taken, st.binary(max_size=50), PROPERTIES, st.booleans())


@given(MESSAGES)
@settings(max_examples=300)
def test_a_call_with_any_properties_is_read_or_refused_as_malformed(message: Taken) -> None:
    reader = Reader("echo", {}, BUS)
    try:
        reader.read(cast(Any, None), message)
    except AppError as error:
        assert isinstance(error, MalformedMessage)


@given(MESSAGES)
@settings(max_examples=300)
def test_a_message_with_any_properties_fits_into_a_copy_and_comes_out_as_it_was(message: Taken) -> None:
    copy = pack(message, "quarantine.echo.calls", "rpc-echo", largest_attempt=5)
    sent = Message(copy.body, content_type=copy.content_type, message_id=copy.message_id,
                   application_headers=dict(copy.headers), user_id="echo")  # fmt: skip
    sent._serialize_properties()
    assert fingerprint(copy) == fingerprint(pack(message, "quarantine.echo.calls", "rpc-echo", largest_attempt=5))
    assert not {"CC", "BCC", "x-death", "x-delivery-count"} & copy.headers.keys()
    assert 0 <= copy.headers["x-attempt"] <= 5
    assert 0 <= copy.headers["x-expires-at"] < 2**53
    arrived = Taken(copy.body, {"user_id": "echo", "application_headers": dict(copy.headers)})
    original = unpack(arrived, "echo")
    # Nobody is said too: who redrives a letter must know that its sender was not verified.
    assert (original.properties.get("user_id") or None) == (message.properties.get("user_id") or None)
    for name in ("reply_to", "correlation_id", "content_type"):
        assert original.properties.get(name) == message.properties.get(name)
    assert original.delivery_info["routing_key"] == "echo.x" and original.delivery_info["redelivered"]


@pytest.mark.parametrize("user", [None, "", "app-demo", "payment"])
def test_a_copy_that_another_has_sent_is_refused(user: str | None) -> None:
    forged = Taken(b"[]", {"user_id": user, "application_headers": {"x-user-id": "operator"}})
    with pytest.raises(MalformedMessage):
        unpack(forged, "echo")


@given(EXTREMES, st.booleans())
def test_counts_in_headers_are_bounded(value: Any, redelivered: bool) -> None:
    message = Taken(b"", {"application_headers": {
        "x-attempt": value, "x-delivery-count": value, "x-expires-at": value}}, redelivered)  # fmt: skip
    assert 0 <= attempt_of(message, 5) <= 5
    assert 0 <= deliveries_before(message) <= 1_000_000
    is_expired(message)


@pytest.mark.parametrize("expiration", ["9" * 255, "-1", "", "x", "١", "60000", "0"])
def test_an_expiration_is_bounded(expiration: str) -> None:
    copy = pack(Taken(b"", {"expiration": expiration}), "q", "rpc-echo")
    assert copy.headers["x-expires-at"] <= datetime.now(UTC).timestamp() * 1000 + LONGEST_LIFE_MS + 1000


@given(EXTREMES)
def test_a_deadline_is_at_most_an_hour_away(deadline: Any) -> None:
    """It goes on to clients and clocks, to which 1e308 is no time."""
    try:
        body = orjson.dumps([{"id": "1", "method": "x", "kwargs": {}, "deadline": deadline}])
    except (TypeError, orjson.JSONEncodeError):
        return
    reply_to = "6f1e1b3e-3a8f-4c57-9b1a-0d7c7a3a2b11"
    message = Taken(body, {"content_type": names.CALLS_CONTENT_TYPE, "reply_to": reply_to})
    _, (call,) = Reader("echo", {}, BUS).read(cast(Any, None), message)
    deadline_s = call.request.context.deadline_s
    assert deadline_s is None or deadline_s <= datetime.now(UTC).timestamp() + 3601


EVENT: dict[str, Any] = {
    "id": "evt_1", "type": "kept", "source": "till", "aggregate": "a", "tenant": "default",
    "occurred_at": "2026-01-01T00:00:00+00:00", "data": {},
}  # fmt: skip


@pytest.mark.parametrize(("part", "value"), [
    ("version", 2**63 - 1), ("version", -1), ("version", True), ("sequence", 2**63), ("sequence", -1),
    ("sequence", False), ("occurred_at", "0001-01-01T00:00:00+14:00"), ("occurred_at", "9999-12-31T23:59:59-14:00"),
    ("occurred_at", "2026-01-01T00:00:00"), ("occurred_at", "2026-01-01"), ("id", ""), ("id", "相" * 100),
    ("id", "evt_\0"), ("id", "x" * 129), ("tenant", "\0"), ("aggregate", "a\0"),
])  # fmt: skip
def test_an_event_with_a_number_or_a_time_beyond_what_it_may_be_is_malformed(part: str, value: Any) -> None:
    """An id of 300 bytes fits into no message_id, so that its retry could never be published."""
    decode_event(orjson.dumps(EVENT))
    with pytest.raises(MalformedMessage, match=part):
        decode_event(orjson.dumps({**EVENT, part: value}))


def test_an_events_trace_is_a_traceparent_or_none() -> None:
    assert decode_event(orjson.dumps({**EVENT, "trace": "x" * 100_000})).traceparent is None


@given(HEADERS)
def test_a_dead_letter_with_any_headers_is_listed(headers: dict[str, Any]) -> None:
    """One with `x-death: 5`, that the broker had put there, made `dlq list` fail for all of them."""
    letter = dead_letter_of(Taken(b"", {"application_headers": headers}))
    assert all(len(text) <= 500 for text in (letter.reason, letter.text, letter.exchange, letter.routing_key))


@given(HEADERS)
def test_the_embedded_broker_buries_a_message_with_any_headers(headers: dict[str, Any]) -> None:
    stored = StoredMessage(b"", {"application_headers": headers}, "", "q")
    dead_letter(stored, queue="q", reason="rejected", exchange="", routing_key="dead")


@pytest.mark.parametrize("expiration", ["9" * 400, "4294967296", "1" * 5000])
def test_the_embedded_broker_refuses_an_expiration_beyond_49_days(expiration: str) -> None:
    from amqp.exceptions import PreconditionFailed

    with pytest.raises(PreconditionFailed):
        time_to_live_s({"expiration": expiration})

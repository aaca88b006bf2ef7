"""Only the guilty one of the calls that travel or run together fails, whatever goes wrong with it."""
from __future__ import annotations

import json
from collections.abc import Sequence
from time import time
from typing import Any

import orjson
import pytest
from marshmallow import fields

from services.payment.orders.schemas.orders import CreateOrder
from shared_components.bus.amqp import wire
from shared_components.bus.amqp.caller_identity import CallerIdentity
from shared_components.bus.client.outgoing_batches import OutgoingBatches
from shared_components.bus.errors import InvalidArguments, MalformedMessage
from shared_components.bus.server.inbound import Delivery, InboundCall, Reader
from shared_components.bus.server.replies import bodies, send_replies
from shared_components.bus.server.requests import Request
from shared_components.bus.server.rpc_batch import run_calls
from shared_components.contracts import Message, MethodContract
from shared_components.kernel.calls import Call, CallContext
from shared_components.kernel.errors import AppError, Internal
from shared_components.kernel.strict_json import MAX_DEPTH
from tests.unit.bus.test_outbox_relay import add_and_publish, relay  # noqa: F401  a fixture
from tests.unit.db.conftest import notes_package  # noqa: F401  a fixture
from tests.unit.db.platform_suite import waiting

REPLY_TO = "3f2a6f1e-0b7e-4c55-9d6e-8b1d2f6c7a90"
SETTINGS = {
    "caller_authentication": "header", "plain_calls": "allow", "default_tenant": "default", "app_tenants": {},
    "default_timeout_s": 10,
}
ORDER = {"payer_name": "林静", "lines": [{"item_code": "A1"}]}
PAYMENT = MethodContract("create_order", CreateOrder, CreateOrder, callers=("app",), mutating=True, bulk=True)


def nested(levels: int) -> Any:
    value: Any = []
    for _ in range(levels - 1):
        value = [value]
    return value


class Received:
    def __init__(self, body: bytes | str, content_type: str = "application/vnd.zhongtai.calls+json") -> None:
        self.body = body
        self.properties = {"content_type": content_type, "reply_to": REPLY_TO, "correlation_id": "c-1"}
        self.delivery_info = {"delivery_tag": 1, "exchange": "nameko-rpc", "routing_key": "payment.create_order"}


def calls_of(message: Received) -> list[InboundCall]:
    return Reader("payment", {"create_order": PAYMENT}, SETTINGS).read(None, message)[1]  # type: ignore[arg-type]


def written(number: int, **arguments: Any) -> str:
    kwargs = {**ORDER, **arguments}
    context = {"caller": f"app-{number}", "tenant": "other"}
    return json.dumps({
        "id": str(number), "method": "create_order", "kwargs": kwargs, "op_id": f"op-{number}", "context": context})


def message_of(*calls: str) -> Received:
    return Received("[" + ", ".join(calls) + "]")


# at decoding

@pytest.mark.parametrize("levels", [MAX_DEPTH, 200, 253, 255, 900])
def test_an_argument_that_is_too_deep_is_refused_and_its_neighbours_are_served(levels: int) -> None:
    guilty, *good = calls_of(message_of(written(0, metadata={"a": nested(levels)}), *map(written, range(1, 51))))
    assert isinstance(guilty.request.outcome, InvalidArguments)
    assert guilty.request.outcome.details["fields"].popitem()[1] == ["is nested too deeply; 64 levels are allowed"]
    assert [call.request.done for call in good] == [False] * 50


def test_an_argument_of_the_allowed_depth_is_served() -> None:
    (call,) = calls_of(message_of(written(0, metadata={"a": nested(MAX_DEPTH - 2)})))
    assert not call.request.done


@pytest.mark.parametrize(("guilty", "path"), [
    ('{"n": 1, "n": 2}', "metadata.n"), ('{"n": 18446744073709551616}', "metadata.n"),
    ('{"n": 4200000925202101284997714292}', "metadata.n"), ('{"n": [0.1234567890123456789]}', "metadata.n.0"),
    ('{"n": "a\\u0000b"}', "metadata.n"), ('{"a\\u0000": 1}', "metadata"), ('{"n": 1e-400}', "metadata.n"),
])
def test_an_argument_that_means_two_things_or_is_rounded_is_refused_beside_good_neighbours(
    guilty: str, path: str,
) -> None:
    text = written(0, metadata="HERE").replace('"HERE"', guilty)
    first, second = calls_of(message_of(text, written(1)))
    assert isinstance(first.request.outcome, InvalidArguments)
    assert list(first.request.outcome.details["fields"]) == [path]
    assert (first.id, second.request.done, second.request.kwargs) == ("0", False, ORDER)


def test_a_name_given_twice_outside_of_the_arguments_is_refused_too() -> None:
    text = written(0).replace('"op_id": "op-0"', '"op_id": "op-0", "op_id": "op-1"')
    first, second = calls_of(message_of(text, written(1)))
    assert isinstance(first.request.outcome, MalformedMessage)
    assert not second.request.done


@pytest.mark.parametrize(("kwargs", "wrong"), [
    ('{"metadata": {"n": 1, "n": 2}}', "metadata.n"), ('{"metadata": {"n": 18446744073709551616}}', "metadata.n"),
])
def test_a_nameko_call_is_read_as_strictly(kwargs: str, wrong: str) -> None:
    (call,) = calls_of(Received(f'{{"args": [], "kwargs": {kwargs}}}', "application/json"))
    assert isinstance(call.request.outcome, InvalidArguments)
    assert list(call.request.outcome.details["fields"]) == [wrong]


@pytest.mark.parametrize("part", ["args", "kwargs"])
def test_a_nameko_call_may_not_be_too_deep(part: str) -> None:
    body: dict[str, Any] = {"args": [], "kwargs": {}, part: {"a": nested(70)} if part == "kwargs" else nested(70)}
    (call,) = calls_of(Received(json.dumps(body), "application/json"))
    assert isinstance(call.request.outcome, AppError)
    assert "nested too deeply" in call.request.outcome.message


def test_a_nameko_call_without_an_id_of_its_own_is_refused() -> None:
    """Two calls with an empty correlation id would be one operation: the second would get the first one's answer."""
    message = Received('{"args": [], "kwargs": {}}', "application/json")
    message.properties["correlation_id"] = ""
    (call,) = calls_of(message)
    assert isinstance(call.request.outcome, MalformedMessage)


def test_an_error_that_nobody_thought_of_is_of_one_call(monkeypatch: pytest.MonkeyPatch) -> None:
    identify = CallerIdentity.of

    def fail(self: CallerIdentity, user: str | None, given: Any) -> Any:
        if given["caller"] == "app-0":
            raise RecursionError
        return identify(self, user, given)

    monkeypatch.setattr(CallerIdentity, "of", fail)
    first, second = calls_of(message_of(written(0), written(1)))
    assert isinstance(first.request.outcome, Internal)
    assert not second.request.done


# while a group is loaded

def test_metadata_that_cannot_be_encoded_fails_its_own_call_only() -> None:
    """As it was: orjson ends at 254 levels with an error that is no refusal."""
    outcomes = group(PAYMENT, [{**ORDER, "metadata": {"a": nested(300)}}, *[ORDER] * 50])
    assert [isinstance(outcome, AppError) for outcome in outcomes] == [True] + [False] * 50


def fails_on_bad(value: str) -> None:
    if value == "bad":
        raise RuntimeError("a rule with a bug")


class Asked(Message):
    text = fields.String(required=True, validate=fails_on_bad)


class Told(Message):
    value = fields.Raw(required=True)


READING = MethodContract("ask", Asked, Told, callers=("app",), bulk=True)


def group(contract: MethodContract, kwargs: Sequence[dict[str, Any]], result: Any = None) -> list[Any]:
    """The outcomes of a bulk method without a database: it answers with `result(data)`."""
    def handler(service: Any, tx: Any, calls: Sequence[Call]) -> list[Any]:
        return [result(call.data) if result else call.data for call in calls]

    reading = MethodContract(
        contract.name, contract.request, contract.reply, callers=contract.callers, bulk=contract.bulk)
    requests = [Request(one, CallContext("app-a", "default", f"op-{n}")) for n, one in enumerate(kwargs)]
    return [one.outcome for one in run_calls(object(), reading, handler, requests)]


def test_a_rule_that_fails_instead_of_refusing_fails_its_own_call_only() -> None:
    outcomes = group(READING, [{"text": "a"}, {"text": "bad"}, {"text": "c"}], lambda data: {"value": data["text"]})
    assert [one if isinstance(one, dict) else one.code for one in outcomes] == [
        {"value": "a"}, "internal", {"value": "c"}]


def test_a_reply_that_cannot_be_dumped_fails_its_own_call_only() -> None:
    replies = {"a": {"value": 1}, "b": object(), "c": {"value": 3}}
    outcomes = group(READING, [{"text": name} for name in "abc"], lambda data: replies[data["text"]])
    assert [one if isinstance(one, dict) else one.code for one in outcomes[::2]] == [{"value": 1}, {"value": 3}]


# while answers are sent

class BrokerConnection:
    closed = False

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def publish(self, body: bytes, **_: Any) -> int:
        self.sent.append(body)
        return len(self.sent)


UNENCODABLE = [{"a": 2**70}, {"a": "\ud83d"}, {"a": {1, 2}}, nested(300), {"a": float}]


@pytest.mark.parametrize("result", UNENCODABLE)
@pytest.mark.parametrize("plain", [False, True])
def test_a_result_that_json_has_no_form_for_is_an_error_of_its_own_call_only(result: Any, plain: bool) -> None:
    connection = BrokerConnection()
    calls = []
    for number, outcome in enumerate([{"value": 1}, result, {"value": 3}]):
        request = Request({}, CallContext("app-a", "default"))
        request.finish(outcome)
        delivery = Delivery(connection, number, f"{REPLY_TO}{number}", str(number), plain=plain)  # type: ignore[arg-type]
        calls.append(InboundCall(str(number), "ask", request, delivery))
    send_replies(calls, 1000)
    replies = [reply for body in connection.sent for reply in ([orjson.loads(body)] if plain else orjson.loads(body))]
    assert [reply.get("result") for reply in replies][::2] == [{"value": 1}, {"value": 3}]
    assert replies[1]["error"]["code"] == "internal"


def test_an_error_whose_details_have_no_form_is_of_its_own_call_only() -> None:
    request, good = Request({}, CallContext("a", "t")), Request({}, CallContext("a", "t"))
    request.finish(MalformedMessage(details={"n": 2**70}))
    good.finish({"value": 1})
    delivery = Delivery(BrokerConnection(), 1, REPLY_TO, None, plain=False)  # type: ignore[arg-type]
    (body,) = bodies([InboundCall("1", "m", request, delivery), InboundCall("2", "m", good, delivery)], 1000)
    assert [reply.get("result") for reply in orjson.loads(body)] == [None, {"value": 1}]


# at the caller

def test_a_reply_that_is_none_does_not_cost_the_others_theirs() -> None:
    pending, answers = OutgoingBatches(), []
    attempts = [pending.prepare(
        "payment", "m", {}, op_id="op", deadline_s=time() + 9, context={}, settle=lambda *told: answers.append(told))
        for _ in range(2)]
    for attempt in attempts:
        pending.add(attempt)
    pending.settle_replies(b"no JSON")
    pending.settle_replies(orjson.dumps([
        None, 5, "text", {"id": attempts[0].id, "error": "no mapping"}, {"id": attempts[1].id, "result": 2}]))
    (_, error), good = answers
    assert isinstance(error, Internal)
    assert good == (2, None)


# between the outbox and the broker

def test_an_event_that_cannot_be_encoded_holds_up_no_other(relay: Any) -> None:  # noqa: F811
    good, bad = {**waiting(1)}, {**waiting(2), "data": {"a": nested(300)}}
    relay._publish([bad, good])
    assert [message.message_id for message in relay.publisher.messages] == [good["event_id"]]
    assert list(relay._published) == [good["event_id"]]


def test_orjson_still_needs_the_bound_of_depth() -> None:
    """orjson 3.13 reads 1024 levels and writes 254; when it writes what it reads, this bound is our choice alone."""
    deepest = b"[" * 1000 + b"]" * 1000
    with pytest.raises(TypeError):
        orjson.dumps(orjson.loads(deepest))
    with pytest.raises(MalformedMessage):
        wire.decode_json(deepest)

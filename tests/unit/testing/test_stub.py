"""The stub answers from contracts: over the bus in this process, and over HTTP; both sides are checked."""
from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest
from zhongtai_client import Client
from zhongtai_client.errors.bus import CallerNotAllowed, InvalidArguments, NoReply, UnknownMethod
from zhongtai_client.errors.payment import OrderTooLarge, OrderUnknown

from shared_components.testing.stub.errors import StubAnswerInvalid, StubMethodUnknown
from shared_components.testing.stub.running import Stub, contracts_of, running_stub

ORDER: Mapping[str, Any] = {"payer_name": "林静", "lines": [{"item_code": "driving-licence-card", "quantity": 1}]}


@pytest.fixture(scope="module")
def running() -> Iterator[Stub]:
    with running_stub(contracts_of(("payment", "identity"))) as stub:
        yield stub


@pytest.fixture
def stub(running: Stub) -> Stub:
    running.services.reset()
    return running


@pytest.fixture(scope="module")
def client(running: Stub) -> Iterator[Client]:
    with Client(running.url, timeout_s=20) as client:
        yield client


def post(stub: Stub, path: str, request: object, **headers: str) -> httpx.Response:
    given = {"Authorization": "Bearer key", "Accept-Language": "en", **headers}
    return httpx.post(f"{stub.http_url}{path}", json=request, headers=given, timeout=20)


def test_a_method_answers_with_its_example_until_a_test_says_otherwise(stub: Stub, client: Client) -> None:
    assert client.payment.create_order(**ORDER)["amount_minor"] == 1000
    stub.stub("payment.get_order").returns(state="closed", amount_minor=7)
    order = client.payment.get_order(order_id="pay_1")
    assert (order["state"], order["amount_minor"], order["currency"]) == ("closed", 7, "CNY")
    assert [call.request for call in stub.calls("payment.create_order")] == [ORDER]
    assert stub.calls("payment.create_order")[0].op_id is not None


def test_a_method_fails_as_its_contract_says(stub: Stub, client: Client) -> None:
    stub.stub("payment.create_order").fails("payment.order-too-large", details={"largest_minor": 5})
    with pytest.raises(OrderTooLarge) as raised:
        client.payment.create_order(**ORDER)
    assert raised.value.details == {"largest_minor": 5}
    assert raised.value.message_in("zh") != raised.value.message
    stub.stub("payment.get_order").fails("payment.order-unknown")
    with pytest.raises(OrderUnknown):
        client.payment.get_order(order_id="pay_1")


def test_a_reply_comes_late_or_is_lost_after_the_work_was_done(stub: Stub, client: Client) -> None:
    stub.stub("payment.get_order").delays(0.3).returns(state="paid")
    began = time.monotonic()
    assert client.payment.get_order(order_id="pay_1")["state"] == "paid"
    assert time.monotonic() - began >= 0.3
    stub.stub("payment.create_order").loses_the_reply()
    with pytest.raises(NoReply):
        client.payment.create_order(**ORDER, timeout_s=0.5, op_id="op-1")
    assert stub.calls("payment.create_order")[0].op_id == "op-1"
    stub.stub("payment.create_order").returns()
    assert client.payment.create_order(**ORDER, op_id="op-1")["state"] == "created"


def test_a_request_is_checked_as_the_service_would(stub: Stub, client: Client) -> None:
    with pytest.raises(InvalidArguments) as raised:
        client.call("payment", "create_order", {"payer_name": 7, "lines": []})
    assert set(raised.value.details["fields"]) == {"payer_name", "lines"}
    with pytest.raises(UnknownMethod):
        client.call("payment", "make_order", {})
    with pytest.raises(CallerNotAllowed, match="app"):
        client.call("payment", "put_fee_item", {})
    assert [call.code for call in stub.calls()] == [
        "bus.invalid-arguments", "bus.unknown-method", "bus.caller-not-allowed"]


@pytest.mark.parametrize(("put", "said"), [
    (lambda one: one.returns(state="payed"), "state: only enum created"),
    (lambda one: one.returns({"state": "paid"}), "amount_minor"),
    (lambda one: one.returns(lines=[{"quantity": "one"}]), "lines.0.quantity: only type integer"),
    (lambda one: one.fails("payment.order-closed"), "its errors are: payment.order-unknown"),
    (lambda one: one.delays(-1), "0 to 3600"),
])
def test_an_answer_that_the_service_would_never_give_is_refused_in_one_line(stub: Stub, put: object, said: str) -> None:
    assert callable(put)
    with pytest.raises(StubAnswerInvalid) as refused:
        put(stub.stub("payment.get_order"))
    assert said in refused.value.message and "payment.get_order" in refused.value.message
    assert "\n" not in refused.value.message and refused.value.message_zh


def test_a_method_that_is_not_there_is_named_with_those_that_are(stub: Stub) -> None:
    with pytest.raises(StubMethodUnknown, match="get_order"):
        stub.stub("payment.get_ordr")
    with pytest.raises(StubMethodUnknown, match="identity, payment"):
        stub.stub("matter.start_case")


def test_http_has_the_gateway_s_addresses_and_problems(stub: Stub) -> None:
    assert post(stub, "/v1/payment/create-order", ORDER).json()["state"] == "created"
    answer = post(stub, "/v1/payment/get-order", {"order": 1})
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert answer.json()["code"] == "bus.invalid-arguments"
    assert httpx.post(f"{stub.http_url}/v1/payment/get-order", json={}).status_code == 401
    lost = httpx.put(f"{stub.http_url}/stub/answers/payment.get_order", json={"loses_the_reply": True})
    assert lost.status_code == 204
    assert post(stub, "/v1/payment/get-order", {"order_id": "pay_1"}).status_code == 504


def test_a_test_in_any_language_puts_answers_over_http(stub: Stub) -> None:
    answers = f"{stub.http_url}/stub/answers"
    put = httpx.put(f"{answers}/payment.get_order", json={"fails": "payment.order-unknown"})
    assert (put.status_code, post(stub, "/v1/payment/get-order", {"order_id": "x"}).status_code) == (204, 404)
    for wrong, said in (({"return": {}}, "'return' is not known"), ({"returns": {"state": 1}}, "state"),
                        ({"returns": 7}, "wrong type"), ({"fails": "nope"}, "not in the contract")):
        refused = httpx.put(f"{answers}/payment.get_order", json=wrong, headers={"Accept-Language": "en"})
        assert refused.status_code == 400 and said in refused.json()["detail"]
    assert httpx.put(f"{answers}/payment.nothing", json={}).status_code == 404
    calls = httpx.get(f"{stub.http_url}/stub/calls").json()["calls"]
    assert [call["method"] for call in calls] == ["payment.get_order"]
    assert httpx.delete(answers).status_code == 204
    assert post(stub, "/v1/payment/get-order", {"order_id": "x"}).status_code == 200


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"a": NaN}', b"\xff"])
def test_a_body_that_is_no_object_is_one_typed_error(stub: Stub, body: bytes) -> None:
    answer = httpx.post(
        f"{stub.http_url}/v1/payment/get-order", content=body, headers={"Authorization": "Bearer key"})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid-input")

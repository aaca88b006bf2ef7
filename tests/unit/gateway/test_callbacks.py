"""Callbacks: the raw body and only the headers of a signature reach the service; the answer is in the sender's form."""
from __future__ import annotations

from typing import Any

import pytest

from services.payment.channels.domain.errors import NotificationNotAuthentic
from shared_components.bus.errors import BrokerUnavailable, CallerNotAllowed
from shared_components.security.errors import SignatureExpired
from tests.unit.gateway.world import Edge, problem_of

PAYMENT, MATTER = "/callbacks/payment/sandbox", "/callbacks/matter/case_1/medical"
TAKEN = {"case_id": "case_1", "step": "medical", "state": "completed"}
SIGNED = {"X-Zhongtai-Timestamp": "1700000000", "X-Zhongtai-Signature": "ab" * 32, "X-Zhongtai-Key-Id": "hospital"}
BODY = '{ "result" :\t{"name": "林静"},\r\n "result":1.0e0}'  # to be kept as it is, spaces, doubles and all


@pytest.fixture
def edge() -> Edge:
    return Edge({
        "payment.apply_channel_notification": {"order_id": "pay_1", "state": "paid", "applied": True},
        "matter.receive_callback": TAKEN,
    })


def sent(edge: Edge, path: str, **more: Any) -> Any:
    return edge.ask(path, key=None, **{"content": BODY.encode(), "headers": SIGNED, **more})


def test_a_channels_word_is_handed_on_as_it_came_and_answered_in_the_channels_form(edge: Edge) -> None:
    answer = sent(edge, PAYMENT, headers={**SIGNED, "Wechatpay-Serial": "1", "Content-Type": "application/json"})
    assert (answer.status_code, answer.json()) == (200, {"code": "SUCCESS", "message": "成功"})
    asked = edge.bus.asked[0]
    assert asked.target == "payment.apply_channel_notification"
    assert (asked.kwargs["channel"], asked.kwargs["body"]) == ("sandbox", BODY)
    assert asked.kwargs["headers"] == {
        **{name.lower(): value for name, value in SIGNED.items()}, "wechatpay-serial": "1",
        "content-type": "application/json"}
    assert asked.context["tenant"] == "default"


def test_headers_that_are_nobodys_business_stay_outside(edge: Edge) -> None:
    sent(edge, PAYMENT, headers={**SIGNED, "Cookie": "a=1", "Authorization": "Bearer x", "X-Forwarded-For": "1.2.3.4"})
    assert not {"cookie", "authorization", "x-forwarded-for"} & set(edge.bus.asked[0].kwargs["headers"])


def test_an_outside_systems_word_is_handed_on_with_its_signature(edge: Edge) -> None:
    answer = sent(edge, MATTER)
    assert (answer.status_code, answer.json()) == (200, TAKEN)
    assert edge.bus.asked[0].kwargs == {
        "case_id": "case_1", "step": "medical", "body": BODY, "key_id": "hospital", "timestamp": "1700000000",
        "signature": "ab" * 32}


def test_the_same_callback_again_is_the_same_operation_and_a_new_signature_is_not(edge: Edge) -> None:
    for signed in (SIGNED, SIGNED, {**SIGNED, "X-Zhongtai-Timestamp": "1700000001"}):
        sent(edge, PAYMENT, headers=signed)
        sent(edge, MATTER, headers=signed)
    first, again, other = (asked.op_id for asked in edge.bus.asked if asked.target.startswith("payment"))
    assert (first == again, first == other) == (True, False)
    assert len({asked.op_id for asked in edge.bus.asked}) == 4
    assert all(len(asked.op_id) <= 128 for asked in edge.bus.asked)


@pytest.mark.parametrize("missing", sorted(SIGNED))
def test_a_callback_that_is_not_signed_is_401(edge: Edge, missing: str) -> None:
    answer = sent(edge, MATTER, headers={name: value for name, value in SIGNED.items() if name != missing})
    assert missing in problem_of(answer, 401, "security.signature-missing")["detail"]
    assert edge.bus.asked == []


def test_a_forged_callback_is_401_in_the_form_of_each_sender(edge: Edge) -> None:
    edge.bus.answers |= {
        "payment.apply_channel_notification": NotificationNotAuthentic(), "matter.receive_callback": SignatureExpired()}
    channel = sent(edge, PAYMENT)
    assert channel.status_code == 401
    told = channel.json()
    assert (told["code"], told["message"], len(told["trace_id"])) == ("FAIL", "支付通知签名无效。", 32)
    problem_of(sent(edge, MATTER), 401, "security.signature-expired")


@pytest.mark.parametrize(("error", "status"), [
    (BrokerUnavailable(details={"retry_after_s": 2}), 503), (CallerNotAllowed("gateway may not"), 500),
    (RuntimeError("secret"), 500),
])
def test_a_channel_that_cannot_be_heard_now_sends_it_again(edge: Edge, error: Exception, status: int) -> None:
    edge.bus.answers["payment.apply_channel_notification"] = error
    answer = sent(edge, PAYMENT)
    assert (answer.status_code, answer.json()["code"]) == (status, "FAIL")
    assert "secret" not in answer.text
    assert "may not" not in answer.text
    assert answer.headers.get("retry-after") == ("2" if status == 503 else None)


def test_a_body_that_is_no_text_is_refused(edge: Edge) -> None:
    problem_of(sent(edge, MATTER, content=b"\xff\xfe"), 400, "gateway.body-malformed")
    assert sent(edge, PAYMENT, content=b"\xff\xfe").json()["code"] == "FAIL"
    assert edge.bus.asked == []


@pytest.mark.parametrize("host", ["[::1", "a/b?c", "", "x" * 3000, "evil.example:99999"])
def test_the_host_header_decides_nothing(edge: Edge, host: str) -> None:
    assert sent(edge, PAYMENT, headers={**SIGNED, "Host": host}).status_code == 200
    assert edge.bus.asked[0].op_id == _op_id_without_host(SIGNED)


def _op_id_without_host(signed: dict[str, str]) -> str:
    other = Edge({"payment.apply_channel_notification": {}})
    sent(other, PAYMENT, headers=signed)
    return other.bus.asked[0].op_id

"""What only Alipay has: a signed address, a signature in the body, its codes."""
from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest

from services.payment.channels.domain.errors import (
    ChannelRefused,
    ChannelUnavailable,
    NotificationMalformed,
    NotificationNotAuthentic,
)
from shared_components.testing.ports.channels import paid, read, refund_of, request
from tests.unit.payment.channels.providers.kits import kit

pytest.importorskip("alipay")


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with kit("alipay", tmp_path_factory.mktemp("alipay"), "http://127.0.0.1:9/x") as made:
        yield made


def test_the_address_is_signed_and_fits_where_it_is_kept(own: Any) -> None:
    longest = request(description="项目" * 500, return_url="http://127.0.0.1/" + "%20" * 325)
    address = own.channel.prepay(longest).pay_url
    assert len(address) <= 4000
    own.visit(address)
    assert own.channel.payment(longest.order_id).state == "unpaid"


@pytest.mark.parametrize("name", ["biz_content", "timestamp", "app_id", "notify_url", "return_url", "sign", "method"])
def test_an_address_that_somebody_has_changed_makes_no_trade(own: Any, name: str) -> None:
    wanted = request()
    address = urlsplit(own.channel.prepay(wanted).pay_url)
    params = dict(parse_qsl(address.query))
    changed = urlencode({**params, name: params[name].replace("1", "2").replace("a", "b")})
    answer = httpx.get(address._replace(query=changed).geturl(), trust_env=False)
    assert "invalid" in answer.text
    assert own.channel.payment(wanted.order_id).state == "absent"


@pytest.mark.parametrize(("answer", "refused"), [
    ("40004 ACQ.TRADE_STATUS_ERROR", True), ("40004 ACQ.TRADE_HAS_FINISHED", True),
    ("40004 ACQ.SYSTEM_ERROR", False), ("40004 ACQ.SELLER_BALANCE_NOT_ENOUGH", False),
    ("20000 isp.unknow-error", False), ("40002 isv.invalid-signature", False), ("40006 isv.no-permission", False),
])
def test_only_a_decision_is_a_refusal(own: Any, answer: str, refused: bool) -> None:
    wanted, trade_no = paid(own)
    own.behave(answer)
    with pytest.raises(ChannelRefused if refused else ChannelUnavailable) as caught:
        own.channel.refund(refund_of(wanted, trade_no, 1000))
    if refused:
        assert caught.value.details["channel_code"] == answer.split()[1]


@pytest.mark.parametrize("changes", [
    {"sign": ""}, {"sign": "eHg="}, {"sign": "no base64!"}, {"sign_type": "RSA"}, {"sign_type": ""},
    {"total_amount": "0.01"}, {"added": "1"}, {"out_trade_no": "pay_other"},
])
def test_what_is_changed_after_signing_is_refused(own: Any, changes: dict[str, str]) -> None:
    wanted, _ = paid(own)
    with pytest.raises(NotificationNotAuthentic):
        read(own, own.word(wanted.order_id, after=changes))


@pytest.mark.parametrize("name", ["sign", "sign_type", "total_amount", "out_trade_no", "app_id", "notify_id"])
def test_a_missing_field_is_refused(own: Any, name: str) -> None:
    wanted, _ = paid(own)
    headers, body = own.word(wanted.order_id)
    form = {key: value for key, value in parse_qsl(body, keep_blank_values=True) if key != name}
    with pytest.raises(NotificationNotAuthentic):
        read(own, (headers, urlencode(form)))


@pytest.mark.parametrize("fields", [
    {"total_amount": "10"}, {"total_amount": "10.0"},
])
def test_an_amount_with_fewer_decimals_is_the_same_amount(own: Any, fields: dict[str, str]) -> None:
    wanted, _ = paid(own)
    assert read(own, own.word(wanted.order_id, fields=fields)).amount_minor == 1000


@pytest.mark.parametrize("fields", [
    {"total_amount": "10.005"}, {"total_amount": "-10.00"}, {"total_amount": "1e3"}, {"total_amount": "0.00"},
    {"trade_status": "PAID"}, {"notify_time": "now"}, {"notify_type": "other"}, {"notify_id": ""},
    {"passback_params": None}, {"trans_currency": "RMBY"},
])
def test_an_authentic_word_that_makes_no_sense_is_refused(own: Any, fields: dict[str, Any]) -> None:
    wanted, _ = paid(own)
    with pytest.raises(NotificationMalformed):
        read(own, own.word(wanted.order_id, fields=fields))


@pytest.mark.parametrize("body", ["", "x", "a=1&a=2&sign=x&sign_type=RSA2", "%ff=1", "&".join(["a=1"] * 200)])
def test_what_is_no_form_is_refused(own: Any, body: str) -> None:
    with pytest.raises((NotificationMalformed, NotificationNotAuthentic)):
        read(own, ({}, body))


@pytest.mark.parametrize(("status", "kind"), [
    ("TRADE_SUCCESS", "payment-succeeded"), ("TRADE_FINISHED", "payment-succeeded"),
    ("TRADE_CLOSED", "payment-failed"), ("WAIT_BUYER_PAY", "payment-failed"),
])
def test_a_trade_s_state_says_what_happened(own: Any, status: str, kind: str) -> None:
    wanted, _ = paid(own)
    assert read(own, own.word(wanted.order_id, fields={"trade_status": status})).kind == kind


def test_a_notification_sent_again_for_a_day_is_believed(own: Any) -> None:
    wanted, _ = paid(own)
    read(own, own.word(wanted.order_id, at=time.time() - 24 * 3600))


def test_a_trade_given_back_in_full_was_paid(own: Any) -> None:
    """Alipay calls it closed, as it does one that nobody paid."""
    wanted, trade_no = paid(own)
    own.channel.refund(refund_of(wanted, trade_no, 1000))
    assert own.channel.payment(wanted.order_id).state == "paid"


def test_times_are_china_s_wherever_we_run(own: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        wanted, _ = paid(own)
        assert read(own, own.word(wanted.order_id), now=datetime.now(UTC)).order_id == wanted.order_id
        assert own.channel.payment(wanted.order_id).state == "paid"
    finally:
        monkeypatch.undo()
        time.tzset()

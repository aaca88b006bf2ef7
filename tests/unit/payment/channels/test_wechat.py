"""What only WeChat Pay has: key ids, products, encrypted resources, its codes."""
from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.payment.channels.domain.errors import (
    ChannelMisconfigured,
    ChannelRefused,
    ChannelUnavailable,
    NotificationMalformed,
    NotificationNotAuthentic,
)
from shared_components.testing.ports.channels import paid, read, refund_of, request
from tests.unit.payment.channels.providers.kits import kit

pytest.importorskip("wechatpayv3")


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with kit("wechat", tmp_path_factory.mktemp("wechat"), "http://127.0.0.1:9/x") as made:
        yield made


def test_native_gives_an_address_for_a_qr_code(own: Any) -> None:
    assert own.channel.prepay(request()).pay_url.startswith("weixin://wxpay/bizpayurl?pr=")


def test_h5_gives_a_page_and_wants_the_payer_s_address(tmp_path: Path) -> None:
    with kit("wechat", tmp_path, "http://127.0.0.1:9/x", product="h5") as own:
        assert own.channel.prepay(request(payer_ip="203.0.113.7")).pay_url.startswith("https://")
        with pytest.raises(ChannelRefused, match="payer_ip is missing"):
            own.channel.prepay(request())


def test_another_currency_than_yuan_is_refused_before_anybody_is_asked(own: Any) -> None:
    seen = own.seen()
    with pytest.raises(ChannelRefused) as caught:
        own.channel.prepay(request(currency="USD"))
    assert caught.value.details == {"channel_code": "CURRENCY"}
    assert own.seen() == seen


@pytest.mark.parametrize(("answer", "refused"), [
    ("400 PARAM_ERROR", True), ("403 OUT_TRADE_NO_USED", True), ("403 RULE_LIMIT", True),
    ("403 NOT_ENOUGH", False), ("429 FREQUENCY_LIMITED", False), ("401 SIGN_ERROR", False), ("403 NO_AUTH", False),
    ("500 SYSTEM_ERROR", False), ("400 SOMETHING_NEW", False), ("302 X", False),
])
def test_only_a_decision_is_a_refusal(own: Any, answer: str, refused: bool) -> None:
    wanted, trade_no = paid(own)
    own.behave(answer)
    with pytest.raises(ChannelRefused if refused else ChannelUnavailable) as caught:
        own.channel.refund(refund_of(wanted, trade_no, 1000))
    if refused:
        assert caught.value.details["channel_code"] == answer.split()[1]


def test_a_refusal_that_is_not_signed_is_no_decision(own: Any) -> None:
    wanted, _ = paid(own)
    own.behave("unsigned")
    with pytest.raises(ChannelUnavailable):
        own.channel.refund(refund_of(replace(wanted, order_id="pay_x"), "none", 1000))


def test_a_payment_told_again_after_its_refund_is_the_same_payment(own: Any) -> None:
    wanted, trade_no = paid(own)
    before = read(own, own.word(wanted.order_id))
    own.channel.refund(refund_of(wanted, trade_no, 1))
    assert read(own, own.word(wanted.order_id)) == before


def test_an_abnormal_refund_stays_open(own: Any) -> None:
    """The money found no way to the payer; the merchant's desk will find one. Neither done nor refused."""
    wanted, trade_no = paid(own)
    part = refund_of(wanted, trade_no, 1000)
    own.channel.refund(part)
    word = read(own, own.word(wanted.order_id, refund=part.refund_id, resource={"refund_status": "ABNORMAL"}))
    assert (word.kind, word.failure) == ("refund-changed", "ABNORMAL")
    word = read(own, own.word(wanted.order_id, refund=part.refund_id, resource={"refund_status": "CLOSED"}))
    assert (word.kind, word.failure) == ("refund-failed", "CLOSED")


@pytest.mark.parametrize("serial", ["PUB_KEY_ID_OF_A_STRANGER", "5157F09EFDC096DE15EBE81A47057A72", "../keys", "0x"])
def test_an_unknown_key_id_is_refused_and_asks_nobody_for_a_key(own: Any, serial: str) -> None:
    wanted, _ = paid(own)
    seen = own.seen()
    with pytest.raises(NotificationNotAuthentic, match="known platform key"):
        read(own, own.word(wanted.order_id, serial=serial))
    assert own.seen() == seen


@pytest.mark.parametrize(("part", "changes"), [
    ("envelope", {"resource": {"ciphertext": "AAAA"}}), ("envelope", {"resource": {"ciphertext": "no base64!"}}),
    ("envelope", {"resource": {"nonce": "short"}}), ("envelope", {"resource": {"algorithm": "NONE"}}),
    ("envelope", {"resource": None}), ("envelope", {"id": None}), ("envelope", {"event_type": "COUPON.USE"}),
    ("envelope", {"resource": {"associated_data": "refund"}}),
    ("resource", {"trade_state": "NOTPAY"}), ("resource", {"amount": {"total": "1000"}}),
    ("resource", {"amount": {"total": 10.5}}), ("resource", {"amount": {"total": 0}}), ("resource", {"attach": ""}),
    ("resource", {"amount": None}), ("resource", {"transaction_id": None}),
])
def test_an_authentic_word_that_makes_no_sense_is_refused(own: Any, part: str, changes: dict[str, Any]) -> None:
    wanted, _ = paid(own)
    with pytest.raises(NotificationMalformed):
        read(own, own.word(wanted.order_id, **{part: changes}))


@pytest.mark.parametrize("away_s", [-295, 295])
def test_a_word_within_the_leeway_is_believed(own: Any, away_s: int) -> None:
    wanted, _ = paid(own)
    read(own, own.word(wanted.order_id, at=time.time() + away_s))


def test_the_old_key_and_the_new_one_are_both_believed_while_one_is_replaced(own: Any, tmp_path: Path) -> None:
    from services.payment.channels.adapters.registry import MAKERS
    from services.payment.schemas import PaymentSettings

    wanted, _ = paid(own)
    files = own.settings["platform_key_files"]
    old = next(iter(files.values()))
    stranger = str(Path(old).with_name("stranger.pub"))
    settings = {**own.settings, "platform_key_files": {"PUB_KEY_ID_NEW": stranger, **files}}
    channel = MAKERS["wechat"](PaymentSettings().load({"wechat": settings})["wechat"])
    for forged in ({}, {"as_stranger": True, "serial": "PUB_KEY_ID_NEW"}):
        headers, body = own.word(wanted.order_id, **forged)
        assert channel.read(headers, body, now=datetime.now(UTC)).order_id == wanted.order_id
    channel.stop()


def test_keys_appear_in_no_error_and_no_log(own: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    own.behave("401 SIGN_ERROR")
    with pytest.raises(ChannelMisconfigured, match=r"services\.payment\.wechat needs the merchant_id,") as caught:
        own.channel.payment("pay_" + "0" * 32)
    secret = own.settings["api_v3_key"]
    said = caplog.text + json.dumps(caught.value.details) + caught.value.message
    assert secret not in said and "PRIVATE KEY" not in said and "signature=" not in said

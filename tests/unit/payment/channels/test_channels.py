"""Which channels there are, and what a channel's word must look like to be believed."""
from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from services.payment.channels.adapters.registry import ChannelRegistry
from services.payment.channels.adapters.sandbox.channel import SandboxChannel
from services.payment.channels.domain.channel import Notification
from services.payment.channels.domain.errors import (
    ChannelNotBuilt,
    ChannelNotConfigured,
    ChannelUnknown,
    NotificationMalformed,
    NotificationMismatch,
    NotificationNotAuthentic,
)
from services.payment.schemas import PaymentSettings
from shared_components.security.request_signing import sign

NOW = datetime(2025, 6, 2, 9, tzinfo=UTC)
SECRET = "a-secret-for-tests-only"
SETTINGS = {"base_url": "http://127.0.0.1:9", "merchant_id": "m1", "secret": SECRET,
            "notify_url": "http://127.0.0.1:9/callbacks/payment/sandbox"}
BODY = {
    "event_id": "e1", "kind": "payment-succeeded", "merchant_id": "m1", "out_trade_no": "pay_1", "trade_no": "t1",
    "amount_minor": 1000, "currency": "CNY", "attach": "zj-gongan", "occurred_at": "2025-06-02T09:00:00Z",
}


@pytest.fixture
def channel() -> Any:
    registry = ChannelRegistry(PaymentSettings().load({"sandbox": SETTINGS}))
    yield registry.named("sandbox")
    registry.close()


def read(
    channel: SandboxChannel, body: Any = None, *, at: datetime = NOW, secret: str = SECRET, **changes: Any
) -> Notification:
    raw = body if isinstance(body, bytes) else orjson.dumps({**BODY, **changes})
    return channel.read(sign(raw, key_id="m1", key=secret.encode(), at=at), raw.decode(), now=NOW)


def test_an_authentic_word_is_understood(channel: SandboxChannel) -> None:
    assert read(channel) == Notification(
        "sandbox", "e1", "payment-succeeded", "pay_1", "zj-gongan", "t1", 1000, "CNY"
    )


@pytest.mark.parametrize("away_s", [-300, 300])
def test_a_word_within_the_leeway_is_believed(channel: SandboxChannel, away_s: int) -> None:
    read(channel, at=NOW + timedelta(seconds=away_s))


@pytest.mark.parametrize("away_s", [-301, 301])
def test_an_old_or_future_word_is_refused(channel: SandboxChannel, away_s: int) -> None:
    with pytest.raises(NotificationNotAuthentic, match="300 s either way"):
        read(channel, at=NOW + timedelta(seconds=away_s))


def test_another_key_is_refused(channel: SandboxChannel) -> None:
    with pytest.raises(NotificationNotAuthentic):
        read(channel, secret="another-secret-entirely")


def test_every_changed_byte_is_refused(channel: SandboxChannel) -> None:
    raw = orjson.dumps(BODY)
    headers = sign(raw, key_id="m1", key=SECRET.encode(), at=NOW)
    for position in range(len(raw)):
        changed = raw[:position] + bytes([raw[position] ^ 1]) + raw[position + 1:]
        with pytest.raises(NotificationNotAuthentic):
            channel.read(headers, changed.decode(), now=NOW)


@pytest.mark.parametrize("name", ["X-Zhongtai-Timestamp", "X-Zhongtai-Signature", "X-Zhongtai-Key-Id"])
@pytest.mark.parametrize("value", [None, "", "x", "0"])
def test_a_missing_or_wrong_header_is_refused(channel: SandboxChannel, name: str, value: str | None) -> None:
    raw = orjson.dumps(BODY)
    headers = sign(raw, key_id="m1", key=SECRET.encode(), at=NOW)
    if value is None:
        del headers[name]
    else:
        headers[name] = value
    with pytest.raises(NotificationNotAuthentic):
        channel.read(headers, raw.decode(), now=NOW)


def test_header_names_come_in_any_case(channel: SandboxChannel) -> None:
    raw = orjson.dumps(BODY)
    headers = {name.lower(): value for name, value in sign(raw, key_id="m1", key=SECRET.encode(), at=NOW).items()}
    assert channel.read(headers, raw.decode(), now=NOW).event_id == "e1"


def test_another_merchants_word_is_refused(channel: SandboxChannel) -> None:
    with pytest.raises(NotificationMismatch, match="another merchant"):
        read(channel, merchant_id="m2")


@pytest.mark.parametrize("changes", [
    {"amount_minor": 0}, {"amount_minor": "1000"}, {"amount_minor": 10.5}, {"currency": "RMBY"}, {"kind": "paid"},
    {"event_id": ""}, {"refund_id": "ref_1"}, {"kind": "refund-succeeded"}, {"attach": ""},
])
def test_an_authentic_word_that_makes_no_sense_is_refused(channel: SandboxChannel, changes: dict[str, Any]) -> None:
    with pytest.raises(NotificationMalformed):
        read(channel, **changes)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"text"', b"null"])
def test_an_authentic_body_that_is_no_object_is_refused(channel: SandboxChannel, body: bytes) -> None:
    with pytest.raises(NotificationMalformed):
        read(channel, body)


def test_an_unknown_channel_names_what_there_is() -> None:
    with pytest.raises(ChannelUnknown, match="there are sandbox, wechat, alipay") as caught:
        ChannelRegistry({}).named("cash")
    assert caught.value.details == {"channel": "cash", "available": ["sandbox", "wechat", "alipay"]}


def test_a_channel_that_is_not_built_says_so() -> None:
    with pytest.raises(ChannelNotBuilt, match="not built in this version"):
        ChannelRegistry({}).named("unionpay")


@pytest.mark.parametrize(("name", "needs"), [
    ("sandbox", "base_url, merchant_id, secret"), ("wechat", "merchant_serial, private_key, api_v3_key"),
    ("alipay", "app_id, private_key, alipay_public_key"),
])
def test_a_channel_without_settings_says_what_it_needs(name: str, needs: str) -> None:
    with pytest.raises(ChannelNotConfigured, match=needs) as caught:
        ChannelRegistry(PaymentSettings().load({})).named(name)
    assert "configured are: none" in caught.value.message
    assert caught.value.details == {"channel": name, "available": []}
    assert caught.value.category == "invalid-input", "the caller may name another one"


@pytest.mark.parametrize(("name", "module"), [("wechat", "wechatpayv3"), ("alipay", "alipay")])
def test_a_channel_whose_package_is_not_installed_names_the_extra(
    monkeypatch: pytest.MonkeyPatch, name: str, module: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ChannelNotBuilt, match=rf"install zhongtai\[{name}\]") as caught:
        ChannelRegistry({}).named(name)
    assert caught.value.details["extra"] == name


def test_the_platform_imports_no_channel_s_package_unasked() -> None:
    code = "import sys, services.payment.service; sys.exit(bool({'wechatpayv3', 'alipay'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=False).returncode == 0

"""The sandbox channel against the sandbox server, two processes and real HTTP between them."""
from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from services.payment.channels.adapters.sandbox.channel import SandboxChannel
from services.payment.channels.domain.channel import PrepayRequest, RefundRequest
from services.payment.channels.domain.errors import ChannelMisconfigured, ChannelRefused, ChannelUnavailable
from services.payment.sandbox.pages import CHINESE
from shared_components.kernel.ids import new_id
from tests.unit.pages.sources import template_texts
from tests.unit.payment.sandbox.process import MODULE, Merchant, sandbox_channel, sandbox_process


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    with sandbox_process() as url:
        yield url


@pytest.fixture
def merchant() -> Iterator[Merchant]:
    merchant = Merchant()
    yield merchant
    merchant.close()


@pytest.fixture
def channel(base_url: str, merchant: Merchant) -> Iterator[SandboxChannel]:
    with sandbox_channel(base_url, merchant.url) as channel:
        yield channel


def request(**changes: Any) -> PrepayRequest:
    plain = PrepayRequest(
        order_id=new_id("pay"), amount_minor=1000, currency="CNY", description="驾驶证工本费 <b>",
        expires_at=datetime.now(UTC) + timedelta(hours=1), return_url="http://127.0.0.1/back?a=1&b=2",
        attachment="zj-gongan",
    )
    return replace(plain, **changes)


def refund_request(order_id: str, trade_no: str, amount_minor: int = 1000) -> RefundRequest:
    return RefundRequest(new_id("ref"), order_id, trade_no, amount_minor, "CNY", "测试", 1000)


def act(channel: SandboxChannel, wanted: PrepayRequest, **body: Any) -> httpx.Response:
    return httpx.post(channel.prepay(wanted).pay_url, follow_redirects=True, trust_env=False, **body)


def pay(channel: SandboxChannel, wanted: PrepayRequest, action: str = "confirm") -> str:
    return act(channel, wanted, data={"action": action}).raise_for_status().text


def test_a_payment_is_made_on_the_page_and_reported_with_a_signature(
    channel: SandboxChannel, merchant: Merchant
) -> None:
    wanted = request()
    page = channel.prepay(wanted).pay_url
    shown = httpx.get(page, trust_env=False).text
    assert "10.00 元" in shown and "确认支付" in shown and "驾驶证工本费 &lt;b&gt;" in shown
    assert channel.payment(wanted.order_id).state == "unpaid"
    assert "支付成功" in pay(channel, wanted)
    (headers, body), = merchant.wait_for(1)
    word = channel.read(headers, body, now=datetime.now(UTC))
    assert (word.kind, word.order_id, word.tenant) == ("payment-succeeded", wanted.order_id, "zj-gongan")
    status = channel.payment(wanted.order_id)
    assert (status.state, status.trade_no, status.amount_minor) == ("paid", word.trade_no, 1000)


def test_every_text_of_the_pages_has_chinese() -> None:
    assert template_texts("services.payment.sandbox") == set(CHINESE)


def test_the_page_is_in_the_readers_language_and_size_also_after_paying(channel: SandboxChannel) -> None:
    page = channel.prepay(request()).pay_url
    shown = httpx.get(page, trust_env=False, headers={"Accept-Language": "en"})
    assert "Confirm the payment" in shown.text and "10.00 CNY" in shown.text
    assert shown.headers["content-language"] == "en"
    chosen = httpx.post(f"{page}?lang=en&elder=1", data={"action": "confirm"}, follow_redirects=True, trust_env=False)
    assert "The payment is made" in chosen.text and 'class="elder"' in chosen.text


def test_the_page_is_kept_nowhere_posts_here_alone_and_its_style_is_given_here(channel: SandboxChannel) -> None:
    page = channel.prepay(request()).pay_url
    headers = httpx.get(page, trust_env=False).headers
    assert headers["cache-control"] == "no-store" and "form-action 'self'" in headers["content-security-policy"]
    for name in ("pages.css", "icon.svg"):
        assert httpx.get(httpx.URL(page).join(f"/assets/{name}"), trust_env=False).status_code == 200


@pytest.mark.parametrize("address", ["javascript:alert(1)", "/relative"])
def test_a_way_back_that_is_no_web_address_is_no_link(channel: SandboxChannel, address: str) -> None:
    shown = pay(channel, request(return_url=address))
    assert "支付成功" in shown and address not in shown


def test_paying_twice_takes_the_money_once(channel: SandboxChannel, merchant: Merchant) -> None:
    wanted = request()
    pay(channel, wanted)
    assert "支付成功" in pay(channel, wanted)
    late = act(channel, wanted, data={"action": "give-up"})
    assert (late.status_code, "支付成功" in late.text) == (409, True)
    merchant.wait_for(1)
    time.sleep(0.2)
    assert len(merchant.heard) == 1


def test_giving_up_is_reported_as_a_failure(channel: SandboxChannel, merchant: Merchant) -> None:
    wanted = request()
    assert "已放弃支付" in pay(channel, wanted, action="give-up")
    (headers, body), = merchant.wait_for(1)
    assert channel.read(headers, body, now=datetime.now(UTC)).kind == "payment-failed"
    assert channel.payment(wanted.order_id).state == "failed"
    assert "已放弃支付" in pay(channel, wanted, action="give-up")
    assert act(channel, wanted, data={"action": "confirm"}).status_code == 409


@pytest.mark.parametrize("body", [
    {}, {"data": {"action": "nonsense"}}, {"data": {"action": ["confirm", "give-up"]}}, {"content": b"\xff"},
    {"json": {"action": "confirm"}},
])
def test_what_is_no_button_of_the_page_pays_nothing(channel: SandboxChannel, body: dict[str, Any]) -> None:
    wanted = request()
    answer = act(channel, wanted, **body)
    assert (answer.status_code, "confirm 或 give-up" in answer.text) == (400, True)
    assert channel.payment(wanted.order_id).state == "unpaid"


def test_an_expired_page_takes_no_money(channel: SandboxChannel) -> None:
    wanted = request(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    late = act(channel, wanted, data={"action": "confirm"})
    assert (late.status_code, "超时" in late.text) == (409, True)
    assert channel.payment(wanted.order_id).state == "unpaid"


def test_an_order_of_many_long_names_is_started_all_the_same(channel: SandboxChannel) -> None:
    wanted = request(description="、".join(["长" * 160] * 100))
    page = httpx.get(channel.prepay(wanted).pay_url, trust_env=False).text
    assert "长" * 160 + "、" in page


def test_asking_twice_for_a_payment_gives_one_page(channel: SandboxChannel) -> None:
    wanted = request()
    assert channel.prepay(wanted) == channel.prepay(wanted)
    with pytest.raises(ChannelRefused, match="another amount") as caught:
        channel.prepay(replace(wanted, amount_minor=1))
    assert caught.value.details == {"channel_code": "OUT_TRADE_NO_USED"}


def test_refunds_are_made_once_and_never_above_what_was_paid(channel: SandboxChannel, merchant: Merchant) -> None:
    wanted = request()
    pay(channel, wanted)
    trade_no = str(channel.payment(wanted.order_id).trade_no)
    part = refund_request(wanted.order_id, trade_no, 600)
    assert channel.refund(part).state in ("processing", "succeeded")
    assert channel.refund(part).state in ("processing", "succeeded")
    with pytest.raises(ChannelRefused, match="above what was paid"):
        channel.refund(refund_request(wanted.order_id, trade_no, 600))
    headers, body = merchant.wait_for(2)[1]
    word = channel.read(headers, body, now=datetime.now(UTC))
    assert (word.kind, word.refund_id, word.amount_minor) == ("refund-succeeded", part.refund_id, 600)
    assert channel.refund_status(part).state == "succeeded"
    assert channel.refund_status(replace(part, refund_id="ref_none")).state == "absent"


def test_callbacks_are_sent_again_until_they_are_heard(channel: SandboxChannel, merchant: Merchant) -> None:
    merchant.refuse = 1
    pay(channel, request())
    first, second = merchant.wait_for(2)
    assert first[1] == second[1]  # the same event id


@pytest.mark.parametrize("wrong", [{"secret": "another-secret-entirely"}, {"merchant_id": "another-merchant"}])
def test_a_wrong_identity_is_a_mistake_of_the_configuration_and_no_decision_of_the_channel(
    base_url: str, wrong: dict[str, str],
) -> None:
    with sandbox_channel(base_url, "http://127.0.0.1:9/", **wrong) as channel, \
            pytest.raises(ChannelMisconfigured) as caught:
        channel.payment("pay_x")
    assert caught.value.message == (
        "channel 'sandbox' does not accept who we say we are (HTTP 401); services.payment.sandbox needs the "
        "merchant_id and secret that the channel knows")
    assert isinstance(caught.value, ChannelUnavailable), "what it did before is not known"


def test_silence_is_unavailable() -> None:
    with sandbox_channel("http://127.0.0.1:9", "http://127.0.0.1:9/", timeout_s=0.5) as channel, \
            pytest.raises(ChannelUnavailable, match="gave no answer"):
        channel.payment("pay_x")


def test_faults_on_request(merchant: Merchant) -> None:
    options = ("--duplicates", "2", "--disorder-s", "0.2", "--refund-failure", "1", "--seed", "7")
    with sandbox_process(*options) as url, sandbox_channel(url, merchant.url) as channel:
        wanted = request()
        pay(channel, wanted)
        heard = merchant.wait_for(3)
        assert len({orjson.loads(body)["event_id"] for _, body in heard}) == 1
        refund = refund_request(wanted.order_id, str(channel.payment(wanted.order_id).trade_no))
        channel.refund(refund)
        headers, body = merchant.wait_for(6)[-1]
        assert channel.read(headers, body, now=datetime.now(UTC)).failure == "ACCOUNT_ABNORMAL"


def test_done_but_answered_with_an_error(merchant: Merchant) -> None:
    with sandbox_process("--error-after-work", "1") as url, sandbox_channel(url, merchant.url) as channel, \
            pytest.raises(ChannelUnavailable, match="HTTP 503"):
        channel.prepay(request())


@pytest.mark.parametrize(("secret", "options", "said"), [
    ("short", (), "16 or more are needed"),
    ("long-enough-secret", ("--port", "x"), "invalid int value"),
    ("long-enough-secret", ("--secret-file", "/nowhere/secret"), "cannot be read"),
])
def test_wrong_use_is_explained(secret: str, options: tuple[str, ...], said: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", MODULE, *options], capture_output=True, text=True, timeout=20,
        env={**os.environ, "ZHONGTAI_SANDBOX_SECRET": secret},
    )
    assert done.returncode == 2
    assert said in done.stderr and "Traceback" not in done.stderr


def test_a_port_in_use_is_explained(base_url: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("a-long-enough-secret\n")
    port = base_url.rsplit(":", 1)[1]
    done = subprocess.run(
        [sys.executable, "-m", MODULE, "--port", port, "--secret-file", str(secret)], capture_output=True, text=True,
        timeout=20,
    )
    assert done.returncode == 1
    assert f"127.0.0.1:{port} cannot be listened on" in done.stderr and "Traceback" not in done.stderr

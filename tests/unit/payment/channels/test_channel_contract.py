"""What the port promises, held by every channel against its own provider: another process, real keys, loopback HTTP."""
from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.payment.channels.domain.channel import PrepayRequest, RefundRequest
from services.payment.channels.domain.errors import (
    ChannelRefused,
    ChannelUnavailable,
    NotificationMalformed,
    NotificationMismatch,
    NotificationNotAuthentic,
)
from shared_components.kernel.ids import new_id
from tests.unit.payment.channels.providers.kits import Merchant, kit

pytest.importorskip("wechatpayv3")
pytest.importorskip("alipay")

TENANT = "zj-gongan"


@pytest.fixture(scope="module")
def merchant() -> Iterator[Merchant]:
    merchant = Merchant()
    yield merchant
    merchant.close()


@pytest.fixture(scope="module", params=["sandbox", "wechat", "alipay"])
def own(request: pytest.FixtureRequest, merchant: Merchant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with kit(request.param, tmp_path_factory.mktemp(request.param), merchant.url) as made:
        yield made


def request(**changes: Any) -> PrepayRequest:
    plain = PrepayRequest(
        order_id=new_id("pay"), amount_minor=1000, currency="CNY", description="驾驶证工本费、<补办> a/b=c&d",
        expires_at=datetime.now(UTC) + timedelta(hours=1), return_url="http://127.0.0.1/back?a=1&b=2",
        attachment=TENANT,
    )
    return replace(plain, **changes)


def paid(own: Any, **changes: Any) -> tuple[PrepayRequest, str]:
    wanted = request(**changes)
    return wanted, own.pay(wanted.order_id, own.channel.prepay(wanted).pay_url)


def refund_of(wanted: PrepayRequest, trade_no: str, amount_minor: int) -> RefundRequest:
    return RefundRequest(
        new_id("ref"), wanted.order_id, trade_no, amount_minor, "CNY", "窗口办理，" * 30, wanted.amount_minor
    )


def read(own: Any, word: tuple[dict[str, str], str], *, now: datetime | None = None) -> Any:
    headers, body = word
    lowered = {name.lower(): value for name, value in headers.items()}  # as the gateway hands them over
    return own.channel.read(lowered, body, now=now or datetime.now(UTC))


def heard(own: Any, merchant: Merchant, order_id: str, kind: str) -> Any:
    """The provider's callback, as it came over HTTP."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        for headers, body in list(merchant.heard):
            try:
                word = read(own, (headers, body))
            except (NotificationNotAuthentic, NotificationMalformed):
                continue
            if (word.order_id, word.kind) == (order_id, kind):
                return word
        time.sleep(0.02)
    raise AssertionError(f"no {kind} of {order_id}")


def test_a_payment_from_prepay_to_callback(own: Any, merchant: Merchant) -> None:
    wanted = request()
    page = own.channel.prepay(wanted).pay_url
    own.visit(page)
    assert own.channel.payment(wanted.order_id).state == "unpaid"
    trade_no = own.pay(wanted.order_id, page)
    status = own.channel.payment(wanted.order_id)
    assert (status.state, status.trade_no, status.amount_minor, status.currency) == ("paid", trade_no, 1000, "CNY")
    word = heard(own, merchant, wanted.order_id, "payment-succeeded")
    assert (word.channel, word.tenant, word.trade_no) == (own.name, TENANT, trade_no)
    assert (word.amount_minor, word.currency, word.refund_id) == (1000, "CNY", None)


def test_an_order_it_never_heard_of_is_absent(own: Any) -> None:
    assert own.channel.payment(new_id("pay")).state == "absent"


@pytest.mark.parametrize("amount_minor", [1, 9, 10, 99, 100, 101, 12_345_678_905])
def test_amounts_arrive_to_the_fen(own: Any, amount_minor: int) -> None:
    wanted, _ = paid(own, amount_minor=amount_minor)
    assert own.channel.payment(wanted.order_id).amount_minor == amount_minor
    assert read(own, own.word(wanted.order_id)).amount_minor == amount_minor


def test_asked_twice_for_a_payment_it_is_one_trade(own: Any) -> None:
    wanted = request()
    first, second = own.channel.prepay(wanted), own.channel.prepay(wanted)
    own.visit(first.pay_url)
    trade_no = own.pay(wanted.order_id, second.pay_url)
    assert own.channel.payment(wanted.order_id).trade_no == trade_no


def test_refunds_are_made_once_and_never_above_what_was_paid(own: Any, merchant: Merchant) -> None:
    wanted, trade_no = paid(own)
    part = refund_of(wanted, trade_no, 601)
    assert own.channel.refund_status(part).state == "absent"
    for _ in range(3):
        assert own.channel.refund(part).state in ("processing", "succeeded")
    assert own.channel.refund_status(part).state == "succeeded"
    with pytest.raises(ChannelRefused):
        own.channel.refund(refund_of(wanted, trade_no, 400))
    rest = refund_of(wanted, trade_no, 399)
    own.channel.refund(rest)
    assert own.channel.refund_status(rest).state == "succeeded"
    # Paid it was, and what went back later changes nothing in that.
    assert own.channel.payment(wanted.order_id).state == "paid"


def test_a_refund_is_reported_by_callback(own: Any, merchant: Merchant) -> None:
    wanted, trade_no = paid(own)
    part = refund_of(wanted, trade_no, 601)
    own.channel.refund(part)
    # Alipay's word does not say how much this one refund was: it is a reason to ask, no more.
    kind = "refund-changed" if own.name == "alipay" else "refund-succeeded"
    word = heard(own, merchant, wanted.order_id, kind)
    assert (word.refund_id, word.trade_no, word.currency) == (part.refund_id, trade_no, "CNY")
    assert word.amount_minor == (0 if own.name == "alipay" else 601)
    assert word.tenant == (None if own.name == "wechat" else TENANT)


def test_a_refund_of_nothing_paid_is_refused(own: Any) -> None:
    wanted = request()
    own.visit(own.channel.prepay(wanted).pay_url)
    with pytest.raises(ChannelRefused) as caught:
        own.channel.refund(refund_of(wanted, "none", 1000))
    assert caught.value.details["channel_code"]


def test_a_closed_payment_is_paid_by_nobody(own: Any) -> None:
    wanted = request()
    page = own.channel.prepay(wanted).pay_url
    own.visit(page)
    own.channel.close(wanted.order_id)
    own.channel.close(wanted.order_id)
    own.pay(wanted.order_id, page)
    assert own.channel.payment(wanted.order_id).state == "failed"


def test_what_is_paid_or_unknown_cannot_be_closed(own: Any) -> None:
    wanted, _ = paid(own)
    for order_id in (wanted.order_id, new_id("pay")):
        with pytest.raises(ChannelRefused):
            own.channel.close(order_id)
    assert own.channel.payment(wanted.order_id).state == "paid"


@pytest.mark.parametrize("how", ["error", "hang"])
def test_no_answer_is_unavailable_and_never_an_outcome(own: Any, how: str) -> None:
    wanted, trade_no = paid(own)
    refund = refund_of(wanted, trade_no, 1)
    own.behave(how, 100)
    try:
        for ask, about in (
            (own.channel.payment, wanted.order_id), (own.channel.refund, refund),
            (own.channel.refund_status, refund), (own.channel.close, wanted.order_id),
        ):
            with pytest.raises(ChannelUnavailable) as caught:
                ask(about)
            assert caught.value.details["retry_after_s"] > 0
    finally:
        own.behave("error", 0)


def test_a_refund_done_without_an_answer_is_found_by_asking(own: Any) -> None:
    wanted, trade_no = paid(own)
    refund = refund_of(wanted, trade_no, 1000)
    own.behave("done-error")
    with pytest.raises(ChannelUnavailable):
        own.channel.refund(refund)
    own.behave("error", 0)
    assert own.channel.refund_status(refund).state == "succeeded"


def test_a_server_that_is_not_there_is_unavailable(own: Any) -> None:
    from services.payment.channels.adapters.registry import MAKERS
    from services.payment.schemas import PaymentSettings

    address = {"alipay": "gateway_url"}.get(own.name, "base_url")
    settings = PaymentSettings().load({own.name: {**own.settings, address: "http://127.0.0.1:9/x"}})
    channel = MAKERS[own.name](settings[own.name])
    with pytest.raises(ChannelUnavailable, match="gave no answer"):
        channel.payment(new_id("pay"))
    channel.stop()


# S9: callbacks


@pytest.mark.parametrize("forged", [
    {"as_stranger": True}, {"at": "old"}, {"at": "future"},
], ids=str)
def test_a_word_of_a_stranger_or_of_another_time_is_not_believed(own: Any, forged: dict[str, Any]) -> None:
    wanted, _ = paid(own)
    if "at" in forged:
        forged = {"at": time.time() + (400 if forged["at"] == "future" else -own.oldest_s - 60)}
    with pytest.raises(NotificationNotAuthentic):
        read(own, own.word(wanted.order_id, **forged))


@pytest.mark.parametrize("field", ["merchant", "app"])
def test_a_word_for_another_merchant_is_refused(own: Any, field: str) -> None:
    if (own.name, field) == ("sandbox", "app"):
        pytest.skip("the sandbox knows no apps")
    wanted, _ = paid(own)
    with pytest.raises(NotificationMismatch):
        read(own, own.word(wanted.order_id, **{field: "2088999999999999"}))


def test_an_altered_amount_currency_or_tenant_is_read_as_it_is_signed_and_left_to_the_comparison(own: Any) -> None:
    wanted, _ = paid(own)
    word = read(own, own.word(wanted.order_id, amount_minor=999, currency="USD", tenant="another"))
    assert (word.amount_minor, word.currency, word.tenant) == (999, "USD", "another")


def test_every_changed_byte_is_refused(own: Any) -> None:
    wanted, _ = paid(own)
    headers, body = own.word(wanted.order_id)
    accepted = []
    for position in range(len(body)):
        changed = body[:position] + chr(ord(body[position]) ^ 1) + body[position + 1:]
        try:
            read(own, (headers, changed))
            accepted.append(position)
        except (NotificationNotAuthentic, NotificationMalformed):
            continue
    assert accepted == []


def test_every_missing_header_or_wrong_value_is_refused(own: Any) -> None:
    if own.name == "alipay":
        pytest.skip("Alipay's signature stands in the body; see test_alipay.py")
    wanted, _ = paid(own)
    headers, body = own.word(wanted.order_id)
    for name in headers:
        if name in ("Content-Type", "Wechatpay-Signature-Type"):
            continue
        for value in (None, "", "0", "x"):
            changed = {key: each for key, each in headers.items() if key != name}
            if value is not None:
                changed[name] = value
            with pytest.raises(NotificationNotAuthentic):
                read(own, (changed, body))


def test_a_word_read_again_has_the_same_event_id(own: Any) -> None:
    """It is taken once by that id; the use cases' tests show it."""
    wanted, _ = paid(own)
    first, again = read(own, own.word(wanted.order_id)), read(own, own.word(wanted.order_id))
    assert first == again and first.event_id


# answers


@pytest.mark.parametrize("how", ["unsigned", "bad-signature", "other-key", "altered", "old", "garbage"])
def test_an_answer_that_is_not_authentic_is_no_answer(own: Any, how: str) -> None:
    if own.name == "sandbox":
        pytest.skip("the sandbox signs whatever it says; test_sandbox.py has another secret")
    wanted, trade_no = paid(own)
    own.behave(how)
    with pytest.raises(ChannelUnavailable):
        own.channel.payment(wanted.order_id)
    own.behave(how)
    with pytest.raises(ChannelUnavailable):
        own.channel.refund(refund_of(wanted, trade_no, 1000))
    own.behave("error", 0)
    assert own.channel.payment(wanted.order_id).state == "paid"

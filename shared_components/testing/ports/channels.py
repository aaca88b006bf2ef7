"""Promises of every payment channel (fixture `own`: see Kit), held against the provider's own test server."""
from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol

import pytest

from services.payment.channels.domain.channel import PrepayRequest, RefundRequest
from services.payment.channels.domain.errors import (
    ChannelRefused,
    ChannelUnavailable,
    NotificationMalformed,
    NotificationMismatch,
    NotificationNotAuthentic,
)
from services.payment.channels.domain.ports import Channel
from shared_components.kernel.ids import new_id

TENANT = "zj-gongan"
Word = tuple[dict[str, str], str]


class Kit(Protocol):
    """A channel with its provider's test server, which sends callbacks to the merchant.

    name: of the channel. oldest_s: age in seconds up to which a notification counts. knows_apps: notifications name an
    app beside the merchant. signs_headers: the signature stands in headers, not in the body. signs_answers: answers to
    requests are signed, too. tells_refunded_amount: a refund's notification has the refund's amount.
    names_tenant_in_refunds: it has the attachment of the payment.
    """

    name: str
    oldest_s: int
    knows_apps: bool
    signs_headers: bool
    signs_answers: bool
    tells_refunded_amount: bool
    names_tenant_in_refunds: bool

    @property
    def channel(self) -> Channel:
        """The adapter under test, with a timeout of a second."""
        ...

    def away(self) -> Channel:
        """The same adapter with a provider that is not there."""
        ...

    def visit(self, pay_url: str) -> None:
        """Do what the payer's browser does before the payer decides."""
        ...

    def pay(self, order_id: str, pay_url: str) -> str:
        """The payer pays; gives the trade's number."""
        ...

    def behave(self, how: str, times: int = 1) -> None:
        """Answer the next requests so: `error`, `hang`, `done-error` (work without an answer); 0 times: well again.

        With signed answers also: `unsigned`, `bad-signature`, `other-key`, `altered`, `old`, `garbage`.
        """
        ...

    def word(self, order_id: str, *, refund: str | None = None, **forged: Any) -> Word:
        """A notification, its content or time forged as wished, rightly signed all the same.

        forged: event_id, amount_minor, currency, merchant, app, tenant, at (epoch), as_stranger, and claimed: the
        number of a trade that never was.
        """
        ...


class Merchant:
    """Hears callbacks; refuse: how many to answer with 500 first."""

    def __init__(self) -> None:
        self.heard: list[tuple[dict[str, str], str]] = []
        self.refuse = 0
        merchant = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                merchant.heard.append((dict(self.headers), body))
                merchant.refuse -= 1
                self.send_response(500 if merchant.refuse >= 0 else 204)
                self.end_headers()

            def log_message(self, *_arguments: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/callbacks/payment/sandbox"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def wait_for(self, count: int, within_s: float = 10) -> list[tuple[dict[str, str], str]]:
        deadline = time.monotonic() + within_s
        while len(self.heard) < count and time.monotonic() < deadline:
            time.sleep(0.02)
        assert len(self.heard) >= count, f"heard {len(self.heard)} callbacks, waited for {count}"
        return self.heard

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def request(**changes: Any) -> PrepayRequest:
    plain = PrepayRequest(
        order_id=new_id("pay"), amount_minor=1000, currency="CNY", description="驾驶证工本费、<补办> a/b=c&d",
        expires_at=datetime.now(UTC) + timedelta(hours=1), return_url="http://127.0.0.1/back?a=1&b=2",
        attachment=TENANT,
    )
    return replace(plain, **changes)


def paid(own: Kit, **changes: Any) -> tuple[PrepayRequest, str]:
    wanted = request(**changes)
    return wanted, own.pay(wanted.order_id, own.channel.prepay(wanted).pay_url)


def refund_of(wanted: PrepayRequest, trade_no: str, amount_minor: int) -> RefundRequest:
    return RefundRequest(
        new_id("ref"), wanted.order_id, trade_no, amount_minor, "CNY", "窗口办理，" * 30, wanted.amount_minor
    )


def read(own: Kit, word: tuple[dict[str, str], str], *, now: datetime | None = None) -> Any:
    headers, body = word
    lowered = {name.lower(): value for name, value in headers.items()}  # as the gateway hands them over
    return own.channel.read(lowered, body, now=now or datetime.now(UTC))


def heard(own: Kit, merchant: Merchant, order_id: str, kind: str) -> Any:
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


class ChannelSuite:
    """Fixture: `own`, a Kit whose callbacks go to `zhongtai_merchant.url`, which the plugin gives."""

    def test_a_payment_from_prepay_to_callback(self, own: Kit, zhongtai_merchant: Merchant) -> None:
        wanted = request()
        page = own.channel.prepay(wanted).pay_url
        own.visit(page)
        assert own.channel.payment(wanted.order_id).state == "unpaid"
        trade_no = own.pay(wanted.order_id, page)
        status = own.channel.payment(wanted.order_id)
        assert (status.state, status.trade_no, status.amount_minor, status.currency) == ("paid", trade_no, 1000, "CNY")
        word = heard(own, zhongtai_merchant, wanted.order_id, "payment-succeeded")
        assert (word.channel, word.tenant, word.trade_no) == (own.name, TENANT, trade_no)
        assert (word.amount_minor, word.currency, word.refund_id) == (1000, "CNY", None)

    def test_an_order_it_never_heard_of_is_absent(self, own: Kit) -> None:
        assert own.channel.payment(new_id("pay")).state == "absent"

    @pytest.mark.parametrize("amount_minor", [1, 9, 10, 99, 100, 101, 12_345_678_905])
    def test_amounts_arrive_to_the_fen(self, own: Kit, amount_minor: int) -> None:
        wanted, _ = paid(own, amount_minor=amount_minor)
        assert own.channel.payment(wanted.order_id).amount_minor == amount_minor
        assert read(own, own.word(wanted.order_id)).amount_minor == amount_minor

    def test_asked_twice_for_a_payment_it_is_one_trade(self, own: Kit) -> None:
        wanted = request()
        first, second = own.channel.prepay(wanted), own.channel.prepay(wanted)
        own.visit(first.pay_url)
        trade_no = own.pay(wanted.order_id, second.pay_url)
        assert own.channel.payment(wanted.order_id).trade_no == trade_no

    def test_refunds_are_made_once_and_never_above_what_was_paid(self, own: Kit) -> None:
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

    def test_a_refund_is_reported_by_callback(self, own: Kit, zhongtai_merchant: Merchant) -> None:
        wanted, trade_no = paid(own)
        part = refund_of(wanted, trade_no, 601)
        own.channel.refund(part)
        # A notification without the amount of this one refund is a reason to ask, no more.
        kind = "refund-succeeded" if own.tells_refunded_amount else "refund-changed"
        word = heard(own, zhongtai_merchant, wanted.order_id, kind)
        assert (word.refund_id, word.trade_no, word.currency) == (part.refund_id, trade_no, "CNY")
        assert word.amount_minor == (601 if own.tells_refunded_amount else 0)
        assert word.tenant == (TENANT if own.names_tenant_in_refunds else None)

    def test_a_refund_of_nothing_paid_is_refused(self, own: Kit) -> None:
        wanted = request()
        own.visit(own.channel.prepay(wanted).pay_url)
        with pytest.raises(ChannelRefused) as caught:
            own.channel.refund(refund_of(wanted, "none", 1000))
        assert caught.value.details["channel_code"]

    def test_a_closed_payment_is_paid_by_nobody(self, own: Kit) -> None:
        wanted = request()
        page = own.channel.prepay(wanted).pay_url
        own.visit(page)
        own.channel.close(wanted.order_id)
        own.channel.close(wanted.order_id)
        own.pay(wanted.order_id, page)
        assert own.channel.payment(wanted.order_id).state == "failed"

    def test_what_is_paid_or_unknown_cannot_be_closed(self, own: Kit) -> None:
        wanted, _ = paid(own)
        for order_id in (wanted.order_id, new_id("pay")):
            with pytest.raises(ChannelRefused):
                own.channel.close(order_id)
        assert own.channel.payment(wanted.order_id).state == "paid"

    @pytest.mark.parametrize("how", ["error", "hang"])
    def test_no_answer_is_unavailable_and_never_an_outcome(self, own: Kit, how: str) -> None:
        wanted, trade_no = paid(own)
        refund = refund_of(wanted, trade_no, 1)
        own.behave(how, 100)
        try:
            asking: tuple[Callable[[], Any], ...] = (
                lambda: own.channel.payment(wanted.order_id), lambda: own.channel.refund(refund),
                lambda: own.channel.refund_status(refund), lambda: own.channel.close(wanted.order_id))
            for ask in asking:
                with pytest.raises(ChannelUnavailable) as caught:
                    ask()
                assert caught.value.details["retry_after_s"] > 0
        finally:
            own.behave("error", 0)

    def test_a_refund_done_without_an_answer_is_found_by_asking(self, own: Kit) -> None:
        wanted, trade_no = paid(own)
        refund = refund_of(wanted, trade_no, 1000)
        own.behave("done-error")
        with pytest.raises(ChannelUnavailable):
            own.channel.refund(refund)
        own.behave("error", 0)
        assert own.channel.refund_status(refund).state == "succeeded"

    def test_a_server_that_is_not_there_is_unavailable(self, own: Kit) -> None:
        channel = own.away()
        with pytest.raises(ChannelUnavailable, match="gave no answer"):
            channel.payment(new_id("pay"))

    # S9: callbacks

    @pytest.mark.parametrize("forged", [
        {"as_stranger": True}, {"at": "old"}, {"at": "future"},
    ], ids=str)
    def test_a_word_of_a_stranger_or_of_another_time_is_not_believed(self, own: Kit, forged: dict[str, Any]) -> None:
        wanted, _ = paid(own)
        if "at" in forged:
            forged = {"at": time.time() + (400 if forged["at"] == "future" else -own.oldest_s - 60)}
        with pytest.raises(NotificationNotAuthentic):
            read(own, own.word(wanted.order_id, **forged))

    @pytest.mark.parametrize("field", ["merchant", "app"])
    def test_a_word_for_another_merchant_is_refused(self, own: Kit, field: str) -> None:
        if field == "app" and not own.knows_apps:
            pytest.skip("notifications of this channel name no app")
        wanted, _ = paid(own)
        with pytest.raises(NotificationMismatch):
            read(own, own.word(wanted.order_id, **{field: "2088999999999999"}))

    def test_an_altered_amount_currency_or_tenant_is_read_as_it_is_signed_and_left_to_the_comparison(
        self, own: Kit,
    ) -> None:
        wanted, _ = paid(own)
        word = read(own, own.word(wanted.order_id, amount_minor=999, currency="USD", tenant="another"))
        assert (word.amount_minor, word.currency, word.tenant) == (999, "USD", "another")

    def test_every_changed_byte_is_refused(self, own: Kit) -> None:
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

    def test_every_missing_header_or_wrong_value_is_refused(self, own: Kit) -> None:
        if not own.signs_headers:
            pytest.skip("the signature of this channel stands in the body")
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

    def test_a_word_read_again_has_the_same_event_id(self, own: Kit) -> None:
        """It is taken once by that id; the use cases' tests show it."""
        wanted, _ = paid(own)
        first, again = read(own, own.word(wanted.order_id)), read(own, own.word(wanted.order_id))
        assert first == again and first.event_id

    # answers

    @pytest.mark.parametrize("how", ["unsigned", "bad-signature", "other-key", "altered", "old", "garbage"])
    def test_an_answer_that_is_not_authentic_is_no_answer(self, own: Kit, how: str) -> None:
        if not own.signs_answers:
            pytest.skip("answers of this channel are not signed")
        wanted, trade_no = paid(own)
        own.behave(how)
        with pytest.raises(ChannelUnavailable):
            own.channel.payment(wanted.order_id)
        own.behave(how)
        with pytest.raises(ChannelUnavailable):
            own.channel.refund(refund_of(wanted, trade_no, 1000))
        own.behave("error", 0)
        assert own.channel.payment(wanted.order_id).state == "paid"

"""Channels declare the charset they write in: raw bytes are verified, text is read as declared."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest

from services.payment.channels.domain.errors import (
    ChannelRefused,
    ChannelUnavailable,
    NotificationMalformed,
    NotificationNotAuthentic,
)
from shared_components.testing.ports.channels import paid, read, refund_of
from tests.unit.gateway.world import Edge
from tests.unit.payment.channels.providers.kits import kit

pytest.importorskip("alipay")

SUBJECT = "驾驶证工本费 俓儃"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with kit("alipay", tmp_path_factory.mktemp("alipay"), "http://127.0.0.1:9/x") as made:
        yield made


@pytest.mark.parametrize(("declared", "written"), [
    ("GBK", "gbk"), ("gbk", "gbk"), ("GB2312", "gb2312"), ("gb18030", "gb18030"), ("UTF-8", "utf-8"), ("utf8", "utf-8"),
    (None, "utf-8"),
])
def test_a_notification_is_read_in_the_charset_that_it_declares(own: Any, declared: str | None, written: str) -> None:
    wanted, trade_no = paid(own)
    subject = "驾驶证工本费" if written == "gb2312" else SUBJECT
    fields = {"subject": subject, "charset": declared}
    told = read(own, own.word(wanted.order_id, fields=fields, written_in=written))
    assert (told.kind, told.order_id, told.trade_no) == ("payment-succeeded", wanted.order_id, trade_no)


def test_a_tenant_in_gbk_is_the_tenant(own: Any) -> None:
    wanted, _ = paid(own)
    fields = {"charset": "GBK", "passback_params": "浙江-俓"}
    assert read(own, own.word(wanted.order_id, fields=fields, written_in="gbk")).tenant == "浙江-俓"


@pytest.mark.parametrize("charset", ["big5", "utf-7", "utf-16", "cp1252", "latin-1", "rot13", "zip", "\0", "x" * 500])
def test_a_charset_that_is_not_known_is_refused_with_those_that_are(own: Any, charset: str) -> None:
    wanted, _ = paid(own)
    with pytest.raises(NotificationMalformed) as caught:
        read(own, own.word(wanted.order_id, fields={"charset": charset}))
    assert caught.value.details["allowed"] == ["utf-8", "gbk", "gb2312", "gb18030"]
    assert "charset" in caught.value.details["fields"]


def test_text_that_is_not_in_the_declared_charset_is_refused(own: Any) -> None:
    wanted, _ = paid(own)
    with pytest.raises(NotificationMalformed) as caught:
        read(own, own.word(wanted.order_id, fields={"subject": SUBJECT, "charset": "utf-8"}, written_in="gbk"))
    assert list(caught.value.details["fields"]) == ["subject"]


def test_a_charset_that_is_changed_after_signing_is_not_believed(own: Any) -> None:
    wanted, _ = paid(own)
    with pytest.raises(NotificationNotAuthentic):
        read(own, own.word(wanted.order_id, fields={"charset": "GBK", "subject": SUBJECT}, written_in="gbk",
                           after={"charset": "utf-8"}))


def test_bytes_that_were_not_percent_encoded_are_the_same_form(own: Any) -> None:
    """The gateway hands a form on that is no UTF-8 with its bytes percent-encoded."""
    wanted, _ = paid(own)
    headers, body = own.word(wanted.order_id, fields={"charset": "GBK", "subject": "驾驶证"}, written_in="gbk")
    name, _, rest = body.partition("subject=")
    subject, _, after = rest.partition("&")
    raw = name.encode() + b"subject=" + unquote_to_bytes(subject) + b"&" + after.encode()
    edge = Edge({"payment.apply_channel_notification": {"order_id": "pay_1", "state": "paid", "applied": True}})
    answer = edge.ask("/callbacks/payment/alipay", key=None, content=raw, headers={"Content-Type": FORM})
    assert (answer.status_code, answer.text) == (200, "success")
    assert read(own, (headers, edge.bus.asked[0].kwargs["body"])).order_id == wanted.order_id


def test_a_body_that_is_neither_a_form_nor_utf_8_is_refused() -> None:
    edge = Edge({})
    answer = edge.ask("/callbacks/payment/sandbox", key=None, content="驾".encode("gbk"),
                      headers={"Content-Type": "application/json"})
    assert answer.status_code == 400


@pytest.mark.parametrize("charset", ["gbk", "gb18030", "utf-8"])
def test_an_answer_of_the_gateway_is_read_in_its_charset(own: Any, charset: str) -> None:
    wanted, trade_no = paid(own)
    own.behave(f"charset {charset}")
    assert own.channel.payment(wanted.order_id).trade_no == trade_no


def test_a_refusal_in_gbk_is_a_refusal_in_readable_words(own: Any) -> None:
    wanted, trade_no = paid(own)
    own.channel.refund(refund_of(wanted, trade_no, 1000))
    own.behave("charset gbk")
    with pytest.raises(ChannelRefused, match="交易状态不合法 俓儃"):
        own.channel.refund(refund_of(wanted, trade_no, 1000))


@pytest.mark.parametrize("charset", ["gbk", "big5", "utf-16", "none-such"])
def test_an_answer_that_is_not_in_the_charset_it_declares_is_no_answer(own: Any, charset: str) -> None:
    wanted, _ = paid(own, description="俓")
    own.behave(f"says {charset}")
    if charset == "gbk":  # its bytes are ASCII, and so the same in both
        assert own.channel.payment(wanted.order_id).state == "paid"
        return
    with pytest.raises(ChannelUnavailable):
        own.channel.payment(wanted.order_id)

"""S9: every way to lie to the callback address, made with the providers' real keys where a lie needs them."""
from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode

CLAIM = {"claimed": "4200000000000000"}
Attack = tuple[str, dict[str, str], str]


def attacks(own: Any, order_id: str, another: str) -> Iterator[Attack]:
    """(what, headers, body) against an order of 1000 that nobody has paid; all of them must be refused.

    another: an order that is paid at the provider; own knows both.
    """
    yield from _signatures(own, order_id)
    yield from _times(own, order_id)
    lies: dict[str, dict[str, Any]] = {
        "amount below": {"amount_minor": 999}, "amount above": {"amount_minor": 1001},
        "amount of one": {"amount_minor": 1},
        "currency": {"currency": "USD"}, "merchant": {"merchant": "2088999999999999"}, "tenant": {"tenant": "another"},
    }
    if own.name != "sandbox":
        lies["app"] = {"app": "2021999999999999"}
    for what, lie in lies.items():
        headers, body = own.word(order_id, event_id=f"lie {what}", **CLAIM, **lie)
        yield what, headers, body
    # Rightly signed for one order, and told of another.
    headers, body = own.word(another)
    yield "another order's number", headers, body.replace(own_number(own, another), own_number(own, order_id))
    if own.name != "alipay":  # Alipay's stands in the body
        yield "another order's signature", headers, own.word(order_id, **CLAIM)[1]


def _signatures(own: Any, order_id: str) -> Iterator[Attack]:
    headers, body = own.word(order_id, **CLAIM)
    yield "by a stranger", *own.word(order_id, as_stranger=True, **CLAIM)
    yield "altered amount in the text", headers, body.replace("1000", "1001").replace("10.00", "10.01") + " "
    yield "empty body", headers, ""
    yield "cut body", headers, body[:-1]
    if own.name == "alipay":
        form = dict(parse_qsl(body, keep_blank_values=True))
        for what, changes in {
            "no signature": {"sign": ""}, "wrong signature": {"sign": "eHg="},
            "RSA instead of RSA2": {"sign_type": "RSA"},
            "no signature type": {"sign_type": ""}, "amount after signing": {"total_amount": "0.01"},
        }.items():
            yield what, headers, urlencode({**form, **changes})
        yield "a field twice", headers, f"{body}&total_amount=0.01"
        return
    yield "no headers", {"Content-Type": headers.get("Content-Type", "x")}, body
    for name in headers:
        if name not in ("Content-Type", "Wechatpay-Signature-Type"):
            yield f"no {name}", {key: value for key, value in headers.items() if key != name}, body
            yield f"wrong {name}", {**headers, name: "1"}, body


def _times(own: Any, order_id: str) -> Iterator[Attack]:
    for what, at in (("old", time.time() - own.oldest_s - 60), ("of the future", time.time() + 400)):
        yield what, *own.word(order_id, at=at, **CLAIM)


def own_number(own: Any, order_id: str) -> str:
    return order_id.removeprefix("pay_") if own.name == "wechat" else order_id

"""Each channel with the provider it talks to, in one form, so that one suite holds all of them to the port."""
from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import orjson
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from services.payment.channels.adapters.registry import MAKERS
from services.payment.channels.domain.ports import Channel
from services.payment.schemas import PaymentSettings
from shared_components.security.request_signing import sign
from shared_components.testing.ports.channels import Kit, Merchant, Word
from tests.unit.payment.sandbox.process import MERCHANT, SECRET, sandbox_process

PACKAGE = "tests.unit.payment.channels.providers"
AGREED: Mapping[str, Mapping[str, Any]] = {
    "wechat": {
        "merchant_id": "1900000109", "app_id": "wxd678efh567hg6787", "merchant_serial": "1DDE55AD98ED71D6EDD4A4A1",
        "api_v3_key": "k" * 32, "platform_key_id": "PUB_KEY_ID_0119000001092025",
    },
    "alipay": {"app_id": "2021000000000001", "seller_id": "2088000000000009"},
}


class SignedKit:
    """A local provider with real keys, over its control interface."""

    signs_time = True
    oldest_s = 300
    knows_apps = signs_headers = signs_answers = tells_refunded_amount = True
    names_tenant_in_refunds = True
    address = "base_url"

    def __init__(self, name: str, base_url: str, settings: dict[str, Any]) -> None:
        self.name = name
        self.base_url = base_url
        self.settings = settings
        self.channel = MAKERS[name](PaymentSettings().load({name: settings})[name])
        self._http = httpx.Client(trust_env=False, timeout=10)

    def visit(self, pay_url: str) -> None:
        if pay_url.startswith(self.base_url):
            self._http.get(pay_url).raise_for_status()

    def pay(self, order_id: str, pay_url: str) -> str:
        self.visit(pay_url)
        return str(self.control("pay", number=self.number(order_id))["trade_no"])

    def behave(self, how: str, times: int = 1) -> None:
        self.control("behave", how=how, times=times)

    def word(self, order_id: str, *, refund: str | None = None, **forged: Any) -> Word:
        made = self.control("message", number=self.number(order_id), refund=refund, **self.wish(forged))
        return made["headers"], made["body"]

    def away(self) -> Channel:
        return away(self.name, self.settings, self.address)

    def lose_callbacks(self) -> None:
        self.control("callbacks", lost=True)

    def seen(self) -> int:
        return sum(self.control("seen").values())

    def control(self, what: str, **wish: Any) -> Any:
        return self._http.post(f"{self.base_url}/control/{what}", json=wish).raise_for_status().json()

    def number(self, order_id: str) -> str:
        return order_id

    def wish(self, forged: Mapping[str, Any]) -> dict[str, Any]:
        raise NotImplementedError


class WechatKit(SignedKit):
    names_tenant_in_refunds = False

    def number(self, order_id: str) -> str:
        return order_id.removeprefix("pay_")

    def wish(self, forged: Mapping[str, Any]) -> dict[str, Any]:
        ways = ("event_id", "at", "as_stranger", "serial", "envelope")
        plain = {name: forged[name] for name in ways if name in forged}
        resource: dict[str, Any] = dict(forged.get("resource", {}))
        if "amount_minor" in forged:
            resource["amount"] = {"total": forged["amount_minor"], "refund": forged["amount_minor"]}
        if "currency" in forged:
            resource["amount"] = {**resource.get("amount", {}), "currency": forged["currency"]}
        if "claimed" in forged:
            resource |= {"transaction_id": forged["claimed"], "trade_state": "SUCCESS"}
        for ours, theirs in (("merchant", "mchid"), ("app", "appid"), ("tenant", "attach")):
            if ours in forged:
                resource[theirs] = forged[ours]
        return {**plain, "resource": resource}


class AlipayKit(SignedKit):
    signs_time = False
    oldest_s = 25 * 3600
    signs_headers = tells_refunded_amount = False
    address = "gateway_url"

    def wish(self, forged: Mapping[str, Any]) -> dict[str, Any]:
        kept = ("event_id", "at", "as_stranger", "after", "written_in")
        plain = {name: forged[name] for name in kept if name in forged}
        fields: dict[str, Any] = dict(forged.get("fields", {}))
        if "amount_minor" in forged:
            fields["total_amount"] = f"{forged['amount_minor'] / 100:.2f}"
        if "claimed" in forged:
            fields |= {"trade_no": forged["claimed"], "trade_status": "TRADE_SUCCESS"}
        for ours, theirs in (("merchant", "seller_id"), ("app", "app_id"), ("tenant", "passback_params"),
                             ("currency", "trans_currency")):
            if ours in forged:
                fields[theirs] = forged[ours]
        return {**plain, "fields": fields}


class SandboxKit:
    name = "sandbox"
    signs_time = True
    oldest_s = 300
    signs_headers = tells_refunded_amount = names_tenant_in_refunds = True
    knows_apps = signs_answers = False

    def __init__(self, base_url: str, settings: dict[str, Any], tenant: str = "zj-gongan") -> None:
        self.base_url = base_url
        self.tenant = tenant
        self.settings = settings
        self.channel = MAKERS["sandbox"](PaymentSettings().load({"sandbox": settings})["sandbox"])
        self._http = httpx.Client(trust_env=False, timeout=10)

    def visit(self, pay_url: str) -> None:
        self._http.get(pay_url).raise_for_status()

    def pay(self, order_id: str, pay_url: str) -> str:
        answer = self._http.post(pay_url, data={"action": "confirm"}, follow_redirects=True)
        if answer.status_code != 409:  # too late: the page says so, and the test asks the channel
            answer.raise_for_status()
        return str(self.channel.payment(order_id).trade_no)

    def behave(self, how: str, times: int = 1) -> None:
        wanted = {"error": {"error_before_work": 1}, "done-error": {"error_after_work": 1}, "hang": {"answer_s": 3}}
        calm = {"error_before_work": 0, "error_after_work": 0, "answer_s": 0}
        self.faults(**{**calm, **wanted[how]} if times else calm)

    def away(self) -> Channel:
        return away(self.name, self.settings, "base_url")

    def lose_callbacks(self) -> None:
        self.faults(loss=1)

    def faults(self, **changes: float) -> None:
        body = orjson.dumps(changes)
        headers = _signed(body, SECRET, time.time())
        self._http.post(f"{self.base_url}/faults", content=body, headers=headers).raise_for_status()

    def word(self, order_id: str, *, refund: str | None = None, **forged: Any) -> Word:
        status = self.channel.payment(order_id)
        body = orjson.dumps({
            "event_id": forged.get("event_id", f"evt-{refund or order_id}"),
            "kind": "refund-succeeded" if refund else "payment-succeeded", "out_trade_no": order_id,
            "merchant_id": forged.get("merchant", MERCHANT), "trade_no": forged.get("claimed", status.trade_no),
            "amount_minor": forged.get("amount_minor", status.amount_minor or 1000),
            "currency": forged.get("currency", status.currency or "CNY"), "attach": forged.get("tenant", self.tenant),
            "refund_id": refund,
        })
        secret = "of-a-stranger-who-guesses" if forged.get("as_stranger") else SECRET
        return _signed(body, secret, forged.get("at") or time.time()), body.decode()

    def seen(self) -> int:
        return sum(self._http.get(f"{self.base_url}/counts").json().values())


def away(name: str, settings: Mapping[str, Any], address: str) -> Channel:
    """The channel of the same settings at an address where nobody is."""
    channel: Channel = MAKERS[name](PaymentSettings().load({name: {**settings, address: "http://127.0.0.1:9/x"}})[name])
    return channel


def _signed(body: bytes, secret: str, at: float) -> dict[str, str]:
    return sign(body, key_id=MERCHANT, key=secret.encode(), at=datetime.fromtimestamp(at, UTC))


@contextmanager
def kit(name: str, folder: Path, notify_url: str, **changes: Any) -> Iterator[Any]:
    """The provider as a process of its own, and the channel configured for it."""
    if name == "sandbox":
        with sandbox_process("--seed", "1") as base_url:
            made: Any = SandboxKit(base_url, {"base_url": base_url, "merchant_id": MERCHANT, "secret": SECRET,
                                              "notify_url": notify_url, "timeout_s": 1, **changes})
            try:
                yield made
            finally:
                made.channel.stop()
        return
    with provider_process(name, folder) as base_url:
        settings = {**settings_of(name, folder, base_url), "notify_url": notify_url, "timeout_s": 1, **changes}
        made = (WechatKit if name == "wechat" else AlipayKit)(name, base_url, settings)
        try:
            yield made
        finally:
            made.channel.stop()


def settings_of(name: str, folder: Path, base_url: str) -> dict[str, Any]:
    """The section services.payment.<name> of a merchant whose keys are in the folder."""
    agreed = dict(AGREED[name])
    if name == "alipay":
        return {**agreed, "gateway_url": f"{base_url}/gateway.do", "private_key_file": str(folder / "merchant.pem"),
                "alipay_public_key_file": str(folder / "platform.pub")}
    return {**{key: value for key, value in agreed.items() if key != "platform_key_id"}, "base_url": base_url,
            "private_key_file": str(folder / "merchant.pem"),
            "platform_key_files": {agreed["platform_key_id"]: str(folder / "platform.pub")}}


@contextmanager
def provider_process(name: str, folder: Path) -> Iterator[str]:
    """Its base URL. The process ends with the block, by its own id."""
    write_keys(folder)
    agreed = folder / f"{name}.json"
    agreed.write_text(json.dumps({**AGREED[name], "folder": str(folder)}))
    process = subprocess.Popen(
        [sys.executable, "-m", f"{PACKAGE}.{name}_server", str(agreed)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{json.loads(process.stdout.readline())['port']}"
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


def write_keys(folder: Path) -> None:
    """merchant, platform and stranger, each a private .pem and a public .pub; made once a folder."""
    for who in ("merchant", "platform", "stranger"):
        if (folder / f"{who}.pub").exists():
            continue
        key = rsa.generate_private_key(65537, 2048)
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (folder / f"{who}.pem").write_bytes(private)
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        (folder / f"{who}.pub").write_bytes(public)


__all__ = ["Kit", "Merchant", "kit", "provider_process", "settings_of", "write_keys"]

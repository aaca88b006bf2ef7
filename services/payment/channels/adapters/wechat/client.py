"""wechatpayv3 over our transport.

The library brings paths, parameters and signatures. Its transport is replaced (docs/adr/015-channel-packages.md): it
makes a connection for each request, reads proxies from the environment, has one fixed address, verifies no refusal
and no timestamp, and goes to the network for keys.
"""
from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import httpx
from wechatpayv3 import WeChatPay, WeChatPayType
from wechatpayv3.core import Core
from wechatpayv3.type import RequestType
from wechatpayv3.utils import build_authorization

from services.payment.channels.adapters.http import (
    answered_status,
    not_accepted,
    not_authentic,
    not_understood,
    refused,
    send,
    unavailable,
)
from services.payment.channels.adapters.wechat.signatures import WechatVerifier
from services.payment.channels.domain.errors import NotificationNotAuthentic
from shared_components.http.limited_client import limited_client
from shared_components.kernel import strict_json
from shared_components.kernel.bilingual import Bilingual

CHANNEL = "wechat"
REFUSALS = frozenset({
    "ACCOUNTERROR", "ACCOUNT_ERROR", "APPID_MCHID_NOT_MATCH", "INVALID_REQUEST", "INVALID_TRANSACTIONID",
    "MCH_NOT_EXISTS", "ORDERCLOSED", "ORDERNOTEXIST", "ORDERPAID", "ORDER_CLOSED", "ORDER_NOT_EXIST",
    "OUT_TRADE_NO_USED", "PARAM_ERROR", "RESOURCE_NOT_EXISTS", "RULELIMIT", "RULE_LIMIT", "TRADE_ERROR",
    "USER_ACCOUNT_ABNORMAL",
})
"""Decisions. All else may pass (NOT_ENOUGH, FREQUENCY_LIMITED) or is ours to mend (NO_AUTH), and is asked again."""


class WechatClient(WeChatPay):  # type: ignore[misc,unused-ignore]
    """private_key: PEM, PKCS#8. Its methods return the answer as a mapping; they raise ChannelRefused (a signed
    decision) or ChannelUnavailable (nothing is known)."""

    def __init__(
        self, *, base_url: str, merchant_id: str, app_id: str, merchant_serial: str, private_key: str,
        api_v3_key: str, verifier: WechatVerifier, notify_url: str, product: str, timeout_s: float,
        platform_key: tuple[str, str],
    ) -> None:
        key_id, key = platform_key
        own: dict[str, Any] = {
            "mchid": merchant_id, "private_key": private_key, "cert_serial_no": merchant_serial,
            "apiv3_key": api_v3_key,
            # Given a public key, the library asks nobody for certificates.
            "public_key": key, "public_key_id": key_id,
        }
        super().__init__(
            WeChatPayType.H5 if product == "h5" else WeChatPayType.NATIVE, appid=app_id, notify_url=notify_url, **own
        )
        self._core = _Transport(own, base_url=base_url, verifier=verifier, timeout_s=timeout_s)

    def stop(self) -> None:
        self._core.http.close()


class _Transport(Core):  # type: ignore[misc,unused-ignore]
    def __init__(
        self, own: Mapping[str, Any], *, base_url: str, verifier: WechatVerifier, timeout_s: float
    ) -> None:
        super().__init__(**own)
        self.http = limited_client(timeout_s, base_url)
        self._verifier = verifier

    def _update_certificates(self) -> None:
        """Keys are configured, never fetched."""

    def request(
        self, path: str, method: RequestType = RequestType.GET, data: Mapping[str, Any] | None = None, **_: Any
    ) -> Mapping[str, Any]:
        # What is signed is what is sent, to the byte.
        body = "" if data is None else json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        authorization = build_authorization(
            path, method.value, self._mchid, self._cert_serial_no, self._private_key, data=body
        )
        headers = {
            "Authorization": authorization, "Accept": "application/json", "Content-Type": "application/json",
            "User-Agent": "zhongtai", "Wechatpay-Serial": self._public_key_id,
        }
        return self._judged(send(CHANNEL, self.http, method.value, path, content=body.encode(), headers=headers))

    def _judged(self, response: httpx.Response) -> Mapping[str, Any]:
        """An answer that WeChat has not signed is no answer, be it a yes or a no."""
        status = response.status_code
        if status == 401:
            raise not_accepted(CHANNEL, status, "merchant_id, merchant_serial and private_key")
        if status >= 500 or status == 429 or 300 <= status < 400:
            raise answered_status(CHANNEL, status)
        try:
            text = response.content.decode()
            self._verifier.verify(response.headers, text, at=datetime.now(UTC))
            answer = strict_json.read(text or "{}")
        except (NotificationNotAuthentic, ValueError) as error:
            raise not_authentic(CHANNEL) from error
        if not isinstance(answer, dict):
            raise not_understood(CHANNEL)
        if status >= 400:
            code = str(answer.get("code", status))
            if code not in REFUSALS:
                raise unavailable(CHANNEL, Bilingual(f"answered with {code[:64]!r}", f"应答为“{code[:64]}”"))
            raise refused(CHANNEL, code, str(answer.get("message", "no reason given"))[:200])
        return answer

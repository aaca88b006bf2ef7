"""Whether WeChat Pay signed it: the same four headers stand on its answers and on its notifications.

Source: https://pay.weixin.qq.com/doc/v3/merchant/4013053249
"""
from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from wechatpayv3.utils import rsa_verify

from services.payment.channels.domain.errors import NotificationNotAuthentic
from shared_components.kernel.bilingual import Bilingual

ALGORITHM = "WECHATPAY2-SHA256-RSA2048"
LEEWAY_S = 300
REQUIRED = ("wechatpay-serial", "wechatpay-signature", "wechatpay-timestamp", "wechatpay-nonce")


class WechatVerifier:
    """platform_keys: key id or certificate serial → key. A static table: a stranger's serial makes nobody fetch a key.

    The library's own verifier asks WeChat for certificates when it meets an unknown serial, before it has verified
    anything, and knows no leeway.
    """

    def __init__(self, platform_keys: Mapping[str, RSAPublicKey]) -> None:
        self._keys = dict(platform_keys)

    def verify(self, headers: Mapping[str, str], body: str, *, at: datetime) -> None:
        """headers: names in any case. Raises NotificationNotAuthentic."""
        by_name = {name.lower(): value for name, value in headers.items()}
        serial, signature, timestamp, nonce = (by_name.get(name, "") for name in REQUIRED)
        if not (serial and signature and timestamp and nonce):
            raise NotificationNotAuthentic(Bilingual(
                f"a signed message has the headers {', '.join(REQUIRED)}",
                f"签名报文须有请求头 {', '.join(REQUIRED)}"))
        if by_name.get("wechatpay-signature-type", ALGORITHM) != ALGORITHM:
            raise NotificationNotAuthentic(Bilingual(
                f"signature type is not {ALGORITHM}; only that is allowed",
                f"签名类型不是 {ALGORITHM}；只允许这一种"))
        key = self._keys.get(serial)
        if key is None or not rsa_verify(timestamp, nonce, body, signature, key):
            raise NotificationNotAuthentic(Bilingual(
                "signature is not one of a known platform key",
                "签名不属于任何已知的平台公钥"))
        # Only after the signature, so that an outsider learns nothing about the clock.
        _check_age(timestamp, at)


def _check_age(timestamp: str, at: datetime) -> None:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise NotificationNotAuthentic(Bilingual(
            "wechatpay-timestamp is no number; epoch seconds are allowed",
            "wechatpay-timestamp 不是数字；应为 Unix 秒数"))
    away_s = abs(at.astimezone(UTC).timestamp() - int(timestamp))
    if away_s > LEEWAY_S:
        raise NotificationNotAuthentic(
            Bilingual(
                f"message was signed {int(away_s)} s away from now; {LEEWAY_S} s either way are allowed",
                f"报文签名时间与当前相差 {int(away_s)} 秒；允许前后各 {LEEWAY_S} 秒")
        )

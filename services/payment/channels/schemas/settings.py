"""The configuration of the channels whose packages are extras: services.payment.wechat and services.payment.alipay."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, pre_load, validate, validates_schema

from shared_components.kernel.bilingual import Bilingual
from shared_components.security.rsa_keys import PRIVATE, PUBLIC, KeyUnusable, rsa_private_key, rsa_public_key

EXTRAS = {"wechat": "wechatpayv3", "alipay": "alipay"}
"""Channel (and extra of this distribution) → the module that the extra brings."""


def missing_extra(channel: str) -> Bilingual | None:
    """Give the reason why a channel cannot be used; None when its package is installed."""
    try:
        present = find_spec(EXTRAS[channel]) is not None
    except ValueError:
        present = False
    return None if present else Bilingual(
        f"needs the extra '{channel}': install zhongtai[{channel}]",
        f"需要扩展“{channel}”：请安装 zhongtai[{channel}]")


PRIVATE_KEY, PUBLIC_KEY = f"{PRIVATE}, as PEM or its base64", f"{PUBLIC}, as PEM or its base64"


def _address(meaning: str, **options: Any) -> fields.Url:
    return fields.Url(
        require_tld=False, schemes={"http", "https"}, metadata={"allowed": "http:// or https://", "meaning": meaning},
        **options)


def _text(pattern: str, allowed: str, meaning: str, **options: Any) -> fields.String:
    return fields.String(
        validate=validate.Regexp(pattern + r"\Z"), metadata={"allowed": allowed, "meaning": meaning}, **options)


def _secret(allowed: str, meaning: str, **options: Any) -> fields.String:
    return fields.String(
        metadata={"allowed": allowed, "meaning": f"{meaning}; from `${{ENV}}`", "data_class": "sensitive"}, **options)


def _path(instead_of: str) -> fields.String:
    return fields.String(metadata={"allowed": "a path that can be read", "meaning": f"Instead of {instead_of}"})


def _timeout() -> fields.Float:
    return fields.Float(load_default=5.0, validate=validate.Range(0.1, 60), metadata={
        "allowed": "a number from 0.1 to 60", "meaning": "How long the channel may take to answer"})


class ChannelSettings(Schema):
    """FILES: a key that may be given as text (from the environment) → the key that gives its file instead."""

    class Meta:
        unknown = RAISE

    CHANNEL = ""
    FILES: Mapping[str, str] = {}

    @pre_load
    def read_files(self, data: Any, **_: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        loaded = dict(data)
        for name, source in self.FILES.items():
            if source not in loaded:
                continue
            if name in loaded:
                raise ValidationError({source: [f"is set, and {name} too; one of the two is allowed"]})
            loaded[name] = _content(loaded.pop(source), source)
        return loaded

    @validates_schema
    def check_extra(self, _data: Any, **_: Any) -> None:
        missing = missing_extra(self.CHANNEL)
        if missing:
            raise ValidationError(missing)


class WechatSettings(ChannelSettings):
    """platform_keys: WeChat's key id (`PUB_KEY_ID_…`) or certificate serial → that key; two while one is replaced."""

    CHANNEL = "wechat"
    FILES = {
        "private_key": "private_key_file", "platform_keys": "platform_key_files", "api_v3_key": "api_v3_key_file",
    }

    base_url = _address("The address of WeChat Pay's API", load_default="https://api.mch.weixin.qq.com")
    merchant_id = _text("^[0-9A-Za-z]{6,32}", "6 to 32 digits and letters", "商户号", required=True)
    app_id = _text("^[0-9A-Za-z]{1,32}", "1 to 32 letters and digits", "AppID", required=True)
    merchant_serial = _text(
        "^[0-9A-Fa-f]{8,64}", "8 to 64 hexadecimal digits", "The serial of the merchant's certificate", required=True)
    private_key = _secret(PRIVATE_KEY, "The merchant's key (apiclient_key.pem)", required=True)
    private_key_file = _path("private_key")
    api_v3_key = _secret("exactly 32 bytes", "APIv3 密钥", required=True)
    api_v3_key_file = _path("api_v3_key")
    platform_keys = fields.Dict(
        keys=fields.String(validate=validate.Regexp(r"^[0-9A-Z_]{8,80}\Z")), values=fields.String(), required=True,
        validate=validate.Length(1, 8), metadata={
            "allowed": f"a mapping of key id or certificate serial to {PUBLIC_KEY}", "meaning": "WeChat Pay's keys"},
    )
    platform_key_files = fields.Dict(
        keys=fields.String(), values=fields.String(), metadata={
            "allowed": "a mapping of key id or certificate serial to a path", "meaning": "Instead of platform_keys"},
    )
    notify_url = _address("Where WeChat Pay reports: …/callbacks/payment/wechat", required=True)
    product = fields.String(load_default="native", validate=validate.OneOf(("native", "h5")), metadata={
        "allowed": "native or h5", "meaning": "A QR code, or a page in the phone's browser"})
    timeout_s = _timeout()

    @validates_schema
    def check_keys(self, data: Mapping[str, Any], **_: Any) -> None:
        _check(data, "private_key", rsa_private_key)
        for key_id in data.get("platform_keys", ()):
            _check(data["platform_keys"], key_id, rsa_public_key, within="platform_keys")
        if len(data.get("api_v3_key", "").encode()) != 32:
            raise ValidationError({"api_v3_key": ["exactly 32 bytes are allowed"]})


class AlipaySettings(ChannelSettings):
    """seller_id: the merchant's 2088…; without it notifications are held to the app's id alone."""

    CHANNEL = "alipay"
    FILES = {"private_key": "private_key_file", "alipay_public_key": "alipay_public_key_file"}

    gateway_url = _address("The address of Alipay's gateway", load_default="https://openapi.alipay.com/gateway.do")
    app_id = _text("^[0-9]{8,32}", "8 to 32 digits", "APPID", required=True)
    seller_id = _text(
        "^[0-9]{8,32}", "8 to 32 digits", "卖家 (2088…), to whom notifications must be", load_default=None,
        allow_none=True)
    private_key = _secret(PRIVATE_KEY, "The app's key (应用私钥)", required=True)
    private_key_file = _path("private_key")
    alipay_public_key = _secret(PUBLIC_KEY, "Alipay's key (支付宝公钥), not the app's own", required=True)
    alipay_public_key_file = _path("alipay_public_key")
    notify_url = _address("Where Alipay reports: …/callbacks/payment/alipay", required=True)
    timeout_s = _timeout()

    @validates_schema
    def check_keys(self, data: Mapping[str, Any], **_: Any) -> None:
        _check(data, "private_key", rsa_private_key)
        _check(data, "alipay_public_key", rsa_public_key)


def _check(data: Mapping[str, Any], name: str, load: Callable[[str], object], *, within: str = "") -> None:
    try:
        load(data.get(name, ""))
    except KeyUnusable as error:
        found = {name: [str(error)]}
        raise ValidationError({within: found} if within else found) from error


def _content(given: Any, source: str) -> Any:
    if isinstance(given, Mapping):
        return {name: _content(path, source) for name, path in given.items()}
    try:
        return Path(str(given)).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "is not UTF-8 text"
        raise ValidationError({source: [f"cannot be read: {why}"]}) from error

"""The configuration of the channels whose packages are extras: services.payment.wechat and services.payment.alipay."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, pre_load, validate, validates_schema

from shared_components.security.rsa_keys import KeyUnusable, rsa_private_key, rsa_public_key

EXTRAS = {"wechat": "wechatpayv3", "alipay": "alipay"}
"""Channel (and extra of this distribution) → the module that the extra brings."""


def missing_extra(channel: str) -> str | None:
    """What to say when the channel's package is not installed."""
    try:
        present = find_spec(EXTRAS[channel]) is not None
    except ValueError:
        present = False
    return None if present else f"needs the extra '{channel}': install zhongtai[{channel}]"


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

    base_url = fields.Url(
        load_default="https://api.mch.weixin.qq.com", require_tld=False, schemes={"http", "https"},
    )
    merchant_id = fields.String(required=True, validate=validate.Regexp(r"^[0-9A-Za-z]{6,32}\Z"))
    app_id = fields.String(required=True, validate=validate.Length(1, 32))
    merchant_serial = fields.String(required=True, validate=validate.Regexp(r"^[0-9A-Fa-f]{8,64}\Z"))
    private_key = fields.String(required=True, metadata={"data_class": "sensitive"})
    api_v3_key = fields.String(required=True, metadata={"data_class": "sensitive"})
    platform_keys = fields.Dict(
        keys=fields.String(validate=validate.Regexp(r"^[0-9A-Z_]{8,80}\Z")), values=fields.String(), required=True,
        validate=validate.Length(1, 8),
    )
    notify_url = fields.Url(required=True, require_tld=False, schemes={"http", "https"})
    product = fields.String(load_default="native", validate=validate.OneOf(("native", "h5")))
    timeout_s = fields.Float(load_default=5.0, validate=validate.Range(0.1, 60))

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

    gateway_url = fields.Url(
        load_default="https://openapi.alipay.com/gateway.do", require_tld=False, schemes={"http", "https"},
    )
    app_id = fields.String(required=True, validate=validate.Regexp(r"^[0-9]{8,32}\Z"))
    seller_id = fields.String(load_default=None, allow_none=True, validate=validate.Regexp(r"^[0-9]{8,32}\Z"))
    private_key = fields.String(required=True, metadata={"data_class": "sensitive"})
    alipay_public_key = fields.String(required=True)
    notify_url = fields.Url(required=True, require_tld=False, schemes={"http", "https"})
    timeout_s = fields.Float(load_default=5.0, validate=validate.Range(0.1, 60))

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

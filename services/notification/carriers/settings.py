"""Section services.notification.sms of the configuration."""
from __future__ import annotations

from typing import Any

from marshmallow import RAISE, Schema, fields, validate

from shared_components.configuration.fields import DEVELOPMENT_ONLY, Whole


def _address(allowed: str, meaning: str, **options: Any) -> fields.Url:
    return fields.Url(
        require_tld=False, schemes={"http", "https"}, metadata={"allowed": allowed, "meaning": meaning}, **options)


def _secret(shortest: int, meaning: str, **options: Any) -> fields.String:
    return fields.String(validate=validate.Length(shortest, 256), metadata={
        "allowed": f"{shortest} to 256 characters", "meaning": f"{meaning}; from `${{ENV}}`",
        "data_class": "sensitive"}, **options)


class CarrierSettings(Schema):
    """Settings that each carrier has."""

    class Meta:
        unknown = RAISE

    timeout_s = fields.Float(load_default=5.0, validate=validate.Range(0.1, 60), metadata={
        "allowed": "a number from 0.1 to 60", "meaning": "How long the provider may take to answer"})


class SandboxCarrierSettings(CarrierSettings):
    base_url = _address(
        "the address of the sandbox server, http:// or https://",
        "The provider to practise with: `python -m services.notification.sandbox`", required=True)
    account = fields.String(required=True, validate=validate.Length(1, 64), metadata={
        "allowed": "1 to 64 characters", "meaning": "Who we are to the provider"})
    secret = _secret(16, "Signs requests and receipts, shared with the sandbox server", required=True)
    notify_url = _address(
        "where the sandbox reports receipts: …/callbacks/notification/sandbox",
        "The gateway's address as the provider reaches it", required=True)
    filing = fields.Boolean(load_default=False, metadata={
        "allowed": "true or false", "meaning": "Whether texts must be filed first, as with real providers"})


class AliyunSettings(CarrierSettings):
    """A RAM user's key that may send and query text messages, and no more."""

    access_key_id = fields.String(required=True, validate=validate.Length(8, 128), metadata={
        "allowed": "8 to 128 characters", "meaning": "AccessKey ID"})
    access_key_secret = _secret(8, "AccessKey Secret", required=True)
    callback_token = _secret(
        16, "The token in the receipts' address: …/callbacks/notification/aliyun?token=…", required=True)
    endpoint = _address(
        "http:// or https://", "The address of the API", load_default="https://dysmsapi.aliyuncs.com")


class TencentSettings(CarrierSettings):
    secret_id = fields.String(required=True, validate=validate.Length(8, 128), metadata={
        "allowed": "8 to 128 characters", "meaning": "SecretId"})
    secret_key = _secret(8, "SecretKey", required=True)
    app_id = fields.String(required=True, validate=validate.Regexp(r"\A[0-9]{5,20}\Z"), metadata={
        "allowed": "5 to 20 digits", "meaning": "SdkAppId of the application"})
    callback_token = _secret(
        16, "The token in the receipts' address: …/callbacks/notification/tencent?token=…", required=True)
    region = fields.String(load_default="ap-guangzhou", validate=validate.Regexp(r"\A[a-z0-9-]{3,32}\Z"), metadata={
        "allowed": "3 to 32 letters, digits and -", "meaning": "The region of the API"})
    endpoint = _address(
        "http:// or https://", "The address of the API", load_default="https://sms.tencentcloudapi.com")


class SmsSettings(Schema):
    class Meta:
        unknown = RAISE

    signature = fields.String(
        load_default="政务服务", validate=validate.Regexp(r"\A[^【】\s]{1,20}\Z"), metadata={
            "allowed": "1 to 20 characters without brackets and blanks",
            "meaning": "The registered signature of text messages, where none was filed for a template"})
    most_at_once = Whole(load_default=8, validate=validate.Range(1, 1000), metadata={
        "allowed": "a whole number from 1 to 1000",
        "meaning": "Requests of a process that may wait for one provider at a time; others then take its texts"})
    receipt_wait_s = fields.Float(load_default=600.0, validate=validate.Range(1, 86_400), metadata={
        "allowed": "a number from 1 to 86400",
        "meaning": "How long a receipt is waited for when a request got no answer and the provider cannot be asked"})
    sandbox = fields.Nested(SandboxCarrierSettings, load_default=None, allow_none=True, metadata={
        "allowed": "a mapping, in development only", DEVELOPMENT_ONLY: True,
        "meaning": "The provider to practise with; without any provider no text message is accepted"})
    aliyun = fields.Nested(AliyunSettings, load_default=None, allow_none=True, metadata={
        "allowed": "a mapping", "meaning": "Alibaba Cloud; see text-messages.md"})
    tencent = fields.Nested(TencentSettings, load_default=None, allow_none=True, metadata={
        "allowed": "a mapping", "meaning": "Tencent Cloud; see text-messages.md"})

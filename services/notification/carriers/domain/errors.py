"""Errors of carriers."""
from __future__ import annotations

from shared_components.kernel.errors import InvalidInput, Unauthenticated, Unavailable


class CarrierUnknown(InvalidInput):
    """details: provider, available."""

    code = "notification.provider-unknown"
    texts = {"en": "There is no such provider.", "zh": "短信服务商不存在。"}


class CarrierNotConfigured(Unavailable):
    """details: provider (where one was named), available."""

    code = "notification.provider-not-configured"
    texts = {"en": "The provider is not configured.", "zh": "短信服务商未配置。"}


class ReceiptNotAuthentic(Unauthenticated):
    """No signature, a wrong one, or one too old or too new."""

    code = "notification.receipt-not-authentic"
    texts = {"en": "The receipt's signature is not valid.", "zh": "短信回执签名无效。"}


class ReceiptMalformed(InvalidInput):
    code = "notification.receipt-malformed"
    texts = {"en": "The receipt cannot be read.", "zh": "短信回执格式不正确。"}

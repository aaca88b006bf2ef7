"""Errors whose codes begin with `webhooks.`. Written by `zhongtai clients python`; do not edit."""
from __future__ import annotations

from shared_components.kernel import errors as _errors


class DeliveryUnknown(_errors.NotFound):
    """There is no such delivery. 回调记录不存在。"""

    code = "webhooks.delivery-unknown"
    http_status = 404
    texts = {'en': 'There is no such delivery.', 'zh': '回调记录不存在。'}
    of_client = True


class OwnerRefused(_errors.Forbidden):
    """Only operators make webhooks for others. 仅运营人员可为其他应用设置回调。"""

    code = "webhooks.owner-refused"
    http_status = 403
    texts = {'en': 'Only operators make webhooks for others.', 'zh': '仅运营人员可为其他应用设置回调。'}
    of_client = True


class TooMany(_errors.Conflict):
    """There are too many webhooks. 回调订阅数量已达上限。"""

    code = "webhooks.too-many"
    http_status = 409
    texts = {'en': 'There are too many webhooks.', 'zh': '回调订阅数量已达上限。'}
    of_client = True


class UrlRefused(_errors.InvalidInput):
    """The webhook's address is not allowed. 回调地址不被允许。"""

    code = "webhooks.url-refused"
    http_status = 400
    texts = {'en': "The webhook's address is not allowed.", 'zh': '回调地址不被允许。'}
    of_client = True


class WebhookUnknown(_errors.NotFound):
    """There is no such webhook. 回调订阅不存在。"""

    code = "webhooks.webhook-unknown"
    http_status = 404
    texts = {'en': 'There is no such webhook.', 'zh': '回调订阅不存在。'}
    of_client = True

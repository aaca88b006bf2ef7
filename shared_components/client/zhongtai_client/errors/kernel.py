"""Errors whose codes begin with `kernel.`. Written by `zhongtai clients python`; do not edit."""
from __future__ import annotations

from shared_components.kernel import errors as _errors


class InvalidName(_errors.InvalidInput):
    """The name has characters that names do not have. 姓名或名称包含不允许的字符。"""

    code = "kernel.invalid-name"
    http_status = 400
    texts = {'en': 'The name has characters that names do not have.', 'zh': '姓名或名称包含不允许的字符。'}
    of_client = True


class InvalidNumber(_errors.InvalidInput):
    """The number is not valid. 号码不符合要求。"""

    code = "kernel.invalid-number"
    http_status = 400
    texts = {'en': 'The number is not valid.', 'zh': '号码不符合要求。'}
    of_client = True


class ReturnUrlNotAllowed(_errors.InvalidInput):
    """The return address is not one that was allowed for this app. 返回地址不在该应用的允许范围内。"""

    code = "kernel.return-url-not-allowed"
    http_status = 400
    texts = {'en': 'The return address is not one that was allowed for this app.', 'zh': '返回地址不在该应用的允许范围内。'}
    of_client = True

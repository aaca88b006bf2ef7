"""Errors whose codes begin with `bus.`. Written by `zhongtai clients python`; do not edit."""
from __future__ import annotations

from shared_components.kernel import errors as _errors


class AppNotAllowed(_errors.Forbidden):
    """The caller may not act for this app. 调用方不得代表该应用。"""

    code = "bus.app-not-allowed"
    http_status = 403
    texts = {'en': 'The caller may not act for this app.', 'zh': '调用方不得代表该应用。'}
    of_client = True

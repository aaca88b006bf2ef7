"""Errors of the platform itself. Written by `zhongtai clients python`; do not edit."""
from __future__ import annotations

from shared_components.kernel import errors as _errors


class IllegalTransition(_errors.Conflict):
    """The state cannot change in this way. 当前状态不允许此变更。"""

    code = "illegal-transition"
    http_status = 409
    texts = {'en': 'The state cannot change in this way.', 'zh': '当前状态不允许此变更。'}
    of_client = True


class PageCursorInvalid(_errors.InvalidInput):
    """The page cursor does not continue this list. 分页游标无效：须原样使用上一页返回的 next，且查询条件不得改变。"""

    code = "page-cursor-invalid"
    http_status = 400
    texts = {'en': 'The page cursor does not continue this list.', 'zh': '分页游标无效：须原样使用上一页返回的 next，且查询条件不得改变。'}
    of_client = True

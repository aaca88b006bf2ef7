"""The fields of a request for a page, and of a page; what they do is in kernel/paging.py."""
from __future__ import annotations

from marshmallow import fields, validate

from shared_components.contracts.base import Message, text
from shared_components.kernel.errors import AppError
from shared_components.kernel.paging import DEFAULT_LIMIT, LARGEST_LIMIT, LONGEST_CURSOR, PageCursorInvalid


class PageRequest(Message):
    """Fields that every request for a list has. A list's own request inherits them."""

    limit = fields.Integer(
        load_default=DEFAULT_LIMIT, strict=True, validate=validate.Range(1, LARGEST_LIMIT), metadata=text(
            "The most items in one page. A page may hold fewer: it also ends before 128 KiB.",
            "每页最多返回的条数。每页约 128 KiB 封顶，实际返回可能少于该值。"))
    after = fields.String(
        load_default=None, allow_none=True, validate=validate.Length(1, LONGEST_CURSOR), metadata=text(
            "The `next` of the page before, unchanged and with the same filters; null for the first page.",
            "上一页返回的 next，须原样传回且查询条件不变；查第一页时为 null 或不传。"))


class PageReply(Message):
    """Fields that every page has beside its `items`."""

    next = fields.String(required=True, allow_none=True, metadata=text(
        "The cursor to send as `after` for the next page; null when this is the last one.",
        "下一页游标，作为 after 传回；为 null 表示已是最后一页。"))


def page_errors(request: type[Message]) -> tuple[type[AppError], ...]:
    """Give the errors of a method whose request asks for a page."""
    return (PageCursorInvalid,) if issubclass(request, PageRequest) else ()

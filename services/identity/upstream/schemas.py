"""Requests and replies about links with other identity providers."""
from __future__ import annotations

from marshmallow import fields, validate

from services.identity.upstream.usecases import links
from shared_components.contracts import Message, text

LINK_TEXT = text("The link's id, such as upl_….", "绑定编号（upl_ 开头）。")


class ListLinks(Message):
    command = links.ListLinks


class ByLink(Message):
    command = links.ByLink
    link_id = fields.String(required=True, validate=validate.Length(1, 64), metadata=LINK_TEXT)


class Link(Message):
    link_id = fields.String(metadata=LINK_TEXT)
    provider = fields.String(metadata=text(
        "The provider's name in the configuration, such as national.", "认证渠道名称，以配置为准，如 national。"))
    title = fields.String(metadata=text(
        "The provider's title in the caller's language, to be shown.", "认证渠道的显示名称，语言与调用方一致。"))
    created_at = fields.AwareDateTime(metadata=text("When the link was made, UTC.", "绑定时间（UTC）。"))
    last_used_at = fields.AwareDateTime(metadata=text(
        "When the person last signed in by it, UTC.", "最近一次以此登录的时间（UTC）。"))


class Links(Message):
    items = fields.List(fields.Nested(Link), metadata=text("The links, oldest first.", "全部绑定，最早的在前。"))

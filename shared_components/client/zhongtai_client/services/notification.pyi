"""Methods of service `notification`. Written by `zhongtai clients python`; do not edit."""
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from zhongtai_client.types import notification as types


class Notification:
    """Tells people: by e-mail, by text message and in their inbox, from templates. 按模板通过电子邮件、短信和站内信通知当事人。"""

    def approve_template(
        self, *,
        channel: Literal["email", "inbox", "sms", "webhook"],
        template_code: str,
        version: int,
        app: str | None = ...,
        locale: Literal["zh-CN", "en"] = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ApproveTemplateReply:
        """Approve a version as another person than its writer; production sends approved versions only. 审核通过一个模板版本，审核人不得是编写人；生产环境只发送审核通过的版本。

        Raises notification.ApproverNotAllowed, notification.ChannelNotBuilt, notification.TemplateUnknown."""

    def cancel(
        self, *,
        message_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.CancelReply:
        """Take back a message that no attempt has begun to deliver, or whose attempts failed so far. 取消尚未发出的消息。

        Raises notification.MessageNotCancellable, notification.MessageUnknown."""

    def get(
        self, *,
        message_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.GetReply:
        """Where a message stands. 查询一条消息的发送状态。

        Raises notification.MessageUnknown."""

    def get_template(
        self, *,
        channel: Literal["email", "inbox", "sms", "webhook"],
        template_code: str,
        app: str | None = ...,
        locale: Literal["zh-CN", "en"] = ...,
        version: int | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.GetTemplateReply:
        """One version of a template, and how it is filed with providers. 查询一个模板的某一版本及其报备情况。

        Raises notification.ChannelNotBuilt, notification.TemplateUnknown."""

    def inbox(
        self, *,
        after: str | None = ...,
        limit: int = ...,
        recipient_subject: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.InboxReply:
        """A person's messages, newest first, and how many are unread. 查看某人的站内信及未读条数，最新的在前。

        Raises notification.InboxOfAnother, notification.RecipientMissing, platform.PageCursorInvalid."""

    def list(
        self, *,
        after: str | None = ...,
        channel: Literal["email", "inbox", "sms", "webhook", None] = ...,
        limit: int = ...,
        recipient_subject: str | None = ...,
        reference: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListReply:
        """Messages by reference or recipient, newest first. 按关联编号、收件人或渠道查询消息，最新的在前。

        Raises platform.PageCursorInvalid."""

    def list_templates(
        self, *,
        after: str | None = ...,
        limit: int = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListTemplatesReply:
        """The newest version of every template. 查询各模板的最新版本。

        Raises platform.PageCursorInvalid."""

    def mark_read(
        self, *,
        message_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.MarkReadReply:
        """Note that a person has read an inbox message. 登记站内信已读。

        Raises notification.MessageUnknown."""

    def preview(
        self, *,
        channel: Literal["email", "inbox", "sms", "webhook"],
        template_code: str,
        destination: Literal["mainland", "abroad"] = ...,
        locale: Literal["zh-CN", "en"] = ...,
        values: Mapping[str, str | int] = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.PreviewReply:
        """Show what a message would say, and which values it misses; nothing is sent. 预览消息内容并列出缺少的内容，不发送。

        Raises notification.ChannelNotBuilt, notification.ControlCharacter, notification.LineBreakInHeader, notification.MessageTooLarge, notification.TemplateUnknown."""

    def put_template(
        self, *,
        body: str,
        channel: Literal["email", "inbox", "sms", "webhook"],
        template_code: str,
        locale: Literal["zh-CN", "en"] = ...,
        purpose: Literal["code", "notice", "promotion"] = ...,
        subject: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.PutTemplateReply:
        """Keep a new version of a template; text equal to the newest version's makes none. 保存模板的新版本；与最新版本内容相同则不产生新版本。

        Raises notification.ChannelNotBuilt, notification.ControlCharacter, notification.LineBreakInHeader, notification.TemplateInvalid."""

    def send(
        self, *,
        channel: Literal["email", "inbox", "sms", "webhook"],
        template_code: str,
        address: str | None = ...,
        app: str | None = ...,
        locale: Literal["zh-CN", "en", None] = ...,
        message_class: Literal["urgent", "normal", "bulk", None] = ...,
        recipient_subject: str | None = ...,
        reference: str | None = ...,
        values: Mapping[str, str | int] = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.SendReply:
        """Accept a message: an e-mail, a text message to a phone, or one to a subject's inbox. 受理一条消息：发往邮箱的电子邮件，发往手机的短信，或发给主体的站内信。

        Raises notification.AddressInvalid, notification.ChannelNotBuilt, notification.ControlCharacter, notification.LineBreakInHeader, notification.MessageTooLarge, notification.ProviderNotConfigured, notification.RecipientMissing, notification.TemplateNotApproved, notification.TemplateNotFiled, notification.TemplateUnknown, notification.TextMessageTooLong, notification.TooManyCodes, notification.ValuesMissing."""

class AsyncNotification:
    """Tells people: by e-mail, by text message and in their inbox, from templates. 按模板通过电子邮件、短信和站内信通知当事人。"""

    async def approve_template(
        self, *,
        channel: Literal["email", "inbox", "sms", "webhook"],
        template_code: str,
        version: int,
        app: str | None = ...,
        locale: Literal["zh-CN", "en"] = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ApproveTemplateReply:
        """Approve a version as another person than its writer; production sends approved versions only. 审核通过一个模板版本，审核人不得是编写人；生产环境只发送审核通过的版本。

        Raises notification.ApproverNotAllowed, notification.ChannelNotBuilt, notification.TemplateUnknown."""

    async def cancel(
        self, *,
        message_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.CancelReply:
        """Take back a message that no attempt has begun to deliver, or whose attempts failed so far. 取消尚未发出的消息。

        Raises notification.MessageNotCancellable, notification.MessageUnknown."""

    async def get(
        self, *,
        message_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.GetReply:
        """Where a message stands. 查询一条消息的发送状态。

        Raises notification.MessageUnknown."""

    async def get_template(
        self, *,
        channel: Literal["email", "inbox", "sms", "webhook"],
        template_code: str,
        app: str | None = ...,
        locale: Literal["zh-CN", "en"] = ...,
        version: int | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.GetTemplateReply:
        """One version of a template, and how it is filed with providers. 查询一个模板的某一版本及其报备情况。

        Raises notification.ChannelNotBuilt, notification.TemplateUnknown."""

    async def inbox(
        self, *,
        after: str | None = ...,
        limit: int = ...,
        recipient_subject: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.InboxReply:
        """A person's messages, newest first, and how many are unread. 查看某人的站内信及未读条数，最新的在前。

        Raises notification.InboxOfAnother, notification.RecipientMissing, platform.PageCursorInvalid."""

    async def list(
        self, *,
        after: str | None = ...,
        channel: Literal["email", "inbox", "sms", "webhook", None] = ...,
        limit: int = ...,
        recipient_subject: str | None = ...,
        reference: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListReply:
        """Messages by reference or recipient, newest first. 按关联编号、收件人或渠道查询消息，最新的在前。

        Raises platform.PageCursorInvalid."""

    async def list_templates(
        self, *,
        after: str | None = ...,
        limit: int = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListTemplatesReply:
        """The newest version of every template. 查询各模板的最新版本。

        Raises platform.PageCursorInvalid."""

    async def mark_read(
        self, *,
        message_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.MarkReadReply:
        """Note that a person has read an inbox message. 登记站内信已读。

        Raises notification.MessageUnknown."""

    async def preview(
        self, *,
        channel: Literal["email", "inbox", "sms", "webhook"],
        template_code: str,
        destination: Literal["mainland", "abroad"] = ...,
        locale: Literal["zh-CN", "en"] = ...,
        values: Mapping[str, str | int] = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.PreviewReply:
        """Show what a message would say, and which values it misses; nothing is sent. 预览消息内容并列出缺少的内容，不发送。

        Raises notification.ChannelNotBuilt, notification.ControlCharacter, notification.LineBreakInHeader, notification.MessageTooLarge, notification.TemplateUnknown."""

    async def put_template(
        self, *,
        body: str,
        channel: Literal["email", "inbox", "sms", "webhook"],
        template_code: str,
        locale: Literal["zh-CN", "en"] = ...,
        purpose: Literal["code", "notice", "promotion"] = ...,
        subject: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.PutTemplateReply:
        """Keep a new version of a template; text equal to the newest version's makes none. 保存模板的新版本；与最新版本内容相同则不产生新版本。

        Raises notification.ChannelNotBuilt, notification.ControlCharacter, notification.LineBreakInHeader, notification.TemplateInvalid."""

    async def send(
        self, *,
        channel: Literal["email", "inbox", "sms", "webhook"],
        template_code: str,
        address: str | None = ...,
        app: str | None = ...,
        locale: Literal["zh-CN", "en", None] = ...,
        message_class: Literal["urgent", "normal", "bulk", None] = ...,
        recipient_subject: str | None = ...,
        reference: str | None = ...,
        values: Mapping[str, str | int] = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.SendReply:
        """Accept a message: an e-mail, a text message to a phone, or one to a subject's inbox. 受理一条消息：发往邮箱的电子邮件，发往手机的短信，或发给主体的站内信。

        Raises notification.AddressInvalid, notification.ChannelNotBuilt, notification.ControlCharacter, notification.LineBreakInHeader, notification.MessageTooLarge, notification.ProviderNotConfigured, notification.RecipientMissing, notification.TemplateNotApproved, notification.TemplateNotFiled, notification.TemplateUnknown, notification.TextMessageTooLong, notification.TooManyCodes, notification.ValuesMissing."""

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

    def cancel_job(
        self, *,
        job_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.CancelJobReply:
        """Cancel a job: no more rows become messages. Those that have go on; cancel takes one of them back. 取消批量任务；已受理的消息继续发送。

        Raises notification.JobNotInState, notification.JobUnknown."""

    def create_job(
        self, *,
        channel: Literal["email", "inbox", "sms", "webhook"],
        size: int,
        template_code: str,
        app: str | None = ...,
        hold: bool = ...,
        locale: Literal["zh-CN", "en", None] = ...,
        reference: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.CreateJobReply:
        """Make a job that sends one template to everybody in a file; the path for the file is good for half an hour. 创建批量任务，返回一次性的名单上传路径，半小时内有效。

        Raises bus.AppNotAllowed, notification.ChannelNotBuilt, notification.JobTemplateRefused, notification.JobsTooMany, notification.TemplateNotApproved, notification.TemplateUnknown."""

    def create_notify_key(
        self, *,
        kind: Literal["live", "team", "test"],
        name: str,
        app: str | None = ...,
        guests: Sequence[str] = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.CreateNotifyKeyReply:
        """Make a key for a Notify client library; it is in this reply and never again. 创建 Notify 客户端库使用的密钥，只返回一次。

        Raises bus.AppNotAllowed, notification.NotifyGuestsNotUsed, notification.NotifyKeysTooMany."""

    def get(
        self, *,
        message_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.GetReply:
        """Where a message stands. 查询一条消息的发送状态。

        Raises notification.MessageUnknown."""

    def get_by_notify(
        self, *,
        message_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.GetByNotifyReply:
        """A message of the app, with its address and words. 按 Notify 接口查询一条消息，含收件地址和正文。

        Raises notification.MessageUnknown."""

    def get_job(
        self, *,
        job_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.GetJobReply:
        """Tell how far a job is, what is wrong with its file, and where its messages stand. 查询批量任务的进度、名单错误统计和各状态消息数。

        Raises notification.JobUnknown."""

    def get_notify_template(
        self, *,
        template_id: str,
        version: int | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.GetNotifyTemplateReply:
        """A version of a template, the newest unless one is named. 按 Notify 接口查询模板的一个版本。

        Raises notification.TemplateUnknown."""

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

    def list_by_notify(
        self, *,
        channel: Literal["email", "sms", None] = ...,
        limit: int = ...,
        older_than: str | None = ...,
        reference: str | None = ...,
        states: Sequence[str] = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListByNotifyReply:
        """Messages of the app, newest first, with addresses and words. 按 Notify 接口查询消息，最新的在前。"""

    def list_deliveries(
        self, *,
        about: str | None = ...,
        after: str | None = ...,
        limit: int = ...,
        state: Literal["pending", "delivered", "failed", None] = ...,
        webhook_id: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListDeliveriesReply:
        """List deliveries to webhooks, newest first: when, how often, with which result. 查询回调投递记录：时间、次数、结果，最新的在前。

        Raises platform.PageCursorInvalid."""

    def list_job_problems(
        self, *,
        job_id: str,
        after: str | None = ...,
        limit: int = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListJobProblemsReply:
        """List what is wrong with a job's file, by row and column. 查询名单中的错误，按行和列列出。

        Raises notification.JobUnknown, platform.PageCursorInvalid."""

    def list_jobs(
        self, *,
        after: str | None = ...,
        limit: int = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListJobsReply:
        """List jobs, newest first. 查询批量任务，最新的在前。

        Raises platform.PageCursorInvalid."""

    def list_notify_keys(
        self, *,
        after: str | None = ...,
        limit: int = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListNotifyKeysReply:
        """The app's Notify keys, without their secrets. 查询本应用的 Notify 密钥，不显示密钥内容。

        Raises platform.PageCursorInvalid."""

    def list_notify_templates(
        self, *,
        channel: Literal["email", "sms", None] = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListNotifyTemplatesReply:
        """The newest versions of the templates that can be sent by the Notify API. 按 Notify 接口查询模板。"""

    def list_templates(
        self, *,
        after: str | None = ...,
        limit: int = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListTemplatesReply:
        """The newest version of every template. 查询各模板的最新版本。

        Raises platform.PageCursorInvalid."""

    def list_webhooks(
        self, *,
        after: str | None = ...,
        limit: int = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListWebhooksReply:
        """The app's webhooks; all of the tenant's for operators. Secrets are not shown. 查询本应用的回调地址（运维可查全部），不显示密钥。

        Raises platform.PageCursorInvalid."""

    def mark_read(
        self, *,
        message_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.MarkReadReply:
        """Note that a person has read an inbox message. 登记站内信已读。

        Raises notification.MessageUnknown."""

    def pause_job(
        self, *,
        job_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.PauseJobReply:
        """Pause a job: no more rows become messages. Those that have go on. 暂停批量任务；已受理的消息继续发送。

        Raises notification.JobNotInState, notification.JobUnknown."""

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

    def preview_notify_template(
        self, *,
        template_id: str,
        values: Mapping[str, str | int] = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.PreviewNotifyTemplateReply:
        """Show what a message would say; nothing is sent. 按 Notify 接口预览模板。

        Raises notification.ControlCharacter, notification.LineBreakInHeader, notification.MessageTooLarge, notification.TemplateNotApproved, notification.TemplateUnknown, notification.ValuesMissing."""

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

    def put_webhook(
        self, *,
        url: str,
        app: str | None = ...,
        events: Sequence[Literal["message-accepted", "message-sent", "message-delivered", "message-failed", "message-cancelled", "case-submitted", "case-completed", "case-refused", "case-withdrawn", "case-terminated", "case-failed", "supplement-requested", "supplement-answered", "licence-issued", "licence-superseded", "licence-state-changed"]] = ...,
        rotate_secret: bool = ...,
        webhook_id: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.PutWebhookReply:
        """Make or change a webhook; the reply to a new one, or to rotate_secret, holds its secret. 新建或修改回调地址；新建或更换密钥时返回密钥。

        Raises webhooks.OwnerRefused, webhooks.TooMany, webhooks.UrlRefused, webhooks.WebhookUnknown."""

    def remove_webhook(
        self, *,
        webhook_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RemoveWebhookReply:
        """Remove a webhook, and what waits to be sent to it. 删除回调地址及其待发送的事件。

        Raises webhooks.WebhookUnknown."""

    def resend_webhook(
        self, *,
        delivery_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ResendWebhookReply:
        """Send a delivery once more: the same event id and body. 重新投递一次，事件编号和内容不变。

        Raises webhooks.DeliveryUnknown."""

    def resume_job(
        self, *,
        job_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ResumeJobReply:
        """Let a paused job go on. 继续已暂停的批量任务。

        Raises notification.JobNotInState, notification.JobUnknown."""

    def revoke_notify_key(
        self, *,
        key_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RevokeNotifyKeyReply:
        """Revoke a Notify key at once. 撤销 Notify 密钥，立即生效。

        Raises notification.NotifyKeyUnknown."""

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

    def send_by_notify(
        self, *,
        address: str,
        channel: Literal["email", "sms"],
        key_id: str,
        template_id: str,
        reference: str | None = ...,
        values: Mapping[str, str | int] = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.SendByNotifyReply:
        """Send a message for a Notify client. 按 Notify 接口发送一条消息。

        Raises notification.AddressInvalid, notification.ChannelNotBuilt, notification.ControlCharacter, notification.LineBreakInHeader, notification.MessageTooLarge, notification.MessageUnknown, notification.NotifyKeyUnknown, notification.ProviderNotConfigured, notification.RecipientMissing, notification.RecipientNotOfTeam, notification.TemplateNotApproved, notification.TemplateNotFiled, notification.TemplateUnknown, notification.TemplateUnsuitable, notification.TextMessageTooLong, notification.TooManyCodes, notification.ValuesMissing."""

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

    async def cancel_job(
        self, *,
        job_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.CancelJobReply:
        """Cancel a job: no more rows become messages. Those that have go on; cancel takes one of them back. 取消批量任务；已受理的消息继续发送。

        Raises notification.JobNotInState, notification.JobUnknown."""

    async def create_job(
        self, *,
        channel: Literal["email", "inbox", "sms", "webhook"],
        size: int,
        template_code: str,
        app: str | None = ...,
        hold: bool = ...,
        locale: Literal["zh-CN", "en", None] = ...,
        reference: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.CreateJobReply:
        """Make a job that sends one template to everybody in a file; the path for the file is good for half an hour. 创建批量任务，返回一次性的名单上传路径，半小时内有效。

        Raises bus.AppNotAllowed, notification.ChannelNotBuilt, notification.JobTemplateRefused, notification.JobsTooMany, notification.TemplateNotApproved, notification.TemplateUnknown."""

    async def create_notify_key(
        self, *,
        kind: Literal["live", "team", "test"],
        name: str,
        app: str | None = ...,
        guests: Sequence[str] = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.CreateNotifyKeyReply:
        """Make a key for a Notify client library; it is in this reply and never again. 创建 Notify 客户端库使用的密钥，只返回一次。

        Raises bus.AppNotAllowed, notification.NotifyGuestsNotUsed, notification.NotifyKeysTooMany."""

    async def get(
        self, *,
        message_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.GetReply:
        """Where a message stands. 查询一条消息的发送状态。

        Raises notification.MessageUnknown."""

    async def get_by_notify(
        self, *,
        message_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.GetByNotifyReply:
        """A message of the app, with its address and words. 按 Notify 接口查询一条消息，含收件地址和正文。

        Raises notification.MessageUnknown."""

    async def get_job(
        self, *,
        job_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.GetJobReply:
        """Tell how far a job is, what is wrong with its file, and where its messages stand. 查询批量任务的进度、名单错误统计和各状态消息数。

        Raises notification.JobUnknown."""

    async def get_notify_template(
        self, *,
        template_id: str,
        version: int | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.GetNotifyTemplateReply:
        """A version of a template, the newest unless one is named. 按 Notify 接口查询模板的一个版本。

        Raises notification.TemplateUnknown."""

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

    async def list_by_notify(
        self, *,
        channel: Literal["email", "sms", None] = ...,
        limit: int = ...,
        older_than: str | None = ...,
        reference: str | None = ...,
        states: Sequence[str] = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListByNotifyReply:
        """Messages of the app, newest first, with addresses and words. 按 Notify 接口查询消息，最新的在前。"""

    async def list_deliveries(
        self, *,
        about: str | None = ...,
        after: str | None = ...,
        limit: int = ...,
        state: Literal["pending", "delivered", "failed", None] = ...,
        webhook_id: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListDeliveriesReply:
        """List deliveries to webhooks, newest first: when, how often, with which result. 查询回调投递记录：时间、次数、结果，最新的在前。

        Raises platform.PageCursorInvalid."""

    async def list_job_problems(
        self, *,
        job_id: str,
        after: str | None = ...,
        limit: int = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListJobProblemsReply:
        """List what is wrong with a job's file, by row and column. 查询名单中的错误，按行和列列出。

        Raises notification.JobUnknown, platform.PageCursorInvalid."""

    async def list_jobs(
        self, *,
        after: str | None = ...,
        limit: int = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListJobsReply:
        """List jobs, newest first. 查询批量任务，最新的在前。

        Raises platform.PageCursorInvalid."""

    async def list_notify_keys(
        self, *,
        after: str | None = ...,
        limit: int = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListNotifyKeysReply:
        """The app's Notify keys, without their secrets. 查询本应用的 Notify 密钥，不显示密钥内容。

        Raises platform.PageCursorInvalid."""

    async def list_notify_templates(
        self, *,
        channel: Literal["email", "sms", None] = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListNotifyTemplatesReply:
        """The newest versions of the templates that can be sent by the Notify API. 按 Notify 接口查询模板。"""

    async def list_templates(
        self, *,
        after: str | None = ...,
        limit: int = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListTemplatesReply:
        """The newest version of every template. 查询各模板的最新版本。

        Raises platform.PageCursorInvalid."""

    async def list_webhooks(
        self, *,
        after: str | None = ...,
        limit: int = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListWebhooksReply:
        """The app's webhooks; all of the tenant's for operators. Secrets are not shown. 查询本应用的回调地址（运维可查全部），不显示密钥。

        Raises platform.PageCursorInvalid."""

    async def mark_read(
        self, *,
        message_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.MarkReadReply:
        """Note that a person has read an inbox message. 登记站内信已读。

        Raises notification.MessageUnknown."""

    async def pause_job(
        self, *,
        job_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.PauseJobReply:
        """Pause a job: no more rows become messages. Those that have go on. 暂停批量任务；已受理的消息继续发送。

        Raises notification.JobNotInState, notification.JobUnknown."""

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

    async def preview_notify_template(
        self, *,
        template_id: str,
        values: Mapping[str, str | int] = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.PreviewNotifyTemplateReply:
        """Show what a message would say; nothing is sent. 按 Notify 接口预览模板。

        Raises notification.ControlCharacter, notification.LineBreakInHeader, notification.MessageTooLarge, notification.TemplateNotApproved, notification.TemplateUnknown, notification.ValuesMissing."""

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

    async def put_webhook(
        self, *,
        url: str,
        app: str | None = ...,
        events: Sequence[Literal["message-accepted", "message-sent", "message-delivered", "message-failed", "message-cancelled", "case-submitted", "case-completed", "case-refused", "case-withdrawn", "case-terminated", "case-failed", "supplement-requested", "supplement-answered", "licence-issued", "licence-superseded", "licence-state-changed"]] = ...,
        rotate_secret: bool = ...,
        webhook_id: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.PutWebhookReply:
        """Make or change a webhook; the reply to a new one, or to rotate_secret, holds its secret. 新建或修改回调地址；新建或更换密钥时返回密钥。

        Raises webhooks.OwnerRefused, webhooks.TooMany, webhooks.UrlRefused, webhooks.WebhookUnknown."""

    async def remove_webhook(
        self, *,
        webhook_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RemoveWebhookReply:
        """Remove a webhook, and what waits to be sent to it. 删除回调地址及其待发送的事件。

        Raises webhooks.WebhookUnknown."""

    async def resend_webhook(
        self, *,
        delivery_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ResendWebhookReply:
        """Send a delivery once more: the same event id and body. 重新投递一次，事件编号和内容不变。

        Raises webhooks.DeliveryUnknown."""

    async def resume_job(
        self, *,
        job_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ResumeJobReply:
        """Let a paused job go on. 继续已暂停的批量任务。

        Raises notification.JobNotInState, notification.JobUnknown."""

    async def revoke_notify_key(
        self, *,
        key_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RevokeNotifyKeyReply:
        """Revoke a Notify key at once. 撤销 Notify 密钥，立即生效。

        Raises notification.NotifyKeyUnknown."""

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

    async def send_by_notify(
        self, *,
        address: str,
        channel: Literal["email", "sms"],
        key_id: str,
        template_id: str,
        reference: str | None = ...,
        values: Mapping[str, str | int] = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.SendByNotifyReply:
        """Send a message for a Notify client. 按 Notify 接口发送一条消息。

        Raises notification.AddressInvalid, notification.ChannelNotBuilt, notification.ControlCharacter, notification.LineBreakInHeader, notification.MessageTooLarge, notification.MessageUnknown, notification.NotifyKeyUnknown, notification.ProviderNotConfigured, notification.RecipientMissing, notification.RecipientNotOfTeam, notification.TemplateNotApproved, notification.TemplateNotFiled, notification.TemplateUnknown, notification.TemplateUnsuitable, notification.TextMessageTooLong, notification.TooManyCodes, notification.ValuesMissing."""

"""Entrypoints of the notification service."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from services.notification import schemas
from services.notification.domain import errors
from services.notification.domain.ports import NotificationTransaction
from services.notification.providers import NotificationProvider
from services.notification.usecases import delivery, messages, sending, templates
from shared_components.bus import Transactions, every, on_event, rpc_method
from shared_components.contracts import EventContract
from shared_components.kernel.calls import Call, Event
from shared_components.kernel.errors import AppError

SERVICES = ("matter", "identity", "elicence", "payment")
OPEN = ("app", "operator", "gateway")


class NotificationService:
    """Tells people: by e-mail and in their inbox, from templates."""

    name = "notification"
    summary_zh = "按模板通过电子邮件和站内信通知当事人。"
    contract_version = "3.0"
    emits = (
        EventContract("message-accepted", schemas.MessageEvent,
        summary="A message was accepted.", summary_zh="消息已受理。"),
        EventContract("message-sent", schemas.MessageEvent,
        summary="A mail server has taken the e-mail.", summary_zh="邮件已发出。"),
        EventContract("message-delivered", schemas.MessageEvent,
        summary="The message is in the recipient's inbox.", summary_zh="站内信已送达。"),
        EventContract("message-failed", schemas.MessageEvent,
        summary="Sending has failed and is not tried again.", summary_zh="消息发送失败，不再尝试。"),
        EventContract("message-cancelled", schemas.MessageEvent,
        summary="The message was cancelled before it was sent.", summary_zh="消息在发出前被取消。"),
    )
    transactions = NotificationProvider()

    @rpc_method(
        request=schemas.PutTemplate, reply=schemas.Template, mutating=True, public=True, callers=("matter", *OPEN),
        errors=[
            errors.TemplateInvalid, errors.LineBreakInHeader, errors.ControlCharacter, errors.ChannelNotBuilt,
        ],
        zh="保存模板的新版本；与最新版本内容相同则不产生新版本。")
    def put_template(self, tx: NotificationTransaction, call: Call) -> dict[str, Any]:
        """Keep a new version of a template; text equal to the newest version's makes none."""
        return templates.put_template(tx, call.context, call.data)

    @rpc_method(request=schemas.ListTemplates, reply=schemas.TemplateList, public=True, callers=("matter", *OPEN),
        zh="查询各模板的最新版本。")
    def list_templates(self, tx: NotificationTransaction, call: Call) -> dict[str, Any]:
        """The newest version of every template."""
        return templates.list_templates(tx, call.context, call.data)

    @rpc_method(
        request=schemas.Preview, reply=schemas.PreviewReply, public=True, callers=("matter", *OPEN),
        errors=[
            errors.TemplateUnknown, errors.LineBreakInHeader, errors.ControlCharacter, errors.MessageTooLarge,
            errors.ChannelNotBuilt,
        ],
        zh="预览消息内容并列出缺少的内容，不发送。")
    def preview(self, tx: NotificationTransaction, call: Call) -> dict[str, Any]:
        """What a message would say, and which values it misses; nothing is sent."""
        return templates.preview(tx, call.context, call.data)

    @rpc_method(
        request=schemas.Send, reply=schemas.Sent, mutating=True, bulk=True, public=True, callers=(*SERVICES, *OPEN),
        errors=[
            errors.TemplateUnknown, errors.ValuesMissing, errors.LineBreakInHeader, errors.ControlCharacter,
            errors.MessageTooLarge, errors.AddressInvalid, errors.RecipientMissing, errors.ChannelNotBuilt,
        ],
        zh="受理一条消息：发往邮箱的电子邮件，或发给主体的站内信。")  # fmt: skip
    def send(self, tx: NotificationTransaction, calls: Sequence[Call]) -> Sequence[dict[str, Any] | AppError]:
        """Accept a message: an e-mail to an address, or one to a subject's inbox."""
        return sending.send_messages(tx, calls)

    @rpc_method(
        request=schemas.MessageId, reply=schemas.Sent, public=True, callers=(*SERVICES, *OPEN),
        errors=[errors.MessageUnknown],
        zh="查询一条消息的发送状态。")
    def get(self, tx: NotificationTransaction, call: Call) -> dict[str, Any]:
        """Where a message stands."""
        return messages.get_message(tx, call.context, call.data["message_id"])

    @rpc_method(request=schemas.FindMessages, reply=schemas.MessageList, public=True, callers=(*SERVICES, *OPEN),
        zh="按关联编号、收件人或渠道查询消息，最新的在前。")
    def list(self, tx: NotificationTransaction, call: Call) -> dict[str, Any]:
        """Messages by reference or recipient, newest first."""
        return messages.find_messages(tx, call.context, call.data)

    @rpc_method(
        request=schemas.MessageId, reply=schemas.Sent, mutating=True, public=True, callers=(*SERVICES, *OPEN),
        errors=[errors.MessageUnknown, errors.MessageNotCancellable],
        zh="取消尚未发出的消息。")
    def cancel(self, tx: NotificationTransaction, call: Call) -> dict[str, Any]:
        """Take back a message that no attempt has begun to deliver, or whose attempts failed so far."""
        return messages.cancel(tx, call.context, call.data["message_id"])

    @rpc_method(
        request=schemas.Inbox, reply=schemas.InboxItems, public=True, callers=OPEN, errors=[errors.InboxOfAnother],
        zh="查看某人的站内信及未读条数，最新的在前。")
    def inbox(self, tx: NotificationTransaction, call: Call) -> dict[str, Any]:
        """A person's messages, newest first, and how many are unread."""
        return messages.inbox(tx, call)

    @rpc_method(
        request=schemas.MessageId, reply=schemas.ReadMark, mutating=True, public=True, callers=OPEN,
        errors=[errors.MessageUnknown, errors.InboxOfAnother],
        zh="登记站内信已读。")
    def mark_read(self, tx: NotificationTransaction, call: Call) -> dict[str, Any]:
        """Note that a person has read an inbox message."""
        return messages.mark_read(tx, call)

    @on_event("notification", "message-accepted", own_transactions=True)
    def deliver(self, transactions: Transactions, event: Event) -> None:
        """Attempt an accepted e-mail at once."""
        provider = _provider(transactions)
        delivery.deliver(
            transactions.begin, provider.mailer, provider.policy,
            tenant=event.tenant, message_id=event.data["message_id"],
        )

    @every(seconds=5)
    def deliver_due(self, transactions: Transactions) -> None:
        """Attempt again what failed for a time, and what a crash left."""
        provider = _provider(transactions)
        delivery.deliver_due(
            transactions.begin, provider.mailer, provider.policy, limit=transactions.settings["sweep_batch"])


def _provider(transactions: Transactions) -> NotificationProvider:
    return cast(NotificationProvider, transactions.provider)

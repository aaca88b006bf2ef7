"""Entrypoints of the notification service."""
from __future__ import annotations

from collections.abc import Sequence

from services.notification import schemas
from services.notification.domain import errors
from services.notification.domain.ports import Mailer
from services.notification.providers import MailerProvider, NotificationProvider
from services.notification.transaction import SqlNotificationTransaction
from services.notification.usecases import (
    cancel,
    deliver,
    get_message,
    list_messages,
    list_templates,
    mark_read,
    preview,
    put_template,
    read_inbox,
    scheduled,
    send,
    views,
)
from services.notification.usecases.known_message import MessageById
from services.notification.usecases.learn_recipients import learn_recipients
from services.notification.usecases.list_messages import ListMessages
from services.notification.usecases.list_templates import ListTemplates
from services.notification.usecases.preview import Preview
from services.notification.usecases.put_template import PutTemplate
from services.notification.usecases.read_inbox import ReadInbox
from services.notification.usecases.send import SendMessage
from shared_components.bus import Transactions, every, on_event, rpc_method
from shared_components.contracts import EventContract
from shared_components.kernel.calls import Call, Event
from shared_components.kernel.errors import AppError
from shared_components.kernel.paging import PageView

SERVICES = ("matter", "identity", "elicence", "payment")
OPEN = ("app", "operator", "gateway")


class NotificationService:
    """Tells people: by e-mail and in their inbox, from templates."""

    name = "notification"
    summary_zh = "按模板通过电子邮件和站内信通知当事人。"
    contract_version = "3.1"
    tickets = ("gateway", "matter")
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
    mailer: Mailer = MailerProvider()

    @rpc_method(
        request=schemas.PutTemplate, reply=schemas.Template, mutating=True, public=True, callers=("matter", *OPEN),
        errors=[
            errors.TemplateInvalid, errors.LineBreakInHeader, errors.ControlCharacter, errors.ChannelNotBuilt,
        ],
        zh="保存模板的新版本；与最新版本内容相同则不产生新版本。")
    def put_template(
        self, tx: SqlNotificationTransaction, call: Call[PutTemplate],
    ) -> views.TemplateView:
        """Keep a new version of a template; text equal to the newest version's makes none."""
        return put_template.put_template(tx, call.data, call.context)

    @rpc_method(request=schemas.ListTemplates, reply=schemas.TemplateList, public=True, callers=("matter", *OPEN),
        zh="查询各模板的最新版本。")
    def list_templates(
        self, tx: SqlNotificationTransaction, call: Call[ListTemplates],
    ) -> PageView[views.TemplateView]:
        """The newest version of every template."""
        return list_templates.list_templates(tx, call.data, call.context)

    @rpc_method(
        request=schemas.Preview, reply=schemas.PreviewReply, public=True, callers=("matter", *OPEN),
        errors=[
            errors.TemplateUnknown, errors.LineBreakInHeader, errors.ControlCharacter, errors.MessageTooLarge,
            errors.ChannelNotBuilt,
        ],
        zh="预览消息内容并列出缺少的内容，不发送。")
    def preview(self, tx: SqlNotificationTransaction, call: Call[Preview]) -> views.PreviewView:
        """Show what a message would say, and which values it misses; nothing is sent."""
        return preview.preview(tx, call.data, call.context)

    @rpc_method(
        request=schemas.Send, reply=schemas.Sent, mutating=True, bulk=True, public=True, callers=(*SERVICES, *OPEN),
        errors=[
            errors.TemplateUnknown, errors.ValuesMissing, errors.LineBreakInHeader, errors.ControlCharacter,
            errors.MessageTooLarge, errors.AddressInvalid, errors.RecipientMissing, errors.ChannelNotBuilt,
        ],
        zh="受理一条消息：发往邮箱的电子邮件，或发给主体的站内信。")  # fmt: skip
    def send(
        self, tx: SqlNotificationTransaction, calls: Sequence[Call[SendMessage]],
    ) -> Sequence[views.MessageView | AppError]:
        """Accept a message: an e-mail to an address, or one to a subject's inbox."""
        return send.send_messages(tx, calls)

    @rpc_method(
        request=schemas.MessageId, reply=schemas.Sent, public=True, callers=(*SERVICES, *OPEN),
        errors=[errors.MessageUnknown],
        zh="查询一条消息的发送状态。")
    def get(self, tx: SqlNotificationTransaction, call: Call[MessageById]) -> views.MessageView:
        """Where a message stands."""
        return get_message.get_message(tx, call.data, call.context)

    @rpc_method(request=schemas.FindMessages, reply=schemas.MessageList, public=True, callers=(*SERVICES, *OPEN),
        zh="按关联编号、收件人或渠道查询消息，最新的在前。")
    def list(
        self, tx: SqlNotificationTransaction, call: Call[ListMessages],
    ) -> PageView[views.MessageView]:
        """Messages by reference or recipient, newest first."""
        return list_messages.list_messages(tx, call.data, call.context)

    @rpc_method(
        request=schemas.MessageId, reply=schemas.Sent, mutating=True, public=True, callers=(*SERVICES, *OPEN),
        errors=[errors.MessageUnknown, errors.MessageNotCancellable],
        zh="取消尚未发出的消息。")
    def cancel(self, tx: SqlNotificationTransaction, call: Call[MessageById]) -> views.MessageView:
        """Take back a message that no attempt has begun to deliver, or whose attempts failed so far."""
        return cancel.cancel(tx, call.data, call.context)

    @rpc_method(
        request=schemas.Inbox, reply=schemas.InboxItems, public=True, callers=OPEN, errors=[errors.InboxOfAnother],
        zh="查看某人的站内信及未读条数，最新的在前。")
    def inbox(self, tx: SqlNotificationTransaction, call: Call[ReadInbox]) -> views.InboxView:
        """A person's messages, newest first, and how many are unread."""
        return read_inbox.read_inbox(tx, call.data, call.context)

    @rpc_method(
        request=schemas.MessageId, reply=schemas.ReadMark, mutating=True, public=True, callers=OPEN,
        errors=[errors.MessageUnknown, errors.InboxOfAnother],
        zh="登记站内信已读。")
    def mark_read(self, tx: SqlNotificationTransaction, call: Call[MessageById]) -> views.ReadMarkView:
        """Note that a person has read an inbox message."""
        return mark_read.mark_read(tx, call.data, call.context)

    @on_event("notification", "message-accepted", own_transactions=True)
    def deliver(self, transactions: Transactions, event: Event) -> None:
        """Attempt an accepted e-mail at once."""
        deliver.deliver(transactions, self.mailer, tenant=event.tenant, message_id=event.data["message_id"])

    @on_event("identity", "subject-registered", "level-raised", "subject-state-changed", bulk=True)
    def learn_recipients(self, tx: SqlNotificationTransaction, events: Sequence[Event]) -> None:
        """Learn which subjects exist, and let what waits for them be delivered."""
        learn_recipients(tx, [(event.tenant, event.data["subject_id"]) for event in events])

    @every(seconds=5)
    def deliver_due(self, transactions: Transactions) -> None:
        """Attempt again what failed for a time, and what a crash left."""
        scheduled.deliver_due(transactions, self.mailer, limit=transactions.settings["sweep_batch"])

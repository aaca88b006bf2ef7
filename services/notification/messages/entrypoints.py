"""Entrypoints of messages: each calls one use case."""
from __future__ import annotations

from collections.abc import Sequence

from services.notification.carriers.domain.errors import (
    CarrierNotConfigured,
    CarrierUnknown,
    ReceiptMalformed,
    ReceiptNotAuthentic,
)
from services.notification.carriers.domain.ports import Carriers
from services.notification.common.callers import OPEN, SERVICES
from services.notification.common.channels import SMS
from services.notification.common.errors import (
    AddressInvalid,
    ChannelNotBuilt,
    ControlCharacter,
    LineBreakInHeader,
    TextMessageTooLong,
)
from services.notification.messages import schemas
from services.notification.messages.domain.errors import (
    MessageNotCancellable,
    MessageUnknown,
    RecipientMissing,
    TooManyCodes,
)
from services.notification.messages.domain.mailer import Mailer
from services.notification.messages.usecases import cancel as cancelling
from services.notification.messages.usecases import deliver as delivering
from services.notification.messages.usecases import learn_recipients as learning
from services.notification.messages.usecases import list_messages as listing
from services.notification.messages.usecases import record_receipts as receiving
from services.notification.messages.usecases import send as sending
from services.notification.messages.usecases.deliver_texts import deliver_texts
from services.notification.messages.usecases.get_message import GetMessagesTx, get_messages
from services.notification.messages.usecases.known_message import MessageById
from services.notification.messages.usecases.views import MessageView
from services.notification.templates.domain.errors import (
    MessageTooLarge,
    TemplateNotApproved,
    TemplateNotFiled,
    TemplateUnknown,
    ValuesMissing,
)
from shared_components.bus import Transactions, on_event, rpc_method, side_by_side
from shared_components.kernel.calls import Call, Event
from shared_components.kernel.errors import AppError
from shared_components.kernel.load_classes import LISTS, VITAL
from shared_components.kernel.method_rules import RuleArguments
from shared_components.kernel.paging import PageView

CALLERS = (*SERVICES, *OPEN)
SENT: RuleArguments = {
    "basis": ["own", "agreement", "platform"], "resource": "message", "about": [], "roles": [], "level": 0,
    "as_subject": False, "discloses": True, "composable": True,
}
READ: RuleArguments = {
    "basis": ["own", "platform"], "resource": "message", "about": [], "roles": ["handler", "approver", "auditor"],
    "level": 0, "as_subject": False, "discloses": False, "composable": False,
}
REPORTED: RuleArguments = {
    "basis": ["outside", "platform"], "resource": "message", "about": [], "roles": [], "level": 0,
    "as_subject": False, "discloses": False, "composable": False,
}


class MessageEntrypoints:
    """Methods about messages, and what starts their delivery."""

    mailer: Mailer
    carriers: Carriers

    @rpc_method(
        request=schemas.Send, reply=schemas.Sent, mutating=True, bulk=True, public=True, callers=CALLERS,
        errors=[
            TemplateUnknown, TemplateNotApproved, TemplateNotFiled, ValuesMissing, LineBreakInHeader, ControlCharacter,
            MessageTooLarge, TextMessageTooLong, AddressInvalid, RecipientMissing, ChannelNotBuilt,
            CarrierNotConfigured, TooManyCodes,
        ],
        **SENT, load_class=VITAL, zh="受理一条消息：发往邮箱的电子邮件，发往手机的短信，或发给主体的站内信。")
    def send(
        self, tx: sending.SendTx, calls: Sequence[Call[sending.SendMessage]],
    ) -> Sequence[MessageView | AppError]:
        """Accept a message: an e-mail, a text message to a phone, or one to a subject's inbox."""
        return sending.send_messages(tx, calls)

    @rpc_method(
        request=schemas.MessageId, reply=schemas.Sent, bulk=True, public=True, callers=CALLERS,
        errors=[MessageUnknown], **READ, zh="查询一条消息的发送状态。")
    def get(self, tx: GetMessagesTx, calls: Sequence[Call[MessageById]]) -> Sequence[MessageView | AppError]:
        """Where a message stands."""
        return get_messages(tx, calls)

    @rpc_method(request=schemas.FindMessages, reply=schemas.MessageList, bulk=True, public=True, callers=CALLERS,
        **READ, load_class=LISTS, zh="按关联编号、收件人或渠道查询消息，最新的在前。")
    def list(
        self, tx: listing.ListMessagesTx, calls: Sequence[Call[listing.ListMessages]],
    ) -> Sequence[PageView[MessageView] | AppError]:
        """Messages by reference or recipient, newest first."""
        return listing.list_messages(tx, calls)

    @rpc_method(
        request=schemas.MessageId, reply=schemas.Sent, mutating=True, public=True, callers=CALLERS,
        errors=[MessageUnknown, MessageNotCancellable],
        **SENT, zh="取消尚未发出的消息。")
    def cancel(self, tx: cancelling.CancelTx, call: Call[MessageById]) -> MessageView:
        """Take back a message that no attempt has begun to deliver, or whose attempts failed so far."""
        return cancelling.cancel(tx, call.data, call.context)

    @rpc_method(
        request=schemas.RecordReceipt, reply=schemas.RecordedReceipt, mutating=True, bulk=True, own_transactions=True,
        callers=["gateway"],
        errors=[CarrierUnknown, CarrierNotConfigured, ReceiptNotAuthentic, ReceiptMalformed, MessageUnknown],
        **REPORTED, zh="接收短信服务商签名的送达回执，重复或乱序均无影响。")
    def record_receipt(
        self, transactions: Transactions, calls: Sequence[Call[receiving.RecordReceipt]],
    ) -> Sequence[receiving.RecordedView | AppError]:
        """Take a provider's signed receipts; duplicates and disorder do no harm."""
        return receiving.record_receipts(transactions, self.carriers, calls, at=transactions.clock.now())

    @on_event("notification", "message-accepted", own_transactions=True, bulk=True, idempotent=True)
    def deliver(self, transactions: Transactions, events: Sequence[Event]) -> None:
        """Attempt accepted messages at once."""
        self._deliver(transactions, events)

    # A queue and workers for each class: whatever a bulk sending has queued, a one-time code waits for none of it.
    @on_event("notification", "urgent-message-accepted", own_transactions=True, bulk=True, idempotent=True)
    def deliver_urgent(self, transactions: Transactions, events: Sequence[Event]) -> None:
        """The same for urgent ones."""
        self._deliver(transactions, events)

    @on_event("notification", "bulk-message-accepted", own_transactions=True, bulk=True, idempotent=True)
    def deliver_bulk(self, transactions: Transactions, events: Sequence[Event]) -> None:
        """The same for those of bulk sendings."""
        self._deliver(transactions, events)

    def _deliver(self, transactions: Transactions, events: Sequence[Event]) -> None:
        texts = [event.data["channel"] == SMS for event in events]
        keys = [(event.tenant, event.data["message_id"]) for event in events]
        delivering.deliver_group(
            transactions, self.mailer, [key for key, is_text in zip(keys, texts, strict=True) if not is_text],
            side_by_side)
        deliver_texts(
            transactions, self.carriers, [key for key, is_text in zip(keys, texts, strict=True) if is_text],
            side_by_side)

    @on_event("identity", "subject-registered", "level-raised", "subject-state-changed", bulk=True)
    def learn_recipients(self, tx: learning.LearnTx, events: Sequence[Event]) -> None:
        """Learn which subjects exist, and let what waits for them be delivered."""
        learning.learn_recipients(tx, [(event.tenant, event.data["subject_id"]) for event in events])

"""Note that a person has read an inbox message."""
from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from services.notification.common.channels import INBOX
from services.notification.inbox.usecases.views import ReadMarkView
from services.notification.messages.domain.errors import MessageUnknown
from services.notification.messages.domain.message import Message, reach_inbox, waits_for_recipient
from services.notification.messages.usecases.events import emit_message_changed
from services.notification.messages.usecases.known_message import (
    MessageById,
    ReadsMessages,
    SaveMessageTx,
    save_message,
)
from services.notification.messages.usecases.learn_recipients import LearnTx, learn_recipients
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import AppError
from shared_components.kernel.transactions import HasEvents

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


class MarkReadTx(LearnTx, HasEvents, SaveMessageTx, Protocol):
    """The part of a transaction that marking a message as read needs."""

    @property
    def inboxes(self) -> ReadsMessages: ...


def mark_read(tx: MarkReadTx, command: MessageById, context: CallContext) -> ReadMarkView:
    """Note the first reading; a later one changes nothing. Raises MessageUnknown, StalePrecondition."""
    message = _inbox_message(tx, command.message_id, context)
    if message.read_at is None:
        message = _read(tx, message, is_recipient=context.citizen is not None)
    return ReadMarkView(message.message_id, message.read_at)


def _read(tx: MarkReadTx, message: Message, *, is_recipient: bool) -> Message:
    """is_recipient: the recipient's own session proves that a recipient exists whose registration never arrived."""
    at = tx.clock.now()
    read = replace(message, read_at=at)
    if not (is_recipient and waits_for_recipient(message)):
        return save_message(tx, message, read)
    learn_recipients(tx, [(message.tenant, message.recipient_subject or "")])
    delivered, event = reach_inbox(read, at=at)
    save_message(tx, message, delivered)
    emit_message_changed(tx, event, delivered)
    return delivered


def _inbox_message(tx: MarkReadTx, message_id: str, context: CallContext) -> Message:
    """Raises MessageUnknown."""
    (message,) = tx.inboxes.read([(context, message_id)])
    if isinstance(message, AppError):
        raise message
    if message.channel != INBOX:
        raise MessageUnknown(Bilingual(
            f"message {message_id} is in channel {message.channel!r}; only an inbox message is marked as read",
            f"消息 {message_id} 的渠道为 {message.channel}；只有站内信可以登记已读"))
    return message

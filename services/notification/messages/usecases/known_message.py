"""Find a message that the caller may reach, and save its changes."""
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from services.notification.messages.domain.errors import MessageUnknown
from services.notification.messages.domain.message import Message
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import StalePrecondition

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


class ReadsMessages(Protocol):
    def get(self, tenant: str, message_id: str) -> Message | None: ...


class ChangesMessages(ReadsMessages, Protocol):
    def save(self, before: Message, after: Message) -> bool:
        """Write the changed state; False when another has changed the message since `before` was read."""
        ...


class ReadMessageTx(Protocol):
    @property
    def messages(self) -> ReadsMessages: ...


class ChangeMessageTx(Protocol):
    @property
    def messages(self) -> ChangesMessages: ...


@dataclass(frozen=True, slots=True)
class MessageById:
    """The command of every method that is about one message."""

    message_id: str


def known_message(tx: ReadMessageTx, message_id: str, context: CallContext) -> Message:
    """A message of the caller's. Raises MessageUnknown."""
    message = tx.messages.get(context.tenant, message_id)
    if message is None or not context.reaches(message.app):
        raise unknown_message(message_id)
    return message


def unknown_message(message_id: str) -> MessageUnknown:
    return MessageUnknown(Bilingual(f"message {message_id!r} does not exist", f"消息 {message_id} 不存在"))


def save_message(tx: ChangeMessageTx, before: Message, after: Message) -> Message:
    """Raises StalePrecondition when another has changed the message since `before` was read."""
    if not tx.messages.save(before, after):
        raise StalePrecondition(Bilingual(
            f"message {before.message_id} has changed since it was read; read it again",
            f"消息 {before.message_id} 在读取之后已有变化；请重新读取"))
    return after

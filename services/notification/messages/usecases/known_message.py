"""Find a message that the caller may reach, and save its changes."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from services.notification.messages.domain.errors import MessageUnknown
from services.notification.messages.domain.message import Message
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import AppError, StalePrecondition

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


class ReadsMessages(Protocol):
    def read(self, asked: Sequence[tuple[CallContext, str]]) -> list[Message | AppError]:
        """Give each call its message by id, or MessageUnknown, also for a message that the call may not see."""
        ...


class SavesMessages(Protocol):
    def save(self, before: Message, after: Message) -> bool:
        """Write the changed state; False when another has changed the message since `before` was read."""
        ...


class ChangesMessages(ReadsMessages, SavesMessages, Protocol):
    """Messages that a call may read and change."""


class SaveMessageTx(Protocol):
    @property
    def messages(self) -> SavesMessages: ...


class ChangeMessageTx(Protocol):
    @property
    def messages(self) -> ChangesMessages: ...


@dataclass(frozen=True, slots=True)
class MessageById:
    """The command of every method that is about one message."""

    message_id: str


def known_message(tx: ChangeMessageTx, message_id: str, context: CallContext) -> Message:
    """Give a call its message. Raises MessageUnknown."""
    (found,) = tx.messages.read([(context, message_id)])
    if isinstance(found, AppError):
        raise found
    return found


def unknown_message(message_id: str) -> MessageUnknown:
    return MessageUnknown(Bilingual(f"message {message_id!r} does not exist", f"消息 {message_id} 不存在"))


def save_message(tx: SaveMessageTx, before: Message, after: Message) -> Message:
    """Raises StalePrecondition when another has changed the message since `before` was read."""
    if not tx.messages.save(before, after):
        raise StalePrecondition(Bilingual(
            f"message {before.message_id} has changed since it was read; read it again",
            f"消息 {before.message_id} 在读取之后已有变化；请重新读取"))
    return after

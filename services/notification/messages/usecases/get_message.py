"""Tell where a message stands."""
from __future__ import annotations

from typing import TYPE_CHECKING

from services.notification.messages.usecases.known_message import MessageById, ReadMessageTx, known_message
from services.notification.messages.usecases.views import MessageView, message_view

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


def get_message(tx: ReadMessageTx, command: MessageById, context: CallContext) -> MessageView:
    """Raises MessageUnknown."""
    return message_view(known_message(tx, command.message_id, context), context.locale)

"""Cancel a message that is not out yet."""
from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from services.notification.messages.domain import message as domain
from services.notification.messages.usecases.events import emit_message_changed
from services.notification.messages.usecases.known_message import (
    ChangeMessageTx,
    MessageById,
    known_message,
    save_message,
)
from services.notification.messages.usecases.views import MessageView, message_view
from shared_components.kernel.transactions import HasEvents

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


class CancelTx(HasEvents, ChangeMessageTx, Protocol):
    """The part of a transaction that cancelling needs."""


def cancel(tx: CancelTx, command: MessageById, context: CallContext) -> MessageView:
    """Raises MessageUnknown, MessageNotCancellable, StalePrecondition."""
    message = known_message(tx, command.message_id, context)
    cancelled, event = domain.cancel(message)
    emit_message_changed(tx, event, save_message(tx, message, cancelled))
    return message_view(cancelled, context.locale)

"""Tell where messages stand, for many calls at a time."""
from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from services.notification.messages.usecases.known_message import MessageById, ReadsMessages
from services.notification.messages.usecases.views import MessageView, message_view
from shared_components.kernel.errors import AppError

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call


class GetMessagesTx(Protocol):
    """The part of a transaction that reading messages needs."""

    @property
    def messages(self) -> ReadsMessages: ...


def get_messages(tx: GetMessagesTx, calls: Sequence[Call[MessageById]]) -> list[MessageView | AppError]:
    """Give each call its message, or MessageUnknown."""
    found = tx.messages.read([(call.context, call.data.message_id) for call in calls])
    return [
        message if isinstance(message, AppError) else message_view(message, call.context.locale)
        for call, message in zip(calls, found, strict=True)
    ]

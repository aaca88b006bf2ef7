"""Inbox messages as their recipient sees them."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.notification.messages.domain.message import Message


@dataclass(frozen=True, slots=True)
class InboxItemView:
    """A message for its recipient."""

    message_id: str
    subject: str | None = field(repr=False)
    body: str = field(repr=False)
    reference: str | None
    delivered_at: datetime | None
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class InboxView:
    """A page of an inbox. unread: of the whole inbox."""

    items: Sequence[InboxItemView]
    next: str | None
    unread: int


@dataclass(frozen=True, slots=True)
class ReadMarkView:
    message_id: str
    read_at: datetime | None


def inbox_item_view(message: Message) -> InboxItemView:
    return InboxItemView(
        message_id=message.message_id, subject=message.subject, body=message.body, reference=message.reference,
        delivered_at=message.delivered_at, read_at=message.read_at,
    )

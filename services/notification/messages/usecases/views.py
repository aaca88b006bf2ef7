"""Messages as their senders may see them."""
from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from services.notification.common.channels import mask_address
from services.notification.messages.domain.message import STATE_LABELS, Message
from shared_components.kernel.bilingual import in_locale


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message for its sender: where it stands, not what it says. address is masked."""

    message_id: str
    channel: str
    state: str
    state_label: str
    template_code: str
    template_version: int
    locale: str
    reference: str | None
    recipient_subject: str | None
    address: str | None = field(repr=False)
    attempts: int
    next_attempt_at: datetime | None
    failure_code: str | None
    created_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    read_at: datetime | None
    message_class: str
    parts: int | None


def message_view(message: Message, locale: str) -> MessageView:
    """locale: the reader's, for the state's name."""
    return MessageView(
        message_id=message.message_id, channel=message.channel, state=message.state,
        state_label=in_locale(STATE_LABELS[message.state], locale), template_code=message.template_code,
        template_version=message.template_version, locale=message.locale, reference=message.reference,
        recipient_subject=message.recipient_subject,
        address=None if message.address is None else mask_address(message.channel, message.address),
        attempts=message.attempts, next_attempt_at=message.next_attempt_at, failure_code=message.failure_code,
        created_at=message.created_at, sent_at=message.sent_at, delivered_at=message.delivered_at,
        read_at=message.read_at, message_class=message.message_class, parts=message.parts,
    )

"""The events of messages: ids and state, never the words or the address."""
from __future__ import annotations

from services.notification.messages.domain.message import Message
from shared_components.kernel.transactions import HasEvents

ACCEPTED = "message-accepted"
ACCEPTED_BY_CLASS = {"urgent": "urgent-message-accepted", "normal": ACCEPTED, "bulk": "bulk-message-accepted"}
"""Class of a message → the event that starts its delivery: each has a queue of its own."""
PUBLISHED = (
    *ACCEPTED_BY_CLASS.values(), "message-scheduled", "message-sent", "message-delivered", "message-failed",
    "message-cancelled", "message-expired",
)


def emit_message_changed(tx: HasEvents, event: str, message: Message) -> None:
    """Record an edge's event; those of single attempts stay inside."""
    event = ACCEPTED_BY_CLASS[message.message_class] if event == ACCEPTED else event
    if event not in PUBLISHED:
        return
    data = {
        "message_id": message.message_id, "channel": message.channel, "state": message.state,
        "template_code": message.template_code, "reference": message.reference,
        "recipient_subject": message.recipient_subject, "failure_code": message.failure_code,
    }  # fmt: skip
    tx.events.record(event, aggregate=message.message_id, tenant=message.tenant, data=data)

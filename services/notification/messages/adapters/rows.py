"""Messages as rows, and rows as messages."""
from __future__ import annotations

from dataclasses import fields
from typing import Any

from sqlalchemy import Row, RowMapping

from services.notification.common.channels import INBOX
from services.notification.messages.adapters.field_encryption import FieldEncryption
from services.notification.messages.domain.message import Message, SmsContent
from shared_components.kernel.apps import APP_PREFIX
from shared_components.security.authority import Facts

_NOT_PLAIN = {"tenant", "address", "subject", "body", "sms"}
_PLAIN = tuple(field.name for field in fields(Message) if field.name not in _NOT_PLAIN)
"""Columns that have the field's name and its value as it is."""
_CHANGING = (
    "state", "attempts", "next_attempt_at", "failure_code", "sent_at", "delivered_at", "read_at", "carrier",
    "carrier_reference",
)


def message_values(message: Message, encryption: FieldEncryption) -> dict[str, Any]:
    return {
        **{name: getattr(message, name) for name in _PLAIN},
        "tenant_id": message.tenant,
        "sealed_content": encryption.seal_content(message),
        "sealed_address": encryption.seal_address(message),
        "address_index": encryption.address_index(message),
    }


def message_facts(row: Row[Any]) -> Facts:
    """The facts that decide who may see the message."""
    return Facts(row.tenant_id, _recipient(row), row.app, thing=row.message_id)


def inbox_facts(row: Row[Any]) -> Facts:
    """The same for an inbox: a message there that belongs to no app is for the person, whichever app shows it."""
    of_app = row.channel != INBOX or row.app.startswith(APP_PREFIX)
    return Facts(row.tenant_id, _recipient(row), row.app if of_app else None, thing=getattr(row, "message_id", ""))


def _recipient(row: Row[Any]) -> dict[str, str]:
    return {} if row.recipient_subject is None else {"recipient": row.recipient_subject}


def changed_values(message: Message) -> dict[str, Any]:
    """The columns that change in a message's life."""
    return {name: getattr(message, name) for name in _CHANGING}


def to_message(row: RowMapping, encryption: FieldEncryption) -> Message:
    """Raises Undecryptable."""
    message_id = row["message_id"]
    subject, body, sms = encryption.open_content(row["sealed_content"], message_id)
    address = encryption.open_address(row["sealed_address"], message_id)
    return _message(row, address=address, subject=subject, body=body, sms=sms)


def to_outline(row: RowMapping) -> Message:
    """The message without what is encrypted: no address, no subject, an empty body."""
    return _message(row, address=None, subject=None, body="", sms=None)


def _message(
    row: RowMapping, *, address: str | None, subject: str | None, body: str, sms: SmsContent | None,
) -> Message:
    plain = {name: row[name] for name in _PLAIN}
    return Message(**plain, tenant=row["tenant_id"], address=address, subject=subject, body=body, sms=sms)

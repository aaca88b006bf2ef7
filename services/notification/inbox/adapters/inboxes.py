"""Inboxes in the database: messages of one channel, by recipient."""
from __future__ import annotations

from typing import Any, cast

from sqlalchemy import ColumnElement, Select, Table, func, or_, select
from sqlalchemy.orm import Session

from services.notification.common.channels import INBOX
from services.notification.inbox.usecases.read_inbox import InboxOf
from services.notification.messages.adapters.field_encryption import FieldEncryption
from services.notification.messages.adapters.rows import to_message
from services.notification.messages.domain.message import CANCELLED, Message
from services.notification.messages.models import MessageRow as Row
from shared_components.kernel.apps import APP_PREFIX

TABLE = cast(Table, Row.__table__)


class SqlInboxes:
    def __init__(self, session: Session, encryption: FieldEncryption) -> None:
        self._session = session
        self._encryption = encryption

    def page(self, inbox: InboxOf, *, after: str | None, limit: int) -> list[Message]:
        query = _within(select(TABLE), inbox).order_by(Row.message_id.desc()).limit(limit)
        if after is not None:
            query = query.where(Row.message_id < after)
        return [to_message(row, self._encryption) for row in self._session.execute(query).mappings()]

    def count_unread(self, inbox: InboxOf) -> int:
        query = _within(select(func.count()).select_from(TABLE), inbox).where(Row.read_at.is_(None))
        return int(self._session.execute(query).scalar_one())


def _within(query: Select[Any], inbox: InboxOf) -> Select[Any]:
    return query.where(
        Row.tenant_id == inbox.tenant, Row.recipient_subject == inbox.subject, Row.channel == INBOX,
        Row.state != CANCELLED, *_of_apps(inbox))


def _of_apps(inbox: InboxOf) -> list[ColumnElement[bool]]:
    """An app sees its own messages, and those that belong to no app."""
    return [] if inbox.apps is None else [or_(Row.app.in_(inbox.apps), ~Row.app.startswith(APP_PREFIX))]

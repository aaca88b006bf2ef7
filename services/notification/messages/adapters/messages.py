"""Messages in the database."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import CursorResult, RowMapping, Table, insert, select, update
from sqlalchemy.orm import Session

from services.notification.messages.adapters.field_encryption import FieldEncryption
from services.notification.messages.adapters.rows import changed_values, message_values, to_message, to_outline
from services.notification.messages.domain.message import Message
from services.notification.messages.models import MessageRow as Row
from services.notification.messages.usecases.list_messages import MessageFilter

TABLE = cast(Table, Row.__table__)


class SqlMessages:
    def __init__(self, session: Session, encryption: FieldEncryption) -> None:
        self._session = session
        self._encryption = encryption

    def add(self, messages: Sequence[Message]) -> None:
        if messages:
            self._session.execute(insert(TABLE), [message_values(message, self._encryption) for message in messages])

    def get(self, tenant: str, message_id: str) -> Message | None:
        row = self._row(tenant, message_id)
        return None if row is None else to_message(row, self._encryption)

    def outline(self, tenant: str, message_id: str) -> Message | None:
        row = self._row(tenant, message_id)
        return None if row is None else to_outline(row)

    def put_off(self, tenant: str, message_id: str, until: datetime) -> None:
        chosen = update(TABLE).where(Row.tenant_id == tenant, Row.message_id == message_id)
        self._session.execute(chosen.where(Row.next_attempt_at.is_not(None)).values(next_attempt_at=until))

    def find(self, tenant: str, wanted: MessageFilter) -> list[Message]:
        query = select(TABLE).where(Row.tenant_id == tenant).order_by(Row.message_id.desc()).limit(wanted.limit)
        if wanted.after is not None:
            query = query.where(Row.message_id < wanted.after)
        if wanted.reference is not None:
            query = query.where(Row.reference == wanted.reference)
        if wanted.recipient_subject is not None:
            query = query.where(Row.recipient_subject == wanted.recipient_subject)
        if wanted.channel is not None:
            query = query.where(Row.channel == wanted.channel)
        if wanted.apps is not None:
            query = query.where(Row.app.in_(wanted.apps))
        return [to_message(row, self._encryption) for row in self._session.execute(query).mappings()]

    def save(self, before: Message, after: Message) -> bool:
        # state and attempts together change with every attempt, so equal ones mean nobody was there in between.
        same = (Row.message_id == before.message_id, Row.tenant_id == before.tenant, Row.state == before.state,
                Row.attempts == before.attempts)
        result = self._session.execute(update(TABLE).where(*same).values(**changed_values(after)))
        return isinstance(result, CursorResult) and result.rowcount == 1

    def due(self, at: datetime, limit: int) -> list[tuple[str, str]]:
        query = select(Row.tenant_id, Row.message_id).where(Row.next_attempt_at <= at)
        rows = self._session.execute(query.order_by(Row.next_attempt_at).limit(limit))
        return [(tenant, message_id) for tenant, message_id in rows]

    def _row(self, tenant: str, message_id: str) -> RowMapping | None:
        query = select(TABLE).where(Row.tenant_id == tenant, Row.message_id == message_id)
        return self._session.execute(query).mappings().first()

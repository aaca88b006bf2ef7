"""Messages in the database, their address and words sealed."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, RowMapping, func, insert, or_, select, update
from sqlalchemy.orm import Session

from services.notification.domain.channels import INBOX
from services.notification.domain.messages import Message
from services.notification.domain.ports import Filter
from services.notification.models import MessageRow
from shared_components.kernel.apps import APP_PREFIX
from shared_components.security import Secrets

_table = MessageRow.__table__.c
_SEALED = {"tenant", "address", "subject", "body"}
_PLAIN = tuple(field.name for field in fields(Message) if field.name not in _SEALED)
_CHANGING = ("state", "attempts", "next_attempt_at", "failure_code", "sent_at", "delivered_at", "read_at")


class SqlMessages:
    def __init__(self, session: Session, secrets: Secrets) -> None:
        self._session = session
        self._secrets = secrets

    def add(self, messages: Sequence[Message]) -> None:
        if messages:
            rows = [self._row(message) for message in messages]
            self._session.execute(insert(MessageRow.__table__), rows)  # type: ignore[arg-type]

    def get(self, tenant: str, message_id: str) -> Message | None:
        row = self._row_of(tenant, message_id)
        return None if row is None else self._message(row)

    def outline(self, tenant: str, message_id: str) -> Message | None:
        row = self._row_of(tenant, message_id)
        return None if row is None else _outline(row, address=None, subject=None, body="")

    def put_off(self, tenant: str, message_id: str, until: datetime) -> None:
        chosen = update(MessageRow).where(_table.tenant_id == tenant, _table.message_id == message_id)
        self._session.execute(chosen.where(_table.next_attempt_at.is_not(None)).values(next_attempt_at=until))

    def find(self, tenant: str, wanted: Filter) -> list[Message]:
        query = select(*_table).where(_table.tenant_id == tenant).order_by(_table.message_id.desc()).limit(wanted.limit)
        if wanted.after is not None:
            query = query.where(_table.message_id < wanted.after)
        for column in ("reference", "recipient_subject", "channel"):
            value = getattr(wanted, column)
            if value is not None:
                query = query.where(_table[column] == value)
        query = query.where(*_of_apps(wanted))
        return [self._message(row) for row in self._session.execute(query).mappings()]

    def count_unread(self, tenant: str, wanted: Filter) -> int:
        query = select(func.count()).where(
            _table.tenant_id == tenant, _table.recipient_subject == wanted.recipient_subject, _table.channel == INBOX,
            _table.read_at.is_(None), *_of_apps(wanted))
        return int(self._session.execute(query).scalar_one())

    def save(self, before: Message, after: Message) -> bool:
        # state and attempts together change with every attempt, so equal ones mean nobody was there meanwhile.
        same = (_table.message_id == before.message_id, _table.tenant_id == before.tenant,
                _table.state == before.state, _table.attempts == before.attempts)  # fmt: skip
        values = {name: getattr(after, name) for name in _CHANGING}
        result = self._session.execute(update(MessageRow.__table__).where(*same).values(**values))  # type: ignore[arg-type]
        return int(getattr(result, "rowcount", 0)) == 1

    def due(self, at: datetime, limit: int) -> list[tuple[str, str]]:
        query = select(_table.tenant_id, _table.message_id).where(_table.next_attempt_at <= at)
        rows = self._session.execute(query.order_by(_table.next_attempt_at).limit(limit))
        return [(tenant, message_id) for tenant, message_id in rows]

    def _row_of(self, tenant: str, message_id: str) -> RowMapping | None:
        query = select(*_table).where(_table.tenant_id == tenant, _table.message_id == message_id)
        return self._session.execute(query).mappings().first()

    def _row(self, message: Message) -> dict[str, Any]:
        content = orjson.dumps([message.subject, message.body]).decode()
        address = message.address
        return {
            **{name: getattr(message, name) for name in _PLAIN},
            "tenant_id": message.tenant,
            "sealed_content": self._secrets.fields.encrypt(content, aad=_aad(message.message_id, "content")),
            "sealed_address":
                address and self._secrets.fields.encrypt(address, aad=_aad(message.message_id, "address")),
            "address_index": address and self._secrets.blind_index(message.tenant, message.channel, address.lower()),
        }  # fmt: skip

    def _message(self, row: RowMapping) -> Message:
        unseal, message_id = self._secrets.fields.decrypt, row["message_id"]
        subject, body = orjson.loads(unseal(row["sealed_content"], aad=_aad(message_id, "content")))
        sealed = row["sealed_address"]
        address = None if sealed is None else unseal(sealed, aad=_aad(message_id, "address"))
        return _outline(row, address=address, subject=subject, body=body)


def _outline(row: RowMapping, **words: Any) -> Message:
    plain = {name: row[name] for name in _PLAIN}
    return Message(**plain, tenant=row["tenant_id"], **words)


def _of_apps(wanted: Filter) -> list[ColumnElement[bool]]:
    if wanted.apps is None:
        return []
    own = _table.app.in_(wanted.apps)
    return [or_(own, ~_table.app.startswith(APP_PREFIX)) if wanted.told else own]


def _aad(message_id: str, field: str) -> str:
    return f"{message_id}/{field}"

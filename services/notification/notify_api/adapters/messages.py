"""An app's messages, with their words."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from services.notification.messages.adapters.field_encryption import FieldEncryption
from services.notification.messages.adapters.rows import message_facts, to_message
from services.notification.messages.domain.message import Message
from services.notification.messages.models import MessageRow
from services.notification.notify_api.usecases.messages import MessageFilter
from shared_components.db import table_of
from shared_components.db.load_many import Reading, open_row
from shared_components.kernel.apps import BEFORE_APPS
from shared_components.kernel.calls import CallContext
from shared_components.security.authority.search import search, searched_tenant

M = table_of(MessageRow)


class SqlSentMessages:
    def __init__(self, session: Session, encryption: FieldEncryption) -> None:
        self._session = session
        self._reading = Reading(message_facts, lambda row: to_message(row._mapping, encryption))

    def sent_by(self, context: CallContext, wanted: MessageFilter) -> Sequence[Message]:
        query = _of_app(context).where(M.c.channel.in_(sorted(wanted.channels)))
        if wanted.states:
            query = query.where(M.c.state.in_(sorted(wanted.states)))
        if wanted.reference is not None:
            query = query.where(M.c.reference == wanted.reference)
        if wanted.older_than is not None:
            query = query.where(M.c.message_id < wanted.older_than)
        rows = self._session.execute(query.order_by(M.c.message_id.desc()).limit(wanted.limit))
        found = (open_row(context, self._reading.seal(row)) for row in rows)
        return [message for message in found if message is not None]

    def one_sent_by(self, context: CallContext, message_id: str) -> Message | None:
        row = self._session.execute(_of_app(context).where(M.c.message_id == message_id)).first()
        return None if row is None else open_row(context, self._reading.seal(row))


def _of_app(context: CallContext) -> Select[Any]:
    query = select(M).where(M.c.tenant_id == searched_tenant(context))
    maker = search(context).maker
    return query if maker is None else query.where(or_(M.c.app == maker, M.c.app == BEFORE_APPS))

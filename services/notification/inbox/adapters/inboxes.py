"""Inboxes in the database: messages of one channel, by recipient."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Select, Table, func, or_, select
from sqlalchemy.orm import Session

from services.notification.common.channels import INBOX
from services.notification.inbox.usecases.read_inbox import InboxPage
from services.notification.messages.adapters.field_encryption import FieldEncryption
from services.notification.messages.adapters.messages import BY_ID
from services.notification.messages.adapters.rows import inbox_facts, to_message
from services.notification.messages.domain.message import CANCELLED, Message
from services.notification.messages.models import MessageRow
from services.notification.messages.usecases.known_message import unknown_message
from shared_components.db.load_many import Columns, Lists, Reading, load_lists, load_many
from shared_components.db.subject_aliases import survivor_of
from shared_components.kernel.apps import APP_PREFIX, BEFORE_APPS
from shared_components.kernel.calls import CallContext
from shared_components.kernel.errors import AppError, NotFound
from shared_components.security.authority.search import search

TABLE = cast(Table, MessageRow.__table__)
FACTS = (TABLE.c.tenant_id, TABLE.c.recipient_subject, TABLE.c.app, TABLE.c.channel)
MOST_APPS = 1000
"""Apps and services that one inbox has messages of."""


def _within(query: Select[Any], asked: Columns) -> Select[Any]:
    query = query.where(
        TABLE.c.recipient_subject == survivor_of(asked["recipient"]), TABLE.c.channel == INBOX,
        TABLE.c.state != CANCELLED)
    if "tenant" in asked:
        query = query.where(TABLE.c.tenant_id == asked["tenant"])
    if "maker" in asked:
        of_no_app = ~TABLE.c.app.startswith(APP_PREFIX)
        query = query.where(or_(TABLE.c.app == asked["maker"], TABLE.c.app == BEFORE_APPS, of_no_app))
    return query


def _newest_first(asked: Columns) -> Select[Any]:
    query = _within(select(TABLE), asked)
    if "before" in asked:
        query = query.where(TABLE.c.message_id < asked["before"])
    return query.order_by(TABLE.c.message_id.desc())


def _unread(asked: Columns) -> Select[Any]:
    """Counts by the facts that a permit needs: one decision is good for all messages with these facts."""
    query = _within(select(*FACTS, func.count().label("unread")), asked)
    return query.where(TABLE.c.read_at.is_(None)).group_by(*FACTS)


NEWEST_FIRST, UNREAD = Lists(_newest_first, holders=True), Lists(_unread, holders=True)
COUNTED = Reading(inbox_facts, lambda row: int(row.unread))


class SqlInboxes:
    def __init__(self, session: Session, encryption: FieldEncryption) -> None:
        self._session = session
        self._encryption = encryption
        self._reading = Reading(inbox_facts, self._open)

    def read(self, asked: Sequence[tuple[CallContext, str]]) -> list[Message | AppError]:
        # The id that was asked for stands in the error.
        found = load_many(self._session, BY_ID, asked, self._reading, NotFound)
        return [
            unknown_message(message_id) if isinstance(one, NotFound) else one
            for (_, message_id), one in zip(asked, found, strict=True)
        ]

    def pages(self, asked: Sequence[tuple[CallContext, InboxPage]]) -> list[list[Message]]:
        return load_lists(self._session, NEWEST_FIRST, [
            (context, {**_place(context, page.recipient), "before": page.after}, page.limit)
            for context, page in asked], self._reading)

    def unread(self, asked: Sequence[tuple[CallContext, str]]) -> list[int]:
        counts = load_lists(self._session, UNREAD, [
            (context, _place(context, recipient), MOST_APPS) for context, recipient in asked], COUNTED)
        return [sum(of_one) for of_one in counts]

    def _open(self, row: Any) -> Message:
        return to_message(row._mapping, self._encryption)


def _place(context: CallContext, recipient: str) -> dict[str, Any]:
    return {"recipient": recipient, "maker": search(context).maker}

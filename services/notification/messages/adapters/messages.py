"""Messages in the database."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Select, Table, bindparam, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.notification.carriers.domain.carrier import Receipt
from services.notification.common.channels import INBOX, SMS
from services.notification.messages.adapters.field_encryption import FieldEncryption
from services.notification.messages.adapters.rows import (
    changed_values,
    message_facts,
    message_values,
    to_message,
    to_outline,
)
from services.notification.messages.domain.message import CREATED, OVER, SENDING, SENT, TEMPORARY, Message
from services.notification.messages.models import MessageRow as Row
from services.notification.messages.usecases.known_message import unknown_message
from services.notification.messages.usecases.list_messages import MessageFilter
from shared_components.db import update_each
from shared_components.db.load_many import ByKey, Columns, Lists, Reading, load_lists, load_many
from shared_components.db.subject_aliases import survivor_of
from shared_components.kernel.apps import BEFORE_APPS
from shared_components.kernel.calls import CallContext
from shared_components.kernel.errors import AppError, NotFound
from shared_components.security.authority.opening import open_row, work_in
from shared_components.security.authority.search import search

TABLE = cast(Table, Row.__table__)
BY_ID = ByKey(TABLE, "message_id", anywhere=True)
OUTLINE = Reading(message_facts, lambda row: to_outline(row._mapping))
SERVICE = "notification"


def _newest_first(asked: Columns) -> Select[Any]:
    query = select(TABLE).where(TABLE.c.tenant_id == asked["tenant"])
    for name in ("reference", "channel"):
        if name in asked:
            query = query.where(TABLE.c[name] == asked[name])
    if "recipient_subject" in asked:
        query = query.where(TABLE.c.recipient_subject == survivor_of(asked["recipient_subject"]))
    if "before" in asked:
        query = query.where(TABLE.c.message_id < asked["before"])
    if "maker" in asked:
        query = query.where(or_(TABLE.c.app == asked["maker"], TABLE.c.app == BEFORE_APPS))
    return query.order_by(TABLE.c.message_id.desc())


NEWEST_FIRST = Lists(_newest_first)


# Built once; in one order, so that two groups with the same messages never wait for each other.
LOCKED = select(TABLE).where(
    TABLE.c.message_id.in_(bindparam("ids", expanding=True))).order_by(TABLE.c.message_id).with_for_update()


@dataclass(frozen=True, slots=True)
class HeldMessage:
    """A locked row: its outline, and how to open all of it."""

    outline: Message
    open: Callable[[], Message]


class SqlMessages:
    def __init__(self, session: Session, encryption: FieldEncryption) -> None:
        self._session = session
        self._encryption = encryption
        self._reading = Reading(message_facts, self._open)

    def _open(self, row: Any) -> Message:
        return to_message(row._mapping, self._encryption)

    def add(self, messages: Sequence[Message]) -> None:
        if messages:
            self._session.execute(insert(TABLE), [message_values(message, self._encryption) for message in messages])

    def add_new(self, messages: Sequence[Message]) -> set[str]:
        """Add those whose id is not there yet; gives their ids."""
        if not messages:
            return set()
        dialect: Any = postgresql if self._session.get_bind().dialect.name == "postgresql" else sqlite
        new = dialect.insert(TABLE).on_conflict_do_nothing(index_elements=["message_id"]).returning(TABLE.c.message_id)
        values = [message_values(message, self._encryption) for message in messages]
        return set(self._session.connection().execute(new, values).scalars())

    def states_of_job(self, job_id: str) -> dict[str, int]:
        counted = select(Row.state, func.count().label("messages")).where(Row.job_id == job_id).group_by(Row.state)
        return {row.state: row.messages for row in self._session.execute(counted)}

    def waiting_of_job(self, job_id: str, most: int) -> int:
        waiting = select(Row.message_id).where(
            Row.job_id == job_id, Row.state.in_((CREATED, SENDING, TEMPORARY)), Row.next_attempt_at.is_not(None))
        return self._session.scalar(select(func.count()).select_from(waiting.limit(most).subquery())) or 0

    def lock_many(self, asked: Sequence[tuple[str, str]]) -> list[HeldMessage]:
        tenants = {message_id: tenant for tenant, message_id in asked}
        rows = self._session.execute(LOCKED, {"ids": sorted(tenants)})
        return [self._held(row) for row in rows if row.tenant_id == tenants[row.message_id]]

    def _held(self, row: Any) -> HeldMessage:
        context = work_in(row.tenant_id, SERVICE)
        outline = open_row(context, OUTLINE.seal(row))
        assert outline is not None, "a service may work on the rows of the tenant it works in"
        return HeldMessage(outline, lambda: open_row(context, self._reading.seal(row)) or outline)

    def save_many(self, changes: Sequence[tuple[Message, Message]]) -> None:
        update_each(self._session, TABLE, [
            {"message_id": after.message_id, **changed_values(after)} for _, after in changes], key=("message_id",))

    def put_off(self, tenant: str, message_id: str, until: datetime) -> None:
        chosen = update(TABLE).where(Row.tenant_id == tenant, Row.message_id == message_id)
        self._session.execute(chosen.where(Row.next_attempt_at.is_not(None)).values(next_attempt_at=until))

    def read(self, asked: Sequence[tuple[CallContext, str]]) -> list[Message | AppError]:
        # The id that was asked for stands in the error.
        found = load_many(self._session, BY_ID, asked, self._reading, NotFound)
        return [
            unknown_message(message_id) if isinstance(one, NotFound) else one
            for (_, message_id), one in zip(asked, found, strict=True)
        ]

    def pages(self, asked: Sequence[tuple[CallContext, MessageFilter]]) -> list[list[Message]]:
        return load_lists(self._session, NEWEST_FIRST, [
            (context, {
                "reference": wanted.reference, "recipient_subject": wanted.recipient_subject,
                "channel": wanted.channel, "before": wanted.after,
                "maker": search(context).maker,
            }, wanted.limit)
            for context, wanted in asked], self._reading)

    def save(self, before: Message, after: Message) -> bool:
        # state and attempts together change with every attempt, so equal ones mean nobody was there in between.
        same = (Row.message_id == before.message_id, Row.tenant_id == before.tenant, Row.state == before.state,
                Row.attempts == before.attempts)
        result = self._session.execute(update(TABLE).where(*same).values(**changed_values(after)))
        return isinstance(result, CursorResult) and result.rowcount == 1

    def due(self, at: datetime, limit: int, message_class: str) -> list[tuple[str, str, str]]:
        query = select(Row.tenant_id, Row.message_id, Row.channel).where(
            Row.message_class == message_class, Row.next_attempt_at <= at)
        rows = self._session.execute(query.order_by(Row.next_attempt_at).limit(limit))
        return [(tenant, message_id, channel) for tenant, message_id, channel in rows]

    def purge(self, before: datetime, most: int) -> int:
        old = select(Row.message_id).where(
            Row.created_at < before, Row.channel != INBOX, Row.state.in_((*OVER, SENT)),
            Row.sealed_content != b"").limit(most)
        ids = list(self._session.scalars(old))
        if ids:
            self._session.execute(update(TABLE).where(TABLE.c.message_id.in_(ids)).values(
                sealed_content=b"", sealed_address=None, address_index=None))
        return len(ids)

    def places(self, receipts: Sequence[Receipt]) -> dict[Receipt, tuple[str, str]]:
        ids = [receipt.message_id for receipt in receipts if receipt.message_id]
        references = [receipt.reference for receipt in receipts if not receipt.message_id]
        found = self._session.execute(select(
            Row.tenant_id, Row.message_id, Row.carrier, Row.carrier_reference,
        ).where(or_(Row.message_id.in_(ids), Row.carrier_reference.in_(references)), Row.channel == SMS)).all()
        by_id = {row.message_id: (row.tenant_id, row.message_id) for row in found}
        by_reference = {(row.carrier, row.carrier_reference): (row.tenant_id, row.message_id) for row in found}
        places = {
            receipt: by_id.get(receipt.message_id) if receipt.message_id
            else by_reference.get((receipt.carrier, receipt.reference))
            for receipt in receipts}
        return {receipt: place for receipt, place in places.items() if place is not None}

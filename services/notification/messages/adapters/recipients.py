"""Recipients in the database, and the messages that wait for them."""
from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import cast

from sqlalchemy import Table, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.notification.common.channels import INBOX
from services.notification.messages.domain.message import CREATED
from services.notification.messages.models import MessageRow, RecipientRow
from services.notification.messages.usecases.learn_recipients import RecipientKey
from shared_components.db import hold_key

RECIPIENTS = cast(Table, RecipientRow.__table__)
MESSAGES = cast(Table, MessageRow.__table__)


class SqlRecipients:
    def __init__(self, session: Session) -> None:
        self._session = session

    def known(self, keys: Collection[RecipientKey]) -> set[RecipientKey]:
        key = (RecipientRow.tenant_id, RecipientRow.subject_id)
        found = self._session.execute(select(*key).where(tuple_(*key).in_(sorted(keys))))
        return {(tenant, subject) for tenant, subject in found}

    def tenants_of(self, subject_id: str) -> list[str]:
        return list(self._session.scalars(
            select(RecipientRow.tenant_id).where(RecipientRow.subject_id == subject_id)))

    def hold(self, keys: Collection[RecipientKey]) -> None:
        # In one order, so that two groups with the same recipients wait for one another in turn and not crosswise.
        for tenant, subject in sorted(keys):
            hold_key(self._session, "recipient", tenant, subject)

    def add(self, keys: Collection[RecipientKey]) -> None:
        rows = [{"tenant_id": tenant, "subject_id": subject} for tenant, subject in sorted(keys)]
        dialect = postgresql if self._session.get_bind().dialect.name == "postgresql" else sqlite
        self._session.execute(dialect.insert(RECIPIENTS).values(rows).on_conflict_do_nothing())


class SqlWaitingMessages:
    def __init__(self, session: Session) -> None:
        self._session = session

    def wake(self, keys: Collection[RecipientKey], at: datetime) -> None:
        recipient = tuple_(MessageRow.tenant_id, MessageRow.recipient_subject)
        waiting = update(MESSAGES).where(
            recipient.in_(sorted(keys)), MessageRow.channel == INBOX, MessageRow.state == CREATED)
        self._session.execute(waiting.values(next_attempt_at=at))

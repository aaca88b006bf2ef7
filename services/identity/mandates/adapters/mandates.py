"""Mandates in SQL. A permit opens rows for their two sides; use cases that change them lock by id."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, Table, and_, func, insert, or_, select, update
from sqlalchemy.orm import Session

from services.identity.mandates.adapters.feed import MandateFeed
from services.identity.mandates.adapters.rows import Names, change_of, change_row, mandate_of, mandate_row
from services.identity.mandates.domain import states
from services.identity.mandates.domain.errors import MandateNotFound
from services.identity.mandates.domain.mandate import PROPOSAL_DAYS, REPRESENTATIVE, Change, Mandate
from services.identity.mandates.domain.ports import ListFilter
from services.identity.mandates.models import MandateChangeRow
from services.identity.mandates.models import MandateRow as Row
from services.identity.subjects.domain.documents import china_today
from shared_components.db.load_many import ByKey, open_row
from shared_components.kernel.calls import CallContext
from shared_components.kernel.errors import AppError
from shared_components.security.authority import Facts, Sealed

TABLE = cast(Table, Row.__table__)
BY_ID = ByKey(TABLE, "mandate_id", anywhere=True)


class SqlMandates:
    def __init__(self, session: Session, names: Names, feed: MandateFeed) -> None:
        self._session, self._names, self._feed = session, names, feed
        self.key_of = names.key_of

    def add(self, mandate: Mandate) -> None:
        self._session.execute(insert(Row).values(**mandate_row(mandate, self._names)))
        if mandate.state == states.ACTIVE:
            self._feed.stored(mandate)

    def save(self, mandate: Mandate, *, was_active: bool) -> None:
        self._session.execute(
            update(Row).where(Row.mandate_id == mandate.mandate_id)
            .values(state=mandate.state, agent_id=mandate.agent_id, revision=mandate.revision,
                    valid_until=mandate.terms.valid_until, successor_id=mandate.successor_id)
            .execution_options(synchronize_session=False))
        if was_active or mandate.state == states.ACTIVE:
            self._feed.stored(mandate)

    def remember(self, change: Change) -> None:
        self._session.execute(insert(MandateChangeRow).values(**change_row(change)))

    def read(self, asked: Sequence[tuple[CallContext, str, str | None]]) -> list[Mandate | AppError]:
        rows = BY_ID.find(self._session, [(None, mandate_id) for _, mandate_id, _ in asked])
        return [self._outcome(context, rows.get((None, mandate_id)), key) for context, mandate_id, key in asked]

    def page(self, context: CallContext, agent_key: str | None, wanted: ListFilter) -> Sequence[Mandate]:
        reader = context.citizen
        side = Row.principal_id == reader if wanted.given else _received_by(reader, agent_key)
        query = select(TABLE).where(side)
        if wanted.state is not None:
            query = query.where(Row.state == wanted.state)
        if wanted.before is not None:
            query = query.where(Row.mandate_id < wanted.before)
        rows = self._session.execute(query.order_by(Row.mandate_id.desc()).limit(wanted.limit)).all()
        found = [self._opened(context, row, agent_key) for row in rows]
        return [each for each in found if each is not None]

    def get(self, mandate_id: str) -> Mandate | None:
        return self._one(select(TABLE).where(Row.mandate_id == mandate_id))

    def lock(self, mandate_id: str) -> Mandate | None:
        return self._one(select(TABLE).where(Row.mandate_id == mandate_id).with_for_update())

    def active_of_agent(self, agent_id: str) -> Sequence[Mandate]:
        return self._all(select(TABLE).where(Row.agent_id == agent_id, Row.state == states.ACTIVE))

    def all_of(self, subject_id: str, *, limit: int) -> Sequence[Mandate]:
        side = or_(Row.principal_id == subject_id, Row.agent_id == subject_id)
        return self._all(select(TABLE).where(side).limit(limit))

    def lock_open_of(self, subject_id: str) -> Sequence[Mandate]:
        side = or_(Row.principal_id == subject_id, Row.agent_id == subject_id)
        return self._all(select(TABLE).where(side, Row.state.in_(states.OPEN)).with_for_update())

    def lock_representative(self, principal_id: str) -> Mandate | None:
        return self._one(select(TABLE).where(
            Row.principal_id == principal_id, Row.kind == REPRESENTATIVE, Row.state.in_(states.OPEN),
        ).with_for_update())

    def count_open(self, principal_id: str) -> int:
        query = select(func.count()).select_from(Row).where(
            Row.principal_id == principal_id, Row.state.in_(states.OPEN))
        return self._session.scalar(query) or 0

    def lock_due(self, at: datetime, limit: int) -> Sequence[Mandate]:
        late = and_(Row.state == states.PROPOSED, Row.created_at <= at - timedelta(days=PROPOSAL_DAYS))
        due = or_(Row.valid_until < china_today(at), late)
        query = select(TABLE).where(Row.state.in_(states.OPEN), due).limit(limit)
        return self._all(query.with_for_update(skip_locked=True))

    def changes(self, mandate_id: str, *, before: int | None, limit: int) -> Sequence[Change]:
        query = select(MandateChangeRow).where(MandateChangeRow.mandate_id == mandate_id)
        if before is not None:
            query = query.where(MandateChangeRow.revision < before)
        rows = self._session.execute(query.order_by(MandateChangeRow.revision.desc()).limit(limit)).scalars()
        return [change_of(row) for row in rows]

    def _outcome(self, context: CallContext, row: Any, agent_key: str | None) -> Mandate | AppError:
        try:
            return self._opened(context, row, agent_key) or MandateNotFound()
        except AppError as refusal:
            return refusal

    def _opened(self, context: CallContext, row: Any, agent_key: str | None) -> Mandate | None:
        if row is None:
            return None
        return open_row(context, Sealed(facts_of(context, row, agent_key), lambda: mandate_of(row, self._names)))

    def _one(self, query: Select[Any]) -> Mandate | None:
        row = self._session.execute(query).one_or_none()
        return None if row is None else mandate_of(row, self._names)

    def _all(self, query: Select[Any]) -> Sequence[Mandate]:
        rows = self._session.execute(query.order_by(Row.mandate_id)).all()
        return [mandate_of(row, self._names) for row in rows]


def facts_of(context: CallContext, row: Any, agent_key: str | None) -> Facts:
    """Give the facts for one call: a proposal that nobody has accepted is for whoever has the named document."""
    agent = row.agent_id
    if agent is None and agent_key is not None and row.agent_key == agent_key:
        agent = context.citizen
    subjects = {"principal": row.principal_id, "agent": agent} if agent else {"principal": row.principal_id}
    return Facts(row.tenant_id, subjects, matter=_matter_of(context, row), thing=row.mandate_id)


def _matter_of(context: CallContext, row: Any) -> str | None:
    """A matter by which a session limited to matters sees the mandate: all its matters are the session's."""
    limited = context.acting is not None and context.acting.mandate is not None and context.acting.mandate.matters
    return row.matters[0] if limited and row.matters and limited.issuperset(row.matters) else None


def _received_by(reader: str | None, agent_key: str | None) -> ColumnElement[bool]:
    own = Row.agent_id == reader
    return own if agent_key is None else or_(own, and_(Row.agent_id.is_(None), Row.agent_key == agent_key))

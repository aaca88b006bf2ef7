"""Licences in the database. Core statements, a handful a group, none lazy."""
from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Select, Table, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.elicence.adapters.rows import history_values, to_licence, to_values
from services.elicence.adapters.secrecy import KeyedSecrecy
from services.elicence.domain.errors import ActiveLicenceExists
from services.elicence.domain.licence import Change, Licence
from services.elicence.models import ACTIVE_STATES, LicenceChangeRow
from services.elicence.models import LicenceRow as Row
from shared_components.kernel.errors import AppError, StalePrecondition

log = logging.getLogger(__name__)

LICENCES = cast(Table, Row.__table__)
CHANGES = cast(Table, LicenceChangeRow.__table__)


class SqlLicences:
    def __init__(self, session: Session, secrecy: KeyedSecrecy) -> None:
        self._session = session
        self._secrecy = secrecy

    def get(self, tenant: str, *, licence_id: str | None = None, identifier: str | None = None) -> Licence | None:
        query = select(LICENCES).where(Row.tenant_id == tenant)
        if licence_id is not None:
            query = query.where(Row.licence_id == licence_id)
        if identifier is not None:
            query = query.where(Row.identifier == identifier)
        return next(iter(self._read(query.limit(1))), None)

    def page(
        self, tenant: str, holder_subject: str, *, type_code: str | None, before: str | None, limit: int
    ) -> list[Licence]:
        query = select(LICENCES).where(Row.tenant_id == tenant, Row.holder_subject == holder_subject)
        if type_code is not None:
            query = query.where(Row.type_code == type_code)
        if before is not None:
            query = query.where(Row.licence_id < before)
        return self._read(query.order_by(Row.licence_id.desc()).limit(limit))

    def by_ids(self, licence_ids: Collection[str]) -> dict[str, Licence]:
        found = self._read(select(LICENCES).where(Row.licence_id.in_(sorted(licence_ids))))
        return {licence.licence_id: licence for licence in found}

    def by_identifiers(self, identifiers: Collection[str]) -> dict[str, Licence]:
        found = self._read(select(LICENCES).where(Row.identifier.in_(sorted(identifiers))))
        return {licence.identifier.text: licence for licence in found}

    def lock(self, tenant: str, licence_id: str) -> Licence | None:
        query = select(LICENCES).where(Row.tenant_id == tenant, Row.licence_id == licence_id)
        return next(iter(self._read(query.with_for_update())), None)

    def lock_for_issue(self, holder_keys: Collection[str], identifiers: Collection[str]) -> list[Licence]:
        # One statement in one order: two groups that want the same rows cannot lock each other out.
        active = Row.holder_key.in_(sorted(holder_keys)) & ACTIVE_STATES
        query = select(LICENCES).where(or_(active, Row.identifier.in_(sorted(identifiers))))
        return self._read(query.order_by(Row.licence_id).with_for_update())

    def lock_ended(self, before: date, limit: int) -> list[Licence]:
        query = select(LICENCES).where(Row.valid_until < before, ACTIVE_STATES)
        rows = self._session.execute(query.order_by(Row.valid_until).limit(limit).with_for_update(skip_locked=True))
        read = [self._read_if_possible(row) for row in rows]
        return [licence for licence in read if licence is not None]

    def _read_if_possible(self, row: Any) -> Licence | None:
        """One that cannot be decrypted stops none of the others; its answers say by themselves that it has ended."""
        try:
            return to_licence(row, self._secrecy)
        except AppError as error:
            log.error("elicence.licence.unreadable", extra={"licence_id": row.licence_id, "code": error.code})
            return None

    def add(self, licences: Sequence[Licence]) -> None:
        # In one order, so that two groups with the same holders wait for one another in turn and not crosswise.
        ordered = sorted(licences, key=lambda one: (one.tenant, one.type_code, one.holder.key, one.scope))
        values = [to_values(licence, self._secrecy) for licence in ordered]
        rows = self._insert_active(values)
        if len(rows) != len(values):
            raise ActiveLicenceExists("holder was given a licence of this type at this moment; only one is allowed")

    def _insert_active(self, values: list[dict[str, Any]]) -> list[Any]:
        """A race for the same holder shows as a missing row, and not as an error that spoils the transaction."""
        dialect = postgresql if self._session.get_bind().dialect.name == "postgresql" else sqlite
        statement = dialect.insert(LICENCES).values(values).on_conflict_do_nothing(
            index_elements=["tenant_id", "type_code", "holder_key", "scope"], index_where=ACTIVE_STATES
        )
        return list(self._session.execute(statement.returning(Row.licence_id)))

    def apply(self, changes: Sequence[Change], actor: str) -> None:
        alike: dict[tuple[str, str, str, datetime], list[str]] = {}
        for change in changes:
            after = change.after
            key = (change.before.state, after.state, after.state_reason, after.state_changed_at)
            alike.setdefault(key, []).append(after.licence_id)
        for (stored, state, reason, at), licence_ids in alike.items():
            self._move(licence_ids, Row.state == stored, state=state, state_reason=reason, state_changed_at=at)
        self._session.execute(insert(CHANGES), [history_values(change, actor) for change in changes])

    def _move(self, licence_ids: list[str], still: ColumnElement[bool], **values: Any) -> None:
        statement = update(LICENCES).where(Row.licence_id.in_(licence_ids), still)
        result = self._session.execute(statement.values(revision=Row.revision + 1, **values))
        moved = result.rowcount if isinstance(result, CursorResult) else -1
        if moved != len(licence_ids):
            raise StalePrecondition(f"{len(licence_ids) - moved} licences have changed since they were read")

    def _read(self, query: Select[Any]) -> list[Licence]:
        return [to_licence(row, self._secrecy) for row in self._session.execute(query)]

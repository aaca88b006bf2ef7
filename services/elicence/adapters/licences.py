"""Licences in the database. Core statements, a handful a group, none lazy."""
from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, cast

from sqlalchemy import Select, Table, or_, select, tuple_
from sqlalchemy.orm import Session

from services.elicence.adapters.field_encryption import FieldEncryption
from services.elicence.adapters.rows import history_row, licence_facts, licence_of, licence_row, state_row
from services.elicence.adapters.shown import let_see
from services.elicence.domain.errors import ActiveLicenceExists, licence_not_found
from services.elicence.domain.licence import Change, Licence
from services.elicence.domain.ports import HolderPage
from services.elicence.models import ACTIVE_STATES, LicenceChangeRow
from services.elicence.models import LicenceRow as Row
from shared_components.db import insert_later, insert_new, update_each
from shared_components.db.load_many import ByKey, Columns, Lists, Reading, load_lists, load_many
from shared_components.db.subject_aliases import survivor_of, survivors
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.calls import CallContext
from shared_components.kernel.errors import AppError, StalePrecondition

log = logging.getLogger(__name__)

LICENCES = cast(Table, Row.__table__)
CHANGES = cast(Table, LicenceChangeRow.__table__)
BY_ID, BY_IDENTIFIER = (ByKey(LICENCES, key, anywhere=True) for key in ("licence_id", "identifier"))


def _of_holder(asked: Columns) -> Select[Any]:
    query = select(LICENCES).where(LICENCES.c.holder_subject == survivor_of(asked["holder_subject"]))
    if "tenant" in asked:
        query = query.where(LICENCES.c.tenant_id == asked["tenant"])
    if "type_code" in asked:
        query = query.where(LICENCES.c.type_code == asked["type_code"])
    if "before" in asked:
        query = query.where(LICENCES.c.licence_id < asked["before"])
    return query.order_by(LICENCES.c.licence_id.desc())


OF_HOLDER = Lists(_of_holder, holders=True)


class SqlLicences:
    def __init__(self, session: Session, cipher: FieldEncryption) -> None:
        self._session = session
        self._cipher = cipher
        self._reading = Reading(licence_facts, self._open)

    def read(self, asked: Sequence[tuple[CallContext, str]]) -> list[Licence | AppError]:
        return load_many(self._session, BY_ID, asked, self._reading, licence_not_found)

    def read_by_identifier(self, asked: Sequence[tuple[CallContext, str]]) -> list[Licence | AppError]:
        return load_many(self._session, BY_IDENTIFIER, asked, self._reading, licence_not_found)

    def survivors(self, subject_ids: Collection[str]) -> Mapping[str, str]:
        return survivors(self._session, subject_ids)

    def pages(self, asked: Sequence[tuple[CallContext, HolderPage]]) -> list[list[Licence]]:
        return load_lists(self._session, OF_HOLDER, [
            (context, {"holder_subject": page.holder_subject, "type_code": page.type_code, "before": page.before},
             page.limit)
            for context, page in asked], self._reading)

    def shown(self, licence_ids: Collection[str]) -> dict[str, Licence]:
        let_see(self._session, "shown", licence_ids)
        found = self._read(select(LICENCES).where(Row.licence_id.in_(sorted(licence_ids))))
        return {licence.licence_id: licence for licence in found}

    def by_identifiers(self, identifiers: Collection[str]) -> dict[str, Licence]:
        found = self._read(select(LICENCES).where(Row.identifier.in_(sorted(identifiers))))
        return {licence.identifier.text: licence for licence in found}

    def lock(self, wanted: Collection[tuple[str, str]]) -> dict[tuple[str, str], Licence]:
        # In one order: two groups that want the same rows cannot lock each other out.
        query = select(LICENCES).where(tuple_(Row.tenant_id, Row.licence_id).in_(sorted(wanted)))
        found = self._read(query.order_by(Row.licence_id).with_for_update())
        return {(licence.tenant, licence.licence_id): licence for licence in found}

    def lock_for_issue(self, holder_keys: Collection[str], identifiers: Collection[str]) -> list[Licence]:
        # In one order, as in lock.
        active = Row.holder_key.in_(sorted(holder_keys)) & ACTIVE_STATES
        query = select(LICENCES).where(or_(active, Row.identifier.in_(sorted(identifiers))) if identifiers else active)
        return self._read(query.order_by(Row.licence_id).with_for_update())

    def lock_ended(self, before: date, limit: int) -> list[Licence]:
        query = select(LICENCES).where(Row.valid_until < before, ACTIVE_STATES)
        rows = self._session.execute(query.order_by(Row.valid_until).limit(limit).with_for_update(skip_locked=True))
        read = [self._read_if_possible(row) for row in rows]
        return [licence for licence in read if licence is not None]

    def _read_if_possible(self, row: Any) -> Licence | None:
        """One that cannot be decrypted stops none of the others; its answers say by themselves that it has ended."""
        try:
            return self._open(row)
        except AppError as error:
            log.error("elicence.licence.unreadable", extra={"licence_id": row.licence_id, "code": error.code})
            return None

    def add(self, licences: Sequence[Licence]) -> None:
        # In one order, so that two groups with the same holders wait for one another in turn and not crosswise.
        ordered = sorted(licences, key=lambda one: (one.tenant, one.type_code, one.holder.key, one.scope))
        # A race for the same holder shows as a missing row, and not as an error that spoils the transaction.
        added = insert_new(self._session, LICENCES, [licence_row(licence, self._cipher) for licence in ordered])
        if len(added) != len(ordered):
            raise ActiveLicenceExists(Bilingual(
                "holder was given a licence of this type at this moment; only one is allowed",
                "持证人刚被签发同类证照；同一时间只允许有一份"))

    def apply(self, changes: Sequence[Change], actor: str) -> None:
        moved = update_each(self._session, LICENCES, [state_row(change) for change in changes],
                            key=["licence_id"], still={"state": "stored_state"})
        if moved != len(changes):
            raise StalePrecondition(Bilingual(
                f"{len(changes) - moved} licences have changed since they were read",
                f"有 {len(changes) - moved} 份证照在读取之后已有变化"))
        insert_later(self._session, CHANGES, [history_row(change, actor) for change in changes])

    def _read(self, query: Select[Any]) -> list[Licence]:
        return [self._open(row) for row in self._session.execute(query)]

    def _open(self, row: Any) -> Licence:
        return licence_of(row, self._cipher)

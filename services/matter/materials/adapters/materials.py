"""Files of cases and their tickets in the database."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from services.matter.cases.adapters.field_encryption import FieldEncryption
from services.matter.materials.domain.material import AWAITED, GIVEN, REMOVED, Material, Ticket
from services.matter.materials.models import MaterialRow, MaterialTicketRow
from shared_components.db import table_of

MATERIALS = table_of(MaterialRow)
TICKETS = table_of(MaterialTicketRow)
PLAIN = ("case_id", "content_id", "name", "state", "media_type", "size", "sha256", "created_at", "given_at")


class SqlMaterials:
    def __init__(self, session: Session, fields: FieldEncryption) -> None:
        self._session = session
        self._fields = fields

    def add(self, material: Material) -> None:
        sealed = self._fields.encrypt(
            _record(material.id), {"key": material.key.hex(), "file_name": material.file_name})
        self._session.execute(insert(MATERIALS), [{
            **{name: getattr(material, name) for name in PLAIN}, "material_id": material.id,
            "tenant_id": material.tenant, "sealed": sealed}])

    def of_case(self, case_id: str) -> Sequence[Material]:
        query = select(MATERIALS).where(MATERIALS.c.case_id == case_id, MATERIALS.c.state != REMOVED)
        return [self._read(row) for row in self._session.execute(query.order_by(MATERIALS.c.material_id))]

    def find(self, material_id: str) -> Material | None:
        row = self._session.execute(select(MATERIALS).where(MATERIALS.c.material_id == material_id)).first()
        return None if row is None else self._read(row)

    def save(self, material: Material) -> None:
        self._session.execute(update(MATERIALS).where(MATERIALS.c.material_id == material.id).values(
            state=material.state, sha256=material.sha256, given_at=material.given_at))

    def ended(self, before: datetime, limit: int) -> Sequence[Material]:
        late = and_(MATERIALS.c.state == AWAITED, MATERIALS.c.created_at < before)
        query = select(MATERIALS).where(MATERIALS.c.state != GIVEN, or_(MATERIALS.c.state == REMOVED, late))
        rows = self._session.execute(query.order_by(MATERIALS.c.created_at).limit(limit).with_for_update(
            skip_locked=True))
        return [self._read(row) for row in rows]

    def forget(self, material: Material) -> bool:
        self._session.execute(delete(MATERIALS).where(MATERIALS.c.material_id == material.id))
        self._session.execute(delete(TICKETS).where(TICKETS.c.material_id == material.id))
        others = select(func.count()).select_from(MATERIALS).where(MATERIALS.c.content_id == material.content_id)
        return not self._session.execute(others).scalar()

    def given_names(self, case_id: str) -> frozenset[str]:
        query = select(MATERIALS.c.name).where(MATERIALS.c.case_id == case_id, MATERIALS.c.state == GIVEN)
        return frozenset(self._session.execute(query).scalars())

    def _read(self, row: Row[Any]) -> Material:
        hidden = self._fields.decrypt(_record(row.material_id), row.sealed)
        return Material(
            id=row.material_id, tenant=row.tenant_id, key=bytes.fromhex(hidden["key"]), file_name=hidden["file_name"],
            **{name: getattr(row, name) for name in PLAIN})


class SqlTickets:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, ticket: Ticket) -> None:
        self._session.execute(insert(TICKETS), [{
            "digest": ticket.digest, "tenant_id": ticket.tenant, "owner": ticket.owner,
            "material_id": ticket.material_id, "purpose": ticket.purpose, "until": ticket.until}])

    def find(self, digest: str) -> Ticket | None:
        row = self._session.execute(select(TICKETS).where(TICKETS.c.digest == digest)).first()
        if row is None:
            return None
        return Ticket(row.digest, row.tenant_id, row.owner, row.material_id, row.purpose, row.until)

    def use(self, digest: str) -> bool:
        done: Any = self._session.execute(delete(TICKETS).where(TICKETS.c.digest == digest))
        return bool(done.rowcount)


def _record(material_id: str) -> str:
    return f"{material_id}/sealed"

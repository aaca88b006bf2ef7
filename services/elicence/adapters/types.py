"""The catalogue of licence types in the database."""
from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import cast

from sqlalchemy import Table, insert, select, tuple_, update
from sqlalchemy.orm import Session

from services.elicence.domain.licence_type import FieldRule, LicenceType
from services.elicence.models import LicenceTypeRow as Row
from shared_components.db import hold_key

TABLE = cast(Table, Row.__table__)


class SqlTypes:
    def __init__(self, session: Session) -> None:
        self._session = session

    def current(self, wanted: Collection[tuple[str, str]]) -> Mapping[tuple[str, str], LicenceType]:
        query = select(TABLE).where(tuple_(Row.tenant_id, Row.type_code).in_(sorted(wanted)), Row.is_current)
        kinds = [_type(row) for row in self._session.execute(query)]
        return {(kind.tenant, kind.type_code): kind for kind in kinds}

    def put(self, kind: LicenceType, at: datetime) -> LicenceType:
        hold_key(self._session, "licence-type", kind.tenant, kind.type_code)
        place = (Row.tenant_id == kind.tenant, Row.type_code == kind.type_code, Row.is_current)
        row = self._session.execute(select(TABLE).where(*place).with_for_update()).first()
        known = None if row is None else _type(row)
        if known is not None and known.says_the_same_as(kind):
            return known
        if known is not None:
            self._session.execute(update(TABLE).where(*place).values(is_current=False))
        stored = replace(kind, version=known.version + 1 if known else 1)
        self._session.execute(insert(TABLE).values(_values(stored, at)))
        return stored

    def page(self, tenant: str, *, after: str | None, limit: int) -> list[LicenceType]:
        query = select(TABLE).where(Row.tenant_id == tenant, Row.is_current)
        if after is not None:
            query = query.where(Row.type_code > after)
        return [_type(row) for row in self._session.execute(query.order_by(Row.type_code).limit(limit))]


def _type(row: object) -> LicenceType:
    values = row._mapping  # type: ignore[attr-defined]
    return LicenceType(
        tenant=values["tenant_id"],
        type_code=values["type_code"],
        name=values["name"],
        issuer_code=values["issuer_code"],
        issuer_name=values["issuer_name"],
        validity_years=tuple(values["validity_years"]),
        fields=tuple(FieldRule(**rule) for rule in values["fields"]),
        version=values["version"],
    )


def _values(kind: LicenceType, at: datetime) -> dict[str, object]:
    return {
        "tenant_id": kind.tenant,
        "type_code": kind.type_code,
        "version": kind.version,
        "is_current": True,
        "name": kind.name,
        "issuer_code": kind.issuer_code,
        "issuer_name": kind.issuer_name,
        "validity_years": list(kind.validity_years),
        "fields": [asdict(rule) for rule in kind.fields],
        "created_at": at,
    }

"""The catalogue of licence types in the database."""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Select, Table, insert, select, tuple_, update
from sqlalchemy.orm import Session

from services.elicence.adapters.rows import type_facts, type_of, type_row
from services.elicence.domain.licence_type import LicenceType
from services.elicence.domain.ports import TypePage
from services.elicence.models import LicenceTypeRow as Row
from shared_components.db import hold_key
from shared_components.db.load_many import Columns, Lists, Reading, load_lists
from shared_components.kernel.calls import CallContext

TABLE = cast(Table, Row.__table__)


def _catalogue(asked: Columns) -> Select[Any]:
    query = select(TABLE).where(TABLE.c.tenant_id == asked["tenant"], TABLE.c.is_current)
    if "type_code" in asked:
        query = query.where(TABLE.c.type_code == asked["type_code"])
    if "after" in asked:
        query = query.where(TABLE.c.type_code > asked["after"])
    return query.order_by(TABLE.c.type_code)


CATALOGUE = Lists(_catalogue)
READING = Reading(type_facts, type_of)


class SqlTypes:
    def __init__(self, session: Session) -> None:
        self._session = session

    def current(self, wanted: Collection[tuple[str, str]]) -> Mapping[tuple[str, str], LicenceType]:
        query = select(TABLE).where(tuple_(Row.tenant_id, Row.type_code).in_(sorted(wanted)), Row.is_current)
        kinds = [type_of(row) for row in self._session.execute(query)]
        return {(kind.tenant, kind.type_code): kind for kind in kinds}

    def put(self, kind: LicenceType, at: datetime) -> LicenceType:
        hold_key(self._session, "licence-type", kind.tenant, kind.type_code)
        place = (Row.tenant_id == kind.tenant, Row.type_code == kind.type_code, Row.is_current)
        row = self._session.execute(select(TABLE).where(*place).with_for_update()).first()
        known = None if row is None else type_of(row)
        if known is not None and known.says_the_same_as(kind):
            return known
        if known is not None:
            self._session.execute(update(TABLE).where(*place).values(is_current=False))
        stored = replace(kind, version=known.version + 1 if known else 1)
        self._session.execute(insert(TABLE).values(type_row(stored, at)))
        return stored

    def pages(self, asked: Sequence[tuple[CallContext, TypePage]]) -> list[list[LicenceType]]:
        return load_lists(self._session, CATALOGUE, [
            (context, {"type_code": page.type_code, "after": page.after}, page.limit) for context, page in asked],
            READING)

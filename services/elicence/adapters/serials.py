"""Serial numbers: one counter row a type, issuer and year, moved on in the transaction that uses the numbers."""
from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.elicence.domain.ports import SerialKey
from services.elicence.models import SerialRow as Row

SERIALS = cast(Table, Row.__table__)


class SqlSerials:
    def __init__(self, session: Session) -> None:
        self._session = session

    def take(self, wanted: Mapping[SerialKey, int]) -> dict[SerialKey, int]:
        # Sorted: two groups that want the same counters take their locks in the same order.
        values = [
            {"type_code": type_code, "issuer_code": issuer, "year": year, "last_serial": count}
            for (type_code, issuer, year), count in sorted(wanted.items())
        ]
        dialect = postgresql if self._session.get_bind().dialect.name == "postgresql" else sqlite
        statement = dialect.insert(SERIALS).values(values)
        statement = statement.on_conflict_do_update(
            index_elements=["type_code", "issuer_code", "year"],
            set_={"last_serial": SERIALS.c.last_serial + statement.excluded.last_serial},
        )
        rows = self._session.execute(statement.returning(*SERIALS.columns))
        ends = {(row.type_code, row.issuer_code, row.year): row.last_serial for row in rows}
        return {key: ends[key] - count + 1 for key, count in wanted.items()}

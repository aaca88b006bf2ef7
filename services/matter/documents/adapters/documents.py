"""Documents of cases in the database."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.matter.cases.adapters.field_encryption import FieldEncryption
from services.matter.cases.domain.documents import PlannedDocument
from services.matter.documents.domain.document import Document, DocumentFile
from services.matter.documents.models import DocumentCounterRow, DocumentRow
from shared_components.db import table_of
from shared_components.kernel.ids import new_id

DOCUMENTS = table_of(DocumentRow)
COUNTERS = table_of(DocumentCounterRow)
PLANNED = ("case_id", "name", "kind", "step", "mark", "department_code", "created_at")
PLAIN = ("case_id", "kind", "step", "mark", "issued_on", "number", "created_at")
YearOf = tuple[str, str, int]
"""(tenant, department code, year)."""


class SqlDocuments:
    def __init__(self, session: Session, fields: FieldEncryption) -> None:
        self._session = session
        self._fields = fields
        self._dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite

    def plan(self, documents: Sequence[PlannedDocument]) -> None:
        # A document that is there stays: whatever repeats a change, the applicant gets one of a kind.
        self._session.execute(self._dialect.insert(DOCUMENTS).on_conflict_do_nothing(), [
            self._planned(new_id("doc"), one) for one in documents])

    def _planned(self, document_id: str, one: PlannedDocument) -> dict[str, Any]:
        hidden = {"title": one.title, "text": one.text, "key": None}
        return {
            **{name: getattr(one, name) for name in PLANNED}, "document_id": document_id, "tenant_id": one.tenant,
            "issued_on": one.on, "year": one.on.year, "number": None, "stamped": False,
            "sealed": self._fields.encrypt(_record(document_id), hidden)}

    def of_case(self, case_id: str) -> Sequence[Document]:
        query = select(DOCUMENTS).where(DOCUMENTS.c.case_id == case_id).order_by(DOCUMENTS.c.document_id)
        return [self._read(row) for row in self._session.execute(query)]

    def find(self, document_id: str) -> Document | None:
        row = self._session.execute(select(DOCUMENTS).where(DOCUMENTS.c.document_id == document_id)).first()
        return None if row is None else self._read(row)

    def keep_file(self, document: Document, file: DocumentFile) -> bool:
        hidden = {"title": document.title, "text": document.text, "key": file.key.hex()}
        without = update(DOCUMENTS).where(DOCUMENTS.c.document_id == document.id, DOCUMENTS.c.content_id.is_(None))
        done: Any = self._session.execute(without.values(
            content_id=file.content_id, size=file.size, sha256=file.sha256, stamped=file.stamped,
            sealed=self._fields.encrypt(_record(document.id), hidden)))
        return bool(done.rowcount)

    def number_some(self, limit: int) -> int:
        query = select(
            DOCUMENTS.c.document_id, DOCUMENTS.c.tenant_id, DOCUMENTS.c.department_code, DOCUMENTS.c.year,
        ).where(DOCUMENTS.c.number.is_(None)).order_by(DOCUMENTS.c.document_id).limit(limit)
        rows = self._session.execute(query.with_for_update(skip_locked=True)).all()
        if not rows:
            return 0
        free = self._take(Counter(_year_of(row) for row in rows))
        self._session.execute(
            update(DOCUMENTS).where(DOCUMENTS.c.document_id == bindparam("which")).values(number=bindparam("given")),
            [{"which": row.document_id, "given": next(free[_year_of(row)])} for row in rows])
        return len(rows)

    def _take(self, wanted: Counter[YearOf]) -> dict[YearOf, Iterator[int]]:
        """Move the counters on. Sorted: two schedules that want the same counters lock them in the same order."""
        insert = self._dialect.insert(COUNTERS).values([
            {"tenant_id": tenant, "department_code": department, "year": year, "last_number": count}
            for (tenant, department, year), count in sorted(wanted.items())])
        moved = insert.on_conflict_do_update(
            index_elements=["tenant_id", "department_code", "year"],
            set_={"last_number": COUNTERS.c.last_number + insert.excluded.last_number})
        last = {_year_of(row): row.last_number for row in self._session.execute(moved.returning(*COUNTERS.columns))}
        return {key: iter(range(last[key] - count + 1, last[key] + 1)) for key, count in wanted.items()}

    def _read(self, row: Row[Any]) -> Document:
        hidden = self._fields.decrypt(_record(row.document_id), row.sealed)
        file = None if row.content_id is None else DocumentFile(
            row.content_id, row.size, row.sha256, bytes.fromhex(hidden["key"]), row.stamped)
        return Document(
            id=row.document_id, tenant=row.tenant_id, title=hidden["title"], text=hidden["text"], file=file,
            **{name: getattr(row, name) for name in PLAIN})


def _year_of(row: Any) -> YearOf:
    return row.tenant_id, row.department_code, row.year


def _record(document_id: str) -> str:
    return f"{document_id}/sealed"

"""Subjects as the version before registered them: without a population, each tenant for itself."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import cast

from sqlalchemy import Table

from services.identity.subjects.adapters.field_encryption import FieldEncryption
from services.identity.subjects.adapters.rows import change_row, document_row, subject_row
from services.identity.subjects.domain.subject import REGISTERED, Change, Subject
from services.identity.subjects.models import ChangeRow, DocumentRow, SubjectRow
from shared_components.db import insert_new
from shared_components.kernel.ids import new_id
from shared_components.kernel.numbers import complete_resident_id
from tests.unit.identity.conftest import AT
from tests.unit.identity.realms import FIRST, SECOND
from tests.unit.identity.worlds import SqlTransactions

PIECE, EVERY_TENTH = 500, 10
"""Of the people of one tenant, each tenth is registered in the other, too."""


def number_of(index: int) -> str:
    born = date(1950, 1, 1) + timedelta(days=index % 20_000)
    return complete_resident_id(f"330106{born:%Y%m%d}{100 + index // 20_000:03d}")


def old_subject(tenant: str, index: int) -> Subject:
    return Subject(new_id("sub"), tenant, "person", f"张{index}", "111", number_of(index), None, None, "zh-CN", AT)


def add_old(transactions: SqlTransactions, size: int) -> int:
    """Register size people with half of the departments each; gives how many are registered twice."""
    twice = range(0, size, EVERY_TENTH)
    for piece in range(0, size, PIECE):
        _add(transactions, _people(piece, min(piece + PIECE, size)))
    _add(transactions, (old_subject(_tenant(index + 1), index) for index in twice))
    return len(twice)


def _add(transactions: SqlTransactions, subjects: Iterable[Subject]) -> None:
    """In one statement a table: a city's population would take an hour one by one."""
    cipher, registered = FieldEncryption(transactions.secrets), Change(REGISTERED, "app-hall", AT)
    with transactions.database.transaction(["*"]) as session:
        rows = [(subject_row(each, cipher), document_row(each, cipher), change_row(each, registered))
                for each in subjects]
        for model, values in zip((SubjectRow, DocumentRow, ChangeRow), zip(*rows, strict=True), strict=True):
            insert_new(session, cast(Table, model.__table__), values)


def _people(first: int, end: int) -> Iterator[Subject]:
    for index in range(first, end):
        yield old_subject(_tenant(index), index)


def _tenant(index: int) -> str:
    return FIRST if index % 2 == 0 else SECOND

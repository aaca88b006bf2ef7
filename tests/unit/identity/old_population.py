"""Subjects as the version before registered them: without a population, each tenant for itself."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from services.identity.subjects.domain.subject import REGISTERED, Change, Subject
from shared_components.kernel.ids import new_id
from shared_components.kernel.numbers import complete_resident_id
from tests.unit.identity.conftest import AT
from tests.unit.identity.realms import FIRST, SECOND
from tests.unit.identity.worlds import SqlTransactions

EVERY_TENTH = 10
"""Of the people of one tenant, each tenth is registered in the other, too."""


def number_of(index: int) -> str:
    born = date(1950, 1, 1) + timedelta(days=index % 20_000)
    return complete_resident_id(f"330106{born:%Y%m%d}{100 + index // 20_000:03d}")


def old_subject(tenant: str, index: int) -> Subject:
    return Subject(new_id("sub"), tenant, "person", f"张{index}", "111", number_of(index), None, None, "zh-CN", AT)


def add_old(transactions: SqlTransactions, size: int) -> int:
    """Register size people with half of the departments each; gives how many are registered twice."""
    doubles = 0
    for piece in range(0, size, 500):
        with transactions.begin("*") as tx:
            for subject in _people(piece, min(piece + 500, size)):
                tx.subjects.add(subject, Change(REGISTERED, "app-hall", AT))
    with transactions.begin("*") as tx:
        for index in range(0, size, EVERY_TENTH):
            subject = replace(old_subject(_tenant(index + 1), index), name=f"张{index}")
            tx.subjects.add(subject, Change(REGISTERED, "app-hall", AT))
            doubles += 1
    return doubles


def _people(first: int, end: int) -> Iterator[Subject]:
    for index in range(first, end):
        yield old_subject(_tenant(index), index)


def _tenant(index: int) -> str:
    return FIRST if index % 2 == 0 else SECOND

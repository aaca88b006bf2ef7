"""Give documents their numbers: apart from the cases, which then never wait for a department's counter."""
from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from services.matter.documents.domain.ports import HasDocuments

AT_ONCE = 200


class NumberTransactions(Protocol):
    def begin(self) -> AbstractContextManager[HasDocuments]:
        """Over all tenants."""
        ...


def number_documents(transactions: NumberTransactions) -> int:
    """Gives how many were numbered."""
    with transactions.begin() as tx:
        return tx.documents.number_some(AT_ONCE)

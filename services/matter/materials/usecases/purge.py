"""Drop what was removed, and uploads that never ended, from the store and the table."""
from __future__ import annotations

import logging
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Protocol

from services.matter.materials.domain.ports import HasMaterials
from shared_components.kernel.transactions import HasClock

log = logging.getLogger(__name__)
AT_ONCE = 100
UNFINISHED_FOR = timedelta(days=1)


class Contents(Protocol):
    def remove(self, material_id: str) -> None: ...


class PurgeTx(HasClock, HasMaterials, Protocol):
    """The part of a transaction that purging uses."""


class PurgeTransactions(Protocol):
    def begin(self) -> AbstractContextManager[PurgeTx]:
        """Over all tenants."""
        ...


def purge_materials(transactions: PurgeTransactions, contents: Contents) -> int:
    """Gives how many files were dropped. The content goes first: a row without content is found again."""
    with transactions.begin() as tx:
        ended = tx.materials.ended(tx.clock.now() - UNFINISHED_FOR, AT_ONCE)
        for material in ended:
            if tx.materials.forget(material):
                contents.remove(material.content_id)
        return len(ended)

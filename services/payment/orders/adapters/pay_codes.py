"""缴款码 from blocks of serial numbers.

A block is taken from the counter's row in the order's own transaction, and what is left of it serves later orders of
this process without touching the row. So the row is locked once in a thousand orders, and a gap means nothing.
"""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import event, update
from sqlalchemy.orm import Session

from services.payment.common.models import SerialCounterRow
from shared_components.db import table_of
from shared_components.kernel.numbers import pay_code

T = table_of(SerialCounterRow)
COUNTER = "pay-code"
BLOCK = 1000

Format = Callable[[str, int, int], str]


@dataclass
class SerialBlocks:
    """The serials that this process may still hand out; shared by its units, hence only whole list operations."""

    left: list[range] = field(default_factory=list)

    def take(self, count: int) -> list[int]:
        """At most count."""
        serials: list[int] = []
        while self.left and len(serials) < count:
            block = self.left.pop()
            missing = count - len(serials)
            serials.extend(block[:missing])
            if len(block) > missing:
                self.left.append(block[missing:])
        return serials


class BlockPayCodes:
    """format: how division, year and serial become a code; provinces differ."""

    def __init__(
        self, session: Session, blocks: SerialBlocks, *, format: Format = pay_code, block: int = BLOCK
    ) -> None:
        self._session = session
        self._blocks = blocks
        self._format = format
        self._block = block

    def take(self, wanted: Sequence[tuple[str, int]]) -> list[str]:
        serials = self._blocks.take(len(wanted))
        missing = len(wanted) - len(serials)
        if missing:
            block = self._allocate(missing + self._block)
            serials.extend(block[:missing])
            self._keep_when_committed(block[missing:])
        return [
            self._format(division, year, serial)
            for (division, year), serial in zip(wanted, serials, strict=True)
        ]

    def _allocate(self, count: int) -> range:
        statement = (
            update(T).where(T.c.name == COUNTER).values(next_serial=T.c.next_serial + count).returning(T.c.next_serial)
        )
        end: int = self._session.execute(statement).scalar_one()
        return range(end - count, end)

    def _keep_when_committed(self, block: range) -> None:
        # A rolled back transaction gives the counter its old value again: these numbers would come twice.
        event.listen(self._session, "after_commit", lambda _session: self._blocks.left.append(block), once=True)
